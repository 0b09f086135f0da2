"""The pane that lists the conversations: which project, in what order, and the tree."""

from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.events import ConversationChanged
from core.queries import conversations
from core.queries.conversations import Sort
from desktop.look import fonts, icons, metrics, paint, palette, theme, words
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.menu import Menu
from desktop.models.conversation_words import project_name
from desktop.models.conversations import ConversationsModel
from desktop.views.library.projects import ProjectsPopup
from desktop.views.library.tree import ConversationTree
from desktop.workers.throttle import Throttle

_FIRST_MS: Final = 100  # between two merges of changes while they keep coming
_TICK_MS: Final = 15_000
_MANY: Final = 2_000  # rows: a list read this far down is merged less often
_LEAST: Final = 240


class LibraryPane(QWidget):
    """Lists conversations, follows changes, and tells which one the user goes to."""

    opened = Signal(object)  # ConversationRow
    arranged = Signal()  # the user chose another order, grouping or project
    import_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._db: Connection | None = None
        self._importing = False
        self._grown: set[str] = set()
        self._stale = False
        self.model = ConversationsModel(self)
        self.tree = ConversationTree(self.model, self)
        self.scope = ScopeButton(self)
        self._popup = ProjectsPopup(self)
        self._order = IconButton("sort", self.tr("Order and grouping"), self, size=18)
        self._empty = EmptyState(
            "conversation",
            self.tr("No conversations"),
            "",
            self,
            primary=self.tr("Add folder…"),
        )
        self._pages = QStackedWidget(self)
        self._menu = Menu("", self)
        self._choices: dict[str, QAction] = {}
        self._throttle = Throttle(_FIRST_MS, self)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._make_menu()
        self._lay_out()
        self.tree.opened.connect(self.opened)
        self.scope.clicked.connect(self._choose_project)
        self._popup.chosen.connect(self.show_project)
        self._order.clicked.connect(self._drop_menu)
        self._empty.primary_clicked.connect(self.import_wanted)
        self._throttle.due.connect(self._merge)
        self._tick.timeout.connect(self.model.let_time_pass)
        self.model.modelReset.connect(self._show_page)
        self.model.merged.connect(self._show_page)
        self._tick.start()
        self._show_page()

    def open_library(self, db: Connection) -> None:
        """List what *db* holds."""
        self._db = db
        self.model.open_library(db)
        self._count()

    def leave(self) -> None:
        """Read nothing more."""
        self._db = None
        self._tick.stop()
        self._throttle.blockSignals(True)

    def arrange(self, sort: Sort, *, by_project: bool) -> None:
        """Order and group the list so."""
        self.model.arrange(sort=sort, by_project=by_project, project=self.model.project)
        self._choices[f"sort_{sort.value}"].setChecked(True)
        self._choices["by_project" if by_project else "by_day"].setChecked(True)

    @Slot(object)
    def show_project(self, project: str | None) -> None:
        """List the conversations of *project* only, or all if it is None."""
        self.model.arrange(sort=self._sort(), by_project=self._by_project(), project=project)
        self._count()
        self._choices["by_project"].setEnabled(project is None)
        self.arranged.emit()

    def set_importing(self, importing: bool) -> None:
        """Say whether changes come from an import, which makes nothing live."""
        self._importing = importing
        if not importing:
            self._stale = True
            self._throttle.poke()
            self._throttle.flush()
        self._show_page()

    @Slot(ConversationChanged)
    def take(self, event: ConversationChanged) -> None:
        """Merge a change: the first one at once, a flood of them ten times a second."""
        if self._importing or event.regrouped:
            self._stale = True
        if not self._importing:
            self._grown.add(event.conversation)
        self._throttle.poke()

    @Slot()
    def _merge(self) -> None:
        if self._db is None:
            return
        if self._stale:
            self._stale = False
            self.model.refresh()
            self._count()
        grown, self._grown = self._grown, set()
        if grown:
            self.model.note_growth(grown)

    def _count(self) -> None:
        if self._db is None:
            return
        project = self.model.project
        rows = conversations.projects(self._db)
        shown = [row for row in rows if project in {None, row.path}]
        total = sum(row.conversations for row in shown)
        name = self.tr("All projects") if project is None else project_name(project)
        self.scope.say(name, total)

    @Slot()
    def _show_page(self) -> None:
        if self.model.rowCount():
            self._pages.setCurrentWidget(self.tree)
            return
        if self._importing:
            self._empty.say(
                self.tr("Reading…"), self.tr("Conversations appear here as they are read.")
            )
        else:
            self._empty.say(
                self.tr("No conversations"),
                self.tr("Add a folder of transcripts, or drop one anywhere in this window."),
            )
        self._empty.primary.setVisible(not self._importing)
        self._pages.setCurrentWidget(self._empty)

    @Slot()
    def _choose_project(self) -> None:
        if self._db is not None:
            below = self.scope.mapToGlobal(QPoint(0, self.scope.height() + 4))
            self._popup.drop_down(conversations.projects(self._db), self.model.project, below)

    @Slot()
    def _drop_menu(self) -> None:
        self._menu.popup(self._order.mapToGlobal(QPoint(0, self._order.height() + 4)))

    @Slot()
    def _rearrange(self) -> None:
        self.model.arrange(
            sort=self._sort(), by_project=self._by_project(), project=self.model.project
        )
        self.arranged.emit()

    def _sort(self) -> Sort:
        return next(sort for sort in Sort if self._choices[f"sort_{sort.value}"].isChecked())

    def _by_project(self) -> bool:
        return self._choices["by_project"].isChecked()

    def _make_menu(self) -> None:
        orders = (
            (f"sort_{Sort.RECENT.value}", self.tr("Last activity")),
            (f"sort_{Sort.LONGEST.value}", self.tr("Longest")),
            (f"sort_{Sort.ERRORS.value}", self.tr("Most failures")),
        )
        groups = (
            ("by_day", self.tr("Group as sorted")),
            ("by_project", self.tr("Group by project")),
        )
        for options in (orders, groups):
            group = QActionGroup(self)
            for key, text in options:
                action = self._menu.addAction(text)
                action.setCheckable(True)
                group.addAction(action)
                self._choices[key] = action
                action.triggered.connect(self._rearrange)
            self._choices[options[0][0]].setChecked(True)
            if options is orders:
                self._menu.addSeparator()

    def _lay_out(self) -> None:
        palette.put_on(self, "panel")
        self.setMinimumWidth(_LEAST)
        head = QHBoxLayout()
        head.setContentsMargins(metrics.SMALL, metrics.SMALL, metrics.SMALL + 2, metrics.SMALL - 1)
        head.setSpacing(metrics.TIGHT)
        head.addWidget(self.scope, 1)
        head.addWidget(self._order)
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Hairline(self))
        layout.addWidget(self._pages, 1)


class ScopeButton(QPushButton):
    """The project that is shown, how many conversations it has, and an arrow: press for others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._total = "", 0
        self.setProperty("kind", "chip")  # no frame: we paint ourselves
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(self.tr("All projects"), 0)

    def say(self, name: str, total: int) -> None:
        """Show the project *name* with *total* conversations."""
        self._name, self._total = words.one_line(name, 120), total
        spoken = words.plural(total, "conversation", "conversations")
        self.setAccessibleName(self.tr("Project: {0}, {1}").format(self._name, spoken))
        self.setToolTip(words.plain(self.tr("Choose a project")))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, max(metrics.CONTROL, QFontMetrics(fonts.ui()).height() + 12))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.isDown():
            paint.rounded(painter, box, metrics.RADIUS, fill=QColor(colors.pressed))
        elif self.underMouse():
            paint.rounded(painter, box, metrics.RADIUS, fill=QColor(colors.hover))
        if self.hasFocus():
            paint.focus_ring(painter, box, colors=colors, radius=metrics.RADIUS)
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        font = fonts.ui(fonts.UI, QFont.Weight.DemiBold)
        numbers = fonts.numbers(fonts.SMALL)
        said = words.count(self._total) if self._total else ""
        wide = QFontMetrics(numbers).horizontalAdvance(said)
        room = self.width() - 10 - 14 - 8 - wide - 20
        name = QFontMetrics(font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        painter.drawText(QRect(10, 0, room + 1, self.height()), line, name)
        left = 10 + QFontMetrics(font).horizontalAdvance(name) + 5
        middle = self.height() // 2
        icons.draw(painter, QRect(left, middle - 6, 13, 13), "chevron-down", colors.color("muted"))
        painter.setFont(numbers)
        painter.setPen(QColor(colors.muted))
        painter.drawText(QRect(self.width() - wide - 8, 0, wide + 1, self.height()), line, said)
