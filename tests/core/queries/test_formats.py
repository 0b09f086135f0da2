"""What was recognised and understood: per file, per format, and per kind of record."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from core.queries import formats, formats_export, problems
from core.queries.census import census, kept
from core.queries.formats import FileRow, every_file, files, looks_damaged, score, written
from tests import builders as b
from tests.library import imported, imports

CODEX = "01990000-0000-7000-8000-000000000002"
NEW = {"type": "brand-new", "uuid": "n1", "version": "9.9.9", "payload": 1}


def rollout(kind: str, **body: Any) -> dict[str, Any]:
    return {"timestamp": "2026-03-01T10:00:00.000Z", "type": kind, "payload": body}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    old = b.prompt("u0", "before", version="2.0.9")
    b.write(folder / "a.jsonl", *b.of("a", old, b.prompt("u1"), b.prompt("u2")), NEW, b"{torn\n")
    b.write(folder / "b.jsonl", *b.of("b", b.prompt("u3")), b"\n", b"  \n")
    hello = [{"type": "input_text", "text": "hi"}]
    b.write(
        folder / f"rollout-2026-03-01T10-00-00-{CODEX}.jsonl",
        rollout("session_meta", id=CODEX, cwd="/a", cli_version="0.99"),
        rollout("response_item", type="message", role="user", content=hello),
    )
    b.write(folder / "odd.jsonl", {"shape": 1}, {"shape": 2})
    return folder


@pytest.fixture
def db(tmp_path: Path, logs: Path) -> Iterator[Connection]:
    with closing(imported(tmp_path, logs)) as found:
        yield found


def by_name(db: Connection) -> dict[str, FileRow]:
    return {Path(row.label).name[:7]: row for row in every_file(db)}


def test_a_format_is_the_sum_of_its_files(db: Connection) -> None:
    claude, codex = formats.formats(db)

    assert (claude.name, claude.title, claude.files) == ("claude-code", "Claude Code", 2)
    assert (claude.understood, claude.strange, claude.broken) == (4, 1, 1)
    assert score(claude) == pytest.approx(4 / 6)
    assert (codex.title, codex.files, codex.understood) == ("Codex", 1, 2)


def test_versions_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    seen = ("2.0.10", "2.0.9", "2.0.9-beta", "1.12.0")
    records = (b.prompt(f"u{version}", version=version) for version in seen)
    b.write(tmp_path / "l" / "a.jsonl", *records)

    with closing(imported(tmp_path, tmp_path / "l")) as db:
        (claude,) = formats.formats(db)

    assert claude.versions == ("1.12.0", "2.0.9", "2.0.9-beta", "2.0.10")


def test_a_file_tells_its_format_version_reason_and_how_much_was_understood(
    db: Connection, logs: Path
) -> None:
    row = by_name(db)["a.jsonl"]

    assert (row.title, row.recognised, row.conversation) == ("Claude Code", True, "a")
    assert row.version == b.prompt("x")["version"]  # of most of its records
    assert row.reason == "records with a type, a sessionId and a chain of uuids"
    assert (row.understood, row.strange, row.broken, row.problems) == (3, 1, 1, 1)
    assert (row.size, row.read) == ((logs / "a.jsonl").stat().st_size,) * 2


def test_files_in_no_format_are_listed_with_the_reason_and_in_no_format(
    db: Connection, logs: Path
) -> None:
    row = by_name(db)["odd.jso"]

    assert not row.recognised
    assert row.title == ""
    assert "no format that Clew knows" in row.reason or "no known format" in row.reason
    assert {one.name for one in formats.formats(db)} == {"claude-code", "codex"}


def test_understood_strange_and_broken_are_all_lines_that_are_not_blank(
    db: Connection, logs: Path
) -> None:
    lines = sum(
        bool(line.strip()) for path in logs.iterdir() for line in path.read_bytes().split(b"\n")
    )
    total = formats.total(db)

    assert formats.lines(total) == lines
    assert (total.files, total.others, total.damaged) == (4, 1, 0)
    assert formats_export.processing(db)["lines"] == lines


def test_pages_go_on_behind_the_last_file(db: Connection) -> None:
    first = files(db, limit=3)
    rest = files(db, first[-1].id, limit=3)

    assert len(first) == 3
    assert [*first, *rest] == every_file(db)


@pytest.mark.parametrize(
    ("whole", "broken", "damaged"),
    [(40, 11, True), (40, 10, False), (38, 12, False), (9, 90, True)],
)
def test_a_file_looks_damaged_when_a_fifth_of_over_fifty_lines_is_broken(
    whole: int, broken: int, damaged: bool, tmp_path: Path
) -> None:
    records = [b.prompt(f"u{n}") for n in range(whole)]
    torn = [b"{torn %d\n" % n for n in range(broken)]
    b.write(tmp_path / "l" / "a.jsonl", *records, *torn)

    with closing(imported(tmp_path, tmp_path / "l")) as db:
        (row,) = every_file(db)

        assert looks_damaged(row) == damaged
        assert formats.total(db).damaged == int(looks_damaged(row))


def test_the_census_has_a_row_for_a_kind_in_a_format_and_unknown_ones_first(
    db: Connection, logs: Path
) -> None:
    rows = census(db)
    first = next(row for row in rows if row.kind == "brand-new")
    users = next(row for row in rows if (row.kind, row.format) == ("user", "claude-code"))

    assert [row.known for row in rows] == sorted(row.known for row in rows)
    assert (first.title, first.count, first.versions) == ("Claude Code", 1, (("9.9.9", 1),))
    assert (first.line, Path(first.label).name) == (4, "a.jsonl")
    content = (logs / "a.jsonl").read_bytes()
    assert json.loads(content[first.offset :].split(b"\n")[0]) == NEW
    assert users.count == 4
    assert [version for version, _ in users.versions] == ["2.0.9", b.prompt("x")["version"]]
    assert kept(db, first.source, first.offset) == json.dumps(NEW, separators=(",", ":"))
    assert kept(db, first.source, 0) is None


def test_problems_are_grouped_by_reason_with_the_first_one(db: Connection) -> None:
    torn = next(one for one in problems.groups(db) if one.severity == "error")

    assert (torn.count, torn.line, Path(torn.label).name) == (1, 5, "a.jsonl")


def test_an_import_tells_how_many_files_it_saw_in_each_format(tmp_path: Path, logs: Path) -> None:
    first = imports(tmp_path / "l.clew", logs)
    again = imports(tmp_path / "l.clew", logs)

    assert (first.files, first.others) == (3, 1)
    assert first.formats == (("claude-code", 2), ("codex", 1))
    assert (again.files_changed, again.formats) == (0, first.formats)


def test_only_all_is_a_hundred_percent() -> None:
    assert (written(1.0), written(0.99999), written(0.5), written(0.0)) == (
        "100 %", "99.9 %", "50 %", "0 %",
    )  # fmt: skip


def test_an_empty_library_has_no_score(tmp_path: Path) -> None:
    (tmp_path / "l").mkdir()
    with closing(imported(tmp_path, tmp_path / "l")) as db:
        told = formats_export.health(db)

    assert told["processing"] == {
        "lines": 0, "understood": 0, "strange": 0, "broken": 0, "score": None,
    }  # fmt: skip
    assert (told["formats"], told["files"], told["census"]) == ({}, [], [])
