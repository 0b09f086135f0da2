"""The threads of one conversation: what they are about, why they begin where they do.

Everything here reads a few indexed rows for each thread, apart from money: that is one pass
over the conversation's replies, because prices may change at any time.
"""

import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from core.measures.topics import keywords
from core.records.fields import items, load
from core.threads import woven
from core.threads.explaining import Switch
from core.threads.woven import Edit, EditKind, MadeBy, Measures


@dataclass(frozen=True, slots=True)
class StretchRow:
    """Messages of one session and one lane, next to each other, that are of one thread."""

    session: int  # row id
    first: int  # row ids of messages: those of the lane from here
    last: int  # to here
    number: int  # in its lane, from 1; a stretch that crosses sessions has a row for each


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One thread, as a tree or a card shows it."""

    key: str  # uuid of its first prompt
    number: int  # in its lane, from 1
    lane: str  # main, branch:<uuid of its first prompt>, agent:<id>
    topic: str  # at most 60 characters
    name: str  # what the person calls it, "" if nothing
    summary: str
    keywords: tuple[str, ...]  # what sets it apart from the conversation's other threads
    depth: int  # 0: main line and branches; 1: an agent; 2: an agent's agent
    started_at: int | None
    ended_at: int | None
    active_ms: int  # from each prompt to the last thing that followed it
    confidence: float  # 0 to 1, of its least certain end; 1 where it fills its lane
    messages: int
    prompts: int
    calls: int
    errors: int
    cost: int  # micro-dollars at API prices
    coherence: float | None  # mean likeness of turns next to each other; None: it has one turn
    first: int  # row id of its first message
    stretches: tuple[StretchRow, ...]  # more than one: it was taken up again

    @property
    def title(self) -> str:
        """What to call it: the person's name for it, else its topic."""
        return self.name or self.topic


@dataclass(frozen=True, slots=True)
class CutRow:
    """Why a thread begins, or is taken up again, at a message."""

    message: int  # row id of the prompt
    lane: str
    kind: Switch
    confidence: float  # 0 to 1: share of all ways to cut that cut here
    evidence: tuple[str, ...]  # what can be checked at a glance, the strongest first
    made_by: MadeBy
    returns: bool  # an earlier thread is taken up again


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person has set about threads."""

    sensitivity: float = 0.0  # added to the log-odds of every cut: more is more threads
    self_training: bool = False


_THREADS = """
SELECT thread.id, key, number, lane, depth, first_id, topic, summary, terms, started_at, ended_at,
       active_ms, confidence, coherence, messages, prompts, calls, errors
FROM thread WHERE conversation_id = :id
ORDER BY depth, lane <> 'main', first_id, number
"""
_STRETCHES = """
SELECT thread_id, session_id, first_id, last_id, number FROM stretch
WHERE conversation_id = :id ORDER BY number, first_id
"""
# A conversation's key when a name was given is the key of one of its sessions now.
_NAMES = """
SELECT thread, name FROM thread_name
WHERE conversation IN (SELECT key FROM session WHERE conversation_id = :id)
"""
_EDITS = """
SELECT prompt, kind, target FROM thread_edit
WHERE conversation IN (SELECT key FROM session WHERE conversation_id = :id) ORDER BY prompt
"""
_LANE = """CASE WHEN message.agent <> '' THEN 'agent:' || message.agent
            ELSE coalesce('branch:' || begun.uuid, 'main') END"""
_OF_BRANCH = """
LEFT JOIN branch ON branch.session_id = message.session_id AND branch.number = message.branch
    AND branch.active = 0 AND message.agent = ''
LEFT JOIN message AS begun ON begun.id = branch.first_id"""
# A reply counts in the thread of its first message; its counted record may be another file's.
COSTS = f"""
SELECT message.session_id, {_LANE}, min(message.id), coalesce(reply.cost, 0)
FROM session
CROSS JOIN message INDEXED BY message_by_session ON message.session_id = session.id
CROSS JOIN reply AS mine ON mine.id = message.reply_id
CROSS JOIN reply INDEXED BY reply_by_key ON reply.key = mine.key AND reply.counted = 1
CROSS JOIN session AS its ON its.id = reply.session_id AND its.conversation_id = :id
{_OF_BRANCH}
WHERE session.conversation_id = :id AND message.counted = 1 GROUP BY mine.key
"""  # noqa: S608  constants
MESSAGES = f"""
SELECT message.session_id, {_LANE}, message.id, message.uuid
FROM session CROSS JOIN message INDEXED BY message_by_session ON message.session_id = session.id
{_OF_BRANCH}
WHERE session.conversation_id = :id AND message.counted = 1 ORDER BY message.id
"""  # noqa: S608  constants
_CUTS = """
SELECT message_id, lane, kind, confidence, evidence, made_by, returns FROM cut
WHERE conversation_id = :id ORDER BY message_id
"""
_CUT = """
SELECT message_id, lane, kind, confidence, evidence, made_by, returns FROM cut
WHERE message_id = :message
"""
_MEASURES = """
SELECT threads, mean_messages, median_messages, mean_active_ms, median_active_ms, coherence,
       across, baseline, density FROM weave WHERE conversation_id = :id
"""
_DUE = """
SELECT EXISTS (SELECT 1 FROM thread_due WHERE conversation_id = :id)
    OR NOT EXISTS (SELECT 1 FROM weave WHERE conversation_id = :id)
"""
_SETTINGS = "SELECT key, value FROM thread_setting"


def is_due(db: Connection, conversation: int) -> bool:
    """Tell whether the threads of *conversation* are still to be made, or older than it is."""
    return bool(db.execute(_DUE, {"id": conversation}).fetchone()[0])


def threads(db: Connection, conversation: int, *, priced: bool = True) -> tuple[ThreadRow, ...]:
    """Return the threads of *conversation*: the main line's, then branches', then agents'.

    Unless *priced* they cost nothing, and the pass over the replies is spared.
    """
    asked = {"id": conversation}
    found: list[woven.Thread] = []
    ids: list[int] = []
    for id_, key, number, lane, depth, first, *rest in db.execute(_THREADS, asked):
        topic, summary, terms, *figures = rest
        ids.append(id_)
        found.append(
            woven.Thread(key, lane, number, depth, first, topic, summary, _terms(terms), *figures)
        )
    stretches: dict[int, list[StretchRow]] = {}
    for thread, *where in db.execute(_STRETCHES, asked):
        stretches.setdefault(thread, []).append(StretchRow(*where))
    parts = [stretches.get(id_, []) for id_ in ids]
    return present(db, conversation, found, parts, priced=priced)


def present(
    db: Connection,
    conversation: int,
    found: Sequence[woven.Thread],
    stretches: Sequence[Sequence[StretchRow]],
    *,
    priced: bool = True,
) -> tuple[ThreadRow, ...]:
    """Return *found* with what is only known together: names, money, what sets each apart."""
    apart = keywords([thread.terms for thread in found])
    called = names(db, conversation)
    where = Whereabouts(found, stretches)
    costs = [0] * len(found)
    for session, lane, message, cost in db.execute(COSTS, {"id": conversation}) if priced else ():
        at = where.thread(session, lane, message)
        if at is not None:
            costs[at] += cost
    return tuple(
        ThreadRow(
            key=one.key,
            number=one.number,
            lane=one.lane,
            topic=one.topic,
            name=called.get(one.key, ""),
            summary=one.summary,
            keywords=words,
            depth=one.depth,
            started_at=one.started_at,
            ended_at=one.ended_at,
            active_ms=one.active_ms,
            confidence=one.confidence,
            messages=one.messages,
            prompts=one.prompts,
            calls=one.calls,
            errors=one.errors,
            cost=cost,
            coherence=one.coherence,
            first=one.first,
            stretches=tuple(parts),
        )
        for one, parts, words, cost in zip(found, stretches, apart, costs, strict=True)
    )


class Whereabouts:
    """Tells in which of some threads a message is."""

    def __init__(
        self,
        found: Sequence[woven.Thread | ThreadRow],
        stretches: Sequence[Sequence[StretchRow]],
    ) -> None:
        """Take threads, each with its *stretches*."""
        self._parts: dict[tuple[int, str], list[tuple[int, int, int]]] = {}
        for at, (one, parts) in enumerate(zip(found, stretches, strict=True)):
            for part in parts:
                held = self._parts.setdefault((part.session, one.lane), [])
                held.append((part.first, part.last, at))
        for held in self._parts.values():
            held.sort()

    def thread(self, session: int, lane: str, message: int) -> int | None:
        """Return the place of the thread that *message* is in; None: it is in none of them."""
        held = self._parts.get((session, lane), [])
        at = bisect_right(held, (message, sys.maxsize, 0)) - 1
        return held[at][2] if at >= 0 and message <= held[at][1] else None


def cuts(db: Connection, conversation: int) -> tuple[CutRow, ...]:
    """Return every place of *conversation* where a thread begins after the first of its lane."""
    return tuple(_cut(row) for row in db.execute(_CUTS, {"id": conversation}))


def why(db: Connection, message: int) -> CutRow | None:
    """Return why a thread begins at *message*; None where none does, or it is its lane's first."""
    row = db.execute(_CUT, {"message": message}).fetchone()
    return _cut(row) if row else None


def metrics(db: Connection, conversation: int) -> Measures | None:
    """Return the measures of *conversation*; None while its threads are not made."""
    row = db.execute(_MEASURES, {"id": conversation}).fetchone()
    return Measures(*row) if row else None


def kinds(found: Iterable[CutRow]) -> Counter[Switch]:
    """Return how many of *found* are of each type of context switch."""
    return Counter(one.kind for one in found)


def settings(db: Connection) -> Settings:
    """Return what the person has set."""
    held: dict[str, float] = dict(db.execute(_SETTINGS).fetchall())
    return Settings(held.get("sensitivity", 0.0), bool(held.get("self_training", 0.0)))


def edits(db: Connection, conversation: int) -> tuple[Edit, ...]:
    """Return the splits and merges that the person made in *conversation*."""
    rows = db.execute(_EDITS, {"id": conversation})
    return tuple(Edit(prompt, EditKind(kind), target) for prompt, kind, target in rows)


def names(db: Connection, conversation: int) -> dict[str, str]:
    """Return what the person calls threads of *conversation*, by their keys."""
    return dict(db.execute(_NAMES, {"id": conversation}).fetchall())


def _terms(written: str) -> tuple[tuple[str, int], ...]:
    pairs = [items(one) for one in items(load(written))]
    return tuple((str(pair[0]), int(str(pair[1]))) for pair in pairs)


def _cut(row: Sequence[object]) -> CutRow:
    message, lane, kind, confidence, evidence, made_by, returns = row
    told = tuple(str(one) for one in items(load(str(evidence))))
    sure = float(str(confidence))
    by = MadeBy(str(made_by))
    return CutRow(int(str(message)), str(lane), Switch(str(kind)), sure, told, by, bool(returns))
