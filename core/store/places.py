"""Notes where in the file system, and on which git branch, a session goes on: only changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from core.model import Facts
from core.store.placing import Placed

FILLED = "places_filled"  # setting: the last session that was looked through for its places
_LAST = """
SELECT cwd, git_branch FROM place WHERE session_id = :session ORDER BY message_id DESC LIMIT 1
"""
_NOTE = "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)"
_FILLED = "SELECT value FROM setting WHERE key = :key"
_FILL = "INSERT OR REPLACE INTO setting VALUES (?, ?)"

Row = tuple[int, int, str, str]  # session, message, folder, branch


@dataclass(slots=True)
class Here:
    """Where a session is while its records are gone through in order."""

    session: int
    cwd: str = ""
    branch: str = ""
    noted: tuple[str, str] | None = None  # None: its first message is still to come

    def go(self, fact: Facts) -> None:
        """Go where *fact* says, if it says anything."""
        if fact.setting is not None:
            self.cwd = fact.setting.cwd or self.cwd
            self.branch = fact.setting.git_branch or self.branch

    def note(self, message: int) -> Row | None:
        """Return the row for *message*; None if it is where the one noted before was.

        The first message has one even where nothing is said of its place, so that a session
        that was looked through is told from one that was not.
        """
        if (self.cwd, self.branch) == self.noted:
            return None
        self.noted = self.cwd, self.branch
        return self.session, message, self.cwd, self.branch


def found(db: Connection, session: int, facts: Sequence[Facts], new: Sequence[Placed]) -> list[Row]:
    """Return the rows of those of *new*, messages of *session*, where its folder or branch changes.

    *new* are in the order of *facts*, which they come from.
    """
    if not new:
        return []
    last: tuple[str, str] | None = db.execute(_LAST, {"session": session}).fetchone()
    return went(Here(session, *(last or ("", "")), last), facts, new)


def went(here: Here, facts: Sequence[Facts], new: Sequence[Placed]) -> list[Row]:
    """Return the rows of *new*, which are in the order of *facts*, where they come from."""
    rows: list[Row] = []
    at = 0
    for fact in facts:
        here.go(fact)
        if at < len(new) and new[at].message is fact.message:
            row = here.note(new[at].id)
            rows += [row] if row is not None else []
            at += 1
    return rows


def keep(db: Connection, rows: Iterable[Row]) -> None:
    """Keep *rows*; where there are others of the same messages, these hold."""
    db.executemany(_NOTE, rows)


def filled(db: Connection) -> int:
    """Return the last session, by row id, whose places were looked for; 0: none was yet."""
    row = db.execute(_FILLED, {"key": FILLED}).fetchone()
    return int(row[0]) if row else 0


def fill(db: Connection, session: int) -> None:
    """Note that the places of all sessions up to *session* were looked for."""
    db.execute(_FILL, (FILLED, session))
