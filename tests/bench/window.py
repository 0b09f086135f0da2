"""What the real window costs: memory, opening the longest conversation, stalls during an import."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from core.alike import share_methods
from core.thrift import OPENSSL, imported_without, tighten
from core.uncounted import uncounted
from desktop import thrift

tighten()  # these five as the program itself does
uncounted()
share_methods()
imported_without(OPENSSL, "hashlib", "hmac", "asyncio")
thrift.spare_memory()

from PySide6.QtCore import QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QDialog

from core.queries import conversations
from desktop import app as application
from desktop import settings
from desktop.main_window import MainWindow
from desktop.window.ahead import Ahead
from tests.bench.memory import Tree, memory

_TICK_MS = 5  # a timer this often shows how late the event loop is
_LIMIT_S = 120
_READ_S = 2  # by then the code is read
_POINTED_MS = 300  # from when the pointer comes near a button to the click


def main(messages: int, way: str = "") -> dict[str, float]:
    """Measure with *messages* messages; return figures by name: times in ms, memory in MB.

    *way* says how the dashboard is opened first: "rested" after the window has read its code
    ahead, "warm" by the pointer, which tells before the click; else by a key, and nothing is read.
    """
    with tempfile.TemporaryDirectory() as folder, Tree() as tree:
        root = Path(folder)
        # Written by another process: what that takes must not count as the window's memory.
        subprocess.run(
            [sys.executable, "-m", "tests.bench.corpus", folder, str(messages)], check=True
        )
        qt = application.make_application([])
        with application.assembled(
            qt, root / "library.clew", settings.Settings(), roots=_none
        ) as window:
            window.resize(1280, 800)
            began = time.perf_counter()
            window.show()
            window.library_shown.connect(thrift.set_aside)  # likewise
            ready = _Until(window.engine.library_ready)
            application.start_engine(window)
            ready.wait()
            found = {"window_ms": (time.perf_counter() - began) * 1000}
            found["empty_mb"] = memory("VmRSS")
            found["empty_tree_mb"], _ = tree.look()
            found |= _import(window, root / "logs")
            found["imported_mb"] = memory("VmRSS")
            _, found["import_tree_peak_mb"] = tree.look()
            _spin(2)
            found["tidied_mb"] = memory("VmRSS")
            _open(window)
            found["opened_mb"] = memory("VmRSS")
            _visit(window)
            found["visited_mb"] = memory("VmRSS")
            if way == "rested":
                found |= _rest(window)
            found["chart_ms"] = _first_chart(window, warm=way == "warm")
            _spin(1.5)
            found["charts_mb"] = memory("VmRSS")
            found["peak_mb"] = memory("VmHWM")
            _, found["pages_tree_peak_mb"] = tree.look()
            window.show_page("library")
            # Only now: one conversation as long as all the others together.
            _import(window, root / "long")
            found |= _open(window)
            found["long_mb"] = memory("VmRSS")
            window.close()
        return found


def _visit(window: MainWindow) -> None:
    """Show everything but the dashboard once, and close it again."""
    for command in ("insights", "insights", "diagnostics", "keys", "about"):
        window.command(command)
        _spin(1)
    for sheet in QApplication.topLevelWidgets():
        if isinstance(sheet, QDialog):
            sheet.close()
    for show in (True, False):
        window.show_health(show)
        _spin(0.5)


def _rest(window: MainWindow) -> dict[str, float]:
    """Leave the window alone until it has read the charts' code; tell how late events were."""
    before = memory("VmRSS")
    ahead = Ahead(window, window.engine)
    gone = _Until(ahead.destroyed)
    with _Ticking() as ticking:
        ahead.begin()
        gone.wait()
        _spin(_READ_S)
    return {"rest_gap_max_ms": max(ticking.gaps), "ahead_mb": memory("VmRSS") - before}


def _first_chart(window: MainWindow, *, warm: bool) -> float:
    """Return the time in ms from asking for the dashboard to its first chart being painted."""
    if warm:
        QApplication.sendEvent(window.bar.pages, QEnterEvent(QPointF(), QPointF(), QPointF()))
        _spin(_POINTED_MS / 1000)
    began = time.perf_counter()
    window.show_page("charts")
    charts = window.charts
    assert charts is not None
    while not charts.time.has_data:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TICK_MS)
    charts.time.grab()
    return (time.perf_counter() - began) * 1000


def _none() -> tuple[Path, ...]:
    return ()


def _import(window: MainWindow, logs: Path) -> dict[str, float]:
    finished = _Until(window.engine.import_finished)
    began = time.perf_counter()
    with _Ticking() as ticking:
        window.add([logs])
        finished.wait()
    ordered = sorted(ticking.gaps)
    return {
        "ui_import_s": time.perf_counter() - began,
        "gap_p50_ms": statistics.median(ordered),
        "gap_p99_ms": ordered[int(len(ordered) * 0.99)],
        "gap_max_ms": ordered[-1],
    }


def _open(window: MainWindow) -> dict[str, float]:
    """Time from asking for a conversation to its first rows being painted."""
    db = window.library
    if db is None:
        raise RuntimeError("the library is not open")
    rows = conversations.page(db, sort=conversations.Sort.LONGEST, limit=5)
    times: list[float] = []
    for row in (rows[0], rows[1], rows[0], rows[2], rows[0]):
        began = time.perf_counter()
        window.show_conversation(row)
        window.grab()  # paints everything that is visible
        if row == rows[0]:
            times.append((time.perf_counter() - began) * 1000)
        _spin(0.2)
    return {
        "open_rows": rows[0].messages,
        "open_ms": statistics.median(times),
    }


class _Ticking:
    """Notes by how many ms a timer is late, again and again."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Self:
        self._last = time.perf_counter()
        self._timer.start(_TICK_MS)
        return self

    def __exit__(self, *_raised: object) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(max(0.0, (now - self._last) * 1000 - _TICK_MS))
        self._last = now


class _Until:
    """Waits for a signal that may come before the waiting begins."""

    def __init__(self, signal: object) -> None:
        self._came = False
        self._loop = QEventLoop()
        connect: Callable[[Callable[..., None]], object] = signal.connect  # type: ignore[attr-defined]  # a bound Signal
        connect(self._end)

    def _end(self, *_arguments: object) -> None:
        self._came = True
        self._loop.quit()

    def wait(self) -> None:
        if not self._came:
            QTimer.singleShot(_LIMIT_S * 1000, self._loop.quit)
            self._loop.exec()
        if not self._came:
            raise TimeoutError("the engine did not answer")


def _spin(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _start_again() -> NoReturn:
    """Begin again as `make run` begins: without docstrings, and nothing is compiled meanwhile."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(Path(".venv/pycache").absolute())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    python = [sys.executable, "-OO"]
    everything = "import core.parsing, desktop.app, desktop.views.charts.page, tests.bench.window"
    subprocess.run([*python, "-c", everything], env=environment, check=True)
    os.execve(python[0], [*python, "-m", "tests.bench.window", *sys.argv[1:]], environment)


if __name__ == "__main__":
    if sys.flags.optimize < 2:
        _start_again()
    print(json.dumps(main(int(sys.argv[1]), *sys.argv[2:3])))
