"""A tree that keeps what is open, selected and in sight while its rows are renewed."""

from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractProxyModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.queries.structure import Node, NodeKind
from desktop.look.widgets.tree import Tree
from desktop.models.threads import Key, Role, ThreadModel

Path = tuple[Key, ...]
Index = QModelIndex | QPersistentModelIndex


class ThreadTree(Tree):
    """Shows a `ThreadModel` through a proxy."""

    gone_to = Signal(QModelIndex)  # the user clicked the row, or pressed Return on it

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setExpandsOnDoubleClick(False)
        self.clicked.connect(self._go)
        self._planted: list[tuple[set[Path], set[Path]]] = []  # closed, and all, before a reset

    @override
    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            model.modelAboutToBeReset.connect(self._note_open)

    def expand_usual(self) -> None:
        """Open everything but the branches that were left behind."""
        self.collapseAll()
        # Only what has something below it: most of a long tree has not.
        for index in self._threads().openable():
            self.setExpanded(self._proxy().mapFromSource(index), True)

    @contextmanager
    def kept(self) -> Generator[None, None, None]:
        """Keep open rows, selection and scroll position while the body changes the model.

        The tree is gone through only if the body plants it anew: what grows stays open by itself.
        """
        current = self._path(self.currentIndex())
        top = self._path(self.indexAt(QPoint(1, 1)))
        offset = self.visualRect(self._index(top)).top() if top else 0
        self._planted.clear()
        yield
        for shut, known in self._planted:
            self._open_all_but(QModelIndex(), shut, known)
        at = self._index(current)
        if current and at.isValid() and at != self.currentIndex():
            self.setCurrentIndex(at)
        above = self._index(top)
        if top and above.isValid():
            self.executeDelayedItemsLayout()
            moved = self.visualRect(above).top() - offset
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)

    def show_softly(self, index: QModelIndex) -> None:
        """Bring *index*, or the closed row it is in, into sight; open nothing, focus nothing."""
        shown = index
        above = index.parent()
        while above.isValid():
            if not self.isExpanded(above):
                shown = above
            above = above.parent()
        if shown.isValid():
            self.scrollTo(shown, self.ScrollHint.EnsureVisible)

    @override
    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        model = self.model()
        above = model.index(parent.row(), 0, parent.parent()) if parent.isValid() else None
        if above is not None and model.rowCount(above) == end - start + 1:
            self._open(above)  # nothing was below it before
        for row in range(start, end + 1):
            self._open_below(model.index(row, 0, parent))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self.currentIndex().isValid():
            self._go(self.currentIndex())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _go(self, index: QModelIndex) -> None:
        self.gone_to.emit(index)

    @Slot()
    def _note_open(self) -> None:
        shut = self._paths(QModelIndex(), expanded=False)
        self._planted = [(shut, shut | self._paths(QModelIndex(), expanded=True))]

    def _open_below(self, index: QModelIndex) -> None:
        """Open *index* and all below it, but for branches that were left behind."""
        rows = self.model().rowCount(index)
        if rows:
            self._open(index)
        for row in range(rows):
            self._open_below(self.model().index(row, 0, index))

    def _open(self, index: QModelIndex) -> None:
        self.setExpanded(index, not _is_left(index))

    def _paths(self, parent: QModelIndex, *, expanded: bool) -> set[Path]:
        model = self.model()
        found: set[Path] = set()
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            if model.rowCount(index):
                if self.isExpanded(index) == expanded:
                    found.add(self._path(index))
                found |= self._paths(index, expanded=expanded)
        return found

    def _open_all_but(self, parent: QModelIndex, shut: set[Path], known: set[Path]) -> None:
        """Open what was open, and what is new unless it is a branch that was left behind."""
        model = self.model()
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            if not model.rowCount(index):
                continue
            path = self._path(index)
            self.setExpanded(index, path not in shut if path in known else not _is_left(index))
            self._open_all_but(index, shut, known)

    def _path(self, index: QModelIndex) -> Path:
        return self._threads().path_of(self._proxy().mapToSource(index))

    def _index(self, path: Path) -> QModelIndex:
        return self._proxy().mapFromSource(self._threads().index_at(path))

    def _proxy(self) -> QAbstractProxyModel:
        model = self.model()
        assert isinstance(model, QAbstractProxyModel)
        return model

    def _threads(self) -> ThreadModel:
        model = self._proxy().sourceModel()
        assert isinstance(model, ThreadModel)
        return model


def _is_left(index: QModelIndex) -> bool:
    node = index.data(Role.NODE)
    return isinstance(node, Node) and node.kind is NodeKind.BRANCH and not node.active
