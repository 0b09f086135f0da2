"""The rows that match a search, as few of them as are needed to show the first.

Rows come from FTS5 by their number, which costs next to nothing for whole words: their lists are
read only where rows are taken. Of words that very many texts have, the newest sessions are looked
through, one after the other, and no more of them than give enough to show.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from sqlite3 import Connection
from typing import Final

from core.queries import at_once
from core.queries.words import Words
from core.records.fields import dump

MOST: Final = 2_000  # rows that match: so many are all looked at, and ranked
_AIM: Final = 1_000  # rows to look at, of more
_NEWEST: Final = 64  # sessions that are looked through for them
_AT_ONCE: Final = 16  # of them; those beside each other in the index cost a single look
_BESIDE: Final = 300  # rows of others between two of them that cost less than another look
_SPAN: Final = 4_000  # rows of sessions that are looked through as one, at most
_WIDER: Final = 8  # times as many rows, where too few of them are what is looked for
_ALL: Final = -1  # without a limit
_CALLS: Final = 3_000  # of a tool, the newest, that are looked through

NEWEST: Final = (
    "SELECT rowid FROM search WHERE search MATCH :match ORDER BY rowid DESC LIMIT :limit"
)
OLDEST: Final = "SELECT rowid FROM search WHERE search MATCH :match ORDER BY rowid LIMIT :limit"
_TOOL: Final = """
AND EXISTS (SELECT 1 FROM call WHERE (call.id = block.id OR call.result_id = block.id)
    AND (:tool = '' OR call.tool = :tool COLLATE NOCASE)
    AND (:failed = 0 OR call.outcome = 'error'))
"""
_SCOPE: Final = """
JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
    AND (:project IS NULL OR conversation.project = :project)
    AND (:within = '' OR instr(lower(conversation.project), :within))
"""


def _kept(*, scoped: bool, tool: bool) -> str:
    """Return one of four statements, made of the constants above only."""
    return f"""
SELECT block.id, message.at
FROM json_each(:blocks) AS wanted
CROSS JOIN block ON block.id = wanted.value
JOIN message ON message.id = block.message_id
{_SCOPE if scoped else ""}
WHERE message.counted = 1
{_TOOL if tool else ""}
"""  # noqa: S608  constants


SHAPES: Final = [(scoped, tool) for scoped in (False, True) for tool in (False, True)]
KEPT: Final = {shape: _kept(scoped=shape[0], tool=shape[1]) for shape in SHAPES}
SESSIONS: Final = """
SELECT (SELECT min(block.id) FROM block WHERE block.message_id =
            (SELECT min(id) FROM message WHERE message.session_id = session.id)) AS first,
       (SELECT max(block.id) FROM block WHERE block.message_id =
            (SELECT max(id) FROM message WHERE message.session_id = session.id)) AS last
FROM conversation INDEXED BY conversation_by_time
CROSS JOIN session INDEXED BY session_by_conversation ON session.conversation_id = conversation.id
WHERE (:project IS NULL OR conversation.project = :project)
    AND (:within = '' OR instr(lower(conversation.project), :within))
ORDER BY conversation.sort_at DESC LIMIT :limit
"""
IN_SESSION: Final = """
SELECT rowid FROM search WHERE search MATCH :match AND rowid BETWEEN :first AND :last
ORDER BY rowid DESC LIMIT :limit
"""
CALLS: Final = """
SELECT call.id, call.result_id
FROM call INDEXED BY call_by_time
WHERE call.counted = 1 AND (:tool = '' OR call.tool = :tool COLLATE NOCASE)
    AND (:failed = 0 OR call.outcome = 'error')
ORDER BY call.at DESC LIMIT :limit
"""
# One pass over what matches; with IN alone FTS5 would be asked anew for each of them.
IN_CALLS: Final = """
SELECT rowid FROM search
WHERE search MATCH :match AND +rowid IN (SELECT value FROM json_each(:blocks))
ORDER BY rowid DESC LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Meant:
    """What is looked for, for FTS5."""

    match: str
    cut: bool = False  # words that begin as it was typed may be left out
    joined: bool = False  # FTS5 joins lists: asking it again costs that again


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a search besides its words."""

    project: str | None  # this one only
    words: Words

    @property
    def scoped(self) -> bool:
        """Whether only some projects are meant."""
        return self.project is not None or bool(self.words.project)

    @property
    def calls(self) -> bool:
        """Whether only some tool calls and their results are meant."""
        return bool(self.words.tool) or self.words.failed

    def asked(self) -> dict[str, object]:
        """Return what the statements here are asked with."""
        return {
            "project": self.project,
            "within": self.words.project,
            "tool": self.words.tool,
            "failed": self.words.failed,
        }


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows that match, and when they were said."""

    rows: tuple[tuple[int, int | None], ...]
    whole: bool  # these are all
    few: bool = False  # no more than `MOST` match the words alone
    counted: int = 0  # at least so many are meant


def candidates(db: Connection, meant: Meant, narrowed: Filter, enough: int) -> Candidates:
    """Return rows that match what is *meant*: all if these are few, else *enough* of the newest.

    Rows of copies in forked or resumed sessions are left out.
    """
    look = _Look(db, meant, narrowed)
    rows = look.ids(NEWEST, MOST + 1)
    kept = look.kept(rows)
    if len(rows) <= MOST:
        return Candidates(tuple(kept.items()), whole=True, few=True, counted=len(kept))
    found = _newer(look, narrowed, enough)
    return replace(found, counted=len(kept.keys() | {block for block, _ in found.rows}))


def _newer(look: "_Look", narrowed: Filter, enough: int) -> Candidates:
    """Return *enough* rows that *look* finds, of the newest sessions first."""
    found = look.through_sessions(_NEWEST, enough)
    if len(found.rows) >= enough or found.whole:
        return found
    if narrowed.scoped:
        return look.through_sessions(_ALL, enough)
    if narrowed.calls:
        return look.through_calls(enough)
    return look.wider(enough)


class _Look:
    """One look into the index of *db* for what is *meant*."""

    def __init__(self, db: Connection, meant: Meant, narrowed: Filter) -> None:
        self._db = db
        # Lists that are joined anew for each session would cost more than all of their rows.
        self._joined = meant.joined
        self._everything: list[int] | None = None
        self._asked = narrowed.asked() | {"match": meant.match}
        self._shape = (narrowed.scoped, narrowed.calls)

    def ids(self, sql: str, limit: int, **asked: object) -> list[int]:
        given = self._asked | asked | {"limit": limit}
        (found,) = at_once.columns(self._db, sql, ("rowid",), given)
        return found

    def kept(self, rows: Iterable[int]) -> dict[int, int | None]:
        """Return those of *rows* that are meant, with when they were said."""
        asked = self._asked | {"blocks": dump(list(rows))}
        blocks, times = at_once.columns(self._db, KEPT[self._shape], ("id", "at"), asked)
        return dict(zip(blocks, times, strict=True))

    def through_sessions(self, most: int, enough: int) -> Candidates:
        """Look through *most* of the sessions that are meant, the newest first."""
        found: dict[int, int | None] = {}
        asked = self._asked | {"limit": most}
        sessions = at_once.rows(self._db, SESSIONS, ("first", "last"), asked)
        for at in range(0, len(sessions), _AT_ONCE):
            for first, last in spans(sessions[at : at + _AT_ONCE]):
                before = len(found)
                for some in self._between(first, last):
                    found |= self.kept(some)
                    if last - first >= _SPAN and len(found) - before >= max(enough, _AIM):
                        break  # of one long session the newest will do
            if len(found) >= enough:
                return Candidates(tuple(found.items()), whole=False)
        return Candidates(tuple(found.items()), whole=most == _ALL or len(sessions) < most)

    def _between(self, first: int, last: int) -> Iterator[list[int]]:
        """Yield the rows that match from *first* to *last*, the newest first."""
        if self._joined:
            if self._everything is None:
                self._everything = self.ids(OLDEST, _ALL)
            begin, end = bisect_left(self._everything, first), bisect_right(self._everything, last)
            for at in range(end, begin, -_AIM):
                yield self._everything[max(begin, at - _AIM) : at]
            return
        while rows := self.ids(IN_SESSION, _AIM, first=first, last=last):
            yield rows
            if len(rows) < _AIM:
                return
            last = rows[-1] - 1

    def wider(self, enough: int) -> Candidates:
        """Look at more and more rows of each end: few in new sessions, or nearly all are copies."""
        limit = _AIM
        while True:
            limit *= _WIDER
            rows = self.ids(NEWEST, limit)
            kept = self.kept([*rows, *self.ids(OLDEST, limit)])
            if len(kept) >= enough or len(rows) < limit:
                return Candidates(tuple(kept.items()), whole=len(rows) < limit)

    def through_calls(self, enough: int) -> Candidates:
        """Look through the newest calls that are meant, and their results."""
        asked = self._asked | {"limit": _CALLS}
        calls = at_once.rows(self._db, CALLS, ("id", "result_id"), asked)
        blocks = [block for block in chain.from_iterable(calls) if block is not None]
        kept = self.kept(self.ids(IN_CALLS, _ALL, blocks=dump(blocks)))
        if len(kept) < enough and len(calls) == _CALLS:
            return self.wider(enough)
        return Candidates(tuple(kept.items()), whole=len(calls) < _CALLS)


def spans(sessions: Iterable[Sequence[int | None]]) -> list[tuple[int, int]]:
    """Return the rows from the first to the last of *sessions*, those beside each other as one.

    Long ones stay alone: of each the newest rows are looked at first. None is left out; sessions
    without a text have none.
    """
    found: list[tuple[int, int]] = []
    for first, last in sorted((a, b) for a, b in sessions if a is not None and b is not None):
        if found and first <= found[-1][1] + _BESIDE and last - found[-1][0] < _SPAN:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def newest(rows: Sequence[tuple[int, int | None]]) -> list[int]:
    """Return the blocks of *rows*, the newest first; those without a time come last."""
    ordered = sorted(rows, key=lambda row: (row[1] is None, -(row[1] or 0), -row[0]))
    return [block for block, _ in ordered]
