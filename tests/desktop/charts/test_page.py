from contextlib import closing
from datetime import UTC
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from desktop.look import palette, theme
from desktop.views.charts.card import Card
from desktop.views.charts.page import ChartsPage
from tests import builders as b
from tests.desktop.charts.conftest import DAY, HOSTILE, NOW, AtOnce
from tests.library import imported


def ticks(card: Card, side: str) -> list[str]:
    return [text for level in card.plot.axis(side)._tickLevels for _, text in level]


def test_the_tiles_tell_what_is_in_the_range(page: ChartsPage) -> None:
    assert page.figures.conversations.value == "2"
    assert page.figures.calls.value == "29"
    assert page.figures.failed.value == "21 %"
    assert page.figures.tokens.value == "3,915"  # 29 replies of 135
    assert page.figures.cost.value == "$0.01"  # 29 replies of Opus 4.6: $0.00035 each


def test_each_chart_asks_a_question_and_explains_what_it_counts(page: ChartsPage) -> None:
    titles = [card.body.accessibleName() for card in page.cards]

    assert len(set(titles)) == 15
    assert all(title.endswith("?") for title in titles)
    assert all(len(card.definition) > 100 for card in page.cards)
    shown = [card for card in page.cards if card.has_data]
    assert all(card.body.accessibleDescription() for card in shown)
    assert {card.title for card in page.cards} - {card.title for card in shown} == {
        "Which files are read again and again?", "What should I change?",
    }  # fmt: skip


def test_a_hostile_tool_name_is_shown_letter_for_letter(page: ChartsPage) -> None:
    tools = page.tools

    first, second, third = ticks(tools, "left")
    assert (first, third) == ("Bash", "Read")
    assert second.startswith("mcp__<img")  # cut in the middle
    assert second.endswith("__R&D")
    assert HOSTILE in tools.plot.marks[1].tip
    assert tools.table.model_.index(1, 0).data() == HOSTILE
    assert HOSTILE in page.days.plot.marks[-2].tip
    for label in page.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.qt_log_ignore("raise", extend=True)  # offscreen, harmless
def test_tips_of_hostile_names_hold_no_markup_of_theirs(page: ChartsPage) -> None:
    plot = page.tools.plot
    plot.setFocus()

    QTest.keyClick(plot, Qt.Key.Key_Home)
    QTest.keyClick(plot, Qt.Key.Key_Down)

    assert "<img" not in QToolTip.text()
    assert "&lt;img src=file:///etc/hostname&gt;__R&amp;D" in QToolTip.text()


def test_a_rate_is_told_only_from_twenty_calls_on(page: ChartsPage) -> None:
    bash, hostile, _ = page.tools.plot.marks

    assert "5 failed: 20 % (true rate 8.9 % to 39 %, 95 % sure)" in bash.tip
    assert "1 failed (fewer than 20 calls: no rate)" in hostile.tip
    assert page.tools.table.model_.index(1, 3).data() == ""


def test_a_stack_tells_its_day_and_its_parts(page: ChartsPage) -> None:
    marks = page.days.plot.marks

    assert len(marks) == 30
    assert marks[-3].tip == "Thu 1 Jan 2026: 25 calls\n25  Bash"
    assert marks[-2].tip == f"Fri 2 Jan 2026: 4 calls\n1  Read\n3  {HOSTILE}"
    assert marks[-1].tip == "Sat 3 Jan 2026: nothing"


def test_the_week_starts_where_the_locale_says(page: ChartsPage) -> None:
    week = page.week

    assert ticks(week, "left") == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert week.plot.marks[3 * 24].tip == "Thursday, 00:00 to 01:00: 25 tool calls"


def test_cache_reads_can_be_left_out(page: ChartsPage) -> None:
    tokens = page.tokens
    assert "2,500  Cache read" in tokens.plot.marks[-3].tip

    page.tokens.without_reads.click()

    assert tokens.plot.marks[-3].tip == (
        "Thu 1 Jan 2026: 875 tokens\n500  Cache write\n250  Input\n125  Output"
    )


@pytest.mark.qt_log_ignore("raise", extend=True)  # offscreen, harmless
def test_the_arrow_keys_go_from_mark_to_mark(page: ChartsPage) -> None:
    plot = page.days.plot
    plot.setFocus()

    QTest.keyClick(plot, Qt.Key.Key_End)
    QTest.keyClick(plot, Qt.Key.Key_Left)

    assert plot.drawing.current == len(plot.marks) - 2
    QTest.keyClick(plot, Qt.Key.Key_Home)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.drawing.current == 0


def test_the_pointer_finds_what_it_is_over(page: ChartsPage) -> None:
    plot = page.tools.plot
    middle = plot.mapFromScene(plot.view.mapViewToScene(plot.marks[2].area.center()))

    assert plot.mark_at(middle) == 2
    assert plot.mark_at(QPoint(1, plot.height() - 1)) is None


def test_the_wheel_is_left_to_the_page(page: ChartsPage) -> None:
    plot = page.days.plot
    before = plot.view.viewRange()
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(plot.mapToGlobal(QPoint(50, 50))),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )

    QApplication.sendEvent(plot.viewport(), wheel)

    assert not wheel.isAccepted()
    assert plot.view.viewRange() == before


def test_the_charts_follow_the_theme_at_once(page: ChartsPage, qapp: QApplication) -> None:
    dark = theme.load("dark")

    palette.apply(qapp, dark)

    for card in page.cards[:-1]:
        assert card.plot.backgroundBrush().color() == QColor(dark.card)
        assert card.plot.drawing.colors is dark


@pytest.mark.parametrize(("width", "columns"), [(1000, 1), (1280, 2), (2560, 2)])
def test_charts_stand_side_by_side_where_there_is_room(
    page: ChartsPage, width: int, columns: int
) -> None:
    page.resize(width, 900)
    QApplication.processEvents()

    first, second = page.time.geometry(), page.tools.geometry()
    assert (first.top() == second.top()) == (columns == 2)
    assert page.tools.mapTo(page, QPoint(0, 0)).x() >= 0
    assert second.right() <= width


def test_a_project_can_be_looked_at_alone(page: ChartsPage) -> None:
    assert sorted(one.name for one in page.bar.project._options) == ["R&D", "clew"]
    assert page.bar.project.text() == "All projects ▾"

    page.bar.project.pick(["/srv/R&D"])

    assert page.figures.calls.value == "1"
    assert page.figures.conversations.value == "1"
    assert page.bar.project.text() == "R&&D ▾"


def test_a_range_without_calls_says_so(page: ChartsPage, db: Connection, qtbot: QtBot) -> None:
    later = ChartsPage(AtOnce(db), now=lambda: NOW + 6 * 86_400_000, zone=UTC)
    qtbot.addWidget(later)
    later.bar.range.choose("7")
    later.refresh()

    assert later.bar.until.text() == "27 Dec 2025 – 2 Jan 2026, the newest there is"
    page.bar.range.choose("7")
    assert page.bar.until.text() == "28 Dec 2025 – 3 Jan 2026"


def test_a_chart_without_data_says_why(page: ChartsPage, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "none").mkdir()
    with closing(imported(tmp_path / "empty.clew", tmp_path / "none")) as empty:
        bare = ChartsPage(AtOnce(empty), now=lambda: NOW, zone=UTC)
        qtbot.addWidget(bare)
        bare.refresh()

    assert [card.has_data for card in bare.cards] == [False] * 15
    assert bare.tools.empty.accessibleName() == "Nothing to draw yet"


def test_a_question_that_fails_is_told_where_its_chart_would_be(
    page: ChartsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("The library is damaged.")

    monkeypatch.setattr("desktop.views.charts.asking.rollups.tools", broken)
    page.refresh()

    assert not page.tools.has_data
    assert page.tools.empty.accessibleDescription() == "The library is damaged."
    assert page.days.has_data


def test_the_table_twin_is_sorted_and_copied(page: ChartsPage) -> None:
    card = page.tools
    card.mode.choose("table")
    card.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    card.copying.click()

    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:4] == ["Tool", "Calls", "Failed", "Rate"]
    assert [line.split("\t")[:3] for line in lines[1:]] == [
        ["Bash", "25", "5"],
        [HOSTILE, "3", "1"],
        ["Read", "1", "0"],
    ]


def test_money_is_told_with_what_it_means_and_in_whole_dollars_to_copy(page: ChartsPage) -> None:
    card = page.cost
    first, *_ = [mark for mark in card.plot.marks if "claude-opus" in mark.tip]

    assert "not your bill" in card.definition
    assert first.tip == "Thu 1 Jan 2026: <$0.01\n<$0.01  claude-opus-4-6"
    assert ticks(card, "left") == ["$0.00", "$0.01", "$0.02", "$0.03", "$0.04"]
    card.mode.choose("table")
    card.copying.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["From", "All", "claude-opus-4-6"]
    assert lines[1].split("\t")[1:] == ["0.001400", "0.001400"]


def test_replies_without_a_price_are_named(tmp_path: Path, qtbot: QtBot) -> None:
    odd = b.says("a1", model="<b>my</b>-model", at=DAY)
    path = b.write(tmp_path / "odd" / "a.jsonl", b.prompt("p1"), odd)
    with closing(imported(tmp_path / "odd.clew", path)) as db:
        page = ChartsPage(AtOnce(db), now=lambda: NOW, zone=UTC)
        qtbot.addWidget(page)
        page.refresh()

    assert not page.cost.has_data
    said = "1 reply without a price (<b>my</b>-model)"
    assert page.cost.empty.accessibleDescription() == said
    assert page.figures.cost.value == "$0.00"
