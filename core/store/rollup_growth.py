"""Adds what was written behind the end of a session to the sums that charts are drawn from.

`core.store.rollups.settle` sums a quarter of an hour anew, which costs what is in it. Nearly
always a transaction only adds messages behind the last one, with their replies and calls, and
gives calls their results; then the sums grow by what these add, whatever is there already.

That nothing else happened is not assumed. The triggers of step 0005 note every change of a row
that is summed, so there have to be exactly as many notes as the additions account for; if there
is one more or less, or anything is unusual, the caller sums anew. So it is with sessions that
come with their sums (`core.store.drafted_sums`): these are taken if all notes are accounted for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final, TypeAlias

from core.store import rollups
from core.store.drafted_sums import GAP, SLOT, TOOL_GAP, with_costs
from core.store.keys import listed
from core.store.sessions import OpenSession
from core.store.slices import Draft
from core.store.taken_sums import TOUCH, Drafted, take

_MOST: Final = 256  # notes of one transaction; where there are more, summing anew costs less

_Place: TypeAlias = tuple[int, int]  # session, slot

_MARKS = """
SELECT (SELECT max(id) FROM message), (SELECT max(id) FROM block), (SELECT max(id) FROM reply)
"""
_NOTES = """
SELECT session_id, slot, count(*) FROM (SELECT * FROM rollup_note LIMIT :most)
GROUP BY session_id, slot
"""
_SESSIONS = """
SELECT id, agent <> '', shared FROM session WHERE id IN (SELECT value FROM json_each(:ids))
"""
_MESSAGES = """
SELECT session_id, agent, at, coalesce(reply_id, -1), id, record IN ('user', 'assistant'),
       kind IN ('prompt', 'queued'), kind = 'result', counted
FROM message WHERE id > :message ORDER BY session_id, agent, at, coalesce(reply_id, -1), id
"""
_LAST = """
SELECT at, coalesce(reply_id, -1), id FROM message INDEXED BY message_by_moment
WHERE session_id = :session AND agent = :agent AND at IS NOT NULL AND counted = 1
    AND id <= :message
ORDER BY at DESC, reply_id DESC, id DESC LIMIT 1
"""
_REPLIES = """
SELECT session_id, at, model, input, output, cache_read, cache_creation, cost, counted
FROM reply WHERE id > :reply
"""
_CALLED = """
SELECT call.session_id, message.at, coalesce(reply.model, ''), tool, outcome, duration_ms,
       call.counted
FROM call JOIN message ON message.id = call.message_id LEFT JOIN reply ON reply.id = reply_id
WHERE call.id > :block
"""
# Calls that were there and have a result that was not. One that stays unanswered is not noted.
_ANSWERED = """
SELECT call.session_id, message.at, coalesce(reply.model, ''), tool, outcome, duration_ms,
       call.counted
FROM block CROSS JOIN call ON call.result_id = block.id AND call.id <= :block
    AND outcome <> 'none'
JOIN message ON message.id = call.message_id LEFT JOIN reply ON reply.id = reply_id
WHERE block.id > :block
"""
_ADD_MESSAGES = """
INSERT INTO rollup_message (slot, session_id, lane, messages, prompts, active_ms)
VALUES (:slot, :session, :lane, :said, :typed, :active)
ON CONFLICT DO UPDATE SET messages = messages + :said, prompts = prompts + :typed,
    active_ms = active_ms + :active
"""
_ADD_REPLY = """
INSERT INTO rollup_reply VALUES (:slot, :session, :lane, :model, 1, :input, :output, :read,
    :creation, coalesce(:cost, 0), :unpriced)
ON CONFLICT DO UPDATE SET replies = replies + 1, input = input + :input,
    output = output + :output, cache_read = cache_read + :read,
    cache_creation = cache_creation + :creation, cost = cost + coalesce(:cost, 0),
    unpriced = unpriced + :unpriced
"""
_ADD_CALL = """
INSERT INTO rollup_call VALUES (:slot, :session, :lane, :model, :tool, 1, :outcome = 'ok',
    :outcome = 'error', :outcome = 'denied', :outcome = 'interrupted', :outcome = 'none',
    coalesce(:duration, 0), coalesce(:duration, ''))
ON CONFLICT DO UPDATE SET calls = calls + 1 - :before, ok = ok + (:outcome = 'ok'),
    error = error + (:outcome = 'error'), denied = denied + (:outcome = 'denied'),
    interrupted = interrupted + (:outcome = 'interrupted'),
    unanswered = unanswered + (:outcome = 'none') - :before,
    duration_ms = duration_ms + coalesce(:duration, 0),
    durations = ltrim(durations || coalesce(' ' || :duration, ''))
"""


@dataclass(frozen=True, slots=True)
class Marks:
    """The last rows there are; what comes later has a higher id."""

    message: int
    block: int
    reply: int


@dataclass(slots=True)
class _Growth:
    """What is added, and how many notes it accounts for."""

    noted: Counter[_Place]
    messages: "dict[_Place, list[int]]"  # said, typed, active ms
    replies: list[dict[str, object]]
    calls: list[dict[str, object]]


class Sums:
    """Keeps the sums of one library equal to its rows; for the one who writes."""

    def __init__(self, db: Connection) -> None:
        """Write through *db*."""
        self._db = db
        self._marks: Marks | None = None  # when the sums were settled last
        self._version = -1  # of the library as others have written it, then
        self._drafts: dict[int, Drafted] = {}  # by session: what came with its rows
        self.grown = 0  # how often they only had to grow, for tests of work done
        self.taken = 0  # how many sessions came with their sums, likewise

    def begin(self) -> None:
        """Look whether the library is as `settle` left it. For the beginning of a transaction.

        Rows that somebody else has removed meanwhile, with sums that are right, leave their ids
        to new ones, which would be taken for old.
        """
        if self._marks is not None and self._marks != self._last():
            self.doubt()

    def expect(self, session: OpenSession, draft: Draft, spent: Sequence[tuple[int, int]]) -> None:
        """Take the sums of *session*, which is new and *draft* all of it; its replies add *spent*.

        If anything else happens to its rows before `settle`, they are summed anew there.
        """
        if draft.sums is not None:
            replies = with_costs(draft.sums, spent)
            self._drafts[session.id] = Drafted(draft.sums, replies, int(bool(session.agent)))

    def drop(self) -> None:
        """Forget the transaction: it is gone."""
        self._drafts.clear()
        self.doubt()

    def doubt(self) -> None:
        """Have the next `settle` sum anew: rows are not what they were, or are gone again."""
        self._marks = None

    def settle(self) -> None:
        """Bring the sums up to date, in the caller's transaction.

        Costs what the transaction added if that is all it did, else what `rollups.settle` does.
        """
        taken = take(self._db, self._drafts) if self._drafts else 0
        self._drafts.clear()
        notes = self._db.execute(_NOTES, {"most": _MOST + 1}).fetchall()
        if not notes and not taken:
            return
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:  # what others wrote is behind the marks, and is summed
            self._version, self._marks = version, None
        if notes and self._marks is not None and _grow(self._db, notes, self._marks):
            self.grown += 1
        elif notes:
            rollups.settle(self._db)
        self.taken += taken
        self._marks = self._last()

    def _last(self) -> Marks:
        return Marks(*(mark or 0 for mark in self._db.execute(_MARKS).fetchone()))


def _grow(db: Connection, notes: list[tuple[int, int, int]], since: Marks) -> bool:
    """Add what was written *since*; return False, with nothing done, if there is more to it."""
    noted = Counter({(session, slot): count for session, slot, count in notes})
    if sum(noted.values()) > _MOST or any(slot < 0 for _, slot in noted):
        return False
    asked = {"ids": listed({session for session, _ in noted})}
    # Whose rows other files hold too may have lost or won some of them.
    sessions = {id_: lane for id_, lane, shared in db.execute(_SESSIONS, asked) if not shared}
    growth = _growth(db, since, sessions)
    if growth is None or growth.noted != noted:
        return False
    for (session, slot), (said, typed, active) in growth.messages.items():
        place = {"slot": slot, "session": session, "lane": sessions[session]}
        db.execute(_ADD_MESSAGES, {**place, "said": said, "typed": typed, "active": active})
    db.executemany(_ADD_REPLY, growth.replies)
    db.executemany(_ADD_CALL, growth.calls)
    db.executemany(TOUCH, noted.keys())
    db.execute("DELETE FROM rollup_touched")
    db.execute("DELETE FROM rollup_note")
    return True


def _growth(db: Connection, since: Marks, sessions: dict[int, int]) -> _Growth | None:
    """Return what was added *since* to *sessions*; None if it is not all at their ends."""
    found = _Growth(Counter(), {}, [], [])
    whole = (
        _messages(db, since, sessions, found)
        and _replies(db, since, sessions, found)
        and _calls(db, since, sessions, found)
    )
    return found if whole else None


def _messages(db: Connection, since: Marks, sessions: dict[int, int], found: _Growth) -> bool:
    line: tuple[int, str] | None = None
    last: tuple[int, int, int] | None = None
    for session, agent, at, reply, id_, said, typed, result, counted in db.execute(
        _MESSAGES, {"message": since.message}
    ).fetchall():
        if (
            at is None
            or not counted
            or session not in sessions
            or (agent and not sessions[session])
        ):
            return False
        if line != (session, agent):
            line = session, agent
            asked = {"session": session, "agent": agent, "message": since.message}
            last = db.execute(_LAST, asked).fetchone()
            if last is not None and last > (at, reply, id_):
                return False
        gap = 0 if last is None else at - last[0]
        last = at, reply, id_
        sums = found.messages.setdefault((session, at // SLOT), [0, 0, 0])
        sums[0] += said
        sums[1] += typed and not sessions[session]
        sums[2] += gap if gap <= GAP or (result and gap <= TOOL_GAP) else 0
        found.noted[session, at // SLOT] += 1
    return True


def _replies(db: Connection, since: Marks, sessions: dict[int, int], found: _Growth) -> bool:
    for session, at, model, *tokens, cost, counted in db.execute(
        _REPLIES, {"reply": since.reply}
    ).fetchall():
        if at is None or not counted or session not in sessions:
            return False
        found.noted[session, at // SLOT] += 1
        found.replies.append(
            {
                "slot": at // SLOT, "session": session, "lane": sessions[session],
                "model": model, "cost": cost, "unpriced": cost is None and sum(tokens) > 0,
                **dict(zip(("input", "output", "read", "creation"), tokens, strict=True)),
            }
        )  # fmt: skip
    return True


def _calls(db: Connection, since: Marks, sessions: dict[int, int], found: _Growth) -> bool:
    for before, statement in enumerate((_CALLED, _ANSWERED)):
        for session, at, model, tool, outcome, duration, counted in db.execute(
            statement, {"block": since.block}
        ).fetchall():
            if at is None or not counted or session not in sessions:
                return False
            found.noted[session, at // SLOT] += before
            found.calls.append(
                {
                    "slot": at // SLOT, "session": session, "lane": sessions[session],
                    "model": model, "tool": tool, "outcome": outcome, "duration": duration,
                    "before": before,
                }
            )  # fmt: skip
    return True
