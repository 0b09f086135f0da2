"""A long conversation is woven and written in short pieces, whatever its shape."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from core.queries import threads as queries
from core.store import threads as store
from core.threads.woven import Edit, EditKind, Rows
from core.weaving import weaver
from core.weaving.weaver import Unfinished, Weaver
from tests import builders as b
from tests.core.weaving import yarn
from tests.library import imports, reads, writing


def _ticking(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    """Let a piece be *piece* bits of work, with a clock that each of them moves on by one."""
    monkeypatch.setattr(weaver, "PIECE", piece)
    monkeypatch.setattr(weaver, "LEAST", 1)


def _pieces(library: Path) -> list[tuple[int, int]]:
    """Return of each piece how often it asked for the time, and how many threads it wrote."""
    asked = count()
    written: list[str] = []
    found: list[tuple[int, int]] = []
    with writing(library) as (db, _):
        db.set_trace_callback(
            lambda said: written.append(said) if said.startswith("\nINSERT INTO thread (") else None
        )
        one = Weaver(db, clock=asked.__next__)
        one.begin()
        before = 0
        while one.piece() is not None:
            now = next(asked)
            found.append((now - before, len(written)))
            before = now
            written.clear()
    return found


def test_a_prompt_that_was_taken_back_a_hundred_times_is_written_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan = [b.prompt("p", "start")]
    fan += [b.prompt(f"q{n}", f"way {n}", "p", at=10 + n) for n in range(100)]
    imports(tmp_path / "l.clew", yarn.write(tmp_path, fan))
    _ticking(monkeypatch, 10)

    pieces = _pieces(tmp_path / "l.clew")

    assert sum(threads for _, threads in pieces) == 100
    assert max(asked for asked, _ in pieces) <= 10 + 4
    assert max(threads for _, threads in pieces) <= 10


def test_a_line_of_many_threads_is_put_into_words_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain: list[b.Record] = []
    for n in range(30):
        said = yarn.GARDEN[n % 4]
        chain += yarn.turn(f"g{n}", said, f"g{n - 1}s" if n else None, n * 60)
    imports(tmp_path / "a.clew", yarn.write(tmp_path, chain))
    imports(tmp_path / "b.clew", tmp_path / "logs")
    for library in ("a.clew", "b.clew"):
        with writing(tmp_path / library) as (db, _):
            for n in range(3, 30, 3):
                store.edit(db, b.SESSION, f"g{n}", Edit(f"g{n}", EditKind.SPLIT))
    with writing(tmp_path / "a.clew") as (db, _):
        yarn.weave(db)
        once = yarn.rows(db)
    assert len(once["main"].threads) == 10
    _ticking(monkeypatch, 3)

    pieces = _pieces(tmp_path / "b.clew")

    assert max(asked for asked, _ in pieces) <= 3 + 4
    assert [threads for _, threads in pieces if threads] == [10]  # a lane is written as a whole
    with writing(tmp_path / "b.clew") as (db, _):
        assert yarn.rows(db) == once


def test_branches_that_have_not_changed_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan = [b.prompt("p", "start")]
    fan += [b.prompt(f"q{n}", f"way {n}", "p", at=10 + n) for n in range(40)]
    imports(tmp_path / "l.clew", yarn.write(tmp_path, fan))
    _ticking(monkeypatch, 5)
    asked: list[str] = []
    with writing(tmp_path / "l.clew") as (db, _):
        db.set_trace_callback(asked.append)
        yarn.weave(db)
    assert len([said for said in asked if "SELECT branch.number, message.uuid" in said]) == 1


def test_a_conversation_that_keeps_growing_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = yarn.two_things()
    with writing(tmp_path / "l.clew") as (db, ingest):
        path = yarn.write(tmp_path, records)
        reads(ingest, path)
        _ticking(monkeypatch, 3)
        one = Weaver(db, clock=count().__next__)
        above, number = "k3s", 0
        while isinstance(one.piece(), Unfinished) and number < 60:
            if one.taken >= 32:
                said = b.says(f"x{number}", "more of it", above, at=9e5 + number)
                yarn.grown(ingest, path, [said])
                above, number = f"x{number}", number + 1
        assert number < 60
        assert len(yarn.rows(db)["main"].threads) == 2


def test_a_cut_that_is_on_another_lane_now_is_not_lost(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things()))
    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)
        before = yarn.rows(db)["main"]
        ((id_,),) = db.execute("SELECT id FROM conversation").fetchall()
        moved = Rows(places=tuple(replace(one, lane="branch:k0") for one in before.places))
        store.write(db, id_, Rows(), moved)
        store.write(db, id_, replace(before, threads=(), stretches=()), Rows())
        assert [one.lane for one in queries.cuts(db, id_)] == ["branch:k0"]
