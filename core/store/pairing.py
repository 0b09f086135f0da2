"""Joins tool calls to their results by id, inside a slice or with calls stored earlier."""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from core.model import Call, Outcome, Result
from core.records.fields import load, mapping, text
from core.store.keys import Keys, listed
from core.store.rows import AS_IT_IS, BLOCK, MESSAGE, SESSION, Base, Rows, insert

DELEGATES = ("Task", "Agent")  # tools that start a sub-agent


@dataclass(slots=True)
class CallRow:
    """A row of table call while its slice is being put together."""

    id: int
    message: int
    hash: int
    call: Call
    at: int | None
    outcome: Outcome = Outcome.NONE
    result: int | None = None
    duration_ms: int | None = None
    agent: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended whose row is about to be made anew."""

    result: int
    outcome: str
    duration_ms: int | None
    agent: str
    detail: str


_OPEN = """
SELECT hash, call.id, at, counted, block.session_id FROM call
LEFT JOIN block ON block.id = call.result_id
WHERE call.session_id = :session
    -- A result that another file held is only in its stead until its own comes.
    AND (result_id IS NULL OR block.session_id <> :session)
    AND hash IN (SELECT value FROM json_each(:hashes)) ORDER BY call.id
"""
_ANSWER = """
UPDATE call SET outcome = :outcome, result_id = :result, duration_ms = :duration,
    agent = CASE WHEN :agent <> '' THEN :agent ELSE agent END, detail = :detail
WHERE id = :id
"""
_START = """
UPDATE call SET agent = :agent
WHERE session_id = :session AND hash = :hash AND agent = ''
"""
_UNCLAIMED = """
SELECT id, input FROM call
WHERE session_id = :session AND agent = '' AND tool IN ('Task', 'Agent')
ORDER BY id DESC LIMIT 50
"""
_SHOW = """
UPDATE block SET shown = (SELECT counted FROM message WHERE message.id = block.message_id)
WHERE id = :block
"""
_INSERT = """
INSERT INTO call (id, session_id, message_id, hash, key, tool, input, at, outcome,
    result_id, duration_ms, agent, detail, counted)
"""
_SHAPE = (BLOCK, SESSION, MESSAGE, *(AS_IT_IS,) * 6, BLOCK, *(AS_IT_IS,) * 3, "1")
_SEARCHES = '"searchCount"'  # in the facts of a result: searches that the provider charges for
_ORPHAN = """
INSERT OR REPLACE INTO orphan (block_id, session_id, hash, outcome, at, agent, detail)
"""
_ORPHAN_SHAPE = (BLOCK, SESSION, *(AS_IT_IS,) * 5)


class Pairing:
    """The calls of one slice. ``failed`` counts counted calls that turned out as errors."""

    def __init__(
        self, db: Connection, session: int, lane: str, answered: dict[int, Answer], keys: Keys
    ) -> None:
        """Pair for *session*, whose file is the *lane* of an agent or of none.

        Nothing is written here but to calls that are stored already.
        """
        self._db = db
        self._session = session
        self._lane = lane
        self._keys = keys
        self.orphans = Rows(6)  # results that no call was found for
        self._answered = answered
        self._stored: dict[int, list[tuple[int, int | None, int, int | None]]] = {}
        self._rows: list[CallRow] = []
        self._open: dict[str, list[CallRow]] = {}
        self.failed = 0
        self.searched: set[int] = set()  # calls whose results tell of web searches
        self.copied = False  # a call that is counted in another file has got its result in this one
        self.freed: set[int] = set()  # sessions with a result that is no longer a call's

    def look_up(self, results: Iterable[Result]) -> None:
        """Read which stored calls wait for *results*, in one statement."""
        hashes = listed(self._keys[result.key] for result in results)
        if hashes == "[]":
            return
        asked = {"session": self._session, "hashes": hashes}
        for hash_, *call in self._db.execute(_OPEN, asked):
            self._stored.setdefault(hash_, []).append((call[0], call[1], call[2], call[3]))

    def called(self, block: int, message: int, call: Call, at: int | None) -> None:
        """Take a new *call*, which is *block* of *message*."""
        row = CallRow(block, message, self._keys[call.key], call, at)
        self._rows.append(row)
        self._open.setdefault(row.call.key, []).append(row)

    def answered(self, result: Result, block: int, at: int | None) -> bool:
        """Take a result, *block*; return whether it is shown in its call.

        The earliest unanswered call with the result's id is the one that is meant: ids
        are reused in damaged logs.
        """
        stored = self._stored.get(self._keys[result.key])  # they come first in the file
        if not stored:
            waiting = self._open.get(result.key)
            if not waiting:
                self.orphans.add(
                    (
                        block, self._keys[result.key], str(result.outcome), at,
                        self._started(result), result.detail,
                    )
                )  # fmt: skip
                return False
            row = waiting.pop(0)
            row.outcome, row.result, row.detail = result.outcome, block, result.detail
            row.duration_ms = _between(row.at, at)
            row.agent = self._started(result) or row.agent
            self.failed += result.outcome is Outcome.ERROR
            if _SEARCHES in result.detail:
                self.searched.add(row.id)
            return True
        call, called_at, counted, freed = stored.pop(0)
        if freed is not None:
            self.freed.add(freed)
        self._db.execute(
            _ANSWER,
            {
                "id": call,
                "outcome": result.outcome,
                "result": block,
                "duration": _between(called_at, at),
                "agent": self._started(result),
                "detail": result.detail,
            },
        )
        self.failed += counted and result.outcome is Outcome.ERROR
        self.copied = self.copied or not counted
        if _SEARCHES in result.detail:
            self.searched.add(call)
        return bool(counted)

    def _started(self, result: Result) -> str:
        """Return the agent that *result* says did the work; none starts itself."""
        return "" if result.agent == self._lane else result.agent

    def started(self, key: str, agent: str) -> None:
        """Note that call *key* started *agent*, where no result has said so."""
        if agent == self._lane:
            return
        for row in self._rows:
            if row.call.key == key:
                row.agent = row.agent or agent
                return
        asked = {"session": self._session, "hash": self._keys[key], "agent": agent}
        self._db.execute(_START, asked)

    def claimed(self, prompt: str, agent: str) -> None:
        """Attach an inline sidechain to the newest unclaimed call that has its *prompt*."""
        for row in reversed(self._rows):
            if row.call.tool in DELEGATES and not row.agent and _asks(row.call.input, prompt):
                row.agent = agent
                return
        for call, given in self._db.execute(_UNCLAIMED, {"session": self._session}).fetchall():
            if _asks(given, prompt):
                self._db.execute("UPDATE call SET agent = ? WHERE id = ?", (agent, call))
                return

    @property
    def apart(self) -> bool:
        """Whether a call of the slice has no result, or a result no call."""
        return len(self.orphans) > 0 or any(row.result is None for row in self._rows)

    def rows(self) -> Rows:
        """Return the slice's calls as `put` takes them."""
        for row in self._rows:
            if row.result is None and (answer := self._answered.pop(row.hash, None)):
                row.result, row.outcome = answer.result, Outcome(answer.outcome)
                row.duration_ms, row.detail = answer.duration_ms, answer.detail
                row.agent = answer.agent
                self._db.execute("UPDATE block SET shown = 0 WHERE id = ?", (row.result,))
        return Rows.of(
            12,
            (
                (
                    row.id, row.message, row.hash, row.call.key, row.call.tool, row.call.input,
                    row.at, str(row.outcome), row.result, row.duration_ms, row.agent, row.detail,
                )
                for row in self._rows
            ),
        )  # fmt: skip


def put(db: Connection, calls: Rows, orphans: Rows, base: Base) -> None:
    """Insert *calls*, and *orphans*, results that no call was found for; ids count from *base*."""
    insert(db, _ORPHAN, orphans, columns=_ORPHAN_SHAPE, base=base)
    insert(db, _INSERT, calls, columns=_SHAPE, base=base)


def show(db: Connection, block: int) -> bool:
    """Show result *block*, whose call is gone, as a row of its own; False: it is gone too."""
    return db.execute(_SHOW, {"block": block}).rowcount > 0


def _between(begin: int | None, end: int | None) -> int | None:
    if begin is None or end is None or end < begin:
        return None
    return end - begin


def _asks(given: str, prompt: str) -> bool:
    return text(mapping(load(given)), "prompt") == prompt
