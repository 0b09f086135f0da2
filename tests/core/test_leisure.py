"""A bug in what is done in the background ends that, and nothing else."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from core.engine import AddRoots
from core.errors import StoreError
from core.events import EngineFailed
from core.leisure import Leisure
from core.weaving.background import Background
from tests import builders as b
from tests.core.test_engine import changes, running


@pytest.fixture
def db() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


def wrong_statement(db: sqlite3.Connection) -> bool:
    db.execute("CREATE TABLE t (x)")
    db.execute("INSERT INTO t VALUES (1)")
    db.execute("INSERT INTO t VALUES (1, 2)")
    return True


def wrong_sum(_db: sqlite3.Connection) -> bool:
    return 1 // 0 > 0


@pytest.mark.parametrize("wrong", [wrong_statement, wrong_sum])
def test_a_step_that_fails_by_a_bug_is_the_last_one(
    db: sqlite3.Connection,
    wrong: Callable[[sqlite3.Connection], bool],
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps: list[bool] = []

    def step() -> bool:
        steps.append(True)
        return wrong(db)

    leisure = Leisure(db, step)

    assert not leisure.step()
    assert not leisure.step()
    assert len(steps) == 1
    assert not db.in_transaction
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_what_is_no_bug_of_the_step_is_for_the_engine(tmp_path: Path) -> None:
    def full() -> bool:
        raise StoreError("The disk is full.")

    (tmp_path / "l").write_bytes(b"not a library " * 100)
    foreign = sqlite3.connect(tmp_path / "l")

    with pytest.raises(StoreError):
        Leisure(foreign, full).step()
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        Leisure(foreign, lambda: bool(foreign.execute("SELECT * FROM sqlite_master"))).step()


def test_lines_are_followed_though_threads_cannot_be_woven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Background) -> bool:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Background, "step", broken)
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1", at=1))
    with running(tmp_path / "l.clew") as (engine, heard):
        engine.submit(AddRoots((path.parent,)))
        heard.finished()
        b.append(path, b.prompt("p2", at=2))
        heard.wait(lambda events: any("p2" in change.messages for change in changes(events)))

    assert heard.of(EngineFailed) == []
