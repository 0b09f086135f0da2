"""The walk through the window: which pages, in what order, and what is measured there."""

import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from core.events import ImportFinished, ImportProgressed
from core.queries import conversations, samples, search
from core.queries.conversations import ConversationRow, Sort
from desktop import app as application
from desktop.look.theme import SCHEMES
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.tour.album import Album, Look
from desktop.tour.beat import Beat
from desktop.tour.errors import TourError
from desktop.tour.health import see_health
from desktop.tour.understanding import see_understanding
from desktop.tour.waiting import settle, when
from desktop.views.charts.page import ChartsPage

_QUERY: Final = "error"
_NONSENSE: Final = "qzxjvwkq"


class Walk:
    """One tour: pictures go to *out*, transcripts come from *paths*."""

    def __init__(
        self,
        out: Path,
        library: Path,
        paths: Sequence[Path],
        scratch: Path,
        sizes: Sequence[tuple[int, int]],
    ) -> None:
        self._album = Album(out)
        self._library = library
        self._paths = tuple(paths)
        self._scratch = scratch
        self._sizes = sizes
        self._app = application.make_application(["clew"])
        self._window: MainWindow = None  # type: ignore[assignment]  # set by each visit
        self._look: Look = ("light", sizes[0])

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
            self._album.write()
        sys.stdout.write(f"{len(self._album.told.pages)} pictures in {self._album.out}\n")
        return 0

    def _visit(
        self, library: Path, walk: Callable[[], None], *, roots: tuple[Path, ...] | None = None
    ) -> None:
        found = self._paths if roots is None else roots
        with application.assembled(self._app, library, Settings(), roots=lambda: found) as window:
            self._window = window
            window.show()
            ready = when(window.library_shown)
            application.start_engine(window)
            ready()
            walk()
            window.hide()
            window.deleteLater()
        # Gone before the next one is made: its widgets would be dressed with the new ones.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _see_everything(self) -> None:
        window = self._window
        window.pages.setCurrentWidget(window.welcome)
        window.welcome.look_at(self._paths)
        when(window.welcome.counted)()
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
            self._open(largest)
            see_understanding(self._window, self._app, self._picture)
            self._see_search()
            self._see_charts()
            self._see_drawer_and_drop()

    def _see_an_import(self) -> None:
        window = self._window
        ended = when(window.import_ended)
        heard: list[ImportProgressed] = []
        window.engine.progressed.connect(heard.append)
        window.add(self._paths)
        for number, look in enumerate(self._looks()):
            part = 0.12 + 0.14 * number
            while not heard or heard[-1].bytes_done < part * max(1, heard[-1].bytes_total):
                when(window.engine.progressed)()
            self._put_on(look)
            while not window.list.model.loaded:
                when(window.list.model.merged)()
            self._picture("importing", saw={"rows": window.list.model.loaded})
        window.status.cancelled.emit()
        ended()
        settle()
        self._picture("import-stopped", saw={"rows": window.list.model.loaded})

    def _see_nothing(self) -> None:
        for look in self._looks():
            self._put_on(look)
            self._picture("nothing-found", saw={"pages": 1})
        empty = self._scratch / "empty"
        empty.mkdir()
        ended = when(self._window.import_ended)
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
            settle()
            self._picture("recovery", saw={"pages": 1})

    def _see_library(self, largest: ConversationRow) -> None:
        window = self._window
        window.show_page("library")
        window.list.tree.setFocus()
        self._open(largest)
        self._picture("library", saw=window.seen())
        self._see_an_edit(largest)
        self._see_an_agent()
        self._open(largest)
        window.list.arrange(Sort.RECENT, by_project=True)
        settle()
        self._picture("by-project", saw={"projects": window.list.model.rowCount()})
        window.list.arrange(Sort.ERRORS, by_project=False)
        settle()
        window.list.scope.click()
        popup = self._app.activePopupWidget()
        self._picture("by-failures", over=popup, saw={"rows": window.list.model.loaded})
        if popup is not None:
            popup.hide()
        window.activateWindow()
        window.list.arrange(Sort.RECENT, by_project=False)
        window.list.tree.show_key(largest.key)

    def _see_an_edit(self, wanted: ConversationRow) -> None:
        found = samples.edit(self._db, wanted.id)
        row = conversations.by_id(self._db, found.conversation) if found else None
        if found is not None and row is not None:
            self._open(row)
            self._window.transcript.jump_to_block(found.block)
            settle()
            self._picture("transcript-edit", saw=self._window.seen())

    def _see_an_agent(self) -> None:
        window = self._window
        found = samples.agent(self._db)
        row = conversations.by_id(self._db, found.conversation) if found else None
        if found is not None and row is not None:
            self._open(row)
            window.show_agent(found.agent)
            settle()
            self._picture("agent", saw=window.seen())

    def _see_search(self) -> None:
        window, told = self._window, self._album.told
        for typed, name in ((self._query(), "search"), (_NONSENSE, "search-nothing")):
            window.bar.search.setFocus()
            answered = when(window.panel.answered)
            began = time.perf_counter()
            window.bar.search.setText(typed)
            answered()
            window.panel.repaint()
            took = (time.perf_counter() - began) * 1000
            settle()
            if name == "search":
                told.search_ms = round(took, 1)
                self._picture(name, saw={"hits": window.panel.model.rowCount()})
            else:
                self._picture(name, saw={"pages": 1})
        window.bar.search.clear()

    def _query(self) -> str:
        """Return something that is in the library."""
        words = re.findall(r"[^\W\d_]{4,}", self._largest().title)
        found = search.find(self._db, _QUERY, limit=1).total
        return _QUERY if found or not words else str(words[0])

    def _see_charts(self) -> None:
        window, settled = self._window, when(self._window.parts.queries.settled)
        window.show_page("charts")
        if window.parts.queries.busy:
            settled()
        settle()
        self._picture("charts", saw={"pages": 1})
        if window.charts is not None:
            _turn_cards(window.charts, "table")
            self._picture("chart-table", saw={"pages": 1})
            _turn_cards(window.charts, "chart")
        window.show_page("library")

    def _see_drawer_and_drop(self) -> None:
        see_health(self._window, self._app, self._picture)
        self._see_drop("drop", self._paths)
        odd = self._scratch / "invoice.pdf"
        odd.write_bytes(b"%PDF")
        self._see_drop("drop-refused", [odd])
        self._window.command("keys")
        sheet = self._app.activeModalWidget()
        self._picture("keys", over=sheet, saw={"pages": 1})
        if sheet is not None:
            sheet.close()
        self._window.activateWindow()

    def _see_drop(self, name: str, paths: Sequence[Path]) -> None:
        overlay = self._window.overlay
        counted = when(overlay.counted)
        overlay.hover(paths)
        counted()
        self._picture(name, saw={"pages": 1})
        overlay.leave()

    def _measure_import(self) -> None:
        window = self._window
        ended: list[ImportFinished] = []
        window.import_ended.connect(ended.append)
        done = when(window.import_ended)
        beat = Beat()
        beat.start()
        window.add(self._paths)
        done()
        gaps = beat.stop()
        settle()
        if not window.list.model.loaded:
            raise TourError("nothing was imported")
        self._album.told.import_ = {**asdict(ended[0]), "event_loop_gap_ms": gaps}

    def _measure_opening(self, largest: ConversationRow) -> None:
        began = time.perf_counter()
        self._window.show_conversation(largest)
        self._window.transcript.rows.viewport().repaint()
        self._album.told.open_ms = round((time.perf_counter() - began) * 1000, 1)

    def _open(self, row: ConversationRow) -> None:
        self._window.show_conversation(row)
        settle()
        if not self._window.seen()["transcript_rows"]:
            raise TourError("the transcript shows nothing")

    def _largest(self) -> ConversationRow:
        return conversations.page(self._db, sort=Sort.LONGEST, limit=1)[0]

    @property
    def _db(self) -> Connection:
        if self._window.library is None:
            raise TourError("there is no library")
        return self._window.library

    def _looks(self) -> list[Look]:
        return [(scheme, size) for size in self._sizes for scheme in SCHEMES]

    def _put_on(self, look: Look) -> None:
        self._look = look
        scheme, (width, height) = look
        self._window.parts.scheme.set_preference(scheme)
        self._window.show_theme()
        self._window.resize(width, height)
        self._window.activateWindow()
        settle()

    def _picture(self, name: str, *, saw: Mapping[str, int], over: QWidget | None = None) -> None:
        self._album.take(name, self._look, self._window, saw=saw, over=over)


def _turn_cards(charts: ChartsPage, mode: str) -> None:
    for card in charts.cards:
        card.mode.choose(mode)
    settle()
