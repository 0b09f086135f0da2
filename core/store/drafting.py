"""The beginning of a new file as rows, made where no library is: the writer only binds them.

What decides is the same code that the writer runs for a slice, asked with a library in which
nothing is known: nothing can be of a session whose file nobody has read. Whether other sessions
hold the same messages and replies is for the writer to find out.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from typing_extensions import override

from core.model import TYPED, Facts, Setting
from core.store.arrivals import arrival
from core.store.composing import Firsts, compose
from core.store.counting import census
from core.store.drafted_sums import drafted_sums
from core.store.keys import Keys, listed
from core.store.packing import Packer
from core.store.places import Here, went
from core.store.placing import Placer
from core.store.reply_rows import KEY
from core.store.sayings import lane
from core.store.slices import Draft, SourceInfo


class _Nothing(sqlite3.Connection):
    """A library that answers every question with no row, and takes nothing."""

    @override
    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return self.cursor()


def draft(info: SourceInfo, facts: Sequence[Facts], packer: Packer) -> Draft | None:
    """Return *facts*, with which a new file begins, as rows; None: of several sessions.

    What *facts* have to say beside that is in `remarks`.
    """
    parts = {fact.part for fact in facts}
    if len(parts) != 1:
        return None
    part = parts.pop()
    agent, _ = lane(info.layout, part, facts)
    keys = Keys()
    with closing(_Nothing(":memory:")) as db:
        key = part or info.layout.key
        placer = Placer(db, 0, key, agent, first_id=1, keys=keys)
        placement = placer.place(facts)
        if placement.replaced or placement.moved:
            return None
        links = [(link.call, link.agent) for fact in facts for link in fact.links]
        told = [*placement.told, *(fact.reply for fact in facts if fact.reply is not None)]
        rows = compose(
            db, 0, agent, placement, links, {}, firsts=Firsts(), told=told, keys=keys,
            packer=packer,
        )  # fmt: skip
    new = arrival(placement)
    replies = listed(set(rows.replies.column(KEY)))
    return Draft(
        part, len(facts), rows, new, listed(set(new.uids)), replies,
        tuple(went(Here(0), facts, placement.new)), census(facts), tuple(placement.notes),
        drafted_sums(rows, lane=bool(agent)),
    )  # fmt: skip


def remarks(facts: Iterable[Facts]) -> Iterator[Facts]:
    """Yield those of *facts* that say of their session what none before has said.

    In order, and their messages without what is in rows. Titles, settings, summaries, costs and
    whose session it is are found in these as in all of *facts*.
    """
    setting: Setting | None = None
    origins: set[tuple[str, str]] = set()
    aside = False
    for fact in facts:
        message = fact.message
        told = bool(fact.summary or fact.cost)
        if message is not None:
            origin = (message.session, message.forked_from)
            told = told or origin not in origins or (message.sidechain and not aside)
            origins.add(origin)
            aside = aside or message.sidechain
            if message.kind in TYPED:  # where the session stands is told anew behind it
                told, setting = True, None
        if fact.setting is not None and fact.setting is not setting:
            told, setting = told or fact.setting != setting, fact.setting
        if told:
            bare = replace(message, blocks=()) if message is not None else None
            yield replace(fact, message=bare, hop=None, links=(), reply=None, unknown=None)
