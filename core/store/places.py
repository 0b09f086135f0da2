"""Notes where in the file system, and on which git branch, a session goes on: only changes."""

from collections.abc import Sequence
from sqlite3 import Connection

from core.model import Facts
from core.store.placing import Placed

_LAST = """
SELECT cwd, git_branch FROM place WHERE session_id = :session ORDER BY message_id DESC LIMIT 1
"""
_NOTE = "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)"


def note(db: Connection, session: int, facts: Sequence[Facts], new: Sequence[Placed]) -> None:
    """Keep the folder and branch from each of *new*, messages of *session*, where they change.

    *new* are in the order of *facts*, which they come from.
    """
    if not new:
        return
    last: tuple[str, str] = db.execute(_LAST, {"session": session}).fetchone() or ("", "")
    cwd, branch = last
    rows: list[tuple[int, int, str, str]] = []
    at = 0
    for fact in facts:
        if fact.setting is not None:
            cwd = fact.setting.cwd or cwd
            branch = fact.setting.git_branch or branch
        if at < len(new) and new[at].message is fact.message:
            if (cwd, branch) != last:
                last = cwd, branch
                rows.append((session, new[at].id, cwd, branch))
            at += 1
    if rows:
        db.executemany(_NOTE, rows)
