"""The page: keys, clicks, what is said aloud, and growth."""

from collections.abc import Callable
from sqlite3 import Connection

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.insights.figures import Explained
from desktop.views.insights.page import InsightsPage
from tests import builders as b
from tests.desktop.insights.conftest import PASTA, of_only

Find = Callable[[str], int]

pytestmark = pytest.mark.qt_log_ignore("raise|grabbing", extend=True)  # offscreen, harmless


def test_a_click_on_a_cell_leads_to_its_message(
    qtbot: QtBot, page: InsightsPage, row_id: Find
) -> None:
    strip = page.lanes.intents
    where = strip.span(strip.marks[2]).center().toPoint()
    with qtbot.waitSignal(page.chosen) as heard:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=where)
    assert heard.args == [row_id("p3")]


def test_arrow_keys_walk_a_lane_and_return_leads_to_the_message(
    qtbot: QtBot, page: InsightsPage, row_id: Find
) -> None:
    strip = page.lanes.intents
    strip.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right):
        QTest.keyClick(strip, key)
    assert strip.current == 1
    with qtbot.waitSignal(page.chosen) as heard:
        QTest.keyClick(strip, Qt.Key.Key_Return)
    assert heard.args == [row_id("p2")]


def test_down_goes_to_the_next_lane_at_the_same_turn(qtbot: QtBot, page: InsightsPage) -> None:
    page.activateWindow()
    strip = page.lanes.intents
    qtbot.waitUntil(lambda: _focused(strip))
    strip.enter(2)
    QTest.keyClick(strip, Qt.Key.Key_Down)
    below = page.lanes.clarity
    assert below.hasFocus()
    assert below.current is not None
    assert below.marks[below.current].turn == 2


def _focused(widget: QWidget) -> bool:
    widget.setFocus()
    return widget.hasFocus()


def test_every_lane_shows_which_turn_is_looked_at(page: InsightsPage) -> None:
    page.lanes.intents.visit(2)
    assert {strip._turn for strip in page.lanes.strips} == {2}


def test_everything_that_takes_the_keyboard_has_a_name(page: InsightsPage) -> None:
    widgets = [*page.findChildren(QAbstractButton), *page.lanes.strips, page.talk.matrix]
    for widget in widgets:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
    assert all(strip.accessibleDescription() for strip in page.lanes.strips)


def test_a_figure_opens_its_definition_and_leads_to_its_messages(
    qtbot: QtBot, page: InsightsPage, row_id: Find
) -> None:
    tile = next(one for one in page.figures.tiles if one.figure.title == "Corrections")
    assert tile.figure.definition in tile.accessibleDescription()
    tile.click()
    (opened,) = page.figures.findChildren(Explained)
    (row,) = opened.links.rows
    with qtbot.waitSignal(page.chosen) as heard:
        row.click()
    assert heard.args == [row_id("p4")]


def test_it_says_when_it_was_computed_and_by_which_revision(page: InsightsPage) -> None:
    assert page.found is not None
    assert page.computed.text().startswith("Computed ")
    for name, number in page.found.revisions:
        assert f"{name} {number}" in page.computed.toolTip()


def test_sentiment_is_off_unless_it_is_asked_for(page: InsightsPage) -> None:
    assert page.lanes.feelings not in page.lanes.strips
    page.lanes.sentiment.click()
    assert page.lanes.feelings in page.lanes.strips


def test_the_table_twin_is_copied_as_it_is(page: InsightsPage) -> None:
    page.lanes.mode.choose("table")
    assert page.lanes.strips == []
    page.lanes.copying.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Prompt\tTurn\t")
    assert len(lines) == 5


def test_a_row_of_the_table_leads_to_its_message(
    qtbot: QtBot, page: InsightsPage, row_id: Find
) -> None:
    page.lanes.mode.choose("table")
    with qtbot.waitSignal(page.chosen) as heard:
        page.lanes.table.chosen.emit(3)
    assert heard.args == [row_id("p4")]


def test_nothing_from_a_log_is_html_in_a_tip(page: InsightsPage) -> None:
    strip = page.lanes.intents
    assert "<b>" in strip.marks[0].tip  # and is escaped where it is shown
    row = page.topics.dominant.rows[0]
    assert row.toolTip().startswith("<span")


def test_growth_keeps_the_place_and_what_is_looked_at(
    page: InsightsPage, db: Connection, grow: Callable[..., None]
) -> None:
    page.resize(760, 400)
    bar = page.area.verticalScrollBar()
    QTest.qWait(20)
    bar.setValue(120)
    strip = page.lanes.intents
    strip.visit(3)
    before = strip.marks[3].message
    grow(b.prompt("p5", "now the dessert", "s4", at=700), b.says("s5", PASTA, "p5", at=710))
    page.show_insights(of_only(db))
    assert len(strip.marks) == 5
    assert strip.current == 3
    assert strip.marks[3].message == before
    assert bar.value() == 120


def test_one_prompt_alone_says_what_it_lacks(page: InsightsPage, db: Connection) -> None:
    found = of_only(db)
    page.say_nothing("Not enough messages", "Nothing was said.")
    assert page.empty.accessibleName() == "Not enough messages"
    page.show_insights(found)
    assert page.found is found
    page.show_insights(None)
    assert page.empty.isVisible()


def test_time_and_turns_are_two_axes_of_the_same_lanes(page: InsightsPage) -> None:
    strip = page.lanes.intents
    even = strip.across(1) - strip.across(0)
    page.lanes.mode.choose("time")
    assert strip.across(2) - strip.across(1) > even  # the long pause
    assert strip.across(4) == strip.box.right()


def test_it_is_drawn_in_every_theme_and_width(page: InsightsPage) -> None:
    for width in (360, 760, 1200):
        page.resize(width, 600)
        page.lanes.intents.visit(0)
        assert not page.grab().isNull()


def test_the_matrix_says_what_followed_what(page: InsightsPage) -> None:
    matrix = page.talk.matrix
    assert "After a" in matrix.accessibleDescription()
    matrix.setFocus()
    QTest.keyClick(matrix, Qt.Key.Key_Right)
    assert matrix.current == (0, 0)
    QTest.mouseMove(matrix, QPoint(150, 30))


def test_a_change_of_topic_leads_to_where_it_is(
    qtbot: QtBot, page: InsightsPage, db: Connection, grow: Callable[..., None]
) -> None:
    for n in range(5, 9):
        said = "pasta with basil and tomato sauce"
        asked = b.prompt(f"p{n}", said, f"s{n - 1}", at=700 + 10 * n)
        grow(asked, b.says(f"s{n}", PASTA, f"p{n}", at=705 + 10 * n))
    found = of_only(db)
    page.show_insights(found)
    told = [one for one in found.context.topics.transitions if one.of]
    change = page.talk.changes.rows[0]
    assert told[0].of in change.link.text
    with qtbot.waitSignal(page.chosen) as heard:
        change.click()
    assert heard.args == [told[0].spot.id]
