"""The context analysis of conversations, brought up to date and kept.

An appended message costs the analysis of its conversation, however many others there are. How
common a term is changes a little with every conversation; what was analysed before keeps the
figures of its time until it changes itself. So that the first ones are not compared with an
empty library, the terms of all that is due are counted before any of it is analysed.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from core.analysis.context import REVISIONS, context
from core.analysis.context_parts import ANALYSERS, TERMS, parts, revision
from core.analysis.material import Material
from core.analysis.terms import Counts, Terms
from core.analysis.utterances import utterances
from core.queries import contexts as queries
from core.queries.contexts import ContextPart
from core.queries.material import material
from core.records.fields import dump
from core.store import analysis_problems
from core.store import contexts as store
from core.store.connection import transaction

log = logging.getLogger(__name__)

ANALYSIS: Final = "context"  # what its problems are noted under
_LOOKED: Final = 50  # conversations that are looked up at once
_PIECE: Final = 600  # messages whose terms are counted in one piece, or one conversation


@dataclass(frozen=True, slots=True)
class Made:
    """An analysis that is not kept yet."""

    upto: int  # the last message that it knows of
    at: int  # when it was made, ms
    parts: dict[str, tuple[int, str]]  # by analyser: its revision and JSON text


class Analyst:
    """Analyses what is due, a piece at a time. Belongs to the thread of the writer."""

    def __init__(self, db: Connection) -> None:
        """Work in *db*, an open and migrated library that only this thread writes to."""
        self._db = db
        self._queue: list[int] = []
        self._begun = False
        self.terms = Terms()

    def step(self) -> int | None:
        """Do one piece of work; return how many conversations it analysed, None if none is due.

        A piece is the analysis of one conversation, the newest first, or the terms of some
        that are new. Each is a transaction. An analysis that fails is noted as a problem of
        its conversation, and counts as done until that changes.
        """
        if self.introduce(self.new()):
            return 0
        conversation = self.next()
        if conversation is None:
            return None
        try:
            self.keep(conversation, made(self._db, conversation, self.terms))
        except sqlite3.DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  one bad conversation stops no other
            self.give_up(conversation, error)
        return 1

    def new(self) -> list[int]:
        """Return conversations whose terms are to be counted next: about 600 messages."""
        if not self._begun:
            self._begun = True
            with transaction(self._db):
                store.outdated(self._db, REVISIONS)
        found: list[int] = []
        messages = 0
        for conversation in queries.unknown(self._db, _LOOKED):
            messages += queries.size(self._db, conversation)
            if found and messages > _PIECE:
                break
            found.append(conversation)
        return found

    def introduce(self, conversations: Sequence[int]) -> int:
        """Count the terms of *conversations*, new to the library; return how many they are."""
        if conversations:
            with transaction(self._db):
                for one in conversations:
                    self.keep_terms(one, terms_of(self._db, one, self.terms))
        return len(conversations)

    def keep_terms(self, conversation: int, terms: str) -> None:
        """Count *terms*, which `terms_of` returned. Runs in a transaction."""
        store.introduce(self._db, conversation, revision(TERMS), terms)

    def next(self, but: Callable[[int], bool] = lambda _: False) -> int | None:
        """Return the conversation that is to be analysed next; None if none is due.

        Those that *but* says yes of are left for another time.
        """
        if not self._queue:
            self._queue = [one for one in queries.due(self._db, _LOOKED)[::-1] if not but(one)]
        while self._queue:
            conversation = self._queue.pop()
            if queries.is_due(self._db, conversation):
                return conversation
        return None

    def keep(self, conversation: int, found: Made) -> None:
        """Keep what was *found* in *conversation*, of which nothing has changed since."""
        with transaction(self._db):
            store.keep(self._db, conversation, found.upto, found.at, found.parts)
            analysis_problems.forget(self._db, conversation, ANALYSIS)

    def give_up(self, conversation: int, error: BaseException) -> None:
        """Note that the analysis of *conversation* ended in *error*."""
        log.error("conversation %d cannot be analysed", conversation, exc_info=error)
        with transaction(self._db):
            store.give_up(self._db, conversation)
            analysis_problems.note(self._db, conversation, ANALYSIS, error)


def terms_of(db: Connection, conversation: int, terms: Terms) -> str:
    """Return the terms of what was said in *conversation*, as a JSON list."""
    counts: Counts = {}
    for text in queries.said(db, conversation):
        terms.count(text, counts)
    return dump(sorted(counts))


def made(db: Connection, conversation: int, terms: Terms) -> Made:
    """Return the analysis of *conversation* as it is now; *db* may be a reader."""
    upto, now = queries.upto(db, conversation), int(time.time() * 1000)
    found = material(db, conversation)
    parts = _analysed(db, found, terms) if found else {}
    return Made(upto, now, {name: (revision(name), part) for name, part in parts.items()})


def catch_up(
    db: Connection, most: int | None = None, *, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Analyse and keep what is due; return how many conversations that were.

    *db* is the writer. At most *most* are analysed, and none once *go_on* says no.
    """
    analyst = Analyst(db)
    done = 0
    while go_on() and (most is None or done < most):
        found = analyst.step()
        if found is None:
            break
        done += found
    return done


def context_of(db: Connection, conversation: int) -> list[ContextPart]:
    """Return the analysis of *conversation* as it is now; nothing if there is none of this id.

    What is not kept, or older than its messages, is made and forgotten again: *db* may be a
    reader.
    """
    kept = queries.parts(db, conversation)
    fresh = {one.analyser for one in kept if one.revision == revision(one.analyser)}
    if fresh.issuperset(ANALYSERS) and not queries.is_due(db, conversation):
        return kept
    found = made(db, conversation, Terms())
    return [
        ContextPart(name, number, found.upto, found.at, part)
        for name, (number, part) in sorted(found.parts.items())
    ]


def _analysed(db: Connection, found: Material, terms: Terms) -> dict[str, str]:
    """Return the analysis of *found* as JSON texts, against what the library says so far."""
    said = utterances(found, terms)
    known = queries.frequencies(db, dump(sorted({term for one in said for term in one.counts})))
    return parts(context(found, known, terms, said), said)
