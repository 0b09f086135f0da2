"""The window: the only place where panes and pages are connected to each other and the engine."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.errors import CoreError
from core.events import EngineFailed, LibraryReady
from core.queries.conversations import ConversationRow
from core.queries.search import Hit
from desktop import actions
from desktop.look import fonts
from desktop.settings import Settings
from desktop.window import menus, shape
from desktop.window.adding import Adding
from desktop.window.appearance import Appearance
from desktop.window.charting import Charting
from desktop.window.counting import Counting
from desktop.window.drops import Drops
from desktop.window.first import FirstWindow
from desktop.window.focus import Focus
from desktop.window.following import Following
from desktop.window.frame import Frame
from desktop.window.insights import Insights
from desktop.window.keeping import Keeping
from desktop.window.monitoring import Monitoring
from desktop.window.news import News
from desktop.window.paging import Paging
from desktop.window.parts import Parts
from desktop.window.pricing import Pricing
from desktop.window.reading import Reading
from desktop.window.searching import Searching
from desktop.window.sheets import Sheets
from desktop.window.tending import Tending
from desktop.window.threading import Threading
from desktop.window.tidying import Tidying
from desktop.window.trouble import Trouble
from desktop.workers.engine_thread import EngineThread

if TYPE_CHECKING:
    from desktop.views.charts.page import ChartsPage


class MainWindow(FirstWindow):
    """Shows the library and follows it."""

    library_shown = Signal()  # the library is open and its list is on show, or the welcome page
    conversation_shown = Signal(object)  # ConversationRow
    import_ended = Signal(object)  # ImportFinished
    closing = Signal()

    def __init__(self, parts: Parts, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parts.engine.way, parent)
        self._parts, self._settings = parts, settings
        self._db: Connection | None = None
        self._actions = actions.make(self)
        frame = self._frame = Frame(parts, self._actions, self)
        self.bar, self.status, self.banner = frame.bar, frame.status, frame.banner
        self.list, self.transcript, self.inspector = frame.list, frame.transcript, frame.inspector
        self.pages, self.welcome, self.recovery = frame.pages, frame.welcome, frame.recovery
        self.panel, self.health = frame.panel, frame.health
        self._reading = Reading(frame, self._actions, self)
        self._counting = Counting(parts.queries, frame.status, self)
        self._news = News(frame, self._reading, self._counting, self)
        self._following = Following(frame, self._reading, self._actions.values(), self)
        self._tidying = Tidying(parts, frame, self._actions.values(), self)
        self._adding = Adding(parts.engine, settings.roots, self)
        self._paging = Paging(frame, self._news, self._adding, self)
        self._charting = Charting(parts, frame, self._reading, self._adding, self)
        self.trouble = Trouble(frame, self._reading, self)
        self._searching = Searching(frame, self._reading, self)
        self._pricing = Pricing(parts.engine, frame, self)
        self.insights = Insights(parts, frame, self._reading, self._actions["insights"], self)
        self._threading = Threading(parts, frame, self._reading, self._actions["undo"], self)
        self._appearance = Appearance(parts, frame, self._actions, self)
        self._focus = Focus(frame, self)
        self._sheets = Sheets(parts.version, self)
        self._tending = Tending(parts.queries, frame, self._reading, self._sheets, self)
        self._monitoring = Monitoring(parts, frame, self._actions["diagnostics"], self)
        self._keeping = Keeping(parts, frame, self._reading, self._actions, self)
        self._drops = Drops(parts.errands, self)
        self.overlay = self._drops.overlay
        self.setWindowTitle("Clew")
        self.setMinimumSize(shape.LEAST)
        self.setCentralWidget(frame)
        menus.fill(self.menuBar(), self._actions)
        self._connect_engine()
        self._connect_panes()
        self._connect_commands()
        shape.restore(self, frame, settings)
        self.show_theme()
        frame.show_page("library")

    def start(self, paths: Sequence[Path]) -> None:
        """Say which *paths* were named on the command line, before the engine starts."""
        self._adding.name(paths)

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return replace(
            shape.noted(self, self._frame, self._settings),
            roots=self._adding.roots,
            text_scale=fonts.scale(),
            theme=self._parts.scheme.preference,
        )

    @property
    def current(self) -> ConversationRow | None:
        """The conversation on show."""
        return self._reading.current

    @property
    def engine(self) -> EngineThread:
        """The engine, which whoever built the window starts."""
        return self._parts.engine

    @property
    def parts(self) -> Parts:
        """What the window works with."""
        return self._parts

    @property
    def library(self) -> Connection | None:
        """The reader that panes and pages share on this thread; None until it is open."""
        return self._db

    @property
    def charts(self) -> "ChartsPage | None":
        """The charts page, once it has been shown."""
        return self._frame.charts.page

    @property
    def page(self) -> str:
        """What is on show: welcome, library, charts or recovery."""
        return self._frame.page

    def seen(self) -> dict[str, int]:
        """Return how many conversations and how many rows of a transcript are on show."""
        return {"rows": self.list.model.loaded, "transcript_rows": self.transcript.model.rowCount()}

    def command(self, id_: str) -> None:
        """Do what the command *id_* of `desktop.actions` does."""
        self._actions[id_].trigger()

    @Slot(str)
    def report(self, sentence: str) -> None:
        """Show *sentence* across the top; everything else goes on."""
        self.trouble.report(sentence)

    def leave(self) -> None:
        """Ask nothing more, and close the library."""
        self.panel.forget()
        self.insights.leave()
        self._following.stop()
        beside = self._tidying, self._threading, self._news, self._monitoring, self._keeping
        for part in (*beside, self._reading, self.list):
            part.leave()
        self.transcript.clear()
        if self._db is not None:
            self._db.close()
            self._db = None

    @Slot(str)
    def show_page(self, page: str) -> None:
        """Show the "library" or the "charts"."""
        self._paging.show_page(page)

    @Slot(object)
    def show_conversation(self, row: ConversationRow) -> None:
        """Show the conversation *row*."""
        self._following.stop()
        self._reading.choose(row)

    @Slot(object, object)
    def show_hit(self, hit: Hit, words_: tuple[str, ...]) -> None:
        """Show the message that *hit* is in, with *words_* marked."""
        self._following.stop()
        self._reading.show_hit(hit, words_)

    def show_agent(self, agent: str) -> None:
        """Show what *agent* did in the conversation on show."""
        self._reading.show_agent(agent)

    @Slot(object)
    def add(self, roots: Sequence[Path]) -> None:
        """Read what is below *roots*, follow it, and do so at every start from now on."""
        self._adding.add(roots)

    @Slot(bool)
    def show_health(self, show: bool) -> None:
        """Open or close the drawer of data health."""
        self._paging.show_health(show)

    def show_theme(self) -> None:
        """Show which theme is chosen, and draw what does not draw itself anew."""
        self._appearance.show_theme()

    @Slot(LibraryReady)
    def _open_library(self, event: LibraryReady) -> None:
        try:
            db = self._parts.queries.readers.keep()
        except CoreError as error:
            self.trouble.show_failure(EngineFailed(str(error)))
            return
        self._db, self._sheets.library = db, event.library
        self._pricing.library = event.library
        self._threading.open_library(db)
        for part in (self.list, self.transcript, self.inspector, self.health, self._reading):
            part.open_library(db)
        self._news.open()
        self._drops.open()
        self._counting.count()
        self._adding.start()
        self.show_page("library")
        if self.page == "library":
            self.list.tree.setFocus()
            if not self._adding.any:
                self._reading.show_first()
        else:
            self.welcome.look_at(self._parts.roots())
            self.welcome.start()
        self.library_shown.emit()

    def _connect_engine(self) -> None:
        engine = self._parts.engine
        engine.library_ready.connect(self._open_library)
        engine.failed.connect(self.trouble.show_failure)
        self.trouble.given_up.connect(self.library_shown)
        self._news.listen(engine)
        # Behind the news: by then the list shows what this import has brought.
        engine.files_found.connect(self._following.begin)
        engine.import_finished.connect(self._following.stop)
        self._pricing.troubled.connect(self.trouble.report)
        self._news.import_ended.connect(self._tidying.note_import)
        self._news.import_ended.connect(self.import_ended)
        self.status.cancelled.connect(engine.cancel)

    def _connect_panes(self) -> None:
        self.welcome.accepted.connect(self._adding.add)
        self.welcome.choose_wanted.connect(self._adding.choose_folder)
        self.overlay.accepted.connect(self._adding.add)
        self._adding.added.connect(self._paging.show_added)
        self.list.opened.connect(self.show_conversation)
        self.list.import_wanted.connect(self._adding.choose_folder)
        self.list.model.modelReset.connect(self._searching.note_new_list)
        self.list.model.modelReset.connect(self._reading.mark)
        self.inspector.message_chosen.connect(self.transcript.jump_to_message)
        self.inspector.agent_chosen.connect(self._reading.show_agent)
        self.transcript.message_shown.connect(self.inspector.set_current)
        self.transcript.agent_requested.connect(self._reading.miss_agent)
        self.transcript.copied.connect(self._focus.say_copied)
        self._reading.shown.connect(self.conversation_shown)
        self._reading.troubled.connect(self.trouble.report)
        self.panel.chosen.connect(self.show_hit)
        self.panel.dismissed.connect(self._searching.leave)
        self.bar.page_chosen.connect(self._paging.show_page)
        self._paging.health_shown.connect(self._actions["health"].setChecked)
        self._tending.troubled.connect(self.trouble.report)
        self.recovery.primary_clicked.connect(self.close)

    def _connect_commands(self) -> None:
        for id_, slot in {
            "add_folder": self._adding.choose_folder,
            "add_files": self._adding.choose_files,
            "read_again": self._adding.read_again,
            "edit_prices": self._pricing.edit,
            "read_prices": self._pricing.read_again,
            "health": self._paging.show_health,
            "quit": self.close,
            "copy": self._focus.copy,
            "find": self._searching.search,
            "find_here": self._searching.find_here,
            "find_in_project": self._searching.search_project,
            "next_hit": self._searching.step_on,
            "previous_hit": self._searching.step_back,
            "library": self._paging.show_library,
            "charts": self._paging.show_charts,
            "switch": self._paging.switch,
            "inspector": self._frame.want_inspector,
            "back": self._reading.go_back,
            "forward": self._reading.go_forward,
            "next_pane": self._focus.next_pane,
            "previous_pane": self._focus.previous_pane,
            "keys": self._sheets.show_keys,
            "about": self._sheets.show_about,
        }.items():
            self._actions[id_].triggered.connect(slot)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
