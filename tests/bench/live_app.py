"""The window of the live benchmark, in a process of its own: notes when a row was painted.

Commands come as lines on the standard input, answers go out as lines of JSON. A row that is
looked for holds ``tick NUMBER NANOSECONDS``: the number and the clock of the process that wrote
it, by CLOCK_MONOTONIC, which all processes share.
"""

import gc
import json
import os
import re
import resource
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from core.alike import share_methods
from core.thrift import tighten
from core.uncounted import uncounted
from desktop import thrift

tighten()  # these four as the program itself does
uncounted()
share_methods()
thrift.spare_memory()

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from core.queries import conversations, totals
from desktop import app as application
from desktop import settings
from desktop.main_window import MainWindow

_TICK = re.compile(r"tick (\d+) (\d+)")
_AGAIN_MS = 100  # until a conversation is looked for again
_FRAMES = 4  # of a traceback
_BEAT_MS = 5  # a timer this often shows how late the event loop is


class Bench(QObject):
    """Does what the other process asks of *window*."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._seen: dict[int, float] = {}  # tick: ms from its writing to the end of its painting
        self._read: set[int] = set()  # blocks whose text was looked at
        self._gaps: list[float] = []
        self._paints = 0
        self._last = 0.0
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(_BEAT_MS)
        self._beat.timeout.connect(self._note_beat)
        self._wants_import = False
        self._traced: tracemalloc.Snapshot
        window.transcript.rows.viewport().installEventFilter(self)
        window.engine.import_finished.connect(self._end_import)
        self._commands = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._commands.activated.connect(self._obey)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QPaintEvent):
            return False
        rows = self._window.transcript.rows
        rows.viewportEvent(event)  # paints, so that what follows comes after
        now = time.monotonic_ns()
        self._paints += 1
        for row, _ in rows.scroller.visible:
            block = rows.rows.spine.ids[row]
            if block in self._read:
                continue
            found = rows.rows.block_row(row)
            if found is None:
                continue
            self._read.add(block)
            if told := _TICK.search(found.text):
                self._seen[int(told[1])] = (now - int(told[2])) / 1e6
        return True

    @Slot()
    def _obey(self) -> None:
        told = os.read(0, 1 << 16).decode()
        for line in told.splitlines() or ["quit"]:
            self._do(*line.partition(" ")[::2])

    def _do(self, word: str, rest: str) -> None:
        match word:
            case "add":
                self._wants_import = True
                self._window.add([Path(rest)])
            case "open":
                self._open(rest)
            case "beat":
                self._gaps.clear()
                self._paints = 0
                self._last = time.monotonic()
                self._beat.start()
            case "report":
                self._beat.stop()
                self._report()
            case "blind":  # what is noted for each row must not count as the window's memory
                self._window.transcript.rows.viewport().removeEventFilter(self)
            case "trace":
                tracemalloc.start(_FRAMES)
                self._traced = tracemalloc.take_snapshot()
            case "allocated":
                self._tell_allocated()
            case _:
                QApplication.exit(0)

    def _tell_allocated(self) -> None:
        """Say which lines of code hold how much more than when tracing began."""
        gc.collect()
        now = tracemalloc.take_snapshot().compare_to(self._traced, "traceback")
        _say({"allocated": [f"{one}\n" + "\n".join(one.traceback.format()) for one in now[:30]]})

    def _open(self, key: str) -> None:
        db = self._window.library
        row = None if db is None else conversations.one(db, key)
        if row is None:  # not read yet
            QTimer.singleShot(_AGAIN_MS, self, partial(self._open, key))
            return
        self._window.show_conversation(row)
        self._window.transcript.rows.follow_wanted.emit()
        _say({"opened": row.messages})

    def _report(self) -> None:
        db = self._window.library
        if db is None:
            raise RuntimeError("the library is not open")
        used = resource.getrusage(resource.RUSAGE_SELF)
        _say(
            {
                "seen": self._seen,
                "gaps": self._gaps,
                "paints": self._paints,
                "rss": _rss(),
                "cpu": used.ru_utime + used.ru_stime,
                "messages": totals.totals(db).messages,
            }
        )
        self._seen = {}

    @Slot(object)
    def _end_import(self, _event: object) -> None:
        if self._wants_import:
            self._wants_import = False
            _say({"imported": True})

    @Slot()
    def _note_beat(self) -> None:
        now = time.monotonic()
        self._gaps.append(max(0.0, (now - self._last) * 1000 - _BEAT_MS))
        self._last = now


def _say(told: dict[str, object]) -> None:
    print(json.dumps(told), flush=True)


def _rss() -> float:
    """Return the memory of this process in MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(library: Path) -> None:
    """Show the window around *library* and obey until the input ends."""
    qt = application.make_application([])
    with application.assembled(qt, library, settings.Settings(), roots=tuple) as window:
        window.resize(1280, 800)
        bench = Bench(window)
        window.library_shown.connect(thrift.set_aside)  # likewise
        window.library_shown.connect(lambda: _say({"ready": True}))
        window.show()
        application.start_engine(window)
        qt.exec()
        bench.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
