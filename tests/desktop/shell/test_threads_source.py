"""The threads of a long conversation are read once, off the UI's thread, for all who show them."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection

import pytest
from pytestqt.qtbot import QtBot

from core.queries import conversations, structure
from core.queries.conversations import ConversationRow
from core.queries.structure import Node
from desktop.main_window import MainWindow
from desktop.models import threads_read
from desktop.models.thread_groups import ThreadNode
from desktop.models.threads import Role
from desktop.models.threads_read import ThreadsRead
from desktop.views.inspector import inspector as inspecting
from desktop.views.inspector.blank import Blank
from desktop.views.transcript import threads_shown
from desktop.window.threads_source import ThreadsSource
from desktop.workers.query_runner import QueryRunner
from tests import builders as b
from tests.library import imported

Opens = Callable[..., MainWindow]


def _log(folder: Path, prompts: int = 6) -> Path:
    records: list[b.Record] = []
    for n in range(1, prompts + 1):
        above = f"s{n - 1}" if n > 1 else None
        records.append(b.prompt(f"p{n}", f"Task number {n}", above, at=10 * n))
        records.append(b.says(f"s{n}", "Done.", f"p{n}", at=10 * n + 1))
    b.write(folder / f"{b.SESSION}.jsonl", *records)
    return folder


@contextmanager
def _inspected(
    qtbot: QtBot, folder: Path
) -> Iterator[tuple[inspecting.Inspector, Connection, ConversationRow]]:
    """Give an inspector that asks for threads, its library and the one conversation in that."""
    with closing(imported(folder / "l.clew", _log(folder / "logs"))) as db:
        (row,) = conversations.page(db)
        inspector = inspecting.Inspector()
        qtbot.addWidget(inspector)
        inspector.reads_threads = False
        inspector.open_library(db)
        yield inspector, db, row


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every conversation for a long one."""
    monkeypatch.setattr(inspecting, "LONG", 0)
    monkeypatch.setattr(inspecting, "GROWN", 0)
    monkeypatch.setattr(threads_shown, "LONG", 0)


@pytest.fixture
def source(qtbot: QtBot, tmp_path: Path) -> Iterator[ThreadsSource]:
    imported(tmp_path / "l.clew", _log(tmp_path / "logs")).close()
    queries = QueryRunner(tmp_path / "l.clew")
    yield ThreadsSource(queries, queries)
    queries.close()


def test_what_two_ask_for_at_once_is_read_once(source: ThreadsSource, qtbot: QtBot) -> None:
    with qtbot.waitSignal(source.answered) as told:
        source.ask(1)
        source.ask(1)
    (found,) = told.args or [None]
    assert isinstance(found, ThreadsRead)
    assert (found.conversation, len(found.tree)) == (1, 1)
    assert source.reads == 1


def test_what_is_asked_for_meanwhile_is_read_after_it(source: ThreadsSource, qtbot: QtBot) -> None:
    told: list[object] = []
    source.answered.connect(told.append)
    source.ask(1)
    qtbot.waitUntil(lambda: source.reads == 1)
    source.ask(1)
    source.ask(1)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert source.reads == 2


def test_nobody_is_told_after_it_was_left(source: ThreadsSource, qtbot: QtBot) -> None:
    source.ask(1)
    source.leave()
    with qtbot.assertNotEmitted(source.answered, wait=100):
        pass
    assert source.reads == 0


def test_what_could_not_be_read_is_told_and_may_be_asked_for_again(
    source: ThreadsSource, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, qtbot.captureExceptions() as errors:
        broken.setattr(structure, "tree", None)
        source.ask(1)
        qtbot.waitUntil(lambda: bool(errors))
    with qtbot.waitSignal(source.answered):
        source.ask(1)
    assert source.reads == 2


@pytest.mark.usefixtures("long")
def test_a_long_conversation_is_read_elsewhere_and_once(
    opened: Opens, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: list[int] = []
    read = structure.tree

    def counted(db: object, conversation: int) -> tuple[Node, ...]:
        here.append(conversation)
        return read(db, conversation)  # type: ignore[arg-type]  # a Connection, as it came

    monkeypatch.setattr(structure, "tree", counted)
    window = opened(tmp_path / "library.clew", _log(tmp_path / "logs"))
    model = window.inspector.threads.model
    qtbot.waitUntil(lambda: model.rowCount() == 6)
    source = window._threading.source
    qtbot.waitUntil(lambda: len(here) == source.reads)  # the last one may be on its way
    assert window.transcript.threads.map.isVisible()


def test_until_they_are_read_the_inspector_does_not_say_that_there_are_none(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "LONG", 5)
    with _inspected(qtbot, tmp_path) as (inspector, db, row):
        with qtbot.waitSignal(inspector.threads_wanted):
            inspector.show_conversation(row)
        said = inspector.findChildren(Blank)

        assert "Reading the threads…" in [one.accessibleName() for one in said]
        inspector.take(threads_read.read(db, row.id))
        assert inspector.threads.model.rowCount() == 6
        inspector.show_conversation(None)


def test_what_grows_is_read_elsewhere_sooner_than_what_is_opened(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "GROWN", 5)
    with _inspected(qtbot, tmp_path) as (inspector, db, row):
        inspector.show_conversation(row)
        assert inspector.threads.model.rowCount() == 6
        with qtbot.waitSignal(inspector.threads_wanted) as told:
            inspector.refresh()
        assert told.args == [row.id]
        inspector.take(threads_read.read(db, row.id))
        assert inspector.threads.model.rowCount() == 6
        inspector.show_conversation(None)


@pytest.mark.usefixtures("long")
def test_a_decision_shows_in_both_of_a_long_conversation(
    opened: Opens, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "library.clew", _log(tmp_path / "logs"))
    model = window.inspector.threads.model
    qtbot.waitUntil(lambda: model.rowCount() == 6)
    window.inspector.threads.split_wanted.emit(model.index(3, 0).data(Role.NODE))
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert isinstance(model.index(1, 0).data(Role.NODE), ThreadNode)
    assert len(window.transcript.rows.threads.map.cuts) == 1
