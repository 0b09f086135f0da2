"""States of a log: each is kept as it was, and what they share is kept once."""

import io
import random
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import archiving, packs, sharing
from core.archiving import Archiving
from core.queries import archive
from core.store import archive as store
from core.store import joining
from tests import builders as b
from tests.archives import archives, bytes_of, held, packs_of
from tests.library import reads, writing


def drawn(key: str, seed: int) -> list[bytes]:
    """Return lines that have nothing in common with those of another *seed*."""
    told = random.Random(seed)
    return [b.line(b.prompt(f"{key}{n}", told.randbytes(600).hex())) for n in range(120)]


BODY = drawn("p", 7)


def head(number: int) -> bytes:
    return b.line({"type": "summary", "summary": f"saved {number} times", "leafUuid": "p0"})


def saves(db: Connection, path: Path, ingest: object, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    reads(ingest, path)  # type: ignore[arg-type]  # an Ingest
    archives(db)


def kept(db: Connection) -> int:
    """Return how many bytes are in packs, unpacked."""
    return sum(size for size, _ in packs_of(db))


def asked_packs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which each pack is added that is asked for from now on."""
    asked: list[int] = []
    data = archive.Unpacked.data

    def counted(self: archive.Unpacked, pack: int) -> bytes:
        asked.append(pack)
        return data(self, pack)

    monkeypatch.setattr(archive.Unpacked, "data", counted)
    return asked


def test_a_log_whose_head_changes_at_each_save_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    body = b"".join(BODY)
    states = [head(number) + body for number in range(25)]
    with writing(tmp_path / "l.clew") as (db, ingest):
        for state in states:
            saves(db, path, ingest, state)

        files = archive.files(db)
        assert [bytes_of(db, one) for one in files] == states
        assert [one.newest for one in files] == [False] * 24 + [True]
        assert kept(db) < len(body) + 25 * 2 * len(head(1))
        assert all(size == live for size, live in packs_of(db))
        assert [lost for part in archive.verify(db) for lost in part] == []


def test_a_log_that_is_saved_with_a_new_head_and_more_lines_costs_what_is_new(
    tmp_path: Path,
) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    states = [head(n) + b"".join(BODY[: 70 + n]) for n in range(40)]
    with writing(tmp_path / "l.clew") as (db, ingest):
        for state in states:
            saves(db, path, ingest, state)

        assert [bytes_of(db, one) for one in archive.files(db)] == states
        assert kept(db) < len(states[-1]) + 40 * 2 * len(head(1))
        (rows,) = db.execute("SELECT count(*) FROM archive_piece").fetchone()
        assert rows < 40 * 12  # joining brings a state's pieces together


def test_what_was_cut_off_and_written_again_is_shared(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    body = b"".join(BODY)
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, body)
        saves(db, path, ingest, BODY[0])  # caught in the middle of a save
        saves(db, path, ingest, body + BODY[0])

        assert held(db, path) == [body + BODY[0]]
        assert held(db, path, newest=False) == [body]
        assert kept(db) <= len(body) + 2 * len(BODY[0])


def test_lines_that_went_are_found_again_behind_the_gap(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    before, after = b"".join(BODY), b"".join(BODY[3:40] + BODY[60:])
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, before)
        saves(db, path, ingest, after)

        assert held(db, path) == [after]
        assert kept(db) == len(before)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("hadtw"), st.integers(0, 11)), max_size=12))
def test_every_state_comes_out_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int]]
) -> None:
    root = tmp_path_factory.mktemp("states")
    path = root / "logs" / "a.jsonl"
    lines = BODY[:20]
    with pytest.MonkeyPatch.context() as patch, writing(root / "l.clew") as (db, ingest):
        patch.setattr(sharing, "_LEAST", 600)
        patch.setattr(archiving, "_WORTH", 1)
        patch.setattr(joining, "_MANY", 3)
        saves(db, path, ingest, b"".join(lines))
        for number, (edit, place) in enumerate(edits):
            new = b.line(b.prompt(f"n{number}", "x" * 100 * place))
            match edit:
                case "h":
                    lines = [head(number), *lines[1:]]
                case "a":
                    lines = [*lines, new]
                case "d":
                    lines = [*lines[:place], *lines[place + 2 :]] or [new]
                case "t":
                    lines = lines[: place + 1] or [new]
                case _:
                    lines = [*lines[:place], new, *lines[place:]]
            before = [bytes_of(db, one) for one in archive.files(db) if not one.newest]
            saves(db, path, ingest, b"".join(lines))

            after = [bytes_of(db, one) for one in archive.files(db)]
            assert after[-1] == b"".join(lines)
            assert after[: len(before)] == before
        assert all(size >= live > 0 for size, live in packs_of(db))
        assert [lost for part in archive.verify(db) for lost in part] == []


def test_what_is_damaged_is_shared_with_nobody(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    body = b"".join(BODY)
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, head(0) + body)
        db.execute("UPDATE archive_pack SET data = zeroblob(length(data))")
        saves(db, path, ingest, head(1) + body)

        assert held(db, path) == [head(1) + body]


def test_what_another_process_joined_meanwhile_is_kept_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    body = b"".join(BODY)
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, body)
        keep = store.keep

        def late(*given: object) -> None:
            monkeypatch.undo()
            db.execute("UPDATE archive_pack SET id = 99")
            db.execute("UPDATE archive_piece SET pack_id = 99")
            keep(*given)  # type: ignore[arg-type]  # passed on as they came

        monkeypatch.setattr(store, "keep", late)
        db.execute("PRAGMA foreign_keys = OFF")
        path.write_bytes(head(1) + body)
        reads(ingest, path)
        Archiving(db).step()
        assert len(archive.files(db)) == 1
        archives(db)

        assert held(db, path) == [head(1) + body]
        assert kept(db) < len(body) + 2 * len(head(1))


def test_a_file_is_looked_through_a_bounded_number_of_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "_SEARCHED", 200_000)
    path = tmp_path / "logs" / "a.jsonl"
    anew = b"".join(drawn("q", 8))
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, b"".join(BODY))
        saves(db, path, ingest, anew)

        assert held(db, path) == [anew]
        assert held(db, path, newest=False) == [b"".join(BODY)]
        assert packs.MOST > kept(db) > len(anew)


def test_a_large_log_of_which_nothing_is_left_is_not_unpacked_at_each_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    anew = b"".join(drawn("q", 9))
    monkeypatch.setattr(packs, "MOST", 20_000)
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, b"".join(BODY))
        before = archive.files(db)[0].id
        monkeypatch.setattr(sharing, "_SEARCHED", 20_000)
        unpacked = asked_packs(monkeypatch)

        assert len(store.pieces(db, before)) > 5
        assert sharing.parts(db, before, io.BytesIO(anew), 0, len(anew)) == [len(anew)]
        assert len(unpacked) <= 2


def test_a_pack_that_another_process_joined_while_it_was_looked_for_is_shared_with_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "logs" / "a.jsonl"
    body = b"".join(BODY)
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, body)
        pieces = [replace(one, pack=99) for one in store.pieces(db, archive.files(db)[0].id)]
        monkeypatch.setattr(store, "pieces", lambda *_: pieces)

        assert sharing.parts(db, 1, io.BytesIO(body), 0, len(body)) == [len(body)]


def test_a_large_state_is_shared_in_several_steps_that_begin_where_the_last_one_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "MOST", 40_000)
    path = tmp_path / "logs" / "a.jsonl"
    body = b"".join(BODY)
    with writing(tmp_path / "l.clew") as (db, ingest):
        saves(db, path, ingest, head(0) + body)
        unpacked = asked_packs(monkeypatch)
        monkeypatch.setattr(sharing, "_MOST", 1)
        monkeypatch.setattr(archiving, "_WORTH", 1)
        path.write_bytes(head(1) + body)
        reads(ingest, path)
        steps = archives(db)
        pieces = len(store.pieces(db, archive.files(db)[0].id))

        assert steps >= pieces > 3
        assert len(unpacked) <= 2 * pieces  # the end of one, and the next one
        monkeypatch.undo()
        assert held(db, path) == [head(1) + body]
        assert kept(db) < len(body) + 4 * len(head(1))
