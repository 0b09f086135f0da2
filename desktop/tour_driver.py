"""Drives the window through its pages, looks at each one, and writes down what it saw."""

import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from core.events import ImportFinished, ImportProgressed
from core.queries import conversations, search
from core.queries.conversations import ConversationRow, Sort
from desktop import app as application
from desktop.look.theme import SCHEMES, Scheme
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.views.charts.page import ChartsPage

_PATIENCE_MS: Final = 120_000
_BEAT_MS: Final = 5
_SAMPLES: Final = 40  # points across and down that are looked at in a picture
_FEWEST_COLOURS: Final = 5
_QUERY: Final = "error"
_NONSENSE: Final = "qzxjvwkq"


class TourError(Exception):
    """A page shows nothing, or what it waits for never came."""


@dataclass(frozen=True, slots=True)
class Page:
    """One picture, and what was on it."""

    name: str
    theme: str
    size: str
    file: str
    seconds: float
    saw: dict[str, int | str]


@dataclass(slots=True)
class Told:
    """What goes into tour.json."""

    pages: list[Page] = field(default_factory=list)
    import_: dict[str, object] = field(default_factory=dict[str, object])
    open_ms: float = 0.0
    search_ms: float = 0.0


class Beat(QObject):
    """A timer that notes how late it is rung: the time for which the window could not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []  # ms
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        """Begin."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """End, and return how long the gaps between two rings were."""
        self._timer.stop()
        gaps = sorted(self.gaps) or [0.0]
        return {
            "p50": round(statistics.median(gaps), 1),
            "p99": round(gaps[int(len(gaps) * 0.99)], 1),
            "max": round(gaps[-1], 1),
        }

    @Slot()
    def _note(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


class Tour:
    """One tour: pictures go to *out*, transcripts come from *paths*."""

    def __init__(
        self,
        out: Path,
        library: Path,
        paths: Sequence[Path],
        scratch: Path,
        sizes: Sequence[tuple[int, int]],
    ) -> None:
        self._out = out
        self._library = library
        self._paths = tuple(paths)
        self._scratch = scratch
        self._sizes = sizes
        self._told = Told()
        self._app = application.make_application(["clew"])
        self._window: MainWindow = None  # type: ignore[assignment]  # set by each visit
        self._look: tuple[Scheme, tuple[int, int]] = ("light", self._sizes[0])

    def run(self) -> int:
        """Take the tour; return the exit code."""
        try:
            self._visit(self._library, self._see_everything)
            self._visit(self._scratch / "second.clew", self._see_an_import)
            self._visit(self._scratch / "empty.clew", self._see_nothing, roots=())
        except TourError as error:
            sys.stderr.write(f"clew tour: {error}\n")
            return 1
        finally:
            self._write()
        sys.stdout.write(f"{len(self._told.pages)} pictures in {self._out}\n")
        return 0

    def _visit(
        self, library: Path, walk: Callable[[], None], *, roots: tuple[Path, ...] | None = None
    ) -> None:
        found = self._paths if roots is None else roots
        with application.assembled(self._app, library, Settings(), roots=lambda: found) as window:
            self._window = window
            window.show()
            ready = self.when(window.library_shown)
            application.start_engine(window)
            ready()
            walk()
            window.hide()
            window.deleteLater()

    def _see_everything(self) -> None:
        window = self._window
        window.pages.setCurrentWidget(window.welcome)
        window.welcome.look_at(self._paths)
        self.when(window.welcome.counted)()
        for look in self._looks():
            self._put_on(look)
            self._picture("welcome", saw={"transcripts": 1})
        self._put_on(("light", self._sizes[0]))
        self._measure_import()
        largest = self._largest()
        self._measure_opening(largest)
        for look in self._looks():
            self._put_on(look)
            self._see_library(largest)
            self._see_search()
            self._see_charts()
            self._see_drawer_and_drop()

    def _see_an_import(self) -> None:
        window = self._window
        stop = window.import_ended
        ended = self.when(stop)
        halfway = [ImportProgressed(0, 0, 0, 0, 0, "")]

        def note(event: ImportProgressed) -> None:
            halfway[0] = event

        window.engine.progressed.connect(note)
        window.add(self._paths)
        for number, look in enumerate(self._looks()):
            while halfway[0].bytes_done < (0.12 + 0.14 * number) * max(1, halfway[0].bytes_total):
                self.when(window.engine.progressed)()
            self._put_on(look)
            while not window.list.model.loaded:
                self.when(window.list.model.merged)()
            self._picture("importing", saw={"rows": window.list.model.loaded})
        window.status.cancelled.emit()
        ended()
        self._settle()
        self._picture("import-stopped", saw={"rows": window.list.model.loaded})

    def _see_nothing(self) -> None:
        for look in self._looks():
            self._put_on(look)
            self._picture("nothing-found", saw={"pages": 1})
        empty = self._scratch / "empty"
        empty.mkdir()
        ended = self.when(self._window.import_ended)
        self._window.add((empty,))
        ended()
        for look in self._looks():
            self._put_on(look)
            self._window.show_page("library")
            self._picture("empty-library", saw={"pages": 1})
            self._window.pages.setCurrentWidget(self._window.recovery)
            self._window.recovery.say(
                "The library cannot be opened",
                "The disk is full; what was read so far is safe. Your log files are untouched.",
            )
            self._settle()
            self._picture("recovery", saw={"pages": 1})

    def _see_library(self, largest: ConversationRow) -> None:
        window = self._window
        window.show_page("library")
        window.list.tree.setFocus()
        self._open(largest)
        self._picture("library", saw=window.seen())
        if (edit := self._first_edit(largest)) is not None:
            block, row = edit
            self._open(row)
            window.transcript.jump_to_block(block)
            self._settle()
            self._picture("transcript-edit", saw=window.seen())
        self._see_an_agent()
        self._open(largest)
        window.list.arrange(Sort.RECENT, by_project=True)
        self._settle()
        self._picture("by-project", saw={"projects": window.list.model.rowCount()})
        window.list.arrange(Sort.ERRORS, by_project=False)
        self._settle()
        window.list.scope.click()
        popup = self._app.activePopupWidget()
        self._picture("by-failures", over=popup, saw={"rows": window.list.model.loaded})
        if popup is not None:
            popup.hide()
        window.activateWindow()
        window.list.arrange(Sort.RECENT, by_project=False)
        window.list.tree.show_key(largest.key)

    def _see_an_agent(self) -> None:
        window = self._window
        if window.library is None:
            return
        found = window.library.execute(
            "SELECT conversation_id, agent FROM session WHERE agent <> '' AND tool_calls > 0 "
            "AND EXISTS (SELECT 1 FROM call WHERE call.agent = session.agent) "
            "ORDER BY tool_calls DESC LIMIT 1"
        ).fetchone()
        row = conversations.by_id(window.library, found[0]) if found else None
        if row is not None:
            self._open(row)
            window.show_agent(found[1])
            self._settle()
            self._picture("agent", saw=window.seen())

    def _see_search(self) -> None:
        window = self._window
        for typed, name in ((self._query(), "search"), (_NONSENSE, "search-nothing")):
            window.bar.search.setFocus()
            answered = self.when(window.panel.answered)
            began = time.perf_counter()
            window.bar.search.setText(typed)
            answered()
            window.panel.repaint()
            took = (time.perf_counter() - began) * 1000
            self._settle()
            if name == "search":
                self._told.search_ms = round(took, 1)
                self._picture(name, saw={"hits": window.panel.model.rowCount()})
            else:
                self._picture(name, saw={"pages": 1})
        window.bar.search.clear()

    def _query(self) -> str:
        """Return something that is in the library."""
        if self._window.library is None:
            return _QUERY
        words = re.findall(r"[^\W\d_]{4,}", self._largest().title)
        found = search.find(self._window.library, _QUERY, limit=1).total
        return _QUERY if found or not words else str(words[0])

    def _see_charts(self) -> None:
        window = self._window
        settled = self.when(window.parts.queries.settled)
        window.show_page("charts")
        if window.parts.queries.busy:
            settled()
        self._settle()
        self._picture("charts", saw={"pages": 1})
        if window.charts is not None:
            self._turn_cards(window.charts, "table")
            self._picture("chart-table", saw={"pages": 1})
            self._turn_cards(window.charts, "chart")
        window.show_page("library")

    def _turn_cards(self, charts: ChartsPage, mode: str) -> None:
        for card in charts.cards:
            card.mode.choose(mode)
        self._settle()

    def _see_drawer_and_drop(self) -> None:
        window = self._window
        window.show_problems(True)
        self._settle()
        self._picture("problems", saw={"rows": window.problems.model.rowCount()})
        window.show_problems(False)
        counted = self.when(window.overlay.counted)
        window.overlay.hover(self._paths)
        counted()
        self._picture("drop", saw={"pages": 1})
        window.overlay.leave()
        odd = [self._scratch / "invoice.pdf", self._scratch / "letter.pdf"]
        for path in odd:
            path.write_bytes(b"%PDF")
        counted = self.when(window.overlay.counted)
        window.overlay.hover(odd)
        counted()
        self._picture("drop-refused", saw={"pages": 1})
        window.overlay.leave()
        window.command("keys")
        sheet = self._app.activeModalWidget()
        self._picture("keys", over=sheet, saw={"pages": 1})
        if sheet is not None:
            sheet.close()
        window.activateWindow()

    def _measure_import(self) -> None:
        window = self._window
        ended: list[ImportFinished] = []
        window.import_ended.connect(ended.append)
        done = self.when(window.import_ended)
        beat = Beat()
        beat.start()
        window.add(self._paths)
        done()
        gaps = beat.stop()
        self._settle()
        if not window.list.model.loaded:
            raise TourError("nothing was imported")
        self._told.import_ = {**asdict(ended[0]), "event_loop_gap_ms": gaps}

    def _measure_opening(self, largest: ConversationRow) -> None:
        began = time.perf_counter()
        self._window.show_conversation(largest)
        self._window.transcript.rows.viewport().repaint()
        self._told.open_ms = round((time.perf_counter() - began) * 1000, 1)

    def _open(self, row: ConversationRow) -> None:
        self._window.show_conversation(row)
        self._settle()
        if not self._window.seen()["transcript_rows"]:
            raise TourError("the transcript shows nothing")

    def _largest(self) -> ConversationRow:
        if self._window.library is None:
            raise TourError("there is no library")
        return conversations.page(self._window.library, sort=Sort.LONGEST, limit=1)[0]

    def _first_edit(self, row: ConversationRow) -> tuple[int, ConversationRow] | None:
        """Return the block of an edit and its conversation: *row*, if anything is edited there."""
        if self._window.library is None:
            return None
        found = self._window.library.execute(
            "SELECT call.id, conversation_id FROM call JOIN session ON session.id = session_id "
            "WHERE tool IN ('Edit', 'MultiEdit', 'Write') AND outcome = 'ok' "
            "AND session.agent = '' ORDER BY conversation_id <> ?, tool = 'Write', call.id LIMIT 1",
            (row.id,),
        ).fetchone()
        there = conversations.by_id(self._window.library, found[1]) if found else None
        return (found[0], there) if there is not None else None

    def when(self, signal: object) -> Callable[[], None]:
        """Listen to *signal* from now on; call what is returned to wait until it has come."""
        heard: list[bool] = []
        loop = QEventLoop()

        def hear(*_: object) -> None:
            heard.append(True)
            loop.quit()

        signal.connect(hear)  # type: ignore[attr-defined]

        def wait() -> None:
            if not heard:
                self._spin(loop)
            signal.disconnect(hear)  # type: ignore[attr-defined]
            if not heard:
                raise TourError(f"{signal} never came")

        return wait

    def _spin(self, loop: QEventLoop) -> None:
        QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
        loop.exec()

    def _settle(self) -> None:
        """Let everything that is due happen: layouts, paints, timers of the next moment."""
        loop = QEventLoop()
        QTimer.singleShot(120, loop, loop.quit)
        loop.exec()

    def _looks(self) -> list[tuple[Scheme, tuple[int, int]]]:
        return [(scheme, size) for size in self._sizes for scheme in SCHEMES]

    def _put_on(self, look: tuple[Scheme, tuple[int, int]]) -> None:
        self._look = look
        scheme, (width, height) = look
        self._window.parts.scheme.set_preference(scheme)
        self._window.show_theme()
        self._window.resize(width, height)
        self._window.activateWindow()
        self._settle()

    def _picture(self, name: str, *, saw: Mapping[str, int], over: QWidget | None = None) -> None:
        began = time.perf_counter()
        scheme, (width, height) = self._look
        picture = self._window.grab()
        if over is not None:
            _lay_over(picture, over, self._window)
        size = f"{width}x{height}"
        file = f"{name}-{scheme}-{size}.png"
        picture.save(str(self._out / file))
        colours = _colours(picture.toImage())
        if colours < _FEWEST_COLOURS or not all(saw.values()):
            raise TourError(f"the page {name} shows nothing ({scheme}, {size}, {saw})")
        seconds = round(time.perf_counter() - began, 3)
        seen: dict[str, int | str] = {**saw, "colours": colours}
        self._told.pages.append(Page(name, scheme, size, file, seconds, seen))

    def _write(self) -> None:
        told = asdict(self._told)
        told["import"] = told.pop("import_")
        text = json.dumps(told, indent=1) + "\n"
        (self._out / "tour.json").write_text(text, encoding="utf-8")


def _lay_over(picture: QPixmap, over: QWidget, window: QWidget) -> None:
    painter = QPainter(picture)
    at = window.mapFromGlobal(over.mapToGlobal(QPoint(0, 0)))
    painter.drawPixmap(at, over.grab())
    painter.end()


def _colours(image: QImage) -> int:
    across = max(1, image.width() // _SAMPLES)
    down = max(1, image.height() // _SAMPLES)
    return len(
        {
            image.pixel(x, y)
            for x in range(0, image.width(), across)
            for y in range(0, image.height(), down)
        }
    )
