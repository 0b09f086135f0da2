"""Which cards are made when, in which order they are asked for, and what each turn does."""

from collections.abc import Callable
from datetime import UTC
from sqlite3 import Connection
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.charts.card import Card
from desktop.views.charts.page import ChartsPage
from tests.desktop.charts.conftest import NOW

T = TypeVar("T")


class Held:
    """Keeps every question until it is told to answer it."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.asked: list[str] = []
        self._held: dict[str, Callable[[], None]] = {}

    def ask(
        self,
        channel: str,
        question: Callable[[Connection], T],
        answered: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        /,
    ) -> None:
        def answer() -> None:
            try:
                found = question(self.db)
            except ValueError as error:
                assert failed is not None
                failed(error)
            else:
                answered(found)

        name = channel.removeprefix("charts.")
        self.asked.append(name)
        self._held[name] = answer

    def answer(self, *names: str) -> None:
        for name in names or tuple(self._held):
            self._held.pop(name)()


class Turns:
    """Counts the turns of the event loop."""

    def __init__(self) -> None:
        self.number = 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._count)
        self._timer.start(0)

    def _count(self) -> None:
        self.number += 1


@pytest.fixture
def held(db: Connection) -> Held:
    return Held(db)


@pytest.fixture
def fresh(held: Held, qtbot: QtBot) -> ChartsPage:
    """A page that has asked and was answered nothing yet."""
    made = ChartsPage(held, now=lambda: NOW, zone=UTC)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    made.refresh()
    return made


def ring(page: QWidget) -> list[str]:
    """Return the titles of the cards in the order in which the Tab key comes to them."""
    found: list[str] = []
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        card: QWidget | None = widget
        while card is not None and not isinstance(card, Card):
            card = card.parentWidget()
        if isinstance(card, Card) and card.title not in found:
            found.append(card.title)
        widget = widget.nextInFocusChain()
    return found


@pytest.mark.parametrize(("height", "number"), [(500, 2), (720, 4), (1300, 6)])
def test_only_the_cards_in_sight_are_made_at_first(
    db: Connection, qtbot: QtBot, height: int, number: int
) -> None:
    page = ChartsPage(Held(db), now=lambda: NOW, zone=UTC)
    qtbot.addWidget(page)
    page.resize(1280, height)
    page.refresh()

    assert len(page.deck.made) == number
    page.show()
    page.grab()
    assert len(page.deck.made) == number


def test_what_is_in_sight_is_asked_first_and_what_is_slow_last(
    fresh: ChartsPage, held: Held
) -> None:
    assert held.asked == [
        "active", "tools", "tiles", "names", "hours",
        "weeks", "use", "days", "outliers", "fills", "patterns",
    ]  # fmt: skip

    held.answer()
    held.asked.clear()
    fresh.deck.all()
    bar = fresh._area.verticalScrollBar()
    bar.setValue(bar.maximum())
    fresh.bar.range.choose("all")
    assert sorted(held.asked[:2]) == ["active", "tools"]  # everything above counts as in sight


def test_the_first_chart_takes_one_question_and_few_statements(
    fresh: ChartsPage, held: Held, db: Connection
) -> None:
    said: list[str] = []
    db.set_trace_callback(said.append)
    held.answer("active")
    db.set_trace_callback(None)

    assert fresh.time.has_data
    assert 0 < len(said) <= 6
    assert not any(" message" in statement for statement in said)  # sums that are kept


def test_the_others_come_one_in_a_turn_once_the_first_chart_is_painted(
    fresh: ChartsPage, held: Held, qtbot: QtBot
) -> None:
    turns, came = Turns(), list[int]()
    fresh.deck.dealt.connect(lambda _number, _card: came.append(turns.number))
    fresh.repaint()
    QApplication.processEvents()
    assert came == []  # nothing is known yet, and the way is free for the first answer

    held.answer("active")
    assert came == []
    qtbot.waitUntil(lambda: fresh.deck.complete)
    assert len(came) == len(set(came)) == 11


def test_a_page_out_of_sight_makes_no_more_cards(
    fresh: ChartsPage, held: Held, qtbot: QtBot
) -> None:
    fresh.hide()
    held.answer("active")
    QApplication.processEvents()
    assert len(fresh.deck.made) == 4

    fresh.show()
    qtbot.waitUntil(lambda: fresh.deck.complete)


def test_scrolling_makes_what_comes_into_sight_at_once(fresh: ChartsPage) -> None:
    QApplication.processEvents()
    bar = fresh._area.verticalScrollBar()

    bar.setValue(400)
    assert len(fresh.deck.made) == 6
    bar.setValue(bar.maximum())
    assert fresh.deck.complete


def test_a_larger_window_makes_what_it_shows(fresh: ChartsPage) -> None:
    fresh.resize(1280, 1300)

    assert len(fresh.deck.made) == 6


@pytest.mark.parametrize("width", [900, 1280, 2000])
def test_a_place_is_as_high_as_its_card(fresh: ChartsPage, width: int) -> None:
    fresh.resize(width, 720)
    bar = fresh._area.verticalScrollBar()
    for _ in range(3):  # a layout within a layout
        QApplication.processEvents()
    before = bar.maximum()
    bar.setValue(100)

    fresh.deck.all()
    QApplication.processEvents()

    assert bar.value() == 100
    assert abs(bar.maximum() - before) <= 4  # the last one is as high as its text is


def test_a_card_shows_what_was_answered_before_it_was_made(fresh: ChartsPage, held: Held) -> None:
    held.answer("use", "days", "patterns")
    assert len(fresh.deck.made) == 4

    assert fresh.days.has_data
    assert fresh.runs.has_data
    assert fresh.bar.findings.isHidden() == (fresh.findings.count == 0)


def test_a_card_tells_what_went_wrong_before_it_was_made(
    fresh: ChartsPage, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("The library is damaged.")

    monkeypatch.setattr("desktop.views.charts.asking.rollups.failures", broken)
    held.answer("weeks")

    assert fresh.better.empty.accessibleDescription() == "The library is damaged."


def test_the_tab_key_goes_through_the_cards_as_they_stand(fresh: ChartsPage) -> None:
    assert fresh.findings is fresh.deck.made[-1]  # asked for first, and made last

    assert ring(fresh) == [card.title for card in fresh.cards]


def test_every_card_answers_one_question_and_is_reached_by_its_name(fresh: ChartsPage) -> None:
    named = (
        fresh.time, fresh.tools, fresh.week, fresh.after, fresh.slow, fresh.better, fresh.tokens,
        fresh.cost, fresh.context, fresh.outliers, fresh.runs, fresh.files, fresh.sequences,
        fresh.days, fresh.findings,
    )  # fmt: skip
    assert named == fresh.cards
