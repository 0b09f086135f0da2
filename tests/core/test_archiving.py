"""Logs in the archive: byte for byte, however they came to be, and whatever happened to them."""

import errno
import os
import random
import sqlite3
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import packs
from core.archiving import Archiving
from core.files.cursor import edges
from core.queries import archive
from core.store import archive as store
from tests import builders as b
from tests.archives import archives, held, packs_of
from tests.library import NO_LOCK, imports, reads, writing

LINES = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [b"\r\n", b"\n\n", b"\xff\xfe\x00", b"torn", b"\xc3(", b"x" * 2_000, b"{}\r\n"]
        ),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(LINES, st.integers(0, 2))
def test_a_log_that_grew_in_any_pieces_is_kept_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], every: int
) -> None:
    root = tmp_path_factory.mktemp("grown")
    path = b.write(root / "logs" / "a.jsonl", b.prompt("p1", "begin"))
    with writing(root / "l.clew") as (db, ingest):
        for number, piece in enumerate([*pieces, b"\n" + b.line(b.prompt("p2", "end"))]):
            b.append(path, piece)
            reads(ingest, path)
            if number % 3 <= every:
                archives(db)
        archives(db)

        assert held(db, path) == [path.read_bytes()]
        assert held(db, path, newest=False) == []


def test_what_is_kept_is_never_shorter_than_what_was_read(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"), b'{"torn": ')
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)

        assert held(db, path) == [path.read_bytes()]


@pytest.mark.parametrize("change", ["shorter", "other", "gone and new"])
def test_a_log_that_was_written_anew_is_kept_as_it_was_and_as_it_is(
    tmp_path: Path, change: str
) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1", "one"), b.prompt("p2", "two"))
    before = path.read_bytes()
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        if change == "shorter":
            path.write_bytes(before[: len(b.line(b.prompt("p1", "one")))])
        elif change == "other":
            path.write_bytes(b.data([b.prompt("p3", "three"), b.prompt("p4"), b.prompt("p5")]))
        else:
            path.unlink()
            b.write(path, b.prompt("p6", "six"))
        reads(ingest, path)
        archives(db)

        assert held(db, path) == [path.read_bytes()]
        assert held(db, path, newest=False) == [before]


def test_a_document_is_kept_as_it_is_now_and_before_it_shrank(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "list.json"
    path.parent.mkdir()
    said = ['{"role": "user", "content": "a"}', '{"role": "assistant", "content": "b"}']
    with writing(tmp_path / "l.clew") as (db, ingest):
        for text in (said[:1], said, [*said, *said], said[1:]):
            path.write_text(f"[{', '.join(text)}]")
            reads(ingest, path)
            archives(db)

        assert held(db, path) == [f"[{said[1]}]".encode()]
        assert held(db, path, newest=False) == [f"[{', '.join([*said, *said])}]".encode()]
        assert all(size == live for size, live in packs_of(db))


def test_a_document_of_several_steps_never_replaces_what_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "logs" / "chat.json"
    path.parent.mkdir()
    path.write_text(f'[{{"role": "user", "content": "{"a" * 3_000}"}}]')
    before = path.read_bytes()
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        monkeypatch.setattr(packs, "MOST", 2_000)
        path.write_text(f'[{{"role": "user", "content": "{"b" * 5_000}"}}]')
        reads(ingest, path)
        Archiving(db).step()
        path.unlink()
        archives(db)

        assert held(db, path, newest=False) == [before]


def test_every_file_of_a_bundle_is_kept_by_its_own_path(tmp_path: Path) -> None:
    folder = tmp_path / "logs" / "tasks" / "mine"
    folder.mkdir(parents=True)
    main, other = folder / "api_conversation_history.json", folder / "ui_messages.json"
    main.write_text('[{"role": "user", "content": [{"type": "text", "text": "hello"}]}]')
    other.write_text('[{"ts": 1767225600000, "type": "say"}]')
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, main)
        archives(db)

        assert held(db, main) == [main.read_bytes()]
        assert held(db, other) == [other.read_bytes()]


def test_a_log_in_utf_16_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "one.jsonl"
    path.parent.mkdir()
    path.write_bytes(b.data([b.prompt("p1", "hello")]).decode().encode("utf-16"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)

        assert held(db, path) == [path.read_bytes()]


def test_what_describes_an_agent_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "logs" / b.SESSION / "subagents" / "agent-1.meta.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"agentType": "Explore"}')
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)

        assert held(db, path) == [path.read_bytes()]


def test_a_log_that_was_only_touched_is_not_kept_again(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        os.utime(path, ns=(10**18, 10**18))
        reads(ingest, path)
        assert archives(db) == 1

        assert held(db, path) == [path.read_bytes()]
        assert len(packs_of(db)) == 1
        assert archive.files(db)[0].mtime_ns == 10**18


def test_many_logs_take_several_steps_and_few_packs(tmp_path: Path) -> None:
    paths = [b.write(tmp_path / "logs" / f"{n}.jsonl", b.prompt(f"p{n}")) for n in range(600)]
    imports(tmp_path / "l.clew", tmp_path / "logs")
    with writing(tmp_path / "l.clew") as (db, _):
        assert archives(db) == 3

        assert [held(db, path) for path in paths] == [[path.read_bytes()] for path in paths]
        assert len(packs_of(db)) == 3


def test_what_cannot_be_read_now_is_tried_later_and_holds_up_nobody(tmp_path: Path) -> None:
    bad = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    good = b.write(tmp_path / "logs" / "b.jsonl", b.prompt("p2"))
    content = bad.read_bytes()
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, bad, good)
        bad.unlink()
        bad.mkdir()
        archives(db)
        assert held(db, good) == [good.read_bytes()]
        assert archive.figures(db).due == 1

        bad.rmdir()
        bad.write_bytes(content)
        archives(db)
        assert held(db, bad) == [content]


def test_a_log_that_fails_halfway_leaves_nothing_in_the_place_of_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1", "x" * 5_000))
    good = b.write(tmp_path / "logs" / "b.jsonl", b.prompt("p2"))

    def failing(stream: BinaryIO, offset: int) -> tuple[bytes, bytes, int]:
        if offset == bad.stat().st_size:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return edges(stream, offset)

    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, bad, good)
        monkeypatch.setattr("core.archiving.edges", failing)
        archives(db)
        assert held(db, good) == [good.read_bytes()]
        assert (held(db, bad), archive.figures(db).due) == ([], 1)

        monkeypatch.undo()
        archives(db)
        assert held(db, bad) == [bad.read_bytes()]


def test_a_full_disk_is_told_as_what_it_is_and_keeps_the_log_due(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "logs" / "a.jsonl", b.prompt("p1", random.Random(1).randbytes(200_000).hex())
    )
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            archives(db)
        assert archive.figures(db).due == 1

        db.execute(f"PRAGMA max_page_count = {2 * pages + 1_000}")
        archives(db)
        assert held(db, path) == [path.read_bytes()]


def test_what_is_no_log_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "letter.md"
    path.parent.mkdir()
    path.write_text("Dear Ada,\n\nnobody needs to keep this.\n")
    imports(tmp_path / "l.clew", path)
    with writing(tmp_path / "l.clew") as (db, _):
        archives(db)

        assert archive.figures(db).files == 0
        assert archive.figures(db).due == 0


def test_a_log_that_was_moved_is_one_file_at_its_new_place(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        path = path.rename(path.with_name("b.jsonl"))
        b.append(path, b.line(b.prompt("p2")))
        reads(ingest, path)
        archives(db)

        assert [one.label for one in archive.files(db)] == [str(path)]
        assert held(db, path) == [path.read_bytes()]


def test_a_log_that_is_gone_stays_kept_and_is_asked_for_no_more(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    late = b.write(tmp_path / "logs" / "b.jsonl", b.prompt("p2"))
    content = path.read_bytes()
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        reads(ingest, late)
        path.unlink()
        late.unlink()
        archives(db)

        assert held(db, path) == [content]
        assert held(db, late) == []
        assert archive.figures(db).due == 0


def test_a_folder_that_is_missed_is_waited_for(tmp_path: Path) -> None:
    path = b.write(tmp_path / "disk" / "a.jsonl", b.prompt("p1"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        (tmp_path / "disk").rename(tmp_path / "unplugged")
        assert archives(db) == 1
        (tmp_path / "unplugged").rename(tmp_path / "disk")
        archives(db)

        assert held(db, path) == [path.read_bytes()]


def test_a_library_that_is_to_keep_no_logs_keeps_no_more(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        before = path.read_bytes()
        store.turn(db, on=False)
        b.append(path, b.line(b.prompt("p2")))
        reads(ingest, path)
        archives(db)
        assert held(db, path) == [before]

        store.turn(db, on=True)
        archives(db)
        assert held(db, path) == [path.read_bytes()]


def test_a_crash_between_reading_and_keeping_forgets_nothing(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    imports(tmp_path / "l.clew", path)  # and ends here

    with writing(tmp_path / "l.clew") as (db, _):
        assert archive.figures(db).due == 1
        archives(db)
        assert held(db, path) == [path.read_bytes()]


def test_what_two_processes_keep_at_once_is_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    library = tmp_path / "l.clew"
    with writing(library) as (db, ingest), writing(library, hold=NO_LOCK) as (other, _):
        reads(ingest, path)
        keep = store.keep

        def slow(*given: object) -> None:
            monkeypatch.undo()
            archives(other)
            keep(*given)  # type: ignore[arg-type]  # passed on as they came

        monkeypatch.setattr(store, "keep", slow)
        archives(db)

        assert held(db, path) == [path.read_bytes()]
        assert len(packs_of(db)) == 1
