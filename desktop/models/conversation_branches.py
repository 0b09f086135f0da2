"""What has been read of the conversation list; Qt is told of each single step that changes it."""

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex

from core.queries.conversations import ConversationRow, ProjectRow, Sort, key_of
from desktop.models import conversation_groups as groups
from desktop.models.conversation_groups import Group, GroupKey

NO_INDEX: Final = QModelIndex()


@dataclass(slots=True, eq=False)
class Branch:
    """A group and what has been read of it."""

    serial: int  # what an index of one of its rows carries; never used again
    key: GroupKey
    shown: Group
    rows: list[ConversationRow] = field(default_factory=list[ConversationRow])
    complete: bool = True  # nothing more to read in this group alone

    @property
    def project(self) -> str:
        """The project that the group stands for, if it stands for one."""
        return self.key[1]

    def place(self, key: str) -> int:
        """Return where conversation *key*, which has been read, is."""
        return next(n for n, row in enumerate(self.rows) if row.key == key)


class Branches:
    """The groups of *model* in their order, and where each conversation is.

    An index carries 0 for a group, and for a conversation the serial of its group.
    """

    def __init__(self, model: QAbstractItemModel, live: Callable[[ConversationRow], bool]) -> None:
        self._model = model
        self._live = live
        self._serial = 0
        self.start_over(Sort.RECENT, date.min, by_project=False)

    def start_over(self, sort: Sort, today: date, *, by_project: bool) -> None:
        """Forget everything; only inside a reset of the model."""
        self.all: list[Branch] = []
        self.home: dict[str, Branch] = {}  # key of a conversation: where it is
        self.complete = True  # no further groups to read
        self._places: dict[int, int] = {}  # serial of a branch: its row
        self._sort = sort
        self._today = today
        self._by_project = by_project

    def fill(self, rows: Sequence[ConversationRow]) -> None:
        """Group *rows*, which come in order; only inside a reset of the model."""
        for row in sorted(rows, key=self._is_apart, reverse=True):
            key, shown = self._group(row)
            if not self.all or self.all[-1].key != key:
                self.all.append(self._branch(key, shown))
            self.all[-1].rows.append(row)
            self.home[row.key] = self.all[-1]
        self._number()

    def fill_projects(self, projects: Sequence[ProjectRow]) -> None:
        """Make a group of each project, nothing in it; only inside a reset of the model."""
        self.all = [self._project_branch(project) for project in projects]
        self._number()

    def place_of(self, serial: int) -> int | None:
        """Return the row of the group with *serial*; None if it is gone."""
        return self._places.get(serial)

    def row(self, serial: int, number: int) -> ConversationRow:
        """Return the conversation *number* of the group with *serial*."""
        return self.all[self._places[serial]].rows[number]

    def index_of(self, branch: Branch) -> QModelIndex:
        """Return the index of *branch*."""
        return self._model.createIndex(self._places[branch.serial], 0, 0)

    def index_of_key(self, key: str) -> QModelIndex:
        """Return where conversation *key* is; invalid while it has not been read."""
        branch = self.home.get(key)
        if branch is None:
            return NO_INDEX
        return self._model.createIndex(branch.place(key), 0, branch.serial)

    @property
    def rows(self) -> Iterator[ConversationRow]:
        """All conversations that have been read."""
        return (row for branch in self.all for row in branch.rows)

    def row_of(self, key: str) -> ConversationRow | None:
        """Return conversation *key*; None while it has not been read."""
        branch = self.home.get(key)
        return None if branch is None else branch.rows[branch.place(key)]

    def tell(self, branch: Branch, role: int) -> None:
        """Say that *role* of all rows of *branch* may be another now."""
        if branch.rows:
            first = self._model.createIndex(0, 0, branch.serial)
            last = self._model.createIndex(len(branch.rows) - 1, 0, branch.serial)
            self._model.dataChanged.emit(first, last, [role])

    def tell_key(self, key: str, role: int) -> None:
        """Say that *role* of conversation *key* may be another now, if it has been read."""
        index = self.index_of_key(key)
        if index.isValid():
            self._model.dataChanged.emit(index, index, [role])

    @property
    def last(self) -> ConversationRow | None:
        """The last conversation of all."""
        return self.all[-1].rows[-1] if self.all else None

    def append(self, rows: Sequence[ConversationRow]) -> None:
        """Put *rows* to their places, except those that moved down while we were paging."""
        for row in rows:
            if row.key not in self.home:
                self._insert(row)

    def extend(self, branch: Branch, rows: Sequence[ConversationRow]) -> None:
        """Put *rows* at the end of *branch*, except those that are there already."""
        new = [row for row in rows if row.key not in self.home]
        if new:
            have = len(branch.rows)
            self._model.beginInsertRows(self.index_of(branch), have, have + len(new) - 1)
            branch.rows += new
            self.home |= dict.fromkeys((row.key for row in new), branch)
            self._model.endInsertRows()

    def merge(self, found: Sequence[ConversationRow], loaded: set[str]) -> None:
        """Make what is there of *loaded* what was *found*."""
        for key in loaded - {row.key for row in found}:
            self.remove(key)
        for row in found:
            if row.key in self.home:
                self.put(row)
            else:
                self._insert(row)

    def merge_projects(self, found: Sequence[ProjectRow]) -> None:
        """Make the groups those of *found*, in this order."""
        wanted = {project.path for project in found}
        for branch in [b for b in self.all if b.project not in wanted]:
            self._drop(branch)
        for row, project in enumerate(found):
            paths = [branch.project for branch in self.all]
            at = paths.index(project.path) if project.path in paths else -1
            if at < 0:
                self._insert_branch(row, self._project_branch(project))
            elif at != row:
                self._model.beginMoveRows(NO_INDEX, at, at, NO_INDEX, row)
                self.all.insert(row, self.all.pop(at))
                self._number()
                self._model.endMoveRows()
            branch = self.all[row]
            if branch.shown.total != project.conversations:
                branch.shown = groups.by_project(project)[1]
                index = self.index_of(branch)
                self._model.dataChanged.emit(index, index)

    def put(self, row: ConversationRow) -> None:
        """Merge *row*: change it, move it, or insert it if it belongs into what is loaded."""
        branch = self.home.get(row.key)
        if branch is None:
            if self._reaches(row):
                self._insert(row)
            return
        at = branch.place(row.key)
        if branch.rows[at] == row and (self._by_project or self._group(row)[0] == branch.key):
            return
        if self._by_project and row.project != branch.project:
            self.remove(row.key)
            if self._reaches(row):
                self._insert(row)
            return
        target = self._home_for(row)
        others = [other for other in target.rows if other.key != row.key]
        to = bisect.bisect_left(others, self._order(row), key=self._order)
        if target is not branch or to != at:
            self._move(branch, at, target, to)
        target.rows[to] = row
        index = self._model.createIndex(to, 0, target.serial)
        self._model.dataChanged.emit(index, index)
        self._drop_if_empty(branch)

    def remove(self, key: str) -> None:
        """Take conversation *key* out, if it is there."""
        branch = self.home.get(key)
        if branch is None:
            return
        at = branch.place(key)
        self._model.beginRemoveRows(self.index_of(branch), at, at)
        del branch.rows[at]
        del self.home[key]
        self._model.endRemoveRows()
        self._drop_if_empty(branch)

    def _group(self, row: ConversationRow) -> tuple[GroupKey, Group]:
        return groups.by_order(row, self._sort, self._today, live=self._is_apart(row))

    def _is_apart(self, row: ConversationRow) -> bool:
        """Return whether *row* stands in the group of what is live."""
        return self._sort is Sort.RECENT and not self._by_project and self._live(row)

    def _branch(self, key: GroupKey, shown: Group, *, complete: bool = True) -> Branch:
        self._serial += 1
        return Branch(self._serial, key, shown, complete=complete)

    def _project_branch(self, project: ProjectRow) -> Branch:
        return self._branch(*groups.by_project(project), complete=False)

    def _number(self) -> None:
        self._places = {branch.serial: row for row, branch in enumerate(self.all)}

    def _order(self, row: ConversationRow) -> tuple[int, int]:
        value, id_ = key_of(row, self._sort)
        return -value, -id_

    def _insert(self, row: ConversationRow) -> None:
        branch = self._home_for(row)
        at = bisect.bisect_left(branch.rows, self._order(row), key=self._order)
        self._model.beginInsertRows(self.index_of(branch), at, at)
        branch.rows.insert(at, row)
        self.home[row.key] = branch
        self._model.endInsertRows()

    def _insert_branch(self, at: int, branch: Branch) -> None:
        self._model.beginInsertRows(NO_INDEX, at, at)
        self.all.insert(at, branch)
        self._number()
        self._model.endInsertRows()

    def _home_for(self, row: ConversationRow) -> Branch:
        """Return the group of *row*, made if need be."""
        if self._by_project:
            return next(b for b in self.all if b.project == row.project)
        key, shown = self._group(row)
        at = bisect.bisect_left(self.all, -key[0], key=lambda branch: -branch.key[0])
        if at == len(self.all) or self.all[at].key != key:
            self._insert_branch(at, self._branch(key, shown))
        return self.all[at]

    def _move(self, source: Branch, at: int, target: Branch, to: int) -> None:
        before = to + 1 if source is target and to > at else to  # Qt counts before the removal
        self._model.beginMoveRows(self.index_of(source), at, at, self.index_of(target), before)
        row = source.rows.pop(at)
        target.rows.insert(to, row)
        self.home[row.key] = target
        self._model.endMoveRows()

    def _drop_if_empty(self, branch: Branch) -> None:
        if not branch.rows and not self._by_project:
            self._drop(branch)

    def _drop(self, branch: Branch) -> None:
        at = self._places[branch.serial]
        self._model.beginRemoveRows(NO_INDEX, at, at)
        for row in branch.rows:
            del self.home[row.key]
        del self.all[at]
        self._number()
        self._model.endRemoveRows()

    def _reaches(self, row: ConversationRow) -> bool:
        """Return whether *row* lies within what has been read, so that it is not left out."""
        if self._by_project:
            branch = next((b for b in self.all if b.project == row.project), None)
            if branch is None or not (branch.rows or branch.complete):
                return False
            return branch.complete or self._order(row) < self._order(branch.rows[-1])
        if self.complete:
            return True
        return self.last is not None and self._order(row) < self._order(self.last)
