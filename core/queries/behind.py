"""The rows behind a mark of a chart: conversations or calls, the most relevant first."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from sqlite3 import Connection
from typing import Final

from core.analysis.tools_registry import key_argument
from core.model import Outcome
from core.queries.rollups import ACTIVE, MODELS, SLOT, WHERE, Clock, Lane, Scope, asked
from core.records.fields import load

MOST: Final = 200  # rows that are shown
_LETTERS: Final = 200  # of a text that stands for a row
_READ: Final = 20_000  # letters of an input in which its key argument is looked for


class Sum(StrEnum):
    """What conversations are put in order by."""

    ACTIVE = "active"  # ms
    CALLS = "calls"
    TOKENS = "tokens"
    COST = "cost"  # micro-dollars


@dataclass(frozen=True, slots=True)
class Case:
    """One row: a conversation, or a place in one."""

    conversation: str  # key
    title: str
    project: str
    message: int  # row id of what to open it at; 0: its beginning
    at: int | None  # ms
    what: str = ""  # the call or the prompt, as the log has it
    outcome: str = ""
    value: int | None = None  # in what was asked for; of calls their duration, ms


@dataclass(frozen=True, slots=True)
class Cases:
    """Up to `MOST` rows of *total*."""

    rows: tuple[Case, ...]
    total: int


_SUMS: Final = {
    Sum.CALLS: f"""
SELECT slot, session_id, sum(calls) FROM rollup_call
WHERE {WHERE} {MODELS} AND slot >= 0 GROUP BY slot, session_id
ORDER BY slot, session_id
""",  # noqa: S608  constants only
    Sum.TOKENS: f"""
SELECT slot, session_id, sum(input + output + cache_read + cache_creation) FROM rollup_reply
WHERE {WHERE} {MODELS} AND slot >= 0 GROUP BY slot, session_id
ORDER BY slot, session_id
""",  # noqa: S608  constants only
    Sum.COST: f"""
SELECT slot, session_id, sum(cost) FROM rollup_reply
WHERE {WHERE} {MODELS} AND slot >= 0 GROUP BY slot, session_id
ORDER BY slot, session_id
""",  # noqa: S608  constants only
}
OWNERS = "SELECT id, conversation_id FROM session"
HEADS = "SELECT key, title, project FROM conversation WHERE id = :id"
SINCE = """
SELECT id, at FROM message INDEXED BY message_by_moment
WHERE session_id = :session AND at >= :since AND counted = 1 ORDER BY at LIMIT 1
"""
_COLUMNS = """
conversation.key, conversation.title, project, message.id, coalesce(call.at, message.at),
       tool, substr(call.input, 1, :letters), outcome, duration_ms
"""
_OF_CALL = """
CROSS JOIN message ON message.id = call.message_id
CROSS JOIN session ON session.id = call.session_id
CROSS JOIN conversation ON conversation.id = session.conversation_id
"""
_ASKED = """
AND (:whole OR (call.at >= :start AND call.at < :end))
AND (:lane IS NULL OR (message.agent <> '' OR session.agent <> '') = :lane)
AND (:projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
AND (:models IS NULL OR EXISTS (
    SELECT 1 FROM reply WHERE reply.id = message.reply_id
    AND reply.model IN (SELECT value FROM json_each(:models))))
"""
NEWEST = f"""
SELECT {_COLUMNS} FROM call INDEXED BY call_by_tool {_OF_CALL}
WHERE call.counted = 1 AND tool = :tool AND outcome = :outcome {_ASKED}
ORDER BY call.at DESC LIMIT :most
"""  # noqa: S608  constants only
# In the index's own order: what is told of each is looked up for about as many as are shown.
SLOWEST = f"""
SELECT {_COLUMNS} FROM call INDEXED BY call_by_duration {_OF_CALL}
WHERE call.counted = 1 AND tool = :tool AND duration_ms IS NOT NULL {_ASKED}
    AND (:projects IS NULL OR call.session_id IN (
        SELECT session.id FROM session JOIN conversation ON conversation.id = conversation_id
        WHERE project IN (SELECT value FROM json_each(:projects))))
ORDER BY duration_ms DESC, call.at DESC LIMIT :most
"""  # noqa: S608  constants only
FAILED = f"""
SELECT {_COLUMNS} FROM call INDEXED BY call_by_time {_OF_CALL}
WHERE call.counted = 1 AND outcome = 'error' AND call.at >= :start AND call.at < :end {_ASKED}
ORDER BY call.at DESC LIMIT :most
"""  # noqa: S608  constants only
CALLS = f"""
SELECT {_COLUMNS} FROM call {_OF_CALL} WHERE call.id IN (SELECT value FROM json_each(:ids))
"""  # noqa: S608  constants only
MESSAGES = """
SELECT conversation.key, conversation.title, project, message.id, message.at, (
    SELECT substr(body.text, 1, :letters)
    FROM block INDEXED BY block_by_message JOIN body ON body.id = block.id
    WHERE block.message_id = message.id ORDER BY block.id LIMIT 1)
FROM message
CROSS JOIN session ON session.id = message.session_id
CROSS JOIN conversation ON conversation.id = session.conversation_id
WHERE message.id IN (SELECT value FROM json_each(:ids))
"""


def conversations(
    db: Connection,
    scope: Scope,
    zone: tzinfo | None,
    by: Sum,
    keep: Callable[[datetime], bool] | None = None,
) -> Cases:
    """Return the conversations of *scope* with most of *by*, in the hours that *keep* keeps.

    Each is opened at its first message there. Costs the sums of the days, and two look-ups for
    each row that is shown.
    """
    clock = Clock(zone)
    owners: dict[int, int] = dict(db.execute(OWNERS))
    sums: defaultdict[int, int] = defaultdict(int)
    first: dict[int, tuple[int, int]] = {}  # slot and session
    for slot, session, value, *_ in db.execute(_SUMS.get(by, ACTIVE), asked(scope)):
        owner = owners.get(session)
        if owner is None or not value or not clock.has(slot):
            continue
        if keep is not None and ((at := clock.at(slot)) is None or not keep(at)):
            continue
        sums[owner] += value
        if owner not in first:  # they come in order
            first[owner] = (slot, session)
    ranked = sorted(sums, key=lambda id_: (-sums[id_], id_))
    found: list[Case] = []
    for id_ in ranked[:MOST]:
        key, title, project = db.execute(HEADS, {"id": id_}).fetchone()
        slot, session = first[id_]
        start = db.execute(SINCE, {"session": session, "since": slot * SLOT}).fetchone()
        message, at_ms = start or (0, None)
        found.append(Case(key, title, project, message, at_ms, value=sums[id_]))
    return Cases(tuple(found), len(ranked))


def calls(db: Connection, scope: Scope, tool: str, total: int) -> Cases:
    """Return the calls of *tool*, which are *total*: those that failed first, then the newest."""
    found: list[Case] = []
    order = (Outcome.ERROR, Outcome.DENIED, Outcome.INTERRUPTED, Outcome.NONE, Outcome.OK)
    for outcome in order:
        given = {**_given(scope), "tool": tool, "outcome": outcome, "most": MOST - len(found)}
        found += _cases(db.execute(NEWEST, given))
        if len(found) >= MOST:
            break
    return Cases(tuple(found), max(total, len(found)))


def slowest(db: Connection, scope: Scope, tool: str, most: int = 50) -> Cases:
    """Return the *most* calls of *tool* that took longest, of equals the newest first.

    Costs a pass over the index of the tool's calls down to the last one shown, and a look-up for
    each of them that is in the days and projects asked about.
    """
    found = _cases(db.execute(SLOWEST, {**_given(scope), "tool": tool, "most": most}))
    return Cases(tuple(found), len(found))


def failed(db: Connection, scope: Scope, total: int) -> Cases:
    """Return the newest failed calls of *scope*, which are *total*."""
    found = _cases(db.execute(FAILED, {**_given(scope), "most": MOST}))
    return Cases(tuple(found), max(total, len(found)))


def named(db: Connection, calls_: Sequence[int], total: int) -> Cases:
    """Return the calls with the row ids *calls_*, examples of *total*."""
    rows = db.execute(CALLS, {"ids": json.dumps(list(calls_)), "letters": _READ})
    found = sorted(_cases(rows), key=lambda case: -(case.at or 0))
    return Cases(tuple(found), max(total, len(found)))


def said(db: Connection, messages: Sequence[int], total: int) -> Cases:
    """Return the messages with the row ids *messages*, examples of *total*."""
    rows = db.execute(MESSAGES, {"ids": json.dumps(list(messages)), "letters": _LETTERS})
    found = [
        Case(key, title, project, message, at, text or "")
        for key, title, project, message, at, text in rows
    ]
    found.sort(key=lambda case: -(case.at or 0))
    return Cases(tuple(found), max(total, len(found)))


def evidence(db: Connection, pieces: Sequence[tuple[int, int]], total: int) -> Cases:
    """Return what *pieces* point at, each a message and a call or 0, in their order."""
    by_call = {
        id_: case
        for id_ in {call for _, call in pieces if call}
        for case in named(db, [id_], 0).rows
    }
    plain = [message for message, call in pieces if call not in by_call]
    by_message = {case.message: case for case in said(db, plain, 0).rows}
    found = [by_call.get(call) or by_message.get(message) for message, call in pieces]
    rows = tuple(case for case in found if case is not None)[:MOST]
    return Cases(rows, max(total, len(rows)))


def _given(scope: Scope) -> dict[str, object]:
    within = scope.within
    lane = {Lane.ALL: None, Lane.YOU: 0, Lane.AGENTS: 1}[scope.lane]
    return {
        "whole": within.whole,
        "start": within.start,
        "end": within.end,
        "lane": lane,
        "projects": json.dumps(scope.projects) if scope.projects else None,
        "models": json.dumps(scope.models) if scope.models else None,
        "letters": _READ,
    }


def _cases(rows: Iterable[tuple[object, ...]]) -> list[Case]:
    found: list[Case] = []
    for key, title, project, message, at, tool, given, outcome, took in rows:
        target = key_argument(str(tool), load(str(given))) if len(str(given)) < _READ else ""
        what = f"{tool}: {target}" if target else str(tool)
        found.append(
            Case(
                str(key),
                str(title),
                str(project),
                message if isinstance(message, int) else 0,
                at if isinstance(at, int) else None,
                what[:_LETTERS],
                str(outcome),
                took if isinstance(took, int) else None,
            )
        )
    return found
