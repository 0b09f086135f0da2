"""Counts against corpora whose truth is known, and against real transcripts counted by hand.

The generators and the transcripts lie beside the repository, where the project was made; without
them these tests are skipped.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from core.files.discover import SourceFile, find
from core.queries import conversations, export, problems, search, totals
from core.records.decode import EXCERPT
from core.store.connection import open_reader
from tests.library import imported, imports, listed, reads, sound, writing

SHARED = Path(__file__).parents[3] / "shared"
GENERATOR = SHARED / "tools" / "make_corpus.py"
HOSTILE = SHARED / "tools" / "mkhostile.py"
REAL = SHARED / "data" / "claude-code"

generated = pytest.mark.skipif(not GENERATOR.exists(), reason=f"{GENERATOR} is not here")
hostile = pytest.mark.skipif(
    not HOSTILE.exists() or os.name == "nt", reason=f"{HOSTILE} is not here, or needs pipes"
)
real = pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not here")


# A generated corpus ---------------------------------------------------------------------


@pytest.fixture(scope="module", params=[1, 7])
def corpus(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Any], Connection]]:
    folder = tmp_path_factory.mktemp("corpus")
    arguments = ["--inject-all", "--era", "mixed", "--messages", "3000", "--bytes-scale", "0.1"]
    arguments += ["--seed", str(request.param), "--out", str(folder)]
    subprocess.run([sys.executable, str(GENERATOR), *arguments], check=True, capture_output=True)
    imports(folder / "l.clew", folder / "projects")
    assert sound(folder / "l.clew")
    with closing(open_reader(folder / "l.clew")) as db:
        yield json.loads((folder / "ground_truth.json").read_bytes()), db


Corpus = tuple[dict[str, Any], Connection]


@generated
def test_every_count_of_a_generated_corpus_is_exact(corpus: Corpus) -> None:
    truth, db = corpus
    counts = truth["counts"]
    injected: Counter[str] = Counter(truth["injected_by_kind"])
    found = totals.totals(db)

    # Distinct user and assistant records. The injected ones are messages too; a duplicate is not.
    assert found.messages == counts["messages"] + counts["injected_message_records"]
    # Injected records are prompts, but the giant one, which is a tool's result.
    more = counts["injected_message_records"] - injected["giant-line"]
    assert found.prompts == counts["human_prompts"] + more
    # Distinct message.id of assistant records: a reply is one or more lines.
    assert found.replies == counts["api_messages"]
    assert found.tool_calls == counts["tool_calls"]
    assert found.errors == counts["tool_errors"]
    assert found.files == counts["files"]
    # A conversation is a session with its copies; agents belong to the session that started them.
    assert found.conversations == counts["sessions"]


@generated
def test_every_tool_of_a_generated_corpus_is_exact(corpus: Corpus) -> None:
    truth, db = corpus
    found = totals.tools(db)

    assert {tool: ends.calls for tool, ends in found.items()} == truth["tools"]
    assert {t: e.error for t, e in found.items() if e.error} == truth["tool_errors_by_name"]
    # The generator's orphans: calls whose result is in no file.
    assert sum(ends.none for ends in found.values()) == truth["counts"]["orphan_calls"]


@generated
def test_every_token_of_a_generated_corpus_is_exact(corpus: Corpus) -> None:
    truth, db = corpus
    found = totals.tokens(db).values()

    kinds = ("input", "output", "cache_read", "cache_creation")
    assert {kind: sum(getattr(use, kind) for use in found) for kind in kinds} == truth["tokens"]


@generated
def test_forks_and_compactions_of_a_generated_corpus_are_exact(corpus: Corpus) -> None:
    truth, db = corpus

    # A fork in a session that was resumed is in both files: it is one place all the same.
    forks = db.execute(
        "SELECT count(DISTINCT message.uid) FROM branch JOIN message ON message.id = forked_at"
    ).fetchone()[0]
    compactions = db.execute(
        "SELECT count(*) FROM message WHERE kind = 'compaction' AND counted = 1"
    ).fetchone()[0]

    assert forks == truth["counts"]["fork_points"]
    assert compactions == truth["counts"]["compactions"]


@generated
def test_every_needle_of_a_generated_corpus_is_found(corpus: Corpus) -> None:
    truth, db = corpus

    # Copies are found once, as the generator planted them.
    found = {word: search.find(db, word).total for word in truth["needles"]}
    assert found == truth["needles"]


@generated
def test_every_damage_of_a_generated_corpus_is_a_problem_at_its_line(corpus: Corpus) -> None:
    truth, db = corpus
    listed_at = {(Path(p.source).name, p.line) for p in _all(db)}

    # A bad line is told where it is. A torn last line waits; everything else is read.
    expected = {
        (Path(one["file"]).name, one["line"])
        for one in truth["injected"]
        if one["kind"] in {"bad-json", "lone-surrogate", "invalid-utf8"}
    }
    assert listed_at == expected


def _all(db: Connection) -> list[problems.ProblemRow]:
    return problems.page(db, limit=1_000_000)


# Hostile files --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def monsters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(HOSTILE), str(folder)], check=True, capture_output=True)
    imports(folder / "l.clew", folder / "projects")
    return folder


@hostile
def test_every_hostile_file_gives_what_can_be_recovered(monsters: Path) -> None:
    expected = json.loads((monsters / "EXPECT.json").read_bytes())
    with closing(open_reader(monsters / "l.clew")) as db:
        messages: Counter[str] = Counter()
        for path, count in db.execute(
            "SELECT path, count(*) FROM source JOIN session ON session.source_id = source.id "
            "JOIN message ON message.session_id = session.id "
            "WHERE record IN ('user', 'assistant') GROUP BY path"
        ):
            messages[_name(path)] = count
        told: Counter[str] = Counter()
        for path, severity in db.execute(
            "SELECT path, severity FROM problem JOIN source ON source.id = source_id"
        ):
            told[_name(path)] += severity in {"warning", "error"}

    wrong: list[str] = []
    for name, case in expected.items():
        if name == "noperm.jsonl" and getattr(os, "geteuid", int)() == 0:
            continue  # root may read everything
        found = (messages[name], told[name])
        if case["messages"] is not None and found[0] != case["messages"]:
            wrong.append(f"{name}: {found[0]} messages, not {case['messages']}: {case['why']}")
        if found[1] < case["errors_min"]:
            wrong.append(f"{name}: {found[1]} problems, fewer than {case['errors_min']}")
    assert wrong == []


def _name(path: bytes) -> str:
    name = path.rpartition(b"/")[2]
    return "latin1-\\xe9.jsonl" if b"\xe9" in name and b"latin1" in name else name.decode()


@hostile
def test_what_is_no_file_is_skipped_with_a_reason(monsters: Path) -> None:
    with closing(open_reader(monsters / "l.clew")) as db:
        reasons = {Path(p.source).name: p.reason for p in _all(db) if p.line == 0}

    links = {"zero.jsonl", "loop.jsonl", "outside.jsonl", "up"}
    assert {"fifo.jsonl", "dir.jsonl", *links} <= set(reasons)
    assert all(reason.startswith("Not read: ") for reason in reasons.values())


@hostile
def test_every_bad_line_is_told_with_its_number_and_how_bad_it_is(monsters: Path) -> None:
    with closing(open_reader(monsters / "l.clew")) as db:
        told: dict[str, list[tuple[int, str]]] = {}
        for one in _all(db):
            told.setdefault(_name(one.path), []).append((one.line, one.severity.value))

    wrong = {
        "hash-lines.jsonl": [(1, "error"), (2, "error")],
        # An empty object is a record, of a kind that nobody knows; it is counted.
        "scalars.jsonl": [(1, "error"), (2, "error"), (3, "error"), (4, "error"), (6, "error")],
        "splice.jsonl": [(2, "error")],
        "nul-run.jsonl": [(2, "warning"), (3, "warning")],
        "bad-utf8.jsonl": [(2, "info")],
        "lone-surrogate.jsonl": [(1, "info")],
        "numbers.jsonl": [(1, "info"), (3, "info")],
        "deep.jsonl": [(2, "error")],
    }
    assert {name: told.get(name, []) for name in wrong} == wrong
    assert told.keys().isdisjoint(
        {
            "glued.jsonl",
            "torn-tail.jsonl",
            "no-final-newline.jsonl",
            "crlf-bom.jsonl",
            "empty.jsonl",
        }
    )


@hostile
def test_no_secret_of_a_log_gets_into_the_list_of_problems(monsters: Path, tmp_path: Path) -> None:
    """An excerpt is the first 200 bytes of what is wrong; what was read well is not in any."""
    secrets = json.loads((monsters / "SECRETS.json").read_bytes()).values()
    with closing(open_reader(monsters / "l.clew")) as db:
        excerpts = [one.excerpt for one in _all(db)]
    # The same lines, each with a byte missing at its end, so that all of them are problems.
    torn = (monsters / "projects" / "-home-dev-hostile" / "secrets.jsonl").read_bytes().split(b"\n")
    path = tmp_path / "torn.jsonl"
    path.write_bytes(b"".join(line[:-1] + b"\n" for line in torn if line))
    with closing(imported(tmp_path, path)) as db:
        of_torn = [one.excerpt for one in _all(db)]

    assert len(of_torn) == len(secrets)
    assert all(len(one.encode("utf-8", "replace")) <= 3 * EXCERPT for one in excerpts)
    for one in (*excerpts, *of_torn):
        assert len(one) <= EXCERPT
        assert not [secret for secret in secrets if secret in one]


@hostile
def test_the_work_on_a_hostile_file_grows_with_its_records_only(monsters: Path) -> None:
    """What hangs is work that grows faster than a file; a clock would tell of today's load."""
    folder = monsters / "projects" / "-home-dev-hostile"
    for name in ("line-20mb.jsonl", "oneline-5m.jsonl", "chain-50k.jsonl", "fan-10k.jsonl"):
        thousands = 0

        def count() -> int:
            nonlocal thousands
            thousands += 1
            return 0

        with writing(monsters / f"{name}.clew") as (db, ingest):
            db.set_progress_handler(count, 1000)  # instructions of SQLite's machine
            reads(ingest, folder / name)
            db.set_progress_handler(None, 0)
        lines = (folder / name).read_bytes().count(b"\n")
        assert thousands < 100 + 5 * lines, name


@hostile
def test_hostile_files_leave_a_sound_library_that_can_be_shown(monsters: Path) -> None:
    assert sound(monsters / "l.clew")
    with closing(open_reader(monsters / "l.clew")) as db:
        # Two files hold five records that are the same.
        assert (
            totals.totals(db).messages + 5
            == db.execute(
                "SELECT count(*) FROM message WHERE record IN ('user', 'assistant')"
            ).fetchone()[0]
        )
        tokens = totals.tokens(db)["claude-x"]
        assert (tokens.input, tokens.output, tokens.cache_read) == (100, 7, 900)
        for one in listed(db):
            if one["messages"] < 1000:
                row = conversations.one(db, str(one["id"]))
                assert row is not None
                json.dumps(export.conversation(db, row))


# Real transcripts -----------------------------------------------------------------------


@real
def test_no_message_of_a_real_transcript_is_lost(tmp_path: Path) -> None:
    with closing(imported(tmp_path, REAL)) as db:
        found = {uuid for (uuid,) in db.execute("SELECT uuid FROM message WHERE counted = 1")}
        files = {_name(path) for (path,) in db.execute("SELECT path FROM source")}
        told = _all(db)
        library = totals.totals(db)
        read = {path for (path,) in db.execute("SELECT path FROM source")}

    paths = [one.path for one in find([REAL]) if isinstance(one, SourceFile)]
    counted = {
        record["uuid"]
        for path in paths
        for line in path.read_bytes().split(b"\n")
        if (record := _plain(line)) and record.get("type") in {"user", "assistant"}
        and isinstance(record.get("uuid"), str) and record["uuid"]
    }  # fmt: skip
    assert read == {os.fsencode(path) for path in paths}
    assert files
    assert counted - found == set()
    assert library.messages >= len(counted)
    assert all(problem.source and problem.line > 0 for problem in told)
    assert sound(tmp_path / "library.clew")


def _plain(line: bytes) -> dict[str, Any]:
    """Return the record on *line* as the standard library reads it; empty if it cannot."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
