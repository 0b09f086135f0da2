"""Insights in the window: how one gets there and back, and that they keep up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.queries import conversations
from desktop import actions
from desktop.main_window import MainWindow
from desktop.views.insights.page import InsightsPage
from tests import builders as b
from tests.desktop.insights.conftest import PASTA
from tests.desktop.shell.conftest import Opened

pytestmark = pytest.mark.qt_log_ignore("raise|grabbing", extend=True)  # offscreen, harmless


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, log: Path) -> Iterator[MainWindow]:
    opened = Opened(qapp, qtbot)
    made = opened(tmp_path / "library.clew", log.parent)
    qtbot.waitUntil(lambda: made.current is not None)
    yield made
    opened.close()


def _page(window: MainWindow, qtbot: QtBot) -> InsightsPage:
    """Return the page once it shows something."""
    window.command("insights")
    page = window.insights.page
    assert page is not None
    qtbot.waitUntil(lambda: page.found is not None, timeout=10_000)
    return page


def test_the_page_is_not_made_before_it_is_wanted(window: MainWindow) -> None:
    assert window.insights.page is None
    assert window.transcript.rows.isVisible()


def test_the_command_shows_the_insights_and_the_transcript_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    assert page.isVisible()
    assert not window.transcript.rows.isVisible()
    assert page.found is not None
    assert len(page.found.turns) == 4
    window.command("insights")
    assert window.transcript.rows.isVisible()


def test_a_mark_leads_to_its_message_in_the_transcript(window: MainWindow, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    mark = page.lanes.intents.marks[2]
    page.chosen.emit(mark.message)
    assert window.transcript.rows.isVisible()
    assert window.transcript.header.side.current == "rows"
    shown = {window.transcript.model.spine.messages[row] for row, *_ in _visible(window)}
    assert mark.message in shown


def _visible(window: MainWindow) -> list[tuple[int, ...]]:
    return [tuple(map(int, place)) for place in window.transcript.rows.scroller.visible]


def test_finding_in_the_conversation_shows_its_transcript(window: MainWindow, qtbot: QtBot) -> None:
    _page(window, qtbot)
    window.command("find_here")
    assert window.transcript.find_bar.isVisible()


def test_a_conversation_that_grows_is_looked_at_again(
    window: MainWindow, qtbot: QtBot, log: Path
) -> None:
    page = _page(window, qtbot)
    b.append(
        log, b.prompt("p5", "now the dessert", "s4", at=700), b.says("s5", PASTA, "p5", at=710)
    )
    window.command("read_again")
    qtbot.waitUntil(lambda: len(page.lanes.intents.marks) == 5, timeout=15_000)
    assert page.isVisible()


def test_another_conversation_shows_its_own_insights(
    window: MainWindow, qtbot: QtBot, log: Path
) -> None:
    page = _page(window, qtbot)
    other = "22222222-aaaa-4bbb-8ccc-000000000002"
    b.write(
        log.parent / f"{other}.jsonl",
        *b.of(other, b.prompt("q1", "mend the sail", at=90), b.says("q2", parent="q1", at=95)),
    )
    window.command("read_again")

    def there() -> bool:
        return window.library is not None and conversations.one(window.library, other) is not None

    qtbot.waitUntil(there, timeout=15_000)
    assert window.library is not None
    row = conversations.one(window.library, other)
    assert row is not None
    window.show_conversation(row)
    qtbot.waitUntil(lambda: len(page.lanes.intents.marks) == 1, timeout=10_000)
    assert page.isVisible()


def test_the_command_has_a_key_of_its_own() -> None:
    keys = [one for command in actions.ACTIONS for one in command.shortcuts]
    assert "Ctrl+Shift+I" in keys
    assert len(keys) == len(set(keys))


def test_from_the_charts_the_command_leads_to_the_insights(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    window.show_page("charts")
    window.command("insights")
    assert window.page == "library"
    assert page.isVisible()
    qtbot.waitUntil(lambda: not window.parts.queries.busy, timeout=10_000)
