import threading
from pathlib import Path
from sqlite3 import Connection

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from core.config import Config
from core.errors import StoreError
from core.events import ConversationChanged, ImportFinished, LibraryReady
from desktop.workers.engine_thread import EngineThread
from desktop.workers.errands import Errands, Stale
from desktop.workers.listing import look
from desktop.workers.query_runner import QueryRunner
from desktop.workers.throttle import Throttle


def one(db: Connection) -> object:
    return db.execute("SELECT 1").fetchone()[0]


def forever(db: Connection) -> object:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    return db.execute(endless).fetchone()


def broken(db: Connection) -> object:
    return db.execute("SELECT * FROM no_such_table").fetchone()


def test_an_answer_comes_on_the_thread_of_the_asker(queries: QueryRunner, qtbot: QtBot) -> None:
    heard: list[tuple[object, QThread]] = []
    queries.ask("a", one, lambda value: heard.append((value, QThread.currentThread())))

    qtbot.waitUntil(lambda: heard == [(1, queries.thread())])


def test_a_newer_question_stops_the_older_one_inside_its_statement(
    queries: QueryRunner, qtbot: QtBot
) -> None:
    heard: list[object] = []
    queries.ask("a", forever, heard.append)
    queries.ask("a", one, heard.append)

    qtbot.waitUntil(lambda: heard == [1])


def test_channels_do_not_disturb_each_other(queries: QueryRunner, qtbot: QtBot) -> None:
    heard: list[object] = []
    queries.ask("a", one, heard.append)
    queries.ask("b", one, heard.append)

    qtbot.waitUntil(lambda: heard == [1, 1])


def test_an_error_goes_to_who_asked(queries: QueryRunner, qtbot: QtBot) -> None:
    heard: list[object] = []
    failed: list[Exception] = []
    queries.ask("a", broken, heard.append, failed.append)

    qtbot.waitUntil(lambda: len(failed) == 1)
    assert "no_such_table" in str(failed[0])
    assert heard == []


def test_a_library_that_is_not_there_is_an_error_and_not_a_crash(
    tmp_path: Path, qtbot: QtBot
) -> None:
    runner = QueryRunner(tmp_path / "none.clew")
    failed: list[Exception] = []
    runner.ask("a", one, print, failed.append)

    qtbot.waitUntil(lambda: len(failed) == 1)
    runner.close()
    assert isinstance(failed[0], StoreError)


def test_a_forgotten_question_is_not_answered(queries: QueryRunner, qtbot: QtBot) -> None:
    heard: list[object] = []
    queries.ask("a", forever, heard.append)
    queries.forget("a")
    queries.ask("b", one, heard.append)

    qtbot.waitUntil(lambda: heard == [1])
    assert not queries.busy


def test_closing_ends_a_statement_without_end(kept: Path) -> None:
    runner = QueryRunner(kept)
    runner.ask("a", forever, print)

    runner.close()

    assert "queries" not in {thread.name for thread in threading.enumerate()}


def test_a_reader_cannot_write(queries: QueryRunner, qtbot: QtBot) -> None:
    failed: list[Exception] = []
    queries.ask("a", lambda db: db.execute("DELETE FROM message"), print, failed.append)

    qtbot.waitUntil(lambda: len(failed) == 1)
    assert "readonly" in str(failed[0])


def test_settled_tells_when_nobody_waits(errands: Errands, qtbot: QtBot) -> None:
    def work(stale: Stale) -> int:
        return 2

    heard: list[int] = []
    with qtbot.waitSignal(errands.settled):
        errands.ask("a", work, heard.append)

    assert heard == [2]
    assert not errands.busy


def test_the_engine_tells_its_news_as_signals(tmp_path: Path, logs: Path, qtbot: QtBot) -> None:
    engine = EngineThread(Config(tmp_path / "new.clew"))
    news: list[object] = []
    for signal in (engine.library_ready, engine.conversation_changed, engine.import_finished):
        signal.connect(news.append)
    engine.start()
    with qtbot.waitSignal(engine.import_finished, timeout=10_000):
        engine.add((logs,), watch=False)
    engine.shut_down()

    assert isinstance(news[0], LibraryReady)
    assert isinstance(news[-1], ImportFinished)
    assert any(isinstance(event, ConversationChanged) for event in news)
    assert not engine.isRunning()


def test_a_file_that_is_no_library_is_told_and_left_alone(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 400)
    engine = EngineThread(Config(path))
    with qtbot.waitSignal(engine.failed, timeout=10_000) as told:
        engine.start()
    engine.shut_down()

    assert told.args
    assert "not a Clew library" in told.args[0].reason
    assert path.read_text().startswith("Dear Ada")


def test_a_throttle_tells_the_first_news_at_once_and_a_flood_together(qtbot: QtBot) -> None:
    throttle = Throttle(30)
    told: list[int] = []
    throttle.due.connect(lambda: told.append(1))
    throttle.poke()
    assert len(told) == 1

    for _ in range(50):
        throttle.poke()
    assert len(told) == 1
    qtbot.waitUntil(lambda: len(told) == 2)


def test_a_throttle_may_spare_news_that_come_a_little_too_soon_but_no_flood(qtbot: QtBot) -> None:
    now = 0.0
    throttle = Throttle(60_000, spare=1, clock=lambda: now)
    told: list[float] = []
    throttle.due.connect(lambda: told.append(now))
    throttle.poke()

    now = 40.0
    throttle.poke()
    assert told == [0.0, 40.0]
    now = 59.0
    for _ in range(3):  # what is spared was used up
        throttle.poke()

    assert told == [0.0, 40.0]
    throttle.flush()
    assert told == [0.0, 40.0, 59.0]


def test_a_throttle_with_nothing_to_spare_keeps_to_a_pace_that_became_slower(
    qtbot: QtBot,
) -> None:
    now = 0.0
    throttle = Throttle(1_000, clock=lambda: now)
    told: list[float] = []
    throttle.due.connect(lambda: told.append(now))
    throttle.due.connect(lambda: throttle.pace(60_000))
    throttle.poke()

    now = 1.5
    throttle.poke()

    assert told == [0.0]


def test_a_throttle_can_be_emptied(qtbot: QtBot) -> None:
    throttle = Throttle(60_000)
    told: list[int] = []
    throttle.due.connect(lambda: told.append(1))
    throttle.poke()
    throttle.poke()

    throttle.flush()

    assert len(told) == 2


def test_a_listing_counts_transcripts_and_names_what_it_leaves_out(logs: Path) -> None:
    letter = logs / "letter.pdf"
    letter.write_bytes(b"%PDF")

    found = look((logs, letter))

    assert (found.files, found.folders, found.refused) == (3, 1, (("PDF", 1),))
    assert found.roots == (logs,)
    assert found.bytes == sum(path.stat().st_size for path in logs.glob("*.jsonl"))


def test_a_listing_of_nothing_says_so(tmp_path: Path) -> None:
    assert look((tmp_path,)).files == 0


@pytest.mark.parametrize("name", ["notes.txt", "photo.JPG"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")

    assert look((tmp_path / name,)).refused == ((name.split(".")[1].upper(), 1),)
