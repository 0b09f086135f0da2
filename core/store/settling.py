"""Decides which session counts what several files hold, and what is shown by itself.

The result depends only on what is in the library, never on the order in which it came.
"""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection

from core.store.families import RANKS, Rank, family, rank
from core.store.incumbents import MESSAGES, rivals
from core.store.keys import listed
from core.store.reunion import TWINS

# A session's first message that no other holds. One that was found before is still the first
# while that holds: what stands before it was read before, too.
_OWN = """
UPDATE session SET own_id = (
    SELECT min(id) FROM message AS mine WHERE session_id = session.id AND NOT EXISTS (
        SELECT 1 FROM message AS other
        WHERE other.uid = mine.uid AND other.session_id <> mine.session_id))
WHERE id IN (SELECT value FROM json_each(:sharing)) AND (
    id IN (SELECT value FROM json_each(:changed))
    OR EXISTS (
        SELECT 1 FROM message AS own
        JOIN message AS other ON other.uid = own.uid AND other.session_id <> own.session_id
        WHERE own.id = session.own_id))
"""
_SHARING = "SELECT id FROM session WHERE shared = 1 AND id IN (SELECT value FROM json_each(:ids))"
_HELD = "SELECT id, uid, counted FROM message WHERE session_id = :id"
_COUNT = "UPDATE message SET counted = ? WHERE id = ?"
# Returns the sessions of the results, which are shown by themselves if their call is not counted.
_CALLS = """
UPDATE call SET counted = message.counted FROM message
WHERE call.session_id = :id AND message.id = call.message_id AND call.counted <> message.counted
RETURNING (SELECT session_id FROM block WHERE block.id = call.result_id)
"""
_SHOWN = """
WITH due (id, shown) AS (
    SELECT block.id, message.counted AND (size > 0 OR block.kind IN ('call', 'result', 'image'))
        AND NOT EXISTS (SELECT 1 FROM call WHERE call.result_id = block.id AND call.counted = 1)
    FROM message JOIN block ON block.message_id = message.id WHERE message.session_id = :id)
UPDATE block SET shown = due.shown FROM due WHERE block.id = due.id AND block.shown <> due.shown
"""
RECOUNT = """
UPDATE session SET
    started_at = (SELECT min(at) FROM message WHERE session_id = session.id AND counted = 1),
    ended_at   = (SELECT max(at) FROM message WHERE session_id = session.id AND counted = 1),
    messages   = (SELECT count(*) FROM message WHERE session_id = session.id
                  AND counted = 1 AND record IN ('user', 'assistant')),
    prompts    = (SELECT count(*) FROM message WHERE session_id = session.id
                  AND counted = 1 AND agent = '' AND kind IN ('prompt', 'queued')),
    tool_calls = (SELECT count(*) FROM call WHERE session_id = session.id AND counted = 1),
    errors     = (SELECT count(*) FROM call WHERE session_id = session.id AND counted = 1
                  AND outcome = 'error')
WHERE id = :id
"""
_SHARED_REPLIES = """
SELECT id FROM reply WHERE session_id IN (SELECT value FROM json_each(:sessions))
    AND EXISTS (SELECT 1 FROM reply AS other
                WHERE other.key = reply.key AND other.session_id <> reply.session_id)
"""
_GHOSTS = "SELECT id FROM session WHERE key = :key AND ghost = 1"
_REAL = "SELECT 1 FROM session WHERE key = :key AND ghost = 0 AND messages > 0 LIMIT 1"
# Of several files that tell of one session the first counts a prompt that all of them hold.
_SHADE = """
WITH told (id, here) AS (
    SELECT message.id, :counted AND NOT EXISTS (
        SELECT 1 FROM message AS other JOIN session AS its ON its.id = other.session_id
        JOIN source ON source.id = its.source_id
        WHERE other.uid = message.uid AND its.ghost = 1 AND source.label < (
            SELECT label FROM session JOIN source ON source.id = session.source_id
            WHERE session.id = :id))
    FROM message WHERE session_id = :id)
UPDATE message SET counted = told.here FROM told
WHERE message.id = told.id AND counted <> told.here
"""


def settle(db: Connection, session: int, changed: set[int] | None) -> tuple[set[int], set[int]]:
    """Decide which of *session*'s family counts every message that more than one file holds.

    *changed* are the sessions whose records or copies are new, which only came to have more;
    None: some may be gone, or said otherwise.
    Returns the family, and the ids of the replies that are to be settled now, too.

    The original counts it: not a copy by the log's own word, then the one that first went
    on by itself. Costs as much as those sessions hold that are new or have another place in
    the family's order now, and a row for each other one; runs only when new shared records
    were found or that order may have changed.
    """
    members = family(db, session)
    asked = {"ids": listed(sorted(members))}
    sharing = {id_ for (id_,) in db.execute(_SHARING, asked).fetchall()}
    due = sharing if changed is None else sharing & changed
    before = _ranks(db, sharing)
    db.execute(_OWN, {"sharing": listed(sharing), "changed": listed(due)})
    ranks = _ranks(db, sharing)
    looked = due | {id_ for id_ in sharing if ranks[id_] != before[id_]}
    turned, compared = _count(db, ranks, looked)
    counting = turned | due
    met = [row for id_ in counting for row in db.execute(_CALLS, {"id": id_}).fetchall()]
    # A call of any of them may have a copy with a result now.
    met += db.execute(TWINS, {"sessions": listed(counting | looked | compared)}).fetchall()
    for id_ in counting.union(*met) & sharing:
        db.execute(_SHOWN, {"id": id_})
        db.execute(RECOUNT, {"id": id_})
    ids = db.execute(_SHARED_REPLIES, {"sessions": listed(due)}).fetchall()
    return members, {id_ for (id_,) in ids}


def _ranks(db: Connection, sessions: Iterable[int]) -> dict[int, Rank]:
    rows = db.execute(RANKS, {"ids": listed(sessions)}).fetchall()
    return {row[0]: rank(row) for row in rows}


def _count(
    db: Connection, ranks: Mapping[int, Rank], looked: set[int]
) -> tuple[set[int], set[int]]:
    """Let the first by *ranks* of all sessions that hold a message of those *looked* at count it.

    Returns the sessions of which another message counts now, and those compared with.
    """
    first: dict[int, int] = {}  # uid: session
    held: list[tuple[int, int, int, int]] = []  # session, message, uid, whether it counts
    for session in sorted(looked, key=ranks.__getitem__):
        for id_, uid, counted in db.execute(_HELD, {"id": session}).fetchall():
            held.append((session, id_, uid, counted))
            first.setdefault(uid, session)
    compared: set[int] = set()
    for rival in rivals(db, MESSAGES, tuple(first), looked):
        if rival.session in ranks:
            compared.add(rival.session)
            held.append((rival.session, rival.id, rival.key, int(rival.counted)))
            first[rival.key] = min(first[rival.key], rival.session, key=ranks.__getitem__)
    due = [
        (session, int(session == first[uid]), id_)
        for session, id_, uid, counted in held
        if counted != (session == first[uid])
    ]
    db.executemany(_COUNT, (row[1:] for row in due))
    return {session for session, _, _ in due}, compared


def shade(db: Connection, session: int) -> bool:
    """Let what another file than the transcript tells of a session stand back behind it.

    A prompt in a history is counted and shown only while no transcript of its session is here.
    Returns whether anything changed. *session* may be either of the two.
    """
    row = db.execute("SELECT key FROM session WHERE id = ?", (session,)).fetchone()
    ghosts = db.execute(_GHOSTS, {"key": row[0]}).fetchall()
    if not ghosts:
        return False
    real = db.execute(_REAL, {"key": row[0]}).fetchone() is not None
    changed = False
    for (ghost,) in ghosts:
        asked = {"id": ghost, "counted": int(not real)}
        if db.execute(_SHADE, asked).rowcount:
            changed = True
            db.execute(_CALLS, asked).fetchall()
            db.execute(_SHOWN, asked)
            db.execute(RECOUNT, asked)
    return changed
