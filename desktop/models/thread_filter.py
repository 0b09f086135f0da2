"""Leaves of the thread tree what was asked for, what that hangs on, and what hangs on it."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel
from typing_extensions import override

from core.queries.structure import Node, NodeKind
from desktop.models.threads import Role


class ThreadFilter(QSortFilterProxyModel):
    """Lets pass what holds the words and is of the kinds asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._kinds: frozenset[NodeKind] = frozenset()
        self.setRecursiveFilteringEnabled(True)
        self.setAutoAcceptChildRows(True)

    @property
    def narrowed(self) -> bool:
        """Whether anything may be left out."""
        return bool(self._words or self._kinds)

    def ask_for(self, text: str, kinds: frozenset[NodeKind]) -> None:
        """Let pass nodes whose title holds *text*, of one of *kinds* if there are any."""
        self.beginFilterChange()
        self._words = text.strip().casefold()
        self._kinds = kinds
        self.endFilterChange()

    @override
    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        if not self.narrowed:
            return True
        node = self.sourceModel().index(source_row, 0, source_parent).data(Role.NODE)
        if not isinstance(node, Node) or (self._kinds and node.kind not in self._kinds):
            return False
        return self._words in node.title.casefold()
