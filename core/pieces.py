"""Sessions analysed piece by piece, so that an appended message costs the last piece.

A piece is some turns of one session; what is worked out of it depends on them and on a few
words that the piece before it carries on. Where a session has changed its pieces of that time
are made anew, and the next one if what they carry on is another; the last piece always is, and
is cut when it has grown. `core.contexts` and `core.insights` make figures of the pieces when
somebody asks.
"""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from sqlite3 import Connection
from typing import Final

from core.analysis import context_piece, cutting, tools_part
from core.analysis.context import REVISIONS
from core.analysis.context_parts import text
from core.analysis.material import Turn
from core.analysis.reviving import revived
from core.analysis.terms import Terms
from core.analysis.tools_work import Left, Spent, Work, work
from core.queries import material
from core.queries import pieces as queries
from core.queries.material import SessionRow, Stretch
from core.records.fields import load
from core.store.pieces import ANYWHERE, CONTEXT, TOOLS, Change, Piece

REVISION: Final = (
    context_piece.REVISION * 1_000_000_000 + sum(REVISIONS.values()) * 10_000_000
) + tools_part.REVISION
_SLOT: Final = 900_000  # ms, as in step 0005
_LATEST: Final = 253_402_300_800_000  # ms; no calendar has what is later


@dataclass(frozen=True, slots=True)
class Carry:
    """What a piece has to know of those before it in its session."""

    reply: str = ""  # how the last reply ends
    left: Left | None = None  # what the last turn leaves to be judged


@dataclass(frozen=True, slots=True)
class Made:
    """Pieces of one session that are not kept yet."""

    change: Change
    messages: int = 0  # that were read
    errors: tuple[tuple[str, Exception], ...] = ()  # by analysis


@dataclass(slots=True)
class _Making:
    """Pieces that are being made, in the order of their session."""

    terms: Terms
    pieces: list[Piece] = field(default_factory=list[Piece])
    messages: int = 0
    errors: list[tuple[str, Exception]] = field(default_factory=list[tuple[str, Exception]])


def make(db: Connection, session: int, terms: Terms) -> Made | None:
    """Return what is due of *session*; None if there is no such session. *db* may be a reader.

    Costs the pieces that have changed. Where something reaches over a cut after all, such as an
    agent that goes on while the next prompt is answered, the session is cut anew.
    """
    found = queries.session(db, session)
    if found is None:
        return None
    row, conversation = found
    slots = queries.slots(db, session)
    tail = queries.tail(db, session)
    making = _Making(terms)
    todo = {first for slot in slots for first in queries.touched(db, session, slot)}
    if tail is None or ANYWHERE in slots or not _renewed(db, row, making, todo | {tail}, tail):
        making = _Making(terms, messages=making.messages)
        _cut(row, material.stretch(db, row), Carry(), making)
        todo = set(queries.firsts(db, session))
    change = Change(session, conversation, tuple(making.pieces), tuple(todo))
    return Made(change, making.messages, tuple(making.errors))


def whole(db: Connection, row: SessionRow, terms: Terms) -> tuple[Piece, ...]:
    """Return the pieces of a session, made from nothing."""
    making = _Making(terms)
    _cut(row, material.stretch(db, row), Carry(), making)
    return tuple(making.pieces)


def _renewed(db: Connection, row: SessionRow, making: _Making, todo: set[int], tail: int) -> bool:
    """Make the pieces that begin at *todo*; return False if something reaches over a cut."""
    while todo:
        first = min(todo)
        todo.discard(first)
        end = None if first == tail else queries.following(db, row.id, first)
        held = material.stretch(db, row, first, end)
        making.messages += len(held.ids)
        before = queries.before(db, row.id, first)
        if before is not None and _loose(db, row, held, first, before[0]):
            return False
        carry = Carry() if before is None else _read(before[1])
        if making.pieces and before is not None and making.pieces[-1].first == before[0]:
            carry = _read(making.pieces[-1].carry)
        if end is None:
            making.messages -= len(held.ids)
            _cut(row, held, carry, making)
        else:
            _one(held, carry, making)
            if making.pieces[-1].carry != queries.carried(db, row.id, first):
                todo.add(end)
    return True


def _loose(db: Connection, row: SessionRow, held: Stretch, first: int, since: int) -> bool:
    """Tell whether anything of the piece at *first* began before it."""
    if not held.turns or held.turns[0].first != first or held.turns[0].prompt is None:
        return True
    opened: list[int] = []
    lanes: set[str] = set()
    for turn in held.turns:
        if turn.prompt is None and queries.goes_on(db, row, first, turn.lane, turn.branch):
            return True
    for reply, (begin, _) in held.replies.items():
        lane = next((one.lane for one in held.turns if one.first <= begin <= one.last), "")
        if lane not in lanes:
            lanes.add(lane)
            opened.append(reply)
    return queries.answered_before(db, row.id, since, first, opened)


def _cut(row: SessionRow, held: Stretch, carry: Carry, making: _Making) -> None:
    """Make the pieces that *held*, which goes on to the end of its session, is cut into."""
    making.messages += len(held.ids)
    if not held.ids:
        return
    at = cutting.cuts(held.turns, held.replies.values(), held.ids, row.agent)
    ends = [0, *(bisect_left(held.ids, first) for first in at), len(held.ids)]
    turns: list[list[Turn]] = [[] for _ in ends[1:]]
    for turn in held.turns:
        turns[bisect_right(at, turn.first)].append(turn)
    spent: list[list[Spent]] = [[] for _ in turns]
    for one in held.spent:
        spent[bisect_right(at, one.spot.id)].append(one)
    for number, (begin, end) in enumerate(pairwise(ends)):
        part = Stretch(
            tuple(turns[number]), tuple(spent[number]), held.ids[begin:end], held.times[begin:end]
        )
        carry = _one(part, carry, making)


def _one(held: Stretch, carry: Carry, making: _Making) -> Carry:
    """Make *held* one piece; return what it carries on."""
    failed, context, words = 0, None, frozenset[str]()
    try:
        found = context_piece.context_piece(held.turns, making.terms, carry.reply)
        if found.heads or found.spans.runs:
            context = text(context_piece.plain(found))
        words = frozenset(context_piece.words(found))
    except Exception as error:  # noqa: BLE001  one bad piece stops no other
        making.errors.append(("context", error))
        failed |= CONTEXT
    done, tools = Work(()), None
    try:
        done = work(held.turns, held.spent, carry.left)
        tools = tools_part.written(tools_part.tool_piece(done))
    except Exception as error:  # noqa: BLE001  one bad piece stops no other
        making.errors.append(("tools", error))
        failed |= TOOLS
    after = Carry(context_piece.last_reply(held.turns, carry.reply), done.left)
    slots = [_slot(at) for at in held.times]
    making.pieces.append(
        Piece(
            held.ids[0], held.ids[-1], len(held.ids), (min(slots), max(slots)), text(after),
            context, tools, words, failed,
        )
    )  # fmt: skip
    return after


def _slot(at: int | None) -> int:
    return -1 if at is None or not 0 <= at < _LATEST else at // _SLOT


def _read(carry: str) -> Carry:
    return revived(Carry, load(carry))


def pieces(db: Connection, conversation: int, *, kept: bool) -> Iterator[queries.KeptPiece]:
    """Yield the pieces of *conversation*, in order, as they are now; *db* may be a reader.

    Those of a session that is due are made and forgotten again. With *kept* they are told as they
    were made last.
    """
    terms = Terms()
    for row in material.sessions(db, conversation):
        found = queries.kept(db, row.id, REVISION)
        if kept or (found and not queries.is_due(db, row.id)):
            yield from found
            continue
        now = int(time.time() * 1000)
        for piece in whole(db, row, terms):
            yield queries.KeptPiece(piece.context, piece.tools, piece.last, now)
