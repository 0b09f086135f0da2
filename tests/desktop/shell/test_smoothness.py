"""A window that stays smooth beside a busy engine: who goes first, and how little is done."""

import gc
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from core.courtesy import RightOfWay
from core.store.connection import open_reader
from desktop import thrift
from desktop.look import fonts
from desktop.look.widgets.progress_strip import ProgressStrip
from desktop.models.conversation_cells import Cell, Role
from desktop.models.conversations import ConversationsModel
from desktop.views.library.lettering import Lettering, Letters
from desktop.views.library.pane import LibraryPane
from desktop.views.library.tree import ConversationTree
from desktop.window.first import FirstWindow
from desktop.workers.throttle import Throttle
from tests import builders as b
from tests import library
from tests.desktop.shell.conftest import Opened, key

PATIENCE = 0.001  # seconds: waits that are in vain
LETTERS = Letters(fonts.UI)


class Painted(QWidget):
    """Counts its painting, and asks each time who goes first."""

    def __init__(self, way: RightOfWay) -> None:
        super().__init__()
        self._way = way
        self.times = 0

    @override
    def paintEvent(self, event: QEvent) -> None:
        self.times += 1
        self._way.give()


@pytest.fixture
def way() -> RightOfWay:
    return RightOfWay(PATIENCE)


@pytest.fixture
def window(way: RightOfWay, qtbot: QtBot) -> tuple[FirstWindow, Painted]:
    made, inside = FirstWindow(way), Painted(way)
    made.setCentralWidget(inside)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: inside.times > 0)
    QApplication.processEvents()
    way.used = False
    return made, inside


def test_the_engine_stands_back_while_the_window_is_painted(
    window: tuple[FirstWindow, Painted], way: RightOfWay, qtbot: QtBot
) -> None:
    _, inside = window
    before = inside.times, way.given
    inside.update()
    qtbot.waitUntil(lambda: inside.times > before[0])

    assert way.given > before[1]


def test_after_work_the_window_is_painted_a_turn_later(
    window: tuple[FirstWindow, Painted], way: RightOfWay
) -> None:
    made, inside = window
    before, later = inside.times, made.put_off
    with way:
        inside.update()
    QApplication.sendPostedEvents(made)
    assert (inside.times, made.put_off) == (before, later + 1)

    QApplication.processEvents()

    assert inside.times == before + 1


def test_painting_is_put_off_twice_at_most(
    window: tuple[FirstWindow, Painted], way: RightOfWay
) -> None:
    made, inside = window
    before = inside.times
    with way:
        inside.update()
    QApplication.sendPostedEvents(made)
    for _ in range(2):
        with way:
            made._later.timeout.emit()

    assert inside.times == before + 1


def test_without_work_the_window_is_painted_at_once(window: tuple[FirstWindow, Painted]) -> None:
    made, inside = window
    before, later = inside.times, made.put_off
    inside.update()
    QApplication.sendPostedEvents(made)

    assert (inside.times, made.put_off) == (before + 1, later)


def test_what_is_done_about_news_is_done_within_the_right_of_way(way: RightOfWay) -> None:
    parent = QObject()
    throttle = Throttle(100, parent)
    throttle.within = way
    throttle.due.connect(way.give)

    throttle.poke()
    assert way.given == 1


def test_the_window_of_the_program_goes_before_its_engine(opened: Opened, kept: Path) -> None:
    window = opened(kept)

    assert window._way is window.engine.way
    assert window.list._way is window.engine.way
    assert window.list.tree.way is window.engine.way
    assert window._news._grow.within is window.engine.way


def test_growth_is_laid_out_once_however_much_moves(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    log = tmp_path / "logs" / f"{key(1)}.jsonl"
    said = [b.says(f"z{n}", "word " * 60, f"z{n - 1}" if n else "p", at=n) for n in range(40)]
    b.write(log, *b.of(key(1), b.prompt("p", "go"), *said))
    path = tmp_path / "new.clew"
    library.imports(path, log)
    view = opened(path).transcript
    QApplication.processEvents()
    view.rows.follow_wanted.emit()
    b.append(log, *b.of(key(1), *(b.says(f"n{n}", "word " * 60, at=99 + n) for n in range(60))))
    library.imports(path, log, hold=library.NO_LOCK)
    before = view.rows.layouts.made
    view.grow()

    assert view.model.rowCount() == 101
    assert view.rows.at_end
    assert view.rows.layouts.made - before <= len(view.rows.scroller.visible)


def test_time_that_passes_tells_only_of_those_whose_words_hold_a_clock(
    kept: Path, logs: Path, qapp: QApplication
) -> None:
    model = ConversationsModel(clock=lambda: int(b.START.timestamp() * 1000) + 200_000)
    b.append(
        logs / f"{key(1)}.jsonl", *b.of(key(1), b.calls("c", "t", parent=f"{key(1)}-r", at=190))
    )
    b.write(logs / f"{key(4)}.jsonl", *b.of(key(4), b.prompt("q", "and now?", at=195)))
    library.imports(kept, logs)
    with closing(open_reader(kept)) as db:
        model.open_library(db)
        model.note_growth([key(1), key(4)])
        states = [model.index_of(key(n)).data(Role.STATE) for n in (1, 4)]
        told = QSignalSpy(model.dataChanged)
        model.let_time_pass()

    assert states == ["working: Bash 0:10", "no reply yet"]
    assert [told.at(n)[0].data() for n in range(told.count())] == ["why does the loom stop"]


def test_all_that_is_drawn_of_a_row_comes_with_one_question(kept: Path) -> None:
    model = ConversationsModel()
    with closing(open_reader(kept)) as db:
        model.open_library(db)
        cell = model.index_of(key(3)).data(Role.CELL)

        assert isinstance(cell, Cell)
        assert cell.row.key == key(3)
        assert cell.title == "bump the spindle"
        assert (cell.live, cell.waits) == (False, False)
        assert model.index(0, 0).data(Role.CELL) is None


def test_a_list_that_is_painted_again_measures_no_text_again(kept: Path, qtbot: QtBot) -> None:
    model = ConversationsModel()
    tree = ConversationTree(model)
    qtbot.addWidget(tree)
    tree.resize(320, 600)
    with closing(open_reader(kept)) as db:
        model.open_library(db)
        tree.grab()
        lettering = tree.itemDelegate().lettering  # type: ignore[attr-defined]  # of our delegate
        before = lettering.found
        tree.grab()

        assert before > 0
        assert lettering.found == before


def test_letters_are_measured_anew_when_the_zoom_changes(qapp: QApplication) -> None:
    lettering = Lettering()
    lettering.look()
    wide = lettering.width("the loom", LETTERS)
    fonts.apply(qapp, 2.0)
    try:
        assert lettering.width("the loom", LETTERS) == wide
        lettering.look()
        assert lettering.width("the loom", LETTERS) > wide * 1.8
    finally:
        fonts.apply(qapp)


def test_what_is_wider_than_its_room_is_cut_and_stands_where_it_is_put(qapp: QApplication) -> None:
    lettering = Lettering()
    lettering.look()
    assert lettering.cut("the loom", LETTERS, 1000) == "the loom"
    assert lettering.cut("the loom", LETTERS, 30).endswith("…")
    drawn = QImage(200, 40, QImage.Format.Format_ARGB32)
    drawn.fill(Qt.GlobalColor.white)
    painter = QPainter(drawn)
    painter.setPen(QColor("black"))
    lettering.draw(painter, drawn.rect().adjusted(50, 0, 0, 0), "loom", LETTERS)
    painter.end()

    inked = [x for x in range(200) for y in range(40) if drawn.pixelColor(x, y) != QColor("white")]
    assert 50 <= min(inked) <= 53
    assert max(inked) < 50 + lettering.width("loom", LETTERS) + 2


def test_only_so_many_answers_are_kept(qapp: QApplication) -> None:
    lettering = Lettering()
    lettering.look()
    for number in range(2000):
        lettering.width(str(number), LETTERS)

    assert len(lettering._kept) <= 600


def test_an_import_is_merged_less_often_than_a_line_that_is_followed(
    kept: Path, qtbot: QtBot
) -> None:
    pane = LibraryPane()
    qtbot.addWidget(pane)
    with closing(open_reader(kept)) as db:
        pane.open_library(db)
        pane.set_importing(True)
        pane.renew()
        busy = pane._throttle._timer.interval()
        pane.set_importing(False)
        pane.leave()

    assert busy > pane._throttle._timer.interval() == 100


def test_the_collector_passes_over_what_was_there_when_the_window_opened() -> None:
    before = gc.get_freeze_count()
    try:
        thrift.set_aside()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()


def test_progress_paints_nothing_at_once(qtbot: QtBot, way: RightOfWay) -> None:
    strip, other = ProgressStrip("Reading"), Painted(way)
    holder = QWidget()
    for child in (strip, other):
        child.setParent(holder)
        child.resize(200, 30)
    qtbot.addWidget(holder)
    holder.show()
    strip.show_progress("Reading", 1, 100)
    qtbot.waitUntil(lambda: other.times > 0)
    before = other.times
    other.update()
    strip.show_progress("Reading", 50, 100)
    bar = strip.findChild(QProgressBar)

    assert other.times == before
    assert bar is not None
    assert bar.value() == 500
    assert bar.updatesEnabled()
