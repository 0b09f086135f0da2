"""What a start of the window reads, and when the rest of it comes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.window.charts_place import ChartsPlace

Opens = Callable[..., MainWindow]
ROOT = Path(__file__).parents[3]
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
code = entry.main(["--smoke", {str(tmp_path / "smoke.json")!r}, {str(logs)!r}])
print(json.dumps([code, [name for name in {LATER!r} if name in sys.modules]]))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    code, early = json.loads(ended.stdout)
    assert code == 0
    assert early == []


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
    assert len(made) - before < 60 * len(charts.cards)
    tables = [type(one).__name__ for one in made].count("ChartTable")
    assert tables == 0
    charts.tools.mode.choose("table")
    assert [type(one).__name__ for one in QApplication.allWidgets()].count("ChartTable") == 1
