"""The thread tree of one conversation as a model that grows in place while it is watched."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import IntEnum
from itertools import count
from typing import Final, TypeAlias

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from core.queries.structure import Node, NodeKind
from desktop.look import words
from desktop.models import thread_words
from desktop.models.thread_groups import ThreadNode

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Key: TypeAlias = tuple[NodeKind, str, int]

NO_INDEX: Final = QModelIndex()


class Role(IntEnum):
    """What the delegate asks for besides Qt's own roles."""

    NODE = Qt.ItemDataRole.UserRole  # Node
    CURRENT = Qt.ItemDataRole.UserRole + 1  # bool: the transcript is at this node's turn


@dataclass(slots=True, eq=False)
class _Item:
    number: int  # as the indexes know it
    key: Key
    node: Node
    above: "_Item | None"
    row: int
    children: "list[_Item]" = field(default_factory=list)


class ThreadModel(QAbstractItemModel):
    """Sessions (if there are several), prompts, branches, agents and compactions."""

    def __init__(self, parent: QObject | None = None, *, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._numbers = count(1)
        self._items: dict[int, _Item] = {}
        self._root = self._plant(Node(NodeKind.SESSION, "", None, 0), None, 0, ("", 0))
        self._current: _Item | None = None

    def show_tree(self, tree: Sequence[Node]) -> None:
        """Show the *tree* of another conversation."""
        self.beginResetModel()
        self._items.clear()
        self._current = None
        top = Node(NodeKind.SESSION, "", None, 0, children=_top(tree))
        self._root = self._plant(top, None, 0, ("", 0))
        self.endResetModel()

    def update_tree(self, tree: Sequence[Node]) -> bool:
        """Take over what is new in *tree*; return False if it had to be planted anew."""
        if self._grown(self._root, _top(tree)):
            self._grow(self._root, _top(tree))
            return True
        self.show_tree(tree)
        return False

    def node_at(self, index: Index) -> Node | None:
        """Return the node that *index* stands for."""
        return self._items[index.internalId()].node if index.isValid() else None

    def path_of(self, index: Index) -> tuple[Key, ...]:
        """Return a name for the node at *index* that stays the same when the tree is read again."""
        found: list[Key] = []
        item = self._items[index.internalId()] if index.isValid() else None
        while item is not None and item is not self._root:
            found.append(item.key)
            item = item.above
        return tuple(reversed(found))

    def index_at(self, path: Sequence[Key]) -> QModelIndex:
        """Return the node that `path_of` named, or an invalid index."""
        item = self._root
        for key in path:
            found = next((child for child in item.children if child.key == key), None)
            if found is None:
                return QModelIndex()
            item = found
        return self._index(item)

    def find(self, *, message: int = 0, agent: str = "") -> QModelIndex:
        """Return the node of *agent* if it has one, else the prompt or compaction *message*."""
        told = None
        for item in self._items.values():
            if agent and item.node.agent == agent:
                return self._index(item)
            kinds = {NodeKind.PROMPT, NodeKind.COMPACTION}
            if message and item.node.message == message and item.node.kind in kinds:
                told = item
        return self._index(told) if told is not None else QModelIndex()

    def find_thread(self, message: int) -> ThreadNode | None:
        """Return the node of the thread that begins at *message*, or is taken up again there."""
        for item in self._items.values():
            if isinstance(item.node, ThreadNode) and item.node.message == message:
                return item.node
        return None

    @property
    def branched(self) -> bool:
        """Whether there is a branch that was left behind."""
        left = NodeKind.BRANCH
        return any(item.node.kind is left and not item.node.active for item in self._items.values())

    def openable(self) -> list[QModelIndex]:
        """Return the nodes with something below them, but for branches that were left behind."""
        return [
            self._index(item)
            for item in self._items.values()
            if item.children
            and item is not self._root
            and (item.node.active or item.node.kind is not NodeKind.BRANCH)
        ]

    def set_current(self, index: Index) -> None:
        """Mark the node at *index* as the one that the transcript is at; none if it is invalid."""
        now = self._items[index.internalId()] if index.isValid() else None
        before, self._current = self._current, now
        for item in (before, now):
            if item is not None and before is not now and item.number in self._items:
                at = self._index(item)
                self.dataChanged.emit(at, at, [Role.CURRENT])

    @property
    def current(self) -> QModelIndex:
        """The node that the transcript is at; invalid if none is known."""
        return self._index(self._current) if self._current is not None else QModelIndex()

    @override
    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self._index(self._item(parent).children[row])

    @override
    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]  # stubs: 2 overloads
        above = self._items[child.internalId()].above if child.isValid() else None
        return QModelIndex() if above is None or above is self._root else self._index(above)

    @override
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.column() > 0 else len(self._item(parent).children)

    @override
    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 1

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self._items[index.internalId()]
        found: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found = thread_words.title(item.node)
            case Qt.ItemDataRole.ToolTipRole:
                found = words.plain(thread_words.tip(item.node, self._zone))
            case Qt.ItemDataRole.AccessibleTextRole:
                found = thread_words.sentence(item.node, self._zone)
            case Role.NODE:
                found = item.node
            case Role.CURRENT:
                found = item is self._current
            case _:
                pass
        return found

    def _index(self, item: _Item) -> QModelIndex:
        return QModelIndex() if item is self._root else self.createIndex(item.row, 0, item.number)

    def _item(self, index: Index) -> _Item:
        return self._items[index.internalId()] if index.isValid() else self._root

    def _plant(self, node: Node, above: _Item | None, row: int, name: tuple[str, int]) -> _Item:
        item = _Item(next(self._numbers), (node.kind, *name), node, above, row)
        if above is not None:
            self._items[item.number] = item
        for at, (key, child) in enumerate(zip(_keys(node.children), node.children, strict=True)):
            item.children.append(self._plant(child, item, at, key[1:]))
        return item

    def _grown(self, item: _Item, nodes: Sequence[Node]) -> bool:
        """Return whether *nodes* hold all children of *item* in their order, all the way down."""
        news = dict(zip(_keys(nodes), nodes, strict=True))
        order = {key: at for at, key in enumerate(news)}
        places = [order.get(child.key, -1) for child in item.children]
        if -1 in places or places != sorted(places):
            return False
        return all(self._grown(child, news[child.key].children) for child in item.children)

    def _grow(self, item: _Item, nodes: Sequence[Node]) -> None:
        for at, (key, node) in enumerate(zip(_keys(nodes), nodes, strict=True)):
            if at < len(item.children) and item.children[at].key == key:
                child = item.children[at]
                changed, child.node = child.node != node, node
                self._grow(child, node.children)
                if changed:
                    index = self._index(child)
                    self.dataChanged.emit(index, index)
                continue
            self.beginInsertRows(self._index(item), at, at)
            item.children.insert(at, self._plant(node, item, at, key[1:]))
            for row in range(at + 1, len(item.children)):
                item.children[row].row = row
            self.endInsertRows()


def _top(tree: Sequence[Node]) -> tuple[Node, ...]:
    """Return the nodes to show at the top: a single session says nothing."""
    return tree[0].children if len(tree) == 1 else tuple(tree)


def _keys(nodes: Sequence[Node]) -> list[Key]:
    """Return a name for each of *nodes*, none of them twice."""
    seen: set[Key] = set()
    found: list[Key] = []
    for node in nodes:
        match node.kind:
            case NodeKind.SESSION:
                name, number = node.title, 0
            case NodeKind.AGENT:
                name, number = node.agent, 0
            case NodeKind.THREAD:
                name, number = "thread", node.message
            case NodeKind.BRANCH:
                name, number = "branch", node.branch
            case _:
                name, number = "", node.message
        while (node.kind, name, number) in seen:
            number += 1
        seen.add((node.kind, name, number))
        found.append((node.kind, name, number))
    return found
