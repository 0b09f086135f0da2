"""Rows about threads: what is due, what was woven, and what a person made of it.

Nothing is written that stands there already, so that a conversation that grows at its end
writes a few rows however long it is.
"""

import json
from collections.abc import Iterable, Mapping
from sqlite3 import Connection

from core.records.fields import items, load
from core.threads.explaining import Switch
from core.threads.links import Tie
from core.threads.woven import (
    Bond,
    Edit,
    EditKind,
    MadeBy,
    Measures,
    Place,
    Rows,
    Stretch,
    Thread,
)

_MARK = """
INSERT INTO thread_due (conversation_id, anew) SELECT id, :anew FROM conversation WHERE id = :id
ON CONFLICT (conversation_id) DO UPDATE SET anew = max(anew, excluded.anew)
"""
_MARK_STALE = """
INSERT INTO thread_due (conversation_id, anew)
SELECT conversation.id, 1 FROM conversation LEFT JOIN weave ON conversation_id = conversation.id
WHERE model IS NOT :model OR sensitivity IS NOT :sensitivity
ON CONFLICT (conversation_id) DO UPDATE SET anew = 1
"""
NEXT = """
SELECT conversation.id, conversation.key, thread_due.anew
FROM thread_due JOIN conversation ON conversation.id = thread_due.conversation_id
ORDER BY conversation.sort_at DESC, conversation.id LIMIT 1
"""
_BEGUN = "UPDATE thread_due SET anew = 0 WHERE conversation_id = :id"
_DONE = "DELETE FROM thread_due WHERE conversation_id = :id"
_WOVEN = """
INSERT OR REPLACE INTO weave VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_THREAD_COLUMNS = (
    "key, lane, number, depth, first_id, topic, summary, terms, started_at, ended_at, active_ms, "
    "confidence, coherence, messages, prompts, calls, errors"
)
_PUT_THREAD = f"""
INSERT INTO thread ({_THREAD_COLUMNS}, conversation_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (conversation_id, lane, key) DO UPDATE SET number = excluded.number,
    depth = excluded.depth, first_id = excluded.first_id, topic = excluded.topic,
    summary = excluded.summary, terms = excluded.terms, started_at = excluded.started_at,
    ended_at = excluded.ended_at, active_ms = excluded.active_ms,
    confidence = excluded.confidence, coherence = excluded.coherence,
    messages = excluded.messages, prompts = excluded.prompts, calls = excluded.calls,
    errors = excluded.errors
"""  # noqa: S608  a constant
_PUT_STRETCH = """
INSERT INTO stretch (conversation_id, thread_id, session_id, lane, number, first_id, last_id)
SELECT :id, thread.id, :session, :lane, :number, :first, :last FROM thread
WHERE conversation_id = :id AND lane = :lane AND key = :thread
ON CONFLICT (conversation_id, lane, number, session_id) DO UPDATE SET
    thread_id = excluded.thread_id, first_id = excluded.first_id, last_id = excluded.last_id
"""
_PUT_CUT = """
INSERT OR REPLACE INTO cut (message_id, lane, kind, confidence, evidence, made_by, returns,
    conversation_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_PUT_TIE = """
INSERT OR REPLACE INTO tie (kind, source_id, target_id, lane, confidence, method,
    conversation_id) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_DROP_STRETCH = """
DELETE FROM stretch WHERE conversation_id = ? AND lane = ? AND number = ? AND session_id = ?
"""
_DROP_THREAD = "DELETE FROM thread WHERE conversation_id = ? AND lane = ? AND key = ?"
# A message may be in another lane by now, whose rows were written before.
_DROP_CUT = "DELETE FROM cut WHERE message_id = ? AND conversation_id = ? AND lane = ?"
_DROP_TIE = """
DELETE FROM tie WHERE source_id = ? AND kind = ? AND conversation_id = ? AND lane = ?
"""
_THREADS = f"SELECT {_THREAD_COLUMNS} FROM thread WHERE conversation_id = :id ORDER BY number"  # noqa: S608  a constant
_STRETCHES = """
SELECT thread.key, stretch.session_id, stretch.lane, stretch.number, stretch.first_id, last_id
FROM stretch JOIN thread ON thread.id = stretch.thread_id
WHERE stretch.conversation_id = :id ORDER BY stretch.number, stretch.first_id
"""
_CUTS = """
SELECT message_id, lane, kind, confidence, evidence, made_by, returns FROM cut
WHERE conversation_id = :id ORDER BY message_id
"""
_TIES = """
SELECT kind, source_id, target_id, lane, confidence, method FROM tie
WHERE conversation_id = :id ORDER BY source_id
"""
_EDIT = "INSERT OR REPLACE INTO thread_edit VALUES (?, ?, ?, ?)"
_FORGET_EDIT = """
DELETE FROM thread_edit WHERE prompt = :prompt AND conversation IN (
    SELECT key FROM session WHERE conversation_id = (
        SELECT id FROM conversation WHERE key = :conversation)
    UNION SELECT :conversation)
"""
_NAME = "INSERT OR REPLACE INTO thread_name VALUES (?, ?, ?)"
_FORGET_NAME = """
DELETE FROM thread_name WHERE thread = :thread AND conversation IN (
    SELECT key FROM session WHERE conversation_id = (
        SELECT id FROM conversation WHERE key = :conversation)
    UNION SELECT :conversation)
"""
_SET = "INSERT OR REPLACE INTO thread_setting VALUES (?, ?)"


def mark(db: Connection, conversations: Iterable[int], *, anew: bool) -> None:
    """Note that the threads of *conversations* are older than their messages.

    *anew*: more has happened than messages at the end. Those that are gone are passed over.
    """
    db.executemany(_MARK, ({"id": id_, "anew": int(anew)} for id_ in conversations))


def mark_stale(db: Connection, model: str, sensitivity: float) -> int:
    """Mark every conversation whose threads another model made; return how many these are."""
    asked = {"model": model, "sensitivity": sensitivity}
    return db.execute(_MARK_STALE, asked).rowcount


def following(db: Connection) -> tuple[int, str, bool] | None:
    """Return the newest conversation that is due: its row id, its key, whether it is made anew."""
    row = db.execute(NEXT).fetchone()
    return (row[0], row[1], bool(row[2])) if row else None


def begun(db: Connection, conversation: int) -> None:
    """Note that *conversation* is being made anew: what has changed so far is no news any more."""
    db.execute(_BEGUN, {"id": conversation})


def done(  # noqa: PLR0913  what a conversation was woven with, and what came of it
    db: Connection,
    conversation: int,
    *,
    model: str,
    sensitivity: float,
    upto: int,
    event: int,
    measures: Measures,
) -> None:
    """Note that *conversation* is woven up to message *upto*."""
    one = measures
    row = (
        conversation, model, sensitivity, upto, event, one.threads, one.mean_messages,
        one.median_messages, one.mean_active_ms, one.median_active_ms, one.coherence, one.across,
        one.baseline, one.density,
    )  # fmt: skip
    db.execute(_WOVEN, row)
    db.execute(_DONE, {"id": conversation})


def write(db: Connection, conversation: int, before: Rows, after: Rows) -> None:
    """Bring the rows of one lane of *conversation* from *before*, as stored, to *after*."""
    stretches = {_place(one): one for one in before.stretches}
    threads = {(one.lane, one.key): one for one in before.threads}
    places = {one.message: one for one in before.places}
    bonds = {(one.source, one.kind): one for one in before.bonds}
    new_threads = [one for one in after.threads if threads.pop((one.lane, one.key), None) != one]
    db.executemany(_PUT_THREAD, ((*_thread(one), conversation) for one in new_threads))
    for one in after.stretches:
        if stretches.pop(_place(one), None) != one:
            asked = {name: getattr(one, name) for name in Stretch.__slots__}
            db.execute(_PUT_STRETCH, asked | {"id": conversation})
    for lane, number, session in stretches:
        db.execute(_DROP_STRETCH, (conversation, lane, number, session))
    for lane, key in threads:
        db.execute(_DROP_THREAD, (conversation, lane, key))
    new_places = [one for one in after.places if places.pop(one.message, None) != one]
    for gone in places.values():
        db.execute(_DROP_CUT, (gone.message, conversation, gone.lane))
    db.executemany(_PUT_CUT, ((*_cut(one), conversation) for one in new_places))
    new_bonds = [one for one in after.bonds if bonds.pop((one.source, one.kind), None) != one]
    for bond in bonds.values():
        db.execute(_DROP_TIE, (bond.source, bond.kind, conversation, bond.lane))
    db.executemany(_PUT_TIE, ((*_tie(one), conversation) for one in new_bonds))


def read(db: Connection, conversation: int) -> dict[str, Rows]:
    """Return the rows of *conversation* by lane, as they are stored."""
    asked = {"id": conversation}
    threads: dict[str, list[Thread]] = {}
    for key, lane, number, depth, first, topic, summary, terms, *rest in db.execute(
        _THREADS, asked
    ):
        words = tuple((str(word), int(count)) for word, count in load(terms))
        threads.setdefault(lane, []).append(
            Thread(key, lane, number, depth, first, topic, summary, words, *rest)
        )
    stretches: dict[str, list[Stretch]] = {}
    for row in db.execute(_STRETCHES, asked):
        stretches.setdefault(row[2], []).append(Stretch(*row))
    places: dict[str, list[Place]] = {}
    for message, lane, kind, sure, evidence, made_by, returns in db.execute(_CUTS, asked):
        told = tuple(str(one) for one in items(load(evidence)))
        place = Place(message, lane, Switch(kind), sure, told, MadeBy(made_by), bool(returns))
        places.setdefault(lane, []).append(place)
    bonds: dict[str, list[Bond]] = {}
    for kind, source, target, lane, sure, method in db.execute(_TIES, asked):
        bonds.setdefault(lane, []).append(Bond(Tie(kind), source, target, lane, sure, method))
    return {
        lane: Rows(
            tuple(threads.get(lane, ())),
            tuple(stretches.get(lane, ())),
            tuple(places.get(lane, ())),
            tuple(bonds.get(lane, ())),
        )
        for lane in {**threads, **stretches, **places, **bonds}
    }


def edit(db: Connection, conversation: str, prompt: str, made: Edit | None) -> None:
    """Keep what a person decided about a prompt of *conversation*, a key; None: nothing any more.

    At one prompt the last decision counts.
    """
    db.execute(_FORGET_EDIT, {"conversation": conversation, "prompt": prompt})
    if made is not None:
        db.execute(_EDIT, (conversation, prompt, EditKind(made.kind), made.target))


def name(db: Connection, conversation: str, thread: str, said: str) -> None:
    """Keep what a person calls *thread*; "": what it is called without them."""
    db.execute(_FORGET_NAME, {"conversation": conversation, "thread": thread})
    if said:
        db.execute(_NAME, (conversation, thread, said))


def choose(db: Connection, settings: Mapping[str, float]) -> None:
    """Keep what a person has set."""
    db.executemany(_SET, settings.items())


def _place(one: Stretch) -> tuple[str, int, int]:
    return one.lane, one.number, one.session


def _thread(one: Thread) -> tuple[object, ...]:
    return (
        one.key, one.lane, one.number, one.depth, one.first, one.topic, one.summary,
        json.dumps(one.terms, ensure_ascii=False, separators=(",", ":")), one.started_at,
        one.ended_at, one.active_ms, one.confidence, one.coherence, one.messages, one.prompts,
        one.calls, one.errors,
    )  # fmt: skip


def _cut(one: Place) -> tuple[object, ...]:
    told = json.dumps(one.evidence, ensure_ascii=False)
    return (
        one.message, one.lane, one.kind, one.confidence, told, one.made_by, int(one.returns),
    )  # fmt: skip


def _tie(one: Bond) -> tuple[object, ...]:
    return one.kind, one.source, one.target, one.lane, one.confidence, one.method
