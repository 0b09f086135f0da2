"""The list of projects that drops down from the head of the conversation list."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.queries.conversations import ProjectRow
from desktop.look import fonts, icons, paint, theme, words
from desktop.look.widgets.search_field import SearchField
from desktop.models.conversation_branches import NO_INDEX
from desktop.models.conversation_words import project_name

_ROW: Final = Qt.ItemDataRole.UserRole
_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_WIDTH: Final = 400
_MOST: Final = 12  # rows shown without scrolling


class ProjectsModel(QAbstractListModel):
    """All projects in one row, then each of them; narrowed to those whose path holds a text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[ProjectRow, ...] = ()
        self._shown: list[ProjectRow | None] = [None]

    def fill(self, rows: Sequence[ProjectRow]) -> None:
        """Show *rows* from now on."""
        self._all = tuple(rows)
        self.narrow("")

    def narrow(self, typed: str) -> None:
        """Show only projects whose path holds *typed*."""
        wanted = typed.casefold().strip()
        self.beginResetModel()
        self._shown = [row for row in self._all if wanted in row.path.casefold()]
        if not wanted:
            self._shown.insert(0, None)
        self.endResetModel()

    def project_at(self, index: QModelIndex | QPersistentModelIndex) -> ProjectRow | None:
        """Return the project at *index*; None for the row that stands for all."""
        return self._shown[index.row()]

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        row = self._shown[index.row()]
        total = sum(each.conversations for each in self._all)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                if row is None:
                    return words.translate("projects", "All projects")
                return words.one_line(project_name(row.path), 120)
            case Qt.ItemDataRole.AccessibleTextRole:
                count = total if row is None else row.conversations
                named = words.plural(count, "conversation", "conversations")
                return f"{self.data(index)}, {named}"
            case Qt.ItemDataRole.ToolTipRole:
                return words.plain(row.path) if row and row.path else None
            case role if role == _ROW:
                return (row.path if row else "", row.conversations if row else total, row is None)
            case _:
                return None


class _Delegate(QStyledItemDelegate):
    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, max(34, QFontMetrics(fonts.ui()).height() + 16))

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = theme.of(option.palette)
        box = option.rect.adjusted(6, 1, -6, -1)
        path, count, whole = index.data(_ROW)
        painter.save()
        paint.row(painter, option)
        at = QRect(box.left() + 10, box.center().y() - 7, 16, 16)
        icons.draw(painter, at, "conversation" if whole else "folder", colors.color("muted"))
        said = words.count(count)
        numbers = fonts.numbers(fonts.SMALL)
        wide = QFontMetrics(numbers).horizontalAdvance(said)
        painter.setFont(numbers)
        painter.setPen(QColor(colors.muted))
        edge = box.right() - 10 - wide
        painter.drawText(QRect(edge, box.top(), wide + 1, box.height()), _LINE, said)
        left, room = at.right() + 10, edge - 12 - at.right() - 10
        font = fonts.ui(fonts.UI, QFont.Weight.DemiBold if whole else QFont.Weight.Normal)
        name = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        painter.drawText(QRect(left, box.top(), room, box.height()), _LINE, name)
        used = QFontMetrics(font).horizontalAdvance(name) + 10
        small = fonts.ui(fonts.SMALL)
        above = _above(path)
        if above and room - used > 60:
            shown = QFontMetrics(small).elidedText(
                words.one_line(above, 300), Qt.TextElideMode.ElideMiddle, room - used
            )
            painter.setFont(small)
            painter.setPen(QColor(colors.muted))
            painter.drawText(QRect(left + used, box.top(), room - used, box.height()), _LINE, shown)
        painter.restore()


def _above(path: str) -> str:
    """Return the folder that the folder *path* is in, whichever system wrote it."""
    cut = max(path.rfind("/"), path.rfind("\\"))
    return path[:cut] if cut > 0 else ""


class ProjectsPopup(QWidget):
    """Projects to choose from: type to narrow, arrows to move, Enter to take."""

    chosen = Signal(object)  # path of the project, or None for all

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName(self.tr("Projects"))
        self._model = ProjectsModel(self)
        self._field = SearchField(self.tr("Filter projects"), self.tr("Filter projects"), self)
        self._view = QListView(self)
        self._view.setAccessibleName(self.tr("Projects"))
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setMouseTracking(True)
        self._view.setModel(self._model)
        self._view.setItemDelegate(_Delegate(self._view))
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setUniformItemSizes(True)
        self._view.setStyleSheet(
            "QListView { background: transparent; }"
            "QListView::item, QListView::item:hover, QListView::item:selected"
            "{ background: transparent; border: none; padding: 0; }"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 8, 1, 6)
        layout.setSpacing(6)
        edge = QVBoxLayout()
        edge.setContentsMargins(8, 0, 8, 0)
        edge.addWidget(self._field)
        layout.addLayout(edge)
        layout.addWidget(self._view)
        self._field.textChanged.connect(self._narrow)
        self._field.installEventFilter(self)
        self._view.clicked.connect(self._take)

    def drop_down(self, rows: Sequence[ProjectRow], project: str | None, at: QPoint) -> None:
        """Show *rows* below the global point *at*, with *project* marked."""
        self._field.clear()
        self._model.fill(rows)
        paths = [None, *(row.path for row in rows)]
        here = paths.index(project) if project in paths else 0
        self._view.setCurrentIndex(self._model.index(here))
        tall = self._view.sizeHintForRow(0) * min(_MOST, self._model.rowCount())
        self._view.setFixedHeight(tall + 2)
        self.setFixedWidth(_WIDTH)
        self.adjustSize()
        self.move(at)
        self.show()
        self._field.setFocus()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down:
                    self._step(1)
                    return True
                case Qt.Key.Key_Up:
                    self._step(-1)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._take(self._view.currentIndex())
                    return True
                case _:
                    pass
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.raised(self)

    def _step(self, by: int) -> None:
        row = min(max(self._view.currentIndex().row() + by, 0), self._model.rowCount() - 1)
        self._view.setCurrentIndex(self._model.index(row))

    @Slot(str)
    def _narrow(self, typed: str) -> None:
        self._model.narrow(typed)
        self._view.setCurrentIndex(self._model.index(0))

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            project = self._model.project_at(index)
            self.hide()
            self.chosen.emit(project.path if project else None)
