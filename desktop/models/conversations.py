"""The list of conversations as a tree: groups of days, sizes or projects, and what is in them."""

import time
from collections.abc import Callable, Iterable
from datetime import date
from sqlite3 import Connection
from typing import Final, TypeAlias

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from core.queries import conversations
from core.queries.conversations import Bucket, ConversationRow, ProjectRow, Sort, key_of
from desktop.look import words
from desktop.models.conversation_branches import NO_INDEX, Branch, Branches
from desktop.models.conversation_cells import Around, Role, of_group, of_row
from desktop.models.liveness import Liveness

Index: TypeAlias = QModelIndex | QPersistentModelIndex

PAGE: Final = 200  # rows read at a time


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
        self._noise = False
        self._formats: frozenset[str] = frozenset()
        self._liveness = Liveness(clock)
        self._branches = Branches(self, self._liveness.is_live)
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
    def noise(self) -> bool:
        """Whether what a program did for itself is listed too."""
        return self._noise

    @property
    def loaded(self) -> int:
        """How many conversations have been read."""
        return len(self._branches.home)

    def open_library(self, db: Connection) -> None:
        """Show what *db* holds from now on."""
        self._db = db
        self._start_over()

    def arrange(
        self, *, sort: Sort = Sort.RECENT, by_project: bool = False, project: str | None = None
    ) -> None:
        """Show the conversations of *project*, or all, in this order within each group."""
        self._sort = sort
        self._by_project = by_project and project is None
        self._project = project
        self._start_over()

    def show_noise(self, noise: bool) -> None:
        """List what a program did for itself, or leave it out."""
        if noise != self._noise:
            self._noise = noise
            self._start_over()

    def refresh(self) -> None:
        """Read again what is loaded and merge what has changed."""
        if self._db is None:
            return
        self.merging.emit()
        if self._by_project:
            self._branches.merge_projects(self._projects())
            for branch in [b for b in self._branches.all if b.rows]:
                self._reread(branch)
        else:
            limit = max(PAGE, self.loaded)
            found = self._page(self._project, None, limit)
            self._branches.complete = len(found) < limit
            self._branches.merge(found, set(self._branches.home))
        self._note_formats(conversations.formats(self._db))
        self.merged.emit()

    def note_growth(self, keys: Iterable[str]) -> None:
        """Merge the conversations *keys*, which have just grown, and show them as live."""
        if self._db is None:
            return
        self.merging.emit()
        for key in keys:
            self._liveness.note(key)
            row = conversations.one(self._db, key)
            if row is None or row.messages == 0 or (row.bucket == Bucket.NOISE and not self._noise):
                self._branches.remove(key)
            elif self._project is None or row.project == self._project:
                self._branches.put(row)
                self._branches.tell_key(key, Role.LIVE)
                if row.bucket == Bucket.WHOLE:
                    self._note_formats(self._formats | {row.format})
        if self._by_project:
            self._branches.merge_projects(self._projects())
        self.merged.emit()

    def let_time_pass(self) -> None:
        """Show what the live ones do now and who no longer is; name the days after midnight."""
        if self._date() != self._today:
            self._start_over()
            return
        if gone := self._liveness.look(self._branches.rows):
            self.merging.emit()
            for key in gone:
                if (row := self._branches.row_of(key)) is not None:
                    self._branches.put(row)
                    self._branches.tell_key(key, Role.LIVE)
            self.merged.emit()
        for key in self._liveness.clocks:
            self._branches.tell_key(key, Role.STATE)

    def show_waiting(self, keys: Iterable[str]) -> None:
        """Mark *keys*, and no others, as conversations that wait for the person."""
        for key in self._liveness.wait(keys):
            self._branches.tell_key(key, Role.WAITS)

    def until_change(self) -> int:
        """Return the ms until time alone changes a row: a second, or the rest of the day."""
        return self._liveness.until_change(self._branches.rows, self._today)

    def row_at(self, index: Index) -> ConversationRow | None:
        """Return the conversation at *index*; None for a group."""
        found = self.data(index, Role.ROW)
        return found if isinstance(found, ConversationRow) else None

    def index_of(self, key: str) -> QModelIndex:
        """Return where conversation *key* is; invalid while it has not been read."""
        return self._branches.index_of_key(key)

    def is_live(self, row: ConversationRow) -> bool:
        """Return whether *row* grew within the last two minutes."""
        return self._liveness.is_live(row)

    @override
    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        if column != 0 or row < 0 or row >= self.rowCount(parent):
            return NO_INDEX
        serial = self._branches.all[parent.row()].serial if parent.isValid() else 0
        return self.createIndex(row, 0, serial)

    @override
    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]  # stubs: 2 overloads
        serial = child.internalId() if child.isValid() else 0
        place = self._branches.place_of(serial) if serial else None
        return NO_INDEX if place is None else self.createIndex(place, 0, 0)

    @override
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        if not parent.isValid():
            return len(self._branches.all)
        if parent.internalId() or parent.column() != 0:
            return 0
        return len(self._branches.all[parent.row()].rows)

    @override
    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 1

    @override
    def hasChildren(self, parent: Index = NO_INDEX) -> bool:
        if not parent.isValid():
            return bool(self._branches.all)
        if parent.internalId():
            return False
        branch = self._branches.all[parent.row()]
        return bool(branch.rows) or not branch.complete

    @override
    def canFetchMore(self, parent: Index) -> bool:
        if not parent.isValid():
            return not self._branches.complete
        return not parent.internalId() and not self._branches.all[parent.row()].complete

    @override
    def fetchMore(self, parent: Index) -> None:
        if not self.canFetchMore(parent):
            return
        if parent.isValid():
            self._fetch_project(self._branches.all[parent.row()])
            return
        branches = self._branches
        branches.complete = True  # views may ask again while rows are being inserted
        found = self._page(self._project, branches.last, PAGE)
        branches.append(found)
        branches.complete = len(found) < PAGE

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
            return of_group(self._branches.all[index.row()].shown, role)
        row = self._branches.row(serial, index.row())
        return of_row(row, role, self._around(row))

    def _around(self, row: ConversationRow) -> Around:
        by_day = self._sort is Sort.RECENT and not self._by_project
        state = self._liveness.state(self._db, row)
        live, waits = self.is_live(row), self._liveness.waits(row)
        return Around(self._today, live, by_day, len(self._formats) > 1, state, waits)

    def _date(self) -> date:
        return words.day_of(self._clock()) or date.min

    def _page(
        self, project: str | None, last: ConversationRow | None, limit: int
    ) -> list[ConversationRow]:
        """Read on behind *last*, in *project* or everywhere."""
        if self._db is None:
            return []
        after = None if last is None else key_of(last, self._sort)
        return conversations.page(
            self._db, sort=self._sort, project=project, after=after, limit=limit, noise=self._noise
        )

    def _projects(self) -> list[ProjectRow]:
        return [] if self._db is None else conversations.projects(self._db, noise=self._noise)

    def _note_formats(self, formats: frozenset[str]) -> None:
        """Name the format on each row from now on, or no longer, if that has changed."""
        before, self._formats = self._formats, formats
        if (len(before) > 1) != (len(formats) > 1):
            for branch in self._branches.all:
                self._branches.tell(branch, Role.KIND)

    def _start_over(self) -> None:
        self.beginResetModel()
        self._today = self._date()
        self._formats = frozenset() if self._db is None else conversations.formats(self._db)
        branches = self._branches
        branches.start_over(self._sort, self._today, by_project=self._by_project)
        if self._db is not None and self._by_project:
            branches.fill_projects(self._projects())
        elif self._db is not None:
            found = self._page(self._project, None, PAGE)
            branches.fill(found)
            branches.complete = len(found) < PAGE
        self.endResetModel()

    def _fetch_project(self, branch: Branch) -> None:
        branch.complete = True  # as above
        found = self._page(branch.project, branch.rows[-1] if branch.rows else None, PAGE)
        self._branches.extend(branch, found)
        branch.complete = len(found) < PAGE

    def _reread(self, branch: Branch) -> None:
        limit = max(PAGE, len(branch.rows))
        found = self._page(branch.project, None, limit)
        branch.complete = len(found) < limit
        self._branches.merge(found, {row.key for row in branch.rows})
