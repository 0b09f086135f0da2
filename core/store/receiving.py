"""What a slice brings to its session, as rows: from its facts, or as it was drafted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection

from core.model import Facts, Problem
from core.store import messages, places
from core.store.arrivals import Arrival, arrival
from core.store.composing import Composed, Firsts, compose
from core.store.keys import Keys
from core.store.places import Row
from core.store.placing import Placer, elsewhere
from core.store.replies import elsewhere as replied_elsewhere
from core.store.rows import Base
from core.store.search_index import SearchIndex
from core.store.sessions import OpenSession
from core.store.slices import Draft, Made


@dataclass(frozen=True, slots=True)
class Received:
    """What is to be written."""

    arrival: Arrival
    rows: Composed
    base: Base
    places: Sequence[Row]
    notes: Sequence[Problem]
    rewriting: bool | None = None  # see `Placer`


def receive(  # noqa: PLR0913  a slice, and how it is read
    db: Connection,
    index: SearchIndex,
    session: OpenSession,
    facts: Sequence[Facts],
    made: Made | None,
    *,
    rewriting: bool | None,
) -> Received:
    """Return what *facts* bring to *session*, by what the library knows of it.

    Messages that are written anew are gone then, and calls that are here have their results.
    """
    keys = Keys(made.keys) if made is not None else Keys()
    whole = made is not None and len(made.digests) == len(facts)
    placer = Placer(
        db, session.id, session.key, session.agent, first_id=messages.next_id(db, "message"),
        keys=keys, rewriting=rewriting,
    )  # fmt: skip
    placement = placer.place(facts, made.digests if made is not None and whole else ())
    answered = messages.erase(db, index, placement.replaced)
    messages.move(db, placement)
    rows = compose(
        db, session.id, session.agent, placement,
        [(link.call, link.agent) for fact in facts for link in fact.links], answered,
        firsts=Firsts(messages.next_id(db, "block"), messages.next_id(db, "reply")),
        told=[*placement.told, *(fact.reply for fact in facts if fact.reply is not None)],
        keys=keys, packer=index.packer,
    )  # fmt: skip
    went = places.found(db, session.id, facts, placement.new)
    base = Base(0, 0, 0, session.id)
    return Received(arrival(placement), rows, base, went, placement.notes, placer.rewriting)


def unpack(db: Connection, session: OpenSession, draft: Draft) -> Received:
    """Return what *draft* brings to *session*, which is new."""
    base = Base(
        messages.next_id(db, "message") - 1, messages.next_id(db, "block") - 1,
        messages.next_id(db, "reply") - 1, session.id,
    )  # fmt: skip
    new = replace(
        draft.arrival,
        first=draft.arrival.first + base.message if draft.arrival.uids else 0,
        elsewhere=elsewhere(db, session.id, draft.uids),
    )
    rows = replace(draft.rows, elsewhere=replied_elsewhere(db, session.id, draft.replies))
    went = [(session.id, one + base.message, cwd, branch) for _, one, cwd, branch in draft.places]
    return Received(new, rows, base, went, draft.notes)
