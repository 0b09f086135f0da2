"""The window: the only place where panes and pages are connected to each other and the engine.

Longer than a module should be, because that place is to be one: what a pane tells, and what
another does about it, stands side by side here. Nothing in it computes, queries or draws.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.errors import CoreError
from core.events import (
    ConversationChanged,
    EngineFailed,
    FilesFound,
    ImportFinished,
    ImportProgressed,
    LibraryReady,
    WatchDegraded,
)
from core.queries import conversations, structure, totals
from core.queries.conversations import ConversationRow, Sort
from core.queries.search import Hit
from core.queries.totals import Totals
from core.store.connection import open_reader
from desktop import actions, flows, keyboard
from desktop.actions import ACTIONS, MENUS
from desktop.look import fonts, metrics, palette, words
from desktop.look.scheme import Preference, SystemScheme
from desktop.look.widgets.banner import Banner
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.menu import Menu
from desktop.settings import Settings
from desktop.trail import Trail
from desktop.views.drop_overlay import DropOverlay
from desktop.views.inspector.inspector import Inspector
from desktop.views.keys import AboutSheet, KeysSheet
from desktop.views.library.pane import LibraryPane
from desktop.views.problems import ProblemsDrawer
from desktop.views.search.panel import SHADOW, SearchPanel
from desktop.views.status import StatusLine
from desktop.views.top_bar import TopBar
from desktop.views.transcript.keys import copy as copy_rows
from desktop.views.transcript.view import TranscriptView
from desktop.views.welcome import Welcome
from desktop.workers.engine_thread import EngineThread
from desktop.workers.errands import Errands
from desktop.workers.query_runner import QueryRunner
from desktop.workers.throttle import Throttle

if TYPE_CHECKING:
    from desktop.views.charts.page import ChartsPage

log = logging.getLogger(__name__)

_NARROW: Final = 1_100  # points of the window below which the inspector gives way
_LEAST: Final = QSize(720, 480)
_USUAL: Final = QSize(1_280, 800)
_PANES: Final = (300, 700, 280)
_DRAWER: Final = 240
_PROGRESS_MS: Final = 100
_TRANSCRIPT_MS: Final = 100  # between two looks at a conversation that keeps growing
_FACTS_MS: Final = 1_000
_PANEL: Final = QSize(860, 560)  # of the search results, at most
_SCALE_STEP: Final = 0.1


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window works with; none of it is the window's own."""

    engine: EngineThread
    queries: QueryRunner  # charts and totals
    searches: QueryRunner  # so that no chart holds up a search
    errands: Errands
    scheme: SystemScheme
    roots: Callable[[], tuple[Path, ...]]  # where agents keep their transcripts
    set_scale: Callable[[float], None]  # of all text
    version: str


class MainWindow(QMainWindow):
    """Shows the library and follows it."""

    library_shown = Signal()  # the library is open and its list is on show, or the welcome page
    conversation_shown = Signal(object)  # ConversationRow
    import_ended = Signal(object)  # ImportFinished
    closing = Signal()

    def __init__(self, parts: Parts, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._settings = settings
        self._db: Connection | None = None
        self._library = ""
        self._paths: tuple[Path, ...] = ()
        self._page: QWidget = self
        self._current: ConversationRow | None = None
        self._trail = Trail()
        self._importing = False
        self._grew = False  # the conversation on show, since its transcript was last looked at
        self._counting = self._count_again = False
        self._progress: ImportProgressed | None = None
        self._wants_inspector = settings.inspector
        self._charts: ChartsPage | None = None
        self._charts_stale = True
        self._actions = actions.make(self)
        self.bar = TopBar(self._actions, self)
        self.welcome = Welcome(parts.errands, self)
        self.list = LibraryPane(self)
        self.transcript = TranscriptView(parent=self)
        self.inspector = Inspector(self)
        self.problems = ProblemsDrawer(self)
        self.status = StatusLine(self)
        self.banner = Banner("error", "", self)
        self.recovery = EmptyState("warning", "", "", self, primary=self.tr("Quit"))
        self.panes = QSplitter(Qt.Orientation.Horizontal, self)
        self.pages = QStackedWidget(self)
        self.drawer = QSplitter(Qt.Orientation.Vertical, self)
        self._middle = QWidget(self)
        self._charts_place = QWidget(self)
        self.panel = SearchPanel(parts.searches, self.bar.search, self._middle)
        self.overlay = DropOverlay(parts.errands, self)
        self._tell_progress = Throttle(_PROGRESS_MS, self)
        self._grow = Throttle(_TRANSCRIPT_MS, self)
        self._renew_facts = Throttle(_FACTS_MS, self)
        self._lay_out()
        self._make_menus()
        self._connect()
        self._restore()

    def start(self, paths: Sequence[Path]) -> None:
        """Say which *paths* were named on the command line, before the engine starts."""
        self._paths = tuple(paths)

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        shape = self.saveGeometry()
        panes = tuple(self.panes.sizes())
        drawer = self.drawer.sizes()[1] if self.problems.isVisible() else self._settings.drawer
        return replace(
            self._settings,
            geometry=shape,
            panes=panes,
            drawer=drawer,
            inspector=self._wants_inspector,
            sort=self.list.model.order.value,
            by_project=self.list.model.by_project,
            text_scale=fonts.scale(),
            theme=self._parts.scheme.preference,
        )

    @property
    def current(self) -> ConversationRow | None:
        """The conversation on show."""
        return self._current

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

    def seen(self) -> dict[str, int]:
        """Return how many conversations and how many rows of a transcript are on show."""
        return {"rows": self.list.model.loaded, "transcript_rows": self.transcript.model.rowCount()}

    def command(self, id_: str) -> None:
        """Do what the command *id_* of `desktop.actions` does."""
        self._actions[id_].trigger()

    @Slot(str)
    def report(self, sentence: str) -> None:
        """Show *sentence* across the top; everything else goes on."""
        self.banner.say("error", sentence)
        self.banner.show()

    def leave(self) -> None:
        """Ask nothing more, and close the library."""
        self.panel.forget()
        for throttle in (self._tell_progress, self._grow, self._renew_facts):
            throttle.blockSignals(True)
        self.transcript.clear()
        self.list.leave()
        if self._db is not None:
            self._db.close()
            self._db = None

    @Slot(LibraryReady)
    def _open_library(self, event: LibraryReady) -> None:
        try:
            db = open_reader(Path(event.library))
        except CoreError as error:
            self._show_failure(EngineFailed(str(error)))
            return
        self._db, self._library = db, event.library
        for part in (self.list, self.transcript, self.inspector, self.problems):
            part.open_library(db)
        self._ask_totals()
        roots = self._paths or self._settings.roots
        if roots:
            self._parts.engine.add(roots)
        if roots or self.list.model.rowCount():
            self._show_library()
            self.list.tree.setFocus()
            if not roots:
                self._open_first()
        else:
            self.welcome.look_at(self._parts.roots())
            self._set_page(self.welcome)
            self.welcome.start()
        self.library_shown.emit()

    @Slot(FilesFound)
    def _begin_import(self, event: FilesFound) -> None:
        if self._db is None:  # we have left; this was on its way
            return
        self._importing = True
        self._progress = None
        if self.page == "welcome":
            self._show_library()
        self.list.set_importing(True)
        self.status.show_start(event.files)
        self.status.show_watching(on=True)

    @Slot(ImportProgressed)
    def _note_progress(self, event: ImportProgressed) -> None:
        if self._db is None:  # we have left; this was on its way
            return
        self._progress = event
        self._tell_progress.poke()

    @Slot()
    def _show_progress(self) -> None:
        if self._importing and self._progress is not None:
            self.status.show_progress(self._progress)

    @Slot(ConversationChanged)
    def _note_change(self, event: ConversationChanged) -> None:
        if self._db is None:  # we have left; this was on its way
            return
        self.list.take(event)
        self._charts_stale = True
        if self._current is None:
            self._open_first()
        elif event.conversation == self._current.key or event.regrouped:
            self._grew |= event.conversation == self._current.key
            self._grow.poke()
            self._renew_facts.poke()
        if not self._importing:
            self._renew_facts.poke()

    @Slot()
    def _grow_transcript(self) -> None:
        if self._db is None or self._current is None:
            return
        row = conversations.one(self._db, self._current.key)
        if row is None or row.messages == 0:  # it was joined with another one
            self._current = None
            self._open_first()
            return
        if row != self._current or self._grew:
            self._grew = False
            self._current = row
            self.transcript.grow()
        self.transcript.set_live(self.list.model.is_live(row) and not self._importing)

    @Slot()
    def _refresh_facts(self) -> None:
        if self._current is not None:
            self.inspector.refresh()
        self._ask_totals()

    @Slot(ImportFinished)
    def _end_import(self, event: ImportFinished) -> None:
        if self._db is None:  # we have left; this was on its way
            return
        self._importing = False
        self.status.show_end(event)
        self.list.set_importing(False)
        self._grow.poke()
        self._grow.flush()
        self._refresh_facts()
        if self._current is None:
            self._open_first()
        if self.problems.isVisible():
            self.problems.model.reload()
        if self.page == "charts":
            self._refresh_charts()
        self.import_ended.emit(event)

    @Slot(WatchDegraded)
    def _show_degraded(self, event: WatchDegraded) -> None:
        self.status.show_watching(on=False, trouble=event.reason)

    @Slot(EngineFailed)
    def _show_failure(self, event: EngineFailed) -> None:
        log.error("engine failed: %s", event.reason)
        self.status.progress.finish()
        self.status.show_watching(on=False)
        if self._db is not None and self._current is not None:
            self.report(self.tr("{0} What was read before can still be read.").format(event.reason))
            return
        self.recovery.say(
            self.tr("The library cannot be opened"),
            self.tr("{0} Your log files are untouched.").format(event.reason),
        )
        self._set_page(self.recovery)
        self.library_shown.emit()

    @property
    def page(self) -> str:
        """What is on show: welcome, library, charts or recovery."""
        names = {self.welcome: "welcome", self.panes: "library", self.recovery: "recovery"}
        return next((n for page, n in names.items() if page is self._page), "charts")

    @Slot(str)
    def show_page(self, page: str) -> None:
        """Show the "library" or the "charts"."""
        if page == "charts":
            self._show_charts()
        else:
            self._show_library()

    def _show_library(self) -> None:
        if self._db is not None and not (
            self.list.model.rowCount() or self._importing or self._paths or self._settings.roots
        ):
            self._set_page(self.welcome)
        else:
            self._set_page(self.panes)

    def _show_charts(self) -> None:
        if self._db is None:
            return
        if self._charts is None:
            # Here and not above: it brings pyqtgraph and numpy, which no other page needs.
            from desktop.views.charts.page import ChartsPage  # noqa: PLC0415

            self._charts = ChartsPage(self._parts.queries, self._charts_place)
            column = QVBoxLayout(self._charts_place)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._charts)
        self._set_page(self._charts_place)
        if self._charts_stale:
            self._refresh_charts()

    @property
    def charts(self) -> "ChartsPage | None":
        """The charts page, once it has been shown."""
        return self._charts

    def _refresh_charts(self) -> None:
        if self._charts is not None:
            self._charts_stale = False
            self._charts.refresh()

    def _set_page(self, page: QWidget) -> None:
        self._page = page
        self.pages.setCurrentWidget(page)
        self.bar.show_page("charts" if page is self._charts_place else "library")
        ready = page in {self.panes, self._charts_place}
        for part in (self.bar.search, self.bar.pages):
            part.setEnabled(ready)
        self._actions["inspector"].setEnabled(page is self.panes)
        self._fit()

    @Slot()
    def _switch_pages(self) -> None:
        self.show_page("library" if self.page == "charts" else "charts")

    @Slot(object)
    def show_conversation(self, row: ConversationRow) -> None:
        """Show the conversation *row*."""
        if self._current is not None and row.key == self._current.key and self.page == "library":
            return
        self._show(row)

    def _show(self, row: ConversationRow, words_: tuple[str, ...] = ()) -> None:
        self._current = row
        self._trail.go(row.key)
        self._show_trail()
        self._set_page(self.panes)
        self.list.tree.show_key(row.key)
        self.transcript.show_conversation(row, words=words_)
        self.transcript.set_live(self.list.model.is_live(row) and not self._importing)
        self.inspector.show_conversation(row)
        title = words.one_line(row.title, 80) or self.tr("Untitled")
        self.setWindowTitle(f"{title} – Clew")
        self.conversation_shown.emit(row)

    def _open_first(self) -> None:
        if self.page == "library" and (row := self.list.tree.select_first()) is not None:
            self._show(row)

    @Slot(object, object)
    def show_hit(self, hit: Hit, words_: tuple[str, ...]) -> None:
        """Show the message that *hit* is in, with *words_* marked."""
        if self._db is None:
            return
        row = conversations.one(self._db, hit.conversation)
        if row is None:
            self.report(self.tr("This conversation is no longer in the library. Search again."))
            return
        if self._current is None or self._current.key != row.key or self.page != "library":
            self._show(row, words_)
        self.transcript.jump_to_block(hit.block, words_)
        self.transcript.setFocus()

    @Slot(str)
    def show_agent(self, agent: str) -> None:
        """Show what *agent* did in the conversation on show."""
        if self._db is None or self._current is None:
            return
        todo = list(structure.tree(self._db, self._current.id))
        while todo:
            node = todo.pop()
            if node.agent == agent and node.message:
                self.transcript.jump_to_message(node.message)
                return
            todo += node.children
        self._miss_agent(agent)

    @Slot(str)
    def _miss_agent(self, _agent: str) -> None:
        self.status.say(self.tr("No transcript of this agent was found"))

    @Slot(str)
    def _say_copied(self, _said: str) -> None:
        self.status.say(self.tr("Copied"))

    @Slot()
    def _go_back(self) -> None:
        self._follow_trail(-1)

    @Slot()
    def _go_forward(self) -> None:
        self._follow_trail(1)

    def _follow_trail(self, by: int) -> None:
        key = self._trail.step(by)
        row = conversations.one(self._db, key) if self._db is not None and key else None
        if row is not None:
            self._show(row)
        self._show_trail()

    def _show_trail(self) -> None:
        self._actions["back"].setEnabled(self._trail.can_go_back)
        self._actions["forward"].setEnabled(self._trail.can_go_forward)

    @Slot()
    def _step_hit_on(self) -> None:
        if self.transcript.find_bar.isVisible():
            self.transcript.find_next()
            return
        self.panel.step(1)
        self.panel.choose_current()

    @Slot()
    def _step_hit_back(self) -> None:
        if self.transcript.find_bar.isVisible():
            self.transcript.find_previous()
            return
        self.panel.step(-1)
        self.panel.choose_current()

    @Slot(object)
    def add(self, roots: Sequence[Path]) -> None:
        """Read what is below *roots*, follow it, and do so at every start from now on."""
        known = dict.fromkeys((*self._settings.roots, *(r for r in roots if r.is_dir())))
        self._settings = replace(self._settings, roots=tuple(known))
        self._parts.engine.add(tuple(roots))
        self._set_page(self.panes)
        self.list.tree.setFocus()

    @Slot()
    def _choose_folder(self) -> None:
        flows.start(self._add_folder())

    @Slot()
    def _choose_files(self) -> None:
        flows.start(self._add_files())

    async def _add_folder(self) -> None:
        title = self.tr("Add a folder of transcripts")
        if roots := await flows.chosen_folder(self, title, Path.home()):
            self.add(roots)

    async def _add_files(self) -> None:
        title = self.tr("Add transcripts")
        if files := await flows.chosen_files(self, title, Path.home()):
            self.add(files)

    @Slot()
    def _read_again(self) -> None:
        roots = self._paths or self._settings.roots
        if roots:
            self._parts.engine.add(roots)
        else:
            self._choose_folder()

    @Slot(bool)
    def show_problems(self, show: bool) -> None:
        """Open or close the drawer of problems."""
        if show:
            self.problems.model.reload()
            tall = self._settings.drawer or _DRAWER
            self.problems.show()
            self.drawer.setSizes([max(200, self.drawer.height() - tall), tall])
        else:
            self._settings = replace(self._settings, drawer=self.drawer.sizes()[1])
            self.problems.hide()
        self._actions["problems"].setChecked(show)

    @Slot()
    def _open_problems(self) -> None:
        self.show_problems(not self.problems.isVisible())

    @Slot()
    def _close_problems(self) -> None:
        self.show_problems(False)
        self.list.tree.setFocus()

    @Slot(bool)
    def _want_inspector(self, wanted: bool) -> None:
        self._wants_inspector = wanted
        self._fit()

    @Slot()
    def _choose_theme(self) -> None:
        named: dict[str, Preference] = {"theme_light": "light", "theme_dark": "dark"}
        chosen = self._themes.checkedAction().objectName()
        self._parts.scheme.set_preference(named.get(chosen, "system"))
        self.show_theme()

    @Slot()
    def show_theme(self) -> None:
        """Show which theme is chosen, and draw what does not draw itself anew."""
        scheme = self._parts.scheme
        self.bar.show_theme(scheme.preference, dark=scheme.current == "dark")
        self._actions[f"theme_{scheme.preference}"].setChecked(True)
        self.status.repaint_icons()

    @Slot()
    def _enlarge(self) -> None:
        self._scale(fonts.scale() + _SCALE_STEP)

    @Slot()
    def _shrink(self) -> None:
        self._scale(fonts.scale() - _SCALE_STEP)

    @Slot()
    def _normal_size(self) -> None:
        self._scale(1.0)

    def _scale(self, scale: float) -> None:
        self._parts.set_scale(min(max(scale, fonts.SMALLEST_SCALE), fonts.LARGEST_SCALE))

    @Slot()
    def _search(self) -> None:
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    @Slot()
    def _search_project(self) -> None:
        if self.list.model.project is None and self._current is not None:
            self.panel.set_project(self._current.project)
        self.panel.search_project()
        self._search()

    @Slot()
    def _find_here(self) -> None:
        if self.page == "library" and self._current is not None:
            self.transcript.open_find()
        else:
            self._search()

    @Slot()
    def _copy(self) -> None:
        focus = self.focusWidget()
        if focus is self.transcript.rows:
            copy_rows(self.transcript.rows)
        else:
            keyboard.copy_from(focus)

    def _ring(self) -> list[QWidget]:
        """Return what F6 goes through."""
        if self.page == "library":
            ring: list[QWidget] = [self.bar.search, self.list.tree, self.transcript, self.inspector]
        else:
            ring = [self.bar.search, self._page]
        ring += [self.problems.table, self.status.problems]
        return [part for part in ring if part.isVisible() and part.isEnabled()]

    def _go_round(self, by: int) -> None:
        keyboard.go_round(self._ring(), self.focusWidget(), by)

    @Slot()
    def _next_pane(self) -> None:
        self._go_round(1)

    @Slot()
    def _previous_pane(self) -> None:
        self._go_round(-1)

    @Slot()
    def _leave_search(self) -> None:
        (self.transcript if self.page == "library" else self._page).setFocus()

    @Slot()
    def _show_keys(self) -> None:
        self._show_sheet(KeysSheet(self))

    @Slot()
    def _show_about(self) -> None:
        self._show_sheet(AboutSheet(self._parts.version, self._library, self))

    def _show_sheet(self, sheet: KeysSheet | AboutSheet) -> None:
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.overlay.isVisible():
            self.overlay.leave()
            return
        super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.panel.hide()
        super().mousePressEvent(event)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = _paths(event)
        if paths and self._db is not None:
            event.acceptProposedAction()
            self.overlay.hover(paths)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.overlay.isVisible():
            event.acceptProposedAction()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.overlay.leave()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if self.overlay.isVisible():
            event.acceptProposedAction()
            self.overlay.drop()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._middle and event.type() == QEvent.Type.Resize:
            self._place_panel()
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.setWindowTitle("Clew")
        self.setMinimumSize(_LEAST)
        self.setAcceptDrops(True)
        self.panes.setHandleWidth(1)
        self.panes.setChildrenCollapsible(False)
        self.panes.setAccessibleName(self.tr("Library"))
        for part in (self.list, self.transcript, self.inspector):
            self.panes.addWidget(part)
        for number, stretch in enumerate((0, 1, 0)):
            self.panes.setStretchFactor(number, stretch)
        self.list.setMaximumWidth(520)
        self.inspector.setMinimumWidth(240)
        self.inspector.setMaximumWidth(460)
        self.transcript.setMinimumWidth(360)
        for page in (self.welcome, self.panes, self._charts_place, self.recovery):
            self.pages.addWidget(page)
        palette.put_on(self.recovery, "window")
        self.drawer.setHandleWidth(1)
        self.drawer.setChildrenCollapsible(False)
        self.drawer.addWidget(self.pages)
        self.drawer.addWidget(self.problems)
        self.drawer.setStretchFactor(0, 1)
        self.problems.hide()
        self.banner.hide()
        notice = QVBoxLayout()
        notice.setContentsMargins(metrics.MEDIUM, 0, metrics.MEDIUM, 0)
        notice.addWidget(self.banner)
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(Hairline(self))
        column.addLayout(notice)
        column.addWidget(self.drawer, 1)
        column.addWidget(Hairline(self))
        column.addWidget(self.status)
        self.setCentralWidget(self._middle)
        self._middle.installEventFilter(self)

    def _make_menus(self) -> None:
        self._themes = QActionGroup(self)
        for id_, title in MENUS:
            menu = Menu(words.translate("actions", title), self)
            self.menuBar().addMenu(menu)
            for command in ACTIONS:
                if command.menu != id_:
                    continue
                if command.section:
                    menu.addSeparator()
                menu.addAction(self._actions[command.id])
        for name in ("theme_system", "theme_light", "theme_dark"):
            self._themes.addAction(self._actions[name])

    def _connect(self) -> None:
        engine = self._parts.engine
        engine.library_ready.connect(self._open_library)
        engine.files_found.connect(self._begin_import)
        engine.progressed.connect(self._note_progress)
        engine.conversation_changed.connect(self._note_change)
        engine.import_finished.connect(self._end_import)
        engine.degraded.connect(self._show_degraded)
        engine.failed.connect(self._show_failure)
        self._tell_progress.due.connect(self._show_progress)
        self._grow.due.connect(self._grow_transcript)
        self._renew_facts.due.connect(self._refresh_facts)
        self.welcome.accepted.connect(self.add)
        self.welcome.choose_wanted.connect(self._choose_folder)
        self.overlay.accepted.connect(self.add)
        self.list.opened.connect(self.show_conversation)
        self.list.import_wanted.connect(self._choose_folder)
        self.list.model.modelReset.connect(self._note_new_list)
        self.inspector.message_chosen.connect(self.transcript.jump_to_message)
        self.inspector.agent_chosen.connect(self.show_agent)
        self.transcript.message_shown.connect(self.inspector.set_current)
        self.transcript.agent_requested.connect(self._miss_agent)
        self.transcript.copied.connect(self._say_copied)
        self.panel.chosen.connect(self.show_hit)
        self.panel.dismissed.connect(self._leave_search)
        self.bar.page_chosen.connect(self.show_page)
        self.status.cancelled.connect(engine.cancel)
        self.status.problems_wanted.connect(self._open_problems)
        self.problems.closed.connect(self._close_problems)
        self.recovery.primary_clicked.connect(self.close)
        self._parts.scheme.changed.connect(self.show_theme)
        for id_, slot in {
            "add_folder": self._choose_folder,
            "add_files": self._choose_files,
            "read_again": self._read_again,
            "quit": self.close,
            "copy": self._copy,
            "find": self._search,
            "find_here": self._find_here,
            "find_in_project": self._search_project,
            "next_hit": self._step_hit_on,
            "previous_hit": self._step_hit_back,
            "switch": self._switch_pages,
            "larger": self._enlarge,
            "smaller": self._shrink,
            "normal_size": self._normal_size,
            "back": self._go_back,
            "forward": self._go_forward,
            "next_pane": self._next_pane,
            "previous_pane": self._previous_pane,
            "keys": self._show_keys,
            "about": self._show_about,
        }.items():
            self._actions[id_].triggered.connect(slot)
        self._actions["library"].triggered.connect(self._go_to_library)
        self._actions["charts"].triggered.connect(self._go_to_charts)
        self._actions["problems"].triggered.connect(self.show_problems)
        self._actions["inspector"].triggered.connect(self._want_inspector)
        self._themes.triggered.connect(self._choose_theme)
        # The window's own commands have these keys: pressed twice over, none would act.
        for shortcut in self.transcript.findChildren(QShortcut):
            shortcut.setEnabled(False)

    @Slot()
    def _go_to_library(self) -> None:
        self.show_page("library")

    @Slot()
    def _go_to_charts(self) -> None:
        self.show_page("charts")

    def _restore(self) -> None:
        settings = self._settings
        self.resize(_USUAL)
        if not settings.geometry.isEmpty():
            self.restoreGeometry(settings.geometry)
        panes = settings.panes if len(settings.panes) == len(_PANES) else _PANES
        self.panes.setSizes([wide or usual for wide, usual in zip(panes, _PANES, strict=True)])
        sort = Sort(settings.sort) if settings.sort in list(Sort) else Sort.RECENT
        self.list.arrange(sort, by_project=settings.by_project)
        self._actions["inspector"].setChecked(self._wants_inspector)
        self.show_theme()
        self._show_trail()
        self._set_page(self.panes)

    def _fit(self) -> None:
        room = self.width() >= _NARROW
        self.inspector.setVisible(self._wants_inspector and room)
        self._actions["inspector"].setEnabled(room and self.page == "library")
        self._actions["inspector"].setChecked(self._wants_inspector and room)
        self.overlay.setGeometry(self.rect())
        self._place_panel()

    def _place_panel(self) -> None:
        field = self.bar.search
        at = field.mapTo(self._middle, QPoint(0, field.height() + 4))
        wide = min(max(_PANEL.width(), field.width()), self._middle.width() - 24) + 2 * SHADOW
        tall = min(_PANEL.height(), self._middle.height() - at.y() - 44) + SHADOW
        left = at.x() + field.width() // 2 - wide // 2
        left = min(max(left, 12 - SHADOW), self._middle.width() - wide + SHADOW - 12)
        self.panel.setGeometry(left, at.y(), wide, tall)

    @Slot()
    def _note_new_list(self) -> None:
        self.panel.set_project(self.list.model.project)
        if self._current is not None:
            self.list.tree.show_key(self._current.key)

    def _ask_totals(self) -> None:
        # Never one over the other: in a large library none would ever be answered.
        self._count_again = self._counting
        if not self._counting:
            self._counting = True
            self._parts.queries.ask("totals", totals.totals, self._show_totals, self._lack_totals)

    def _show_totals(self, found: Totals) -> None:
        self.status.show_totals(found)
        self._counting = False
        if self._count_again:
            self._ask_totals()

    def _lack_totals(self, error: Exception) -> None:
        self._counting = False
        log.warning("totals: %s", error)


def _paths(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
