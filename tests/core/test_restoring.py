"""`clew archive`, and logs written out again."""

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core import doors
from core.errors import NotArchivedError
from core.queries import archive, conversations
from core.restoring import restore
from core.store.connection import open_reader
from tests import builders as b
from tests.archives import archived
from tests.archives import archives as archived_now
from tests.library import imports, reads, writing


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("p1", "héllo"), b"garbage\r\n", b'{"to'
    )
    os.utime(path, ns=(10**18, 10**18))
    return path


@pytest.fixture
def library(tmp_path: Path, log: Path) -> Path:
    imports(tmp_path / "l.clew", log)
    archived(tmp_path / "l.clew")
    return tmp_path / "l.clew"


def door(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, Any, str]:
    code = doors.main(["archive", *(str(part) for part in argv), "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


@pytest.mark.parametrize("name", ["path", "end", "stem"])
def test_a_log_is_written_out_as_it_was_after_it_is_gone(
    library: Path, log: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content = log.read_bytes()
    log.unlink()
    out = library.with_name("again.jsonl")
    said = {"path": str(log), "end": f"logs/{log.name}", "stem": log.stem}[name]

    code, told, err = door(capsys, "restore", said, "--out", out, "--library", library)

    assert (code, err, told["lost"]) == (0, "", [])
    assert out.read_bytes() == content
    assert out.stat().st_mode & 0o077 == 0
    assert out.stat().st_mtime_ns == 10**18
    assert list(library.parent.glob("*.part")) == []


def test_nothing_that_is_there_is_written_over(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = log.read_bytes()

    code, told, err = door(capsys, "restore", log, "--out", log, "--library", library)

    assert (code, told) == (1, None)
    assert "is there already" in err
    assert log.read_bytes() == content


def test_who_has_agreed_to_it_writes_over(library: Path, log: Path) -> None:
    content = log.read_bytes()
    other = library.with_name("other.txt")
    other.write_text("old")
    with closing(open_reader(library)) as db:
        (file,) = archive.files(db)
        assert restore(db, file, other, replace=True) == []
        with pytest.raises(NotArchivedError):
            restore(db, file, other)

    assert other.read_bytes() == content


@pytest.mark.parametrize("names", [True, False])
def test_what_appears_while_a_log_is_written_is_not_written_over(
    library: Path, monkeypatch: pytest.MonkeyPatch, *, names: bool
) -> None:
    out = library.with_name("out.jsonl")
    utime, link = os.utime, os.link

    def late(path: Path, *, ns: tuple[int, int]) -> None:
        out.write_text("somebody else's")
        utime(path, ns=ns)

    def linked(source: Path, target: Path) -> None:
        if not names:
            raise PermissionError(1, "Operation not permitted")  # as on a FAT disk
        link(source, target)

    monkeypatch.setattr(os, "utime", late)
    monkeypatch.setattr(os, "link", linked)
    with closing(open_reader(library)) as db:
        (file,) = archive.files(db)
        with pytest.raises(NotArchivedError):
            restore(db, file, out)

    assert out.read_text() == "somebody else's"
    assert list(library.parent.glob("*.part")) == []


def test_a_disk_that_knows_one_name_for_a_file_gets_the_log_too(
    library: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def linked(_source: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", linked)
    out = library.with_name("out.jsonl")
    with closing(open_reader(library)) as db:
        (file,) = archive.files(db)
        assert restore(db, file, out) == []

    assert out.read_bytes() == log.read_bytes()
    assert out.stat().st_mode & 0o077 == 0
    assert list(library.parent.glob("*.part")) == []


@pytest.mark.parametrize("lost", [0, 1, 2, 3])
def test_lines_are_found_by_words_across_pieces_and_around_what_is_lost(
    tmp_path: Path, lost: int
) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1", "needle one"))
    halves = b.line(b.prompt("p2", "needle two"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        others = b.line(b.prompt("p3")), b.line(b.prompt("p4")) + b"torn needle"
        for more in (b"", others[0] + halves[:-30], halves[-30:] + others[1]):
            b.append(path, more)
            reads(ingest, path)
            archived_now(db)
        file = archive.files(db)[0]
        db.execute("UPDATE archive_pack SET data = zeroblob(9) WHERE id = ?", (lost,))
        found = list(archive.lines_with(db, file, b"needle"))

    data = path.read_bytes()
    lines = [line for line in data.splitlines(keepends=True) if b"needle" in line]
    gone = ([], lines[:1], lines[1:2], lines[1:])[lost]
    assert [line for _, line in found] == [line for line in lines if line not in gone]
    assert all(data[at : at + len(line)] == line for at, line in found)


def test_list_tells_what_is_kept_and_in_how_many_bytes(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = door(capsys, "list", "--library", library)

    assert code == 0
    (one,) = told["sources"]
    assert (one["file"], one["bytes"], one["whole"]) == (str(log), log.stat().st_size, True)
    assert (told["files"], told["size"], told["due"], told["on"]) == (1, one["bytes"], 0, True)
    assert 0 < told["packed"] < told["size"]


def test_a_log_that_was_written_anew_comes_out_as_it_was_if_that_is_asked_for(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = log.read_bytes()
    log.write_bytes(b.data([b.prompt("p9", "new")]))
    with writing(library) as (_, ingest):
        reads(ingest, log)
    archived(library)
    old, new = library.with_name("old"), library.with_name("new")

    first = door(
        capsys, "restore", log, "--generation", 0, "--out", old, "--library", library
    )  # fmt: skip
    second = door(capsys, "restore", log, "--out", new, "--library", library)

    assert (first[0], second[0]) == (0, 0)
    assert (old.read_bytes(), new.read_bytes()) == (before, log.read_bytes())


def test_damage_is_told_with_file_and_place_and_the_rest_can_be_had(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    size = log.stat().st_size
    b.append(log, b'rn": 1}\n' + b.line(b.prompt("p2", "more")))
    with writing(library) as (db, ingest):
        reads(ingest, log)
    archived(library)
    with writing(library) as (db, _):
        db.execute("UPDATE archive_pack SET data = substr(data, 1, 20) WHERE id = 2")
    out = library.with_name("out.jsonl")

    verified, told, _ = door(capsys, "verify", "--library", library)
    refused, nothing, err = door(capsys, "restore", log, "--out", out, "--library", library)
    assert not out.exists()
    partly, _, _ = door(capsys, "restore", log, "--out", out, "--partly", "--library", library)

    assert (verified, refused, partly) == (1, 1, 1)
    (lost,) = told["lost"]
    assert (lost["file"], lost["begin"]) == (str(log), size)
    assert lost["length"] == log.stat().st_size - size
    assert f"of {log} are lost" in err
    assert nothing["written"] is None
    assert out.read_bytes() == log.read_bytes()[:size]


def test_a_sound_archive_is_told_to_be_sound(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = door(capsys, "verify", "--library", library)

    assert (code, told["sound"], told["lost"], told["files"]) == (0, True, [], 1)


def test_keeping_is_switched_off_and_on(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = [door(capsys, action, "--library", library)[1]["on"] for action in ("off", "on")]

    assert said == [False, True]


def test_what_is_not_kept_or_not_clear_is_said(
    library: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    b.write(log.parent / "other" / log.name, b.prompt("x1"))
    imports(library, log.parent / "other")
    archived(library)
    out = ("--out", library.with_name("o"), "--library", library)

    assert "holds no nothing" in door(capsys, "restore", "nothing", *out)[2]
    assert "may be any of 2" in door(capsys, "restore", log.stem, *out)[2]
    assert door(capsys, "restore", "--library", library)[0] == 2


@pytest.mark.parametrize("more", [[], ["--no-archive"]])
def test_import_keeps_what_it_read_unless_it_is_to_wait(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    library = tmp_path / "l.clew"
    assert doors.main(["import", str(path.parent), "--library", str(library), *more, "--json"]) == 0
    capsys.readouterr()

    told = door(capsys, "list", "--library", library)[1]
    assert (told["files"], told["due"]) == ((0, 1) if more else (1, 0))


def test_a_conversation_tells_which_files_it_came_from(library: Path, log: Path) -> None:
    with closing(open_reader(library)) as db:
        (row,) = conversations.page(db)

        assert [one.label for one in archive.of_conversation(db, row.id)] == [str(log)]
