"""The panel that hangs from the search field: hits as one types, newest question first."""

import time
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from core.queries import search
from core.queries.search import Found, Hit
from desktop.look import fonts, metrics, paint, theme, words
from desktop.look.widgets.chips import Chip
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.search_field import SearchField
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.models.conversation_words import project_name
from desktop.models.hits import HitsModel
from desktop.views.search.delegate import HitDelegate
from desktop.views.search.summary import meaning, summary
from desktop.workers.query_runner import QueryRunner

DEBOUNCE_MS: Final = 50
SHADOW: Final = 14  # points around the panel that belong to its shadow
_LIMIT: Final = 60
_CHANNEL: Final = "search"
_STEPS: Final = {  # which way a key goes, and how often
    Qt.Key.Key_Down: (1, 1),
    Qt.Key.Key_Up: (-1, 1),
    Qt.Key.Key_PageDown: (1, 8),
    Qt.Key.Key_PageUp: (-1, 8),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for what, and how long that took."""

    typed: str
    found: Found
    ms: float


def _find(db: Connection, typed: str, project: str | None) -> Answer:
    began = time.perf_counter()
    found = search.find(db, typed, limit=_LIMIT, project=project)
    return Answer(typed, found, (time.perf_counter() - began) * 1000)


class SearchPanel(QWidget):
    """Shows what is found for the text of *field*; lies over the window's content."""

    chosen = Signal(object, object)  # Hit, and the words to mark: tuple[str, ...]
    answered = Signal(object)  # Answer: it is on show now
    dismissed = Signal()  # closed by the user, who wants to go back to where he was

    def __init__(self, queries: QueryRunner, field: SearchField, parent: QWidget) -> None:
        super().__init__(parent)
        self._queries = queries
        self._field = field
        self._project: str | None = None
        self._words: tuple[str, ...] = ()
        self.model = HitsModel(self)
        self.view = QListView(self)
        self.head = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._here = Chip(self.tr("This project only"), self, icon="folder", checkable=True)
        self._empty = EmptyState("search", "", "", self, primary=self.tr("Search all projects"))
        self._pages = QStackedWidget(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._lay_out()
        field.installEventFilter(self)
        field.textChanged.connect(self._type)
        self._timer.timeout.connect(self._search)
        self._here.toggled.connect(self._search)
        self._empty.primary_clicked.connect(self._widen)
        self.view.clicked.connect(self._choose)
        self.setAccessibleName(self.tr("Search results"))
        self.hide()

    def set_project(self, project: str | None) -> None:
        """Offer to search in *project* only."""
        self._project = project
        self._here.setChecked(False)
        self._here.setVisible(project is not None)
        if project is not None:
            self._here.setToolTip(words.plain(project_name(project)))

    def search_project(self) -> None:
        """Search in the project on show only."""
        self._here.setChecked(self._project is not None)

    def step(self, by: int) -> None:
        """Go to the next hit (1) or the previous one (-1)."""
        row = self.model.next_hit(self.view.currentIndex().row(), by)
        if row >= 0:
            index = self.model.index(row)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def choose_current(self) -> None:
        """Take the user to the hit that is marked."""
        self._choose(self.view.currentIndex())

    def forget(self) -> None:
        """Ask nothing more."""
        self._timer.stop()
        self._queries.forget(_CHANNEL)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if kind == QEvent.Type.FocusIn and self._field.text().strip():
            self._open()
        elif kind == QEvent.Type.FocusOut and not self._holds_focus():
            self.hide()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(SHADOW, 0, -SHADOW, -SHADOW)
        for step in range(SHADOW, 0, -2):
            strength = (0.030 if colors.dark else 0.012) * (1 + (SHADOW - step) / SHADOW)
            ground = box.adjusted(-step, 2, step, step - 2)
            shade = colors.color("shadow", strength)
            paint.rounded(painter, ground, metrics.RADIUS_CARD + step, fill=shade)
        paint.rounded(
            painter,
            box,
            metrics.RADIUS_CARD,
            fill=QColor(colors.raised),
            line=QColor(colors.control_border),
        )

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if not self.isVisible():
            opens = key in _STEPS and bool(self._field.text().strip())
            if opens:
                self._open()
            return opens
        if key == Qt.Key.Key_Escape:
            self.hide()
            self.dismissed.emit()
        elif key in _STEPS:
            way, times = _STEPS[key]
            for _ in range(times):
                self.step(way)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.choose_current()
        else:
            return False
        return True

    def _holds_focus(self) -> bool:
        focus = self.window().focusWidget()
        return focus is self._field or self.isAncestorOf(focus)

    def _open(self) -> None:
        self.show()
        self.raise_()

    @Slot(str)
    def _type(self, typed: str) -> None:
        if not typed.strip():
            self.forget()
            self.hide()
            self.model.show(())
            return
        self._timer.start()

    @Slot()
    def _search(self) -> None:
        typed = self._field.text()
        if not typed.strip():
            return
        project = self._project if self._here.isChecked() else None
        question = partial(_find, typed=typed, project=project)
        self._queries.ask(_CHANNEL, question, self._show, self._fail)

    def _show(self, answer: Answer) -> None:
        found = answer.found
        self.model.show(found.hits)
        self._words = found.words
        if found.hits:
            self.view.setCurrentIndex(self.model.index(self.model.next_hit(-1, 1)))
            self.view.scrollToTop()
            self.head.setText(summary(found, answer.ms, self.model.conversations))
            self.head.explain(meaning(found))
            self._pages.setCurrentWidget(self.view)
        else:
            self._show_nothing(answer)
        if self._holds_focus():
            self._open()
        self.answered.emit(answer)

    def _show_nothing(self, answer: Answer) -> None:
        self.head.explain("")
        self.head.setText(self.tr("No hits · {0} ms").format(round(answer.ms)))
        typed = words.one_line(answer.typed, 60)
        self._empty.say(
            self.tr("Nothing found for “{0}”").format(typed),
            self.tr(
                "All words have to be in one message. Try fewer, or the beginning of a word; "
                "“in:output”, “tool:Bash” and “is:error” narrow a search."
            ),
        )
        self._empty.primary.setVisible(self._here.isChecked())
        self._pages.setCurrentWidget(self._empty)

    def _fail(self, error: Exception) -> None:
        self.model.show(())
        self.head.setText(self.tr("The search failed"))
        self._empty.say(self.tr("The search failed"), words.one_line(str(error), 300))
        self._empty.primary.hide()
        self._pages.setCurrentWidget(self._empty)
        self._open()

    @Slot()
    def _widen(self) -> None:
        self._here.setChecked(False)
        self._field.setFocus()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        hit = self.model.hit_at(index)
        if isinstance(hit, Hit):
            self.view.setCurrentIndex(index)
            self.hide()
            self.chosen.emit(hit, self._words)

    def _lay_out(self) -> None:
        self.view.setAccessibleName(self.tr("Search results"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setModel(self.model)
        self.view.setItemDelegate(HitDelegate(self.view))
        self.view.setStyleSheet(
            "QListView { background: transparent; }"
            "QListView::item, QListView::item:hover, QListView::item:selected"
            "{ background: transparent; border: none; padding: 0; }"
        )
        self._here.hide()
        self._here.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._empty)
        top = QHBoxLayout()
        top.setContentsMargins(14, 8, 10, 8)
        top.addWidget(self.head, 1)
        top.addWidget(self._here)
        keys = Text(
            self.tr("↑ ↓ to move      Enter to open      Esc to close"),
            self,
            size=fonts.MICRO,
            tone="faint",
        )
        bottom = QHBoxLayout()
        bottom.setContentsMargins(14, 6, 14, 7)
        bottom.addWidget(keys)
        bottom.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SHADOW + 1, 1, SHADOW + 1, SHADOW + 1)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(Hairline(self))
        layout.addWidget(self._pages, 1)
        layout.addWidget(Hairline(self))
        layout.addLayout(bottom)
