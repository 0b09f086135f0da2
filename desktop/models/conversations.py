"""The list of conversations as a tree: groups of days, sizes or projects, and what is in them."""

import bisect
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from sqlite3 import Connection
from typing import Final, TypeAlias

from PySide6.QtCore import (
    QAbstractItemModel,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from core.queries import conversations
from core.queries.conversations import ConversationRow, ProjectRow, Sort, key_of
from desktop.look import words

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Place: TypeAlias = tuple[int, int]  # sort value and id; the list descends in it

NO_INDEX: Final = QModelIndex()
PAGE: Final = 200  # rows read at a time
LIVE_MS: Final = 120_000  # how long after its last growth a conversation counts as live
_TITLE: Final = 300  # characters: Qt lays out whatever it is given
_BUCKETS: Final = {  # least value of each group, and its words
    Sort.LONGEST: (
        (1000, "1,000 messages and more"),
        (300, "300 to 999 messages"),
        (100, "100 to 299 messages"),
        (30, "30 to 99 messages"),
        (0, "Fewer than 30 messages"),
    ),
    Sort.ERRORS: (
        (50, "50 failures and more"),
        (10, "10 to 49 failures"),
        (1, "1 to 9 failures"),
        (0, "Nothing failed"),
    ),
}


class Role(IntEnum):
    """What the delegate asks for besides Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole  # ConversationRow; None for a group
    GROUP = Qt.ItemDataRole.UserRole + 1  # Group; None for a conversation
    LIVE = Qt.ItemDataRole.UserRole + 2  # bool: it grew a moment ago
    MOMENT = Qt.ItemDataRole.UserRole + 3  # str: when, as short as its group allows


@dataclass(frozen=True, slots=True)
class Group:
    """A heading as the delegate shows it."""

    title: str
    total: int | None  # conversations in it, where that is known without reading them
    folder: str  # of a project, else ""


@dataclass(slots=True, eq=False)
class _Branch:
    """A group and what has been read of it."""

    serial: int  # what an index of one of its rows carries; never used again
    key: tuple[int, str]  # groups descend in the number; the text tells projects apart
    shown: Group
    rows: list[ConversationRow] = field(default_factory=list)
    complete: bool = True  # nothing more to read in this group alone


class ConversationsModel(QAbstractItemModel):
    """Reads on the UI thread: each page is one bounded index range.

    Changes are merged by key, so that selection, folding and scroll place survive them.
    """

    merging = Signal()  # rows are about to be inserted, moved or removed
    merged = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._db: Connection | None = None
        self._sort = Sort.RECENT
        self._by_project = False
        self._project: str | None = None
        self._branches: list[_Branch] = []
        self._places: dict[int, int] = {}  # serial of a branch: its row
        self._home: dict[str, _Branch] = {}  # key of a conversation: where it is
        self._serial = 0
        self._complete = True
        self._grew: dict[str, int] = {}  # key of a conversation: when we saw it grow
        self._today = self._date()

    @property
    def order(self) -> Sort:
        """The order of the conversations."""
        return self._sort

    @property
    def by_project(self) -> bool:
        """Whether the groups are projects."""
        return self._by_project

    @property
    def project(self) -> str | None:
        """The only project that is shown, if any."""
        return self._project

    @property
    def loaded(self) -> int:
        """How many conversations have been read."""
        return len(self._home)

    def open_library(self, db: Connection) -> None:
        """Show what *db* holds from now on."""
        self._db = db
        self._start_over()

    def arrange(
        self, *, sort: Sort = Sort.RECENT, by_project: bool = False, project: str | None = None
    ) -> None:
        """Show the conversations of *project*, or all, in this order and grouping.

        Projects order what is in them by last activity.
        """
        in_order = by_project or project is not None
        self._sort = Sort.RECENT if in_order else sort
        self._by_project = by_project and project is None
        self._project = project
        self._start_over()

    def refresh(self) -> None:
        """Read again what is loaded and merge what has changed."""
        if self._db is None:
            return
        self.merging.emit()
        if self._by_project:
            self._merge_projects(conversations.projects(self._db))
            for branch in list(self._branches):
                if branch.rows:
                    self._reread(branch)
        else:
            limit = max(PAGE, self.loaded)
            found = self._page(None, limit)
            self._complete = len(found) < limit
            self._merge(found, set(self._home))
        self.merged.emit()

    def note_growth(self, keys: Iterable[str]) -> None:
        """Merge the conversations *keys*, which have just grown, and show them as live."""
        if self._db is None:
            return
        now = self._clock()
        self.merging.emit()
        for key in keys:
            self._grew[key] = now
            row = conversations.one(self._db, key)
            if row is None or row.messages == 0:
                self._remove(key)
            elif self._project is None or row.project == self._project:
                self._put(row)
                self._tell(key)
        if self._by_project:
            self._merge_projects(conversations.projects(self._db))
        self.merged.emit()

    def let_time_pass(self) -> None:
        """Show who is no longer live, and name the days anew after midnight."""
        if self._date() != self._today:
            self._start_over()
            return
        self._grew = {k: at for k, at in self._grew.items() if self._clock() - at < LIVE_MS}
        for branch in self._branches:
            if branch.rows:
                parent = self._index_of(branch)
                first, last = self.index(0, 0, parent), self.index(len(branch.rows) - 1, 0, parent)
                self.dataChanged.emit(first, last, [Role.LIVE])

    def row_at(self, index: Index) -> ConversationRow | None:
        """Return the conversation at *index*; None for a group."""
        found = self.data(index, Role.ROW)
        return found if isinstance(found, ConversationRow) else None

    def index_of(self, key: str) -> QModelIndex:
        """Return where conversation *key* is; invalid while it has not been read."""
        branch = self._home.get(key)
        if branch is None:
            return NO_INDEX
        row = next(n for n, row in enumerate(branch.rows) if row.key == key)
        return self.createIndex(row, 0, branch.serial)

    def is_live(self, row: ConversationRow) -> bool:
        """Return whether *row* grew within the last two minutes."""
        last = max(self._grew.get(row.key, 0), row.ended_at or 0)
        return 0 <= self._clock() - last < LIVE_MS

    @override
    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        if column != 0 or row < 0 or row >= self.rowCount(parent):
            return NO_INDEX
        if not parent.isValid():
            return self.createIndex(row, 0, 0)
        return self.createIndex(row, 0, self._branches[parent.row()].serial)

    @override
    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]  # stubs: 2 overloads
        serial = child.internalId() if child.isValid() else 0
        place = self._places.get(serial) if serial else None
        return NO_INDEX if place is None else self.createIndex(place, 0, 0)

    @override
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        if not parent.isValid():
            return len(self._branches)
        if parent.internalId() or parent.column() != 0:
            return 0
        return len(self._branches[parent.row()].rows)

    @override
    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 1

    @override
    def hasChildren(self, parent: Index = NO_INDEX) -> bool:
        if not parent.isValid():
            return bool(self._branches)
        if parent.internalId():
            return False
        branch = self._branches[parent.row()]
        return bool(branch.rows) or not branch.complete

    @override
    def canFetchMore(self, parent: Index) -> bool:
        if not parent.isValid():
            return not self._complete
        return not parent.internalId() and not self._branches[parent.row()].complete

    @override
    def fetchMore(self, parent: Index) -> None:
        if not self.canFetchMore(parent):
            return
        if parent.isValid():
            self._fetch_project(self._branches[parent.row()])
            return
        self._complete = True  # views may ask again while rows are being inserted
        last = self._branches[-1].rows[-1] if self._branches else None
        found = self._page(None if last is None else key_of(last, self._sort), PAGE)
        for row in found:
            self._append(row)
        self._complete = len(found) < PAGE

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemNeverHasChildren if index.internalId() else usual

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        serial = index.internalId()
        if not serial:
            return self._group_data(self._branches[index.row()], role)
        return self._row_data(self._branches[self._places[serial]].rows[index.row()], role)

    def _group_data(self, branch: _Branch, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words.one_line(branch.shown.title, _TITLE)
            case Qt.ItemDataRole.AccessibleTextRole:
                total = branch.shown.total
                title = words.one_line(branch.shown.title, _TITLE)
                return title if total is None else f"{title}, {_conversations(total)}"
            case Qt.ItemDataRole.ToolTipRole:
                return words.plain(branch.shown.folder) if branch.shown.folder else None
            case Role.GROUP:
                return branch.shown
            case _:
                return None

    def _row_data(self, row: ConversationRow, role: int) -> object:
        found: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found = words.one_line(row.title, _TITLE)
            case Qt.ItemDataRole.ToolTipRole:
                found = words.plain(f"{row.title}\n{row.project}".strip())
            case Qt.ItemDataRole.AccessibleTextRole:
                found = self._spoken(row)
            case Role.ROW:
                found = row
            case Role.LIVE:
                found = self.is_live(row)
            case Role.MOMENT:
                found = self._moment(row)
            case _:
                pass
        return found

    def _moment(self, row: ConversationRow) -> str:
        at = row.ended_at
        if at is None:
            return ""
        if not self._by_project and self._sort is Sort.RECENT and self._project is None:
            return words.clock(at)
        gone = words.day_of(at)
        if gone is None or gone == self._today:
            return words.clock(at)
        near = gone.year == self._today.year
        day = QDate(gone.year, gone.month, gone.day)
        return QLocale().toString(day, "d MMM" if near else "d MMM yyyy")

    def _spoken(self, row: ConversationRow) -> str:
        said = [words.one_line(row.title, _TITLE) or "Untitled"]
        if row.project:
            said.append(f"project {project_name(row.project)}")
        if row.ended_at is not None:
            said.append(f"{words.day(row.ended_at, self._today)} {words.clock(row.ended_at)}")
        said.append(words.plural(row.prompts, "prompt", "prompts"))
        if row.errors:
            said.append(words.plural(row.errors, "failed tool call", "failed tool calls"))
        if self.is_live(row):
            said.append("live")
        return ", ".join(said)

    def _date(self) -> date:
        return words.day_of(self._clock()) or date.min

    def _page(self, after: Place | None, limit: int) -> list[ConversationRow]:
        if self._db is None:
            return []
        return conversations.page(
            self._db, sort=self._sort, project=self._project, after=after, limit=limit
        )

    def _start_over(self) -> None:
        self.beginResetModel()
        self._today = self._date()
        self._branches, self._places, self._home = [], {}, {}
        self._complete = True
        if self._db is not None and self._by_project:
            for project in conversations.projects(self._db):
                self._branches.append(self._project_branch(project))
        elif self._db is not None:
            found = self._page(None, PAGE)
            self._complete = len(found) < PAGE
            for row in found:
                key, shown = self._group(row)
                if not self._branches or self._branches[-1].key != key:
                    self._branches.append(self._branch(key, shown))
                self._branches[-1].rows.append(row)
                self._home[row.key] = self._branches[-1]
        self._number()
        self.endResetModel()

    def _branch(self, key: tuple[int, str], shown: Group, *, complete: bool = True) -> _Branch:
        self._serial += 1
        return _Branch(self._serial, key, shown, complete=complete)

    def _project_branch(self, project: ProjectRow) -> _Branch:
        shown = Group(project_name(project.path), project.conversations, project.path)
        return self._branch((0, project.path), shown, complete=False)

    def _number(self) -> None:
        self._places = {branch.serial: row for row, branch in enumerate(self._branches)}

    def _group(self, row: ConversationRow) -> tuple[tuple[int, str], Group]:
        """Return the key and heading of the group that *row* belongs to."""
        if self._sort is Sort.RECENT:
            day = words.day_of(row.sort_at) if row.sort_at > 0 else None
            if day is None:
                return (0, ""), Group(words.translate("conversations", "No date"), None, "")
            title = words.day(row.sort_at, self._today)
            return (day.toordinal(), ""), Group(title, None, "")
        value = key_of(row, self._sort)[0]
        least, title = next(b for b in _BUCKETS[self._sort] if value >= b[0] or b[0] == 0)
        return (least, ""), Group(words.translate("conversations", title), None, "")

    def _index_of(self, branch: _Branch) -> QModelIndex:
        return self.createIndex(self._places[branch.serial], 0, 0)

    def _order(self, row: ConversationRow) -> tuple[int, int]:
        value, id_ = key_of(row, self._sort)
        return -value, -id_

    # Merging. Everything below keeps Qt told of each single step.

    def _append(self, row: ConversationRow) -> None:
        if row.key in self._home:  # it moved down while we were paging
            return
        self._insert(row)

    def _insert(self, row: ConversationRow) -> None:
        branch = self._home_for(row)
        at = bisect.bisect_left(branch.rows, self._order(row), key=self._order)
        self.beginInsertRows(self._index_of(branch), at, at)
        branch.rows.insert(at, row)
        self._home[row.key] = branch
        self.endInsertRows()

    def _home_for(self, row: ConversationRow) -> _Branch:
        """Return the group of *row*, made if need be."""
        if self._by_project:
            return next(b for b in self._branches if b.key[1] == row.project)
        key, shown = self._group(row)
        at = bisect.bisect_left(self._branches, -key[0], key=lambda branch: -branch.key[0])
        if at < len(self._branches) and self._branches[at].key == key:
            return self._branches[at]
        self.beginInsertRows(NO_INDEX, at, at)
        self._branches.insert(at, self._branch(key, shown))
        self._number()
        self.endInsertRows()
        return self._branches[at]

    def _put(self, row: ConversationRow) -> None:
        """Merge *row*: change it, move it, or insert it if it belongs into what is loaded."""
        branch = self._home.get(row.key)
        if branch is None:
            if self._reaches(row):
                self._insert(row)
            return
        at = next(n for n, old in enumerate(branch.rows) if old.key == row.key)
        old = branch.rows[at]
        if old == row:
            return
        if self._by_project and row.project != branch.key[1]:
            self._remove(row.key)
            if self._reaches(row):
                self._insert(row)
            return
        target = self._home_for(row)
        others = [other for other in target.rows if other.key != row.key]
        to = bisect.bisect_left(others, self._order(row), key=self._order)
        if target is not branch or to != at:
            self._move(branch, at, target, to)
        target.rows[to] = row
        index = self.createIndex(to, 0, target.serial)
        self.dataChanged.emit(index, index)
        if not branch.rows and not self._by_project:
            self._drop(branch)

    def _move(self, source: _Branch, at: int, target: _Branch, to: int) -> None:
        before = to + 1 if source is target and to > at else to  # Qt counts before the removal
        self.beginMoveRows(self._index_of(source), at, at, self._index_of(target), before)
        row = source.rows.pop(at)
        target.rows.insert(to, row)
        self._home[row.key] = target
        self.endMoveRows()

    def _remove(self, key: str) -> None:
        branch = self._home.get(key)
        if branch is None:
            return
        at = next(n for n, row in enumerate(branch.rows) if row.key == key)
        self.beginRemoveRows(self._index_of(branch), at, at)
        del branch.rows[at]
        del self._home[key]
        self.endRemoveRows()
        if not branch.rows and not self._by_project:
            self._drop(branch)

    def _drop(self, branch: _Branch) -> None:
        at = self._places[branch.serial]
        self.beginRemoveRows(NO_INDEX, at, at)
        for row in branch.rows:
            del self._home[row.key]
        del self._branches[at]
        self._number()
        self.endRemoveRows()

    def _reaches(self, row: ConversationRow) -> bool:
        """Return whether *row* lies within what has been read, so that it is not left out."""
        if self._by_project:
            branch = next((b for b in self._branches if b.key[1] == row.project), None)
            if branch is None or not (branch.rows or branch.complete):
                return False
            return branch.complete or self._order(row) < self._order(branch.rows[-1])
        if self._complete:
            return True
        last = self._branches[-1].rows[-1] if self._branches else None
        return last is not None and self._order(row) < self._order(last)

    def _merge(self, found: Sequence[ConversationRow], loaded: set[str]) -> None:
        for key in loaded - {row.key for row in found}:
            self._remove(key)
        for row in found:
            if row.key in self._home:
                self._put(row)
            else:
                self._insert(row)

    def _tell(self, key: str) -> None:
        index = self.index_of(key)
        if index.isValid():
            self.dataChanged.emit(index, index, [Role.LIVE])

    def _fetch_project(self, branch: _Branch) -> None:
        if self._db is None:
            return
        branch.complete = True
        after = key_of(branch.rows[-1], self._sort) if branch.rows else None
        found = conversations.page(self._db, project=branch.key[1], after=after, limit=PAGE)
        new = [row for row in found if row.key not in self._home]
        if new:
            have = len(branch.rows)
            self.beginInsertRows(self._index_of(branch), have, have + len(new) - 1)
            branch.rows += new
            self._home |= dict.fromkeys((row.key for row in new), branch)
            self.endInsertRows()
        branch.complete = len(found) < PAGE

    def _reread(self, branch: _Branch) -> None:
        if self._db is None:
            return
        limit = max(PAGE, len(branch.rows))
        found = conversations.page(self._db, project=branch.key[1], limit=limit)
        branch.complete = len(found) < limit
        self._merge(found, {row.key for row in branch.rows})

    def _merge_projects(self, found: Sequence[ProjectRow]) -> None:
        wanted = {project.path: project for project in found}
        for branch in [b for b in self._branches if b.key[1] not in wanted]:
            self._drop(branch)
        for row, project in enumerate(found):
            paths = [branch.key[1] for branch in self._branches]
            at = paths.index(project.path) if project.path in paths else -1
            if at < 0:
                self.beginInsertRows(NO_INDEX, row, row)
                self._branches.insert(row, self._project_branch(project))
                self._number()
                self.endInsertRows()
            elif at != row:
                self.beginMoveRows(NO_INDEX, at, at, NO_INDEX, row)
                self._branches.insert(row, self._branches.pop(at))
                self._number()
                self.endMoveRows()
            branch = self._branches[row]
            if branch.shown.total != project.conversations:
                branch.shown = Group(branch.shown.title, project.conversations, project.path)
                index = self._index_of(branch)
                self.dataChanged.emit(index, index)


def project_name(folder: str) -> str:
    """Return the last part of *folder*, whichever system wrote the path."""
    parts = [part for part in folder.replace("\\", "/").split("/") if part]
    return parts[-1] if parts else words.translate("conversations", "No project")


def _conversations(n: int) -> str:
    return words.plural(n, "conversation", "conversations")
