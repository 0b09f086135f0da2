"""The pool of readers: few connections for many clients, counted, and stopped at once."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.errors import StoreError
from core.store.readers import Readers, Superseded
from tests import builders as b
from tests.library import imports, reads, writing

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
PATIENCE = 20  # seconds; only a failing test waits as long


@pytest.fixture
def library(tmp_path: Path) -> Path:
    imports(tmp_path / "l.clew", b.write(tmp_path / "a.jsonl", b.prompt("u")))
    return tmp_path / "l.clew"


@pytest.fixture
def readers(library: Path) -> Iterator[Readers]:
    pool = Readers(library, most=2)
    yield pool
    pool.close()
    assert pool.facts().open == 0


def count(db: Connection) -> int:
    return int(db.execute("SELECT count(*) FROM message").fetchone()[0])


def running(readers: Readers, purpose: str) -> None:
    """Return as soon as a read for *purpose* is under way."""
    began = threading.Event()
    while purpose not in readers.names():
        began.wait(0.001)


def test_a_read_is_counted_while_it_goes_on_and_no_longer(readers: Readers) -> None:
    with readers.lend("list") as db:
        assert count(db) == 1
        facts = readers.facts()
        assert [one.purpose for one in facts.reading] == ["list"]
        assert facts.oldest > 0

    assert readers.facts().reading == ()
    assert readers.facts().oldest == 0
    assert readers.facts().done == 1


def test_all_that_a_read_sees_is_of_one_moment(readers: Readers, tmp_path: Path) -> None:
    with readers.lend("list") as db:
        before = count(db)
        with writing(readers.library) as (_, ingest):
            reads(ingest, b.write(tmp_path / "b.jsonl", *b.of("b", b.prompt("v"))))
        assert count(db) == before
    with readers.lend("list") as db:
        assert count(db) == before + 1


def test_reads_one_after_the_other_need_one_connection(readers: Readers) -> None:
    for _ in range(5):
        with readers.lend("list") as db:
            count(db)

    assert readers.facts().open == 1


def test_a_purpose_gets_the_connection_that_knows_it(readers: Readers) -> None:
    with readers.lend("list") as one, readers.lend("charts") as other:
        known = {"list": one, "charts": other}
    for purpose in ("charts", "list", "list", "charts"):
        with readers.lend(purpose) as db:
            assert db is known[purpose]


def test_many_clients_share_few_connections_without_an_error(readers: Readers) -> None:
    def read(number: int) -> int:
        with readers.lend(f"client {number % 7}") as db:
            assert readers.facts().open <= 2
            return count(db)

    with ThreadPoolExecutor(32) as clients:
        assert list(clients.map(read, range(300))) == [1] * 300
    assert readers.facts().done == 300


def test_a_newer_read_on_a_channel_stops_the_older_inside_its_statement(readers: Readers) -> None:
    stopped: list[bool] = []

    def endless() -> None:
        try:
            with readers.lend("search", channel="words") as db:
                db.execute(ENDLESS).fetchone()
        except Superseded:
            stopped.append(True)

    older = threading.Thread(target=endless)
    older.start()
    running(readers, "search")
    with readers.lend("search", channel="words") as db:
        assert count(db) == 1
    older.join(PATIENCE)

    assert stopped == [True]
    assert readers.facts().stopped == 1


def test_a_read_that_waits_for_its_turn_is_stopped_too(readers: Readers) -> None:
    stopped = threading.Event()

    def wait() -> None:
        try:
            with readers.lend("search", channel="words"):
                raise AssertionError("its turn had come")
        except Superseded:
            stopped.set()

    with readers.lend("a"), readers.lend("b"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        while not readers.facts().waiting:
            stopped.wait(0.001)
        newer = threading.Thread(target=lambda: list(_taken(readers, "words")))
        newer.start()
        assert stopped.wait(PATIENCE)
    newer.join(PATIENCE)
    waiting.join(PATIENCE)


def _taken(readers: Readers, channel: str) -> Iterator[int]:
    with readers.lend("search", channel=channel) as db:
        yield count(db)


def test_who_is_not_waited_for_any_more_is_interrupted(readers: Readers) -> None:
    gone = threading.Event()
    stopped: list[bool] = []

    def endless() -> None:
        try:
            with readers.lend("search", stale=gone.is_set) as db:
                db.execute(ENDLESS).fetchone()
        except Superseded:
            stopped.append(True)

    worker = threading.Thread(target=endless)
    worker.start()
    running(readers, "search")
    gone.set()
    readers.interrupt()
    worker.join(PATIENCE)

    assert stopped == [True]


def test_others_are_not_disturbed_by_an_interrupt(readers: Readers) -> None:
    with readers.lend("list", stale=lambda: False) as db:
        readers.interrupt()
        assert count(db) == 1


def test_an_error_of_the_question_is_its_own_and_the_connection_is_given_up(
    readers: Readers,
) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no_such"), readers.lend("list") as db:
        db.execute("SELECT * FROM no_such")

    assert readers.facts().open == 0
    with readers.lend("list") as db:
        assert count(db) == 1


def test_a_bug_of_the_question_keeps_the_connection(readers: Readers) -> None:
    with pytest.raises(ZeroDivisionError), readers.lend("list"):
        raise ZeroDivisionError

    assert readers.facts().open == 1


def test_without_a_library_the_reason_is_told_each_time(tmp_path: Path) -> None:
    pool = Readers(tmp_path / "none.clew")
    for _ in range(5):
        with pytest.raises(StoreError, match="There is no library"), pool.lend("list"):
            pass

    assert pool.facts().open == 0


def test_a_closed_pool_lends_nothing(library: Path) -> None:
    pool = Readers(library)
    pool.close()

    with pytest.raises(Superseded), pool.lend("list"):
        pass


def test_a_kept_connection_is_counted_until_it_is_closed(readers: Readers) -> None:
    with closing(readers.keep()) as db:
        assert count(db) == 1
        assert readers.facts().open == 1
    db.close()

    assert readers.facts().open == 0


def test_reads_are_timed(readers: Readers) -> None:
    with readers.lend("list") as db:
        count(db)

    assert [one.count for one in readers.timings.figures() if "message" in one.sql] == [1]
