"""The inside of the window: every pane and page in its place."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import metrics, palette
from desktop.look.widgets.banner import Banner
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.views.health.drawer import HealthDrawer
from desktop.views.inspector.inspector import Inspector
from desktop.views.library.pane import LibraryPane
from desktop.views.search.panel import SHADOW, SearchPanel
from desktop.views.status import StatusLine
from desktop.views.top_bar import TopBar
from desktop.views.transcript.view import TranscriptView
from desktop.views.welcome import Welcome
from desktop.window.charts_place import ChartsPlace
from desktop.window.parts import Parts

_NARROW: Final = 1_100  # points of the window below which the inspector gives way
_DRAWER: Final = 320  # height of the data health, unless the user has chosen another
_LEAST_ABOVE: Final = 200  # height that the drawer leaves to the page
_PANEL: Final = QSize(860, 560)  # of the search results, at most


class Frame(QWidget):
    """Holds every pane and page, and connects none with another."""

    def __init__(self, parts: Parts, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._show_inspector = actions["inspector"]
        self.wants_inspector = True
        self.drawer_height = 0  # as the user left it; 0 before he did
        self.bar = TopBar(actions, self)
        self.welcome = Welcome(parts.errands, self)
        self.list = LibraryPane(self)
        self.transcript = TranscriptView(parent=self)
        self.transcript.model.pictures.readers = parts.queries.readers
        self.inspector = Inspector(self)
        self.charts = ChartsPlace(parts.queries, self)
        self.recovery = EmptyState("warning", "", "", self, primary=self.tr("Quit"))
        self.health = HealthDrawer(parts.queries, self)
        self.status = StatusLine(self)
        self.banner = Banner("error", "", self)
        self.panes = QSplitter(Qt.Orientation.Horizontal, self)
        self.pages = QStackedWidget(self)
        self.drawer = QSplitter(Qt.Orientation.Vertical, self)
        self.panel = SearchPanel(parts.searches, self.bar.search, self)
        self._named: dict[str, QWidget] = {
            "welcome": self.welcome,
            "library": self.panes,
            "charts": self.charts,
            "recovery": self.recovery,
        }
        self.page = "library"
        # The window's own commands have these keys: pressed twice over, none would act.
        for shortcut in self.transcript.findChildren(QShortcut):
            shortcut.setEnabled(False)
        self._lay_out_panes()
        self._lay_out_pages()
        self._lay_out()

    @property
    def current_page(self) -> QWidget:
        """The page on show."""
        return self._named[self.page]

    def show_page(self, page: str) -> None:
        """Show the *page* "welcome", "library", "charts" or "recovery"."""
        self.page = page
        self.pages.setCurrentWidget(self.current_page)
        self.bar.show_page("charts" if page == "charts" else "library")
        ready = page in {"library", "charts"}
        for part in (self.bar.search, self.bar.pages):
            part.setEnabled(ready)
        self._fit()

    def show_health(self, show: bool) -> None:
        """Open the drawer of data health as high as it was, or close it."""
        if show:
            self.health.reload()
            tall = self.drawer_height or _DRAWER
            self.health.show()
            self.drawer.setSizes([max(_LEAST_ABOVE, self.drawer.height() - tall), tall])
        else:
            self.note_drawer()
            self.health.hide()

    def note_drawer(self) -> None:
        """Remember how high the drawer is, if it is open."""
        if self.health.isVisible():
            self.drawer_height = self.drawer.sizes()[1]

    @Slot(bool)
    def want_inspector(self, wanted: bool) -> None:
        """Show the inspector if *wanted*, wherever there is room for it."""
        self.wants_inspector = wanted
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.panel.hide()
        super().mousePressEvent(event)

    def _fit(self) -> None:
        room = self.width() >= _NARROW
        self.inspector.setVisible(self.wants_inspector and room)
        self._show_inspector.setEnabled(room and self.page == "library")
        self._show_inspector.setChecked(self.wants_inspector and room)
        self._place_panel()

    def _place_panel(self) -> None:
        field = self.bar.search
        at = field.mapTo(self, QPoint(0, field.height() + 4))
        wide = min(max(_PANEL.width(), field.width()), self.width() - 24) + 2 * SHADOW
        tall = min(_PANEL.height(), self.height() - at.y() - 44) + SHADOW
        left = at.x() + field.width() // 2 - wide // 2
        left = min(max(left, 12 - SHADOW), self.width() - wide + SHADOW - 12)
        self.panel.setGeometry(left, at.y(), wide, tall)

    def _lay_out_panes(self) -> None:
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

    def _lay_out_pages(self) -> None:
        for page in self._named.values():
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(self.panes)
        palette.put_on(self.recovery, "window")
        self.drawer.setHandleWidth(1)
        self.drawer.setChildrenCollapsible(False)
        self.drawer.addWidget(self.pages)
        self.drawer.addWidget(self.health)
        self.drawer.setStretchFactor(0, 1)
        self.health.hide()

    def _lay_out(self) -> None:
        self.banner.hide()
        notice = QVBoxLayout()
        notice.setContentsMargins(metrics.MEDIUM, 0, metrics.MEDIUM, 0)
        notice.addWidget(self.banner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(Hairline(self))
        column.addLayout(notice)
        column.addWidget(self.drawer, 1)
        column.addWidget(Hairline(self))
        column.addWidget(self.status)
