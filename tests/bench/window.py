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

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop import thrift

thrift.spare_memory()  # as the program itself does

from PySide6.QtCore import QEventLoop, Qt, QTimer

from core.queries import conversations
from desktop import app as application
from desktop import settings
from desktop.main_window import MainWindow

_TICK_MS = 5  # a timer this often shows how late the event loop is
_LIMIT_S = 120


def main(messages: int) -> dict[str, float]:
    """Measure with *messages* messages; return figures by name: times in ms, memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
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
            ready = _Until(window.engine.library_ready)
            application.start_engine(window)
            ready.wait()
            found = {"window_ms": (time.perf_counter() - began) * 1000}
            found["empty_mb"] = _memory("VmRSS")
            found |= _import(window, root / "logs")
            found["imported_mb"] = _memory("VmRSS")
            _spin(2)
            found["tidied_mb"] = _memory("VmRSS")
            _open(window)
            found["opened_mb"] = _memory("VmRSS")
            window.show_page("charts")
            _spin(1.5)
            found["charts_mb"] = _memory("VmRSS")
            found["peak_mb"] = _memory("VmHWM")
            window.show_page("library")
            # Only now: one conversation as long as all the others together.
            _import(window, root / "long")
            found |= _open(window)
            found["long_mb"] = _memory("VmRSS")
            window.close()
        return found


def _none() -> tuple[Path, ...]:
    return ()


def _import(window: MainWindow, logs: Path) -> dict[str, float]:
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(max(0.0, (now - last) * 1000 - _TICK_MS))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    finished = _Until(window.engine.import_finished)
    began = time.perf_counter()
    timer.start(_TICK_MS)
    window.add([logs])
    finished.wait()
    timer.stop()
    ordered = sorted(gaps)
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


def _memory(field: str) -> float:
    """Return *field* of this process's status in MB; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(field)), 0.0)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
