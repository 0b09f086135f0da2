"""What a start of the window reads, and when the rest of it comes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from core.events import AnalysisChanged, FilesFound
from desktop.main_window import MainWindow
from desktop.window import ahead
from desktop.window.charts_place import ChartsPlace
from tests.apart import said

Opens = Callable[..., MainWindow]
LATER = (
    "numpy", "pyqtgraph", "desktop.views.charts.page", "desktop.views.insights.page",
    "desktop.tour", "core.doors", "core.threads.evaluation",
    "ssl", "_ssl", "_hashlib", "multiprocessing.pool", "concurrent.futures.process",
    "distributed", "pydantic", "genai_prices",
)  # fmt: skip


def test_a_window_that_has_been_painted_has_read_nothing_of_other_pages(
    tmp_path: Path, logs: Path
) -> None:
    script = f"""
import json, sys
from desktop import __main__ as entry
def soon(spare=entry.thrift.spare_memory):  # the last step before the window is imported
    spare()
    from desktop.window import ahead
    ahead.REST_MS = 0  # a look at what is shipped reads nothing ahead, however long it rests
entry.thrift.spare_memory = soon
code = entry.main(["--smoke", {str(tmp_path / "smoke.json")!r}, {str(logs)!r}])
print(json.dumps([code, [name for name in {LATER!r} if name in sys.modules]]))
"""
    code, early = json.loads(said(script))
    assert code == 0
    assert early == []


def test_a_window_at_rest_reads_the_charts_after_it_shows_the_library_and_ends_as_asked(
    kept: Path,
) -> None:
    script = f"""
import json, os, signal, sys, threading, time
from desktop import __main__ as entry
early = []
def soon(spare=entry.thrift.spare_memory):  # the last step before the window is imported
    spare()
    from desktop.window import ahead
    ahead.REST_MS, begin = 0, ahead.Ahead.begin
    def note(waiting):
        early.extend(name for name in {LATER!r} if name in sys.modules)
        begin(waiting)
    ahead.Ahead.begin = note
entry.thrift.spare_memory = soon
def end():
    while "desktop.views.charts.page" not in sys.modules:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=end, daemon=True).start()
code = entry.main(["--library", {str(kept)!r}])
print(json.dumps([code, early]))
"""
    assert json.loads(said(script)) == [0, []]


def test_a_rest_is_waited_for_once(
    opened: Opens, kept: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(kept)
    asked: list[ChartsPlace] = []

    def note(place: ChartsPlace) -> None:
        asked.append(place)

    monkeypatch.setattr(ChartsPlace, "warm", note)
    monkeypatch.setattr(ahead, "REST_MS", 0)

    ahead.Ahead(window, window.engine).begin()

    qtbot.waitUntil(lambda: window.findChild(ahead.Ahead) is None)
    assert len(asked) == 1


def test_input_and_imports_put_a_rest_off(opened: Opens, kept: Path, qtbot: QtBot) -> None:
    window = opened(kept)
    waiting = ahead.Ahead(window, window.engine)
    waiting.begin()
    rest = waiting.findChild(QTimer)
    assert isinstance(rest, QTimer)
    starts = {rest.timerId()}

    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    starts.add(rest.timerId())
    QTest.mouseMove(window.windowHandle(), QPoint(40, 40))
    starts.add(rest.timerId())
    window.engine.analysis_changed.emit(AnalysisChanged(1, "c"))
    starts.add(rest.timerId())
    assert len(starts) == 4

    window.engine.files_found.emit(FilesFound(1, 1))
    assert not rest.isActive()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert not rest.isActive()
    with qtbot.waitSignal(window.engine.import_finished):
        window.add([kept.parent / "logs"])
    qtbot.waitUntil(rest.isActive)
    waiting.deleteLater()


def test_the_pointer_on_its_way_to_the_charts_begins_to_read_them_once(
    opened: Opens, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(kept)
    asked: list[ChartsPlace] = []

    def note(place: ChartsPlace) -> None:
        asked.append(place)

    monkeypatch.setattr(ChartsPlace, "warm", note)

    QApplication.sendEvent(window.bar.pages, QEnterEvent(QPointF(), QPointF(), QPointF()))

    assert len(asked) == 1
    assert window.charts is None


def test_charts_that_are_still_being_read_open_when_they_are_there(
    opened: Opens, kept: Path, qtbot: QtBot
) -> None:
    window = opened(kept)
    place = window.findChild(ChartsPlace)
    assert isinstance(place, ChartsPlace)

    place.warm()
    place.warm()
    window.show_page("charts")

    assert window.charts is not None
    qtbot.waitUntil(lambda: window.charts is not None and window.charts.figures.calls.value != "")
    place.warm()  # there is nothing left to read


def test_the_dashboard_makes_no_menus_and_no_tables_before_they_are_wanted(
    opened: Opens, kept: Path
) -> None:
    window = opened(kept)
    before = len(QApplication.allWidgets())
    menus = sum(isinstance(one, QMenu) for one in QApplication.allWidgets())
    window.show_page("charts")
    charts = window.charts
    assert charts is not None

    made = QApplication.allWidgets()
    assert sum(isinstance(one, QMenu) for one in made) == menus
    assert len(made) - before < 60 * len(charts.deck.made)
    tables = [type(one).__name__ for one in made].count("ChartTable")
    assert tables == 0
    assert not charts.deck.complete
    charts.tools.mode.choose("table")
    assert [type(one).__name__ for one in QApplication.allWidgets()].count("ChartTable") == 1
