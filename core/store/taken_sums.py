"""Writes the sums that new sessions came with, where nothing but their rows was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from core.store.drafted_sums import DraftedSums, Sums
from core.store.keys import listed
from core.store.rows import Rows, insert

TOUCH = "INSERT INTO rollup_touched VALUES (?, ?)"  # others keep by this what they make of it
_COUNTED = "SELECT session_id, slot, count(*) FROM rollup_note GROUP BY session_id, slot"
_TAKE_BACK = "DELETE FROM rollup_note WHERE session_id IN (SELECT value FROM json_each(?))"
_PUT_MESSAGES = "INSERT INTO rollup_message (session_id, lane, slot, messages, prompts, active_ms)"
_PUT_CALLS = """
INSERT INTO rollup_call (session_id, lane, slot, model, tool, calls, ok, error, denied,
    interrupted, unanswered, duration_ms, durations)
"""
_PUT_REPLIES = """
INSERT INTO rollup_reply (session_id, lane, slot, model, replies, input, output, cache_read,
    cache_creation, cost, unpriced)
"""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The sums of a session, those of its replies with what they cost."""

    sums: DraftedSums
    replies: Sums
    lane: int


def take(db: Connection, drafts: Mapping[int, Drafted]) -> int:
    """Write *drafts*, by session, whose notes are those of their rows; return how many were.

    The notes of these are gone then. Runs in its caller's transaction.
    """
    noted: dict[int, dict[int, int]] = {}
    for session, slot, count in db.execute(_COUNTED):
        noted.setdefault(session, {})[slot] = count
    due = [(id_, one) for id_, one in drafts.items() if noted.get(id_) == one.sums.noted]
    touched = [(id_, slot) for id_, one in due for slot in one.sums.noted]
    db.executemany(TOUCH, touched)
    db.execute("DELETE FROM rollup_touched")
    for into, width, rows in (
        (_PUT_MESSAGES, 6, [(id_, d.lane, *row) for id_, d in due for row in d.sums.messages]),
        (_PUT_CALLS, 13, [(id_, d.lane, *row) for id_, d in due for row in d.sums.calls]),
        (_PUT_REPLIES, 11, [(id_, d.lane, *row) for id_, d in due for row in d.replies]),
    ):
        insert(db, into, Rows.of(width, rows))
    if len(due) == len(noted):
        db.execute("DELETE FROM rollup_note")
    else:
        db.execute(_TAKE_BACK, (listed(id_ for id_, _ in due),))
    return len(due)
