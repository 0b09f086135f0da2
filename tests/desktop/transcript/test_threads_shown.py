"""Where threads begin is said in the transcript, coloured beside it, and on the map."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.queries import conversations
from core.store.connection import open_reader
from desktop.models.thread_map import NO_COLOUR
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.library import imported
from tests.weaving import woven

Show = Callable[..., TranscriptView]


@pytest.fixture
def threaded(qtbot: QtBot, tmp_path: Path, log: Path) -> Iterator[Show]:
    views: list[TranscriptView] = []

    def shown(*splits: str) -> TranscriptView:
        records: list[b.Record] = []
        for n in range(1, 9):
            above = f"s{n - 1}" if n > 1 else None
            records.append(b.prompt(f"p{n}", f"Task {n}", above, at=10 * n))
            records.append(b.says(f"s{n}", "Done. " * 60, f"p{n}", at=10 * n + 1))
        b.write(log, *records)
        imported(tmp_path / "library.clew", log.parent).close()
        woven(tmp_path / "library.clew", splits)
        view = TranscriptView(tmp_path / "library.clew")
        qtbot.addWidget(view)
        views.append(view)
        view.resize(700, 600)
        view.show()
        with closing(open_reader(tmp_path / "library.clew")) as db:
            view.show_conversation(conversations.page(db)[0])
        return view

    yield shown
    for view in views:
        view.clear()
        if view._own is not None:
            view._own.close()


def test_a_line_says_which_thread_begins(threaded: Show) -> None:
    view = threaded("p3")
    row = view.model.spine.messages.index(view.rows.threads.map.rows[-1].first)
    laid = view.rows.laid(row)
    assert laid is not None
    assert "New thread: Task 3" in laid.row.lead
    first = view.rows.laid(0)
    assert first is not None
    assert "thread" not in first.row.lead


def test_rows_have_the_colour_of_their_thread(threaded: Show) -> None:
    view = threaded("p3")
    colours = [view.rows.threads.colour(row) for row in range(view.model.rowCount())]
    assert colours[:4] == [colours[0]] * 4
    assert colours[4] not in {colours[0], NO_COLOUR}


def test_a_conversation_about_one_thing_has_no_colours(threaded: Show) -> None:
    view = threaded()
    if len(view.rows.threads.map.rows) == 1:
        assert {view.rows.threads.colour(row) for row in range(16)} == {NO_COLOUR}


def test_a_new_cut_lays_out_only_its_own_row(threaded: Show, tmp_path: Path) -> None:
    view = threaded("p3")
    before = view.rows.layouts.made
    woven(tmp_path / "library.clew", ["p3", "p5"])
    view.threads.refresh()
    laid = view.rows.laid(8)
    assert laid is not None
    assert "Task 5" in laid.row.lead
    assert view.rows.layouts.made - before <= 2


def test_a_click_on_the_map_goes_there(threaded: Show) -> None:
    view = threaded("p3")
    strip = view.threads.map
    end = strip.height() - 2
    assert strip.row_at(end) == view.model.rowCount() - 1
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(5, end))
    assert view.rows.current_row() == view.model.rowCount() - 1


def test_the_map_paints_a_row_for_each_pixel_at_most(threaded: Show) -> None:
    view = threaded("p3")
    strip = view.threads.map
    rows = [strip.row_at(y) for y in range(strip.height())]
    assert rows == sorted(rows)
    assert {0, view.model.rowCount() - 1} <= set(rows)
    picture = strip.grab().toImage()
    middle = strip.width() // 2
    shades = {picture.pixelColor(middle, y).name() for y in range(0, strip.height(), 3)}
    assert len(shades) > 2  # two threads, and what is in view


def test_nothing_open_shows_no_map(threaded: Show) -> None:
    view = threaded("p3")
    view.clear()
    assert view.threads.map.isHidden()
