"""Keeps the branches of a session up to date as prompts arrive."""

from collections.abc import Collection
from sqlite3 import Connection

from core.store.keys import key64
from core.threads.branches import Node, branches, lineage

_TWINS = """
SELECT count(DISTINCT coalesce(at, -id) || ' ' || digest) FROM message INDEXED BY prompt_by_place
WHERE session_id = :session AND hung_on = :place AND kind = 'prompt'
"""
_LINE = """
SELECT id, parent_id, hung_on, kind = 'prompt', at, digest FROM message
WHERE session_id = :session AND agent = '' ORDER BY id
"""
_TIP = """
SELECT branch FROM message WHERE session_id = :session AND agent = '' ORDER BY id DESC LIMIT 1
"""
# Only what changes: whatever hangs on a branch is made anew where it does.
_STAND = """
UPDATE branch SET active = number IN (SELECT value FROM json_each(:line))
WHERE session_id = :session AND active <> (number IN (SELECT value FROM json_each(:line)))
"""
# Where the log itself says that the session stands, as long as no prompt has come since.
_LEAF = "SELECT leaf FROM session WHERE id = :session AND leaf <> ''"
_BRANCH = """
SELECT branch FROM message WHERE uid = :uid AND session_id = :session
UNION ALL SELECT message.branch FROM hop JOIN message ON message.id = hop.message_id
WHERE hop.session_id = :session AND hop.uid = :uid LIMIT 1
"""


def mark_branches(
    db: Connection, session: int, forks: int, places: Collection[int | None], *, again: bool = False
) -> int:
    """Bring the branches of *session* up to date; return how many forks it has.

    *forks* is how many it had, *places* what its new prompts hang on; *again*: messages that
    were there are written anew. Without a new fork
    this costs one index look-up for each new prompt; with one it re-reads the session's
    skeleton (no text).
    """
    new = sum(
        db.execute(_TWINS, {"session": session, "place": place}).fetchone()[0] > 1
        for place in places
    )
    if new or (again and forks):
        return _redo(db, session)
    if forks:
        _activate(db, session)
    return forks


def _redo(db: Connection, session: int) -> int:
    nodes = [
        Node(row[0], row[1], row[2], typed=bool(row[3]), at=row[4], digest=row[5])
        for row in db.execute(_LINE, {"session": session})
    ]
    on, found = branches(nodes)
    db.execute("DELETE FROM branch WHERE session_id = ?", (session,))
    db.executemany(
        "INSERT INTO branch (session_id, number, above, forked_at, first_id, active) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        ((session, b.number, b.above, b.forked_at, b.first, b.active) for b in found),
    )
    db.execute("UPDATE message SET branch = 0 WHERE session_id = ? AND branch <> 0", (session,))
    db.executemany(
        "UPDATE message SET branch = ? WHERE id = ?", ((number, id_) for id_, number in on.items())
    )
    forks = len({branch.forked_at for branch in found})
    db.execute("UPDATE session SET forks = ? WHERE id = ?", (forks, session))
    _activate(db, session)
    return forks


def _activate(db: Connection, session: int) -> None:
    """Mark the branches on the line of the message that the session stands on."""
    tip = _leaf(db, session) or db.execute(_TIP, {"session": session}).fetchone()
    rows = db.execute("SELECT number, above FROM branch WHERE session_id = ?", (session,))
    line = lineage(tip[0], dict(rows.fetchall()))
    db.execute(_STAND, {"session": session, "line": str(sorted(line))})


def _leaf(db: Connection, session: int) -> tuple[int] | None:
    """Return the branch of the message that the log says the session stands on, if it is here."""
    said = db.execute(_LEAF, {"session": session}).fetchone()
    if said is None:
        return None
    found: tuple[int] | None = db.execute(
        _BRANCH, {"session": session, "uid": key64(said[0])}
    ).fetchone()
    return found
