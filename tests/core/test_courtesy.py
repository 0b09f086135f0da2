"""The right of way: who goes first is never held up, and nobody stands back for long."""

import threading
from contextlib import closing
from pathlib import Path

from core.courtesy import RightOfWay
from core.importing import import_files
from core.ingest import Ingest
from core.monitoring.upkeep import Task, Upkeep
from core.store.connection import WritingConnection, open_writer
from core.store.migrate import migrate
from core.store.writer import Writer
from tests import builders as b

COUNTS = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT {}) SELECT max(x) FROM n"
)
PATIENCE = 0.001  # seconds: waits that are in vain


def counted(db: WritingConnection, rows: int) -> int:
    return int(db.execute(COUNTS.format(rows)).fetchone()[0])


def test_nobody_waits_while_nobody_goes_first() -> None:
    way = RightOfWay()
    way.give()
    with way:
        pass
    way.give()

    assert way.given == 0


def test_others_wait_until_who_goes_first_is_done() -> None:
    way = RightOfWay(patience=30)
    done: list[str] = []

    def gives() -> None:
        way.give()
        done.append("the other")

    other = threading.Thread(target=gives)
    with way:
        other.start()
        while not way.given:  # it has got as far as standing back
            pass
        done.append("the first")
    other.join(30)

    assert done == ["the first", "the other"]


def test_who_holds_it_may_hold_it_again_inside() -> None:
    way = RightOfWay(PATIENCE)
    with way:
        with way:
            pass
        way.give()
        assert way.given == 1
    way.give()

    assert way.given == 1


def test_after_a_wait_in_vain_nobody_waits_at_once_again() -> None:
    way = RightOfWay(patience=0.5)
    with way:
        for _ in range(100):
            way.give()

        assert way.given == 1


def test_it_says_that_it_was_used_until_somebody_takes_note() -> None:
    way = RightOfWay()
    assert not way.used
    with way:
        pass
    assert way.used


def test_a_long_statement_of_the_writer_stands_back_within(tmp_path: Path) -> None:
    way = RightOfWay(PATIENCE)
    with closing(open_writer(tmp_path / "l.clew", way)) as db, way:
        assert counted(db, 10) == 10
        assert way.given == 0
        assert counted(db, 10_000) == 10_000

    assert way.given > 0


def test_a_writer_without_a_way_stands_back_for_nobody(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db:
        db.give_way()

        assert counted(db, 10_000) == 10_000


def test_upkeep_leaves_the_courtesy_as_it_was(tmp_path: Path) -> None:
    path, way = tmp_path / "l.clew", RightOfWay(PATIENCE)
    with closing(open_writer(path, way)) as db:
        migrate(db, path)
        upkeep = Upkeep(db, Task.CHECK, lambda _event: None)
        while upkeep.step():
            pass
        before = way.given
        with way:
            counted(db, 10_000)

    assert before == 0
    assert way.given > 0


def test_an_import_looks_at_each_record_who_goes_first(tmp_path: Path) -> None:
    looks: list[None] = []
    said = [b.says(f"s{n}", "word", at=n) for n in range(30)]
    log = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("p", "go"), *said)
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        migrate(db, path)
        ingest = Ingest(Writer(db), courtesy=lambda: looks.append(None))
        import_files(ingest, (log,), threading.Event(), lambda _event: None)

    assert len(looks) == 31
