"""Keeps the threads of the library up to date, one conversation at a time, the newest first.

What is due stands in the library, so that nothing is lost when the program ends. The
conversations that grew last are kept in memory: what grows at its end costs what was added.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection

from core.events import ThreadsChanged
from core.measures.eliding import elided
from core.measures.topics import LONGEST
from core.queries import threads as queries
from core.queries.threads import Settings
from core.store import threads as store
from core.store.connection import decision, transaction
from core.threads.weights import Weights
from core.unhurried import set_aside, unhurried
from core.weaving.commands import (
    MOST_SENSITIVE,
    LeaveToModel,
    MergeThreads,
    RenameThread,
    SetSelfTraining,
    SetSensitivity,
    SplitThread,
    ThreadCommand,
    WeaveThreads,
    edit_of,
)
from core.weaving.conversation import Conversation, Reading
from core.weaving.learnt import fitting
from core.weaving.writing import Writing

KEPT = 4  # conversations in memory; of those that were woven once and did not grow since, one
PIECE = 0.015  # seconds for which messages are read at once
LEAST = 50  # messages that are read at once all the same; one at least, to get on
MANY = 10_000  # messages that were read into memory before they are set aside
_EVENT = "SELECT value FROM setting WHERE key = 'event_id'"
_WRITTEN = "SELECT 1 FROM weave WHERE conversation_id = :id"
_TOTALS = "SELECT tool_calls, errors FROM conversation WHERE id = :id"
_KEY = """
SELECT id, anew FROM conversation LEFT JOIN thread_due ON conversation_id = id WHERE key = :key
"""
_WANTED = """
SELECT id, key, anew FROM conversation JOIN thread_due ON conversation_id = id WHERE key = :key
"""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A long conversation of which a piece was woven."""

    conversation: str


class Budget:
    """Tells when a piece has been long enough. Asked once for each message."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin a piece now, by *clock*, in seconds."""
        self._clock = clock
        self._end = clock() + PIECE
        self._asked = 0

    def spent(self) -> bool:
        """Tell whether no message more is to be read."""
        self._asked += 1
        return self._asked > LEAST and self._clock() >= self._end

    def late(self) -> bool:
        """Tell whether half of the time is gone, if more than a few messages were read."""
        return self._asked > LEAST and self._clock() >= self._end - PIECE / 2


class Weaver:
    """Owns the changes of threads in one open library. For the thread that owns its writer."""

    def __init__(
        self, db: Connection, kept: int = KEPT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Weave in *db*, an open and migrated library that only this thread writes to."""
        self._db = db
        self._kept = kept
        self._clock = clock
        self._wanted = ""  # key of the conversation that somebody looks at
        self._known: OrderedDict[int, tuple[Conversation, Writing]] = OrderedDict()
        self._new = 0  # of them, the one that did not grow yet
        self._settings = Settings()
        self._weights: Weights | None = None
        self.model = ""  # revision of the weights
        self.taken = 0  # messages read so far, for tests of work done
        self._aside = 0  # of them, those that Python's collector of cycles passes over

    def begin(self) -> int:
        """Look what to weave with; return how many conversations another model had made."""
        self._settings = queries.settings(self._db)
        model, weights = fitting(self._db)
        if model != self.model:
            self._known.clear()
        self.model, self._weights = model, weights
        with transaction(self._db):
            return store.mark_stale(self._db, model, self._settings.sensitivity)

    def step(self) -> ThreadsChanged | None:
        """Weave the newest conversation that is due; return what changed, None if none is due."""
        while isinstance(found := self.piece(), Unfinished):
            pass
        return found

    def piece(self) -> ThreadsChanged | Unfinished | None:
        """Do a piece of what is due, the newest conversation first; None if nothing is.

        A piece takes `PIECE` seconds, however long the conversation: whatever else is to be
        done comes in between. A conversation is written when all of it is read, in a piece of
        its own where that took long. What somebody looks at comes first.
        """
        if self._weights is None:
            self.begin()
        due = self._following()
        if due is None:
            return None
        id_, key, anew = due
        with unhurried():
            found = self._weave(id_, key, anew=anew, budget=Budget(self._clock))
        if self.taken >= self._aside + MANY:
            self._aside = self.taken
            set_aside()
        return found

    def _following(self) -> tuple[int, str, bool] | None:
        """Return what is woven next: its row id, its key, whether it is made anew."""
        if self._wanted:
            row = self._db.execute(_WANTED, {"key": self._wanted}).fetchone()
            if row is not None:
                return row[0], row[1], bool(row[2])
            self._wanted = ""
        return store.following(self._db)

    def perform(self, command: ThreadCommand) -> ThreadsChanged | None:
        """Do what *command* asks for; return what changed at once, if anything did."""
        if self._weights is None:
            self.begin()
        match command:
            case WeaveThreads(conversation):
                self._wanted = conversation
                return self._look_at(conversation)
            case SetSensitivity(value):
                kept = max(-MOST_SENSITIVE, min(MOST_SENSITIVE, value))
                self._choose("sensitivity", kept)
                return None
            case SetSelfTraining(on):
                self._choose("self_training", float(on))
                return None
            case RenameThread(conversation, thread, name):
                with decision(self._db):
                    store.name(self._db, conversation, thread, elided(name, LONGEST))
                return ThreadsChanged(self._event(), conversation)
            case SplitThread() | MergeThreads() | LeaveToModel():
                with decision(self._db):
                    store.edit(self._db, command.conversation, command.prompt, edit_of(command))
                return self._at_once(command.conversation)

    def _choose(self, key: str, value: float) -> None:
        with decision(self._db):
            store.choose(self._db, {key: value})
        self._known.clear()
        self.begin()

    def _look_at(self, conversation: str) -> ThreadsChanged | None:
        """Weave a piece of *conversation*, a key, if it is due; the rest of it comes next."""
        row = self._db.execute(_WANTED, {"key": conversation}).fetchone()
        found = self.piece() if row is not None else None
        return None if isinstance(found, Unfinished) else found

    def _at_once(self, conversation: str) -> ThreadsChanged | None:
        """Weave all of *conversation*, a key: a person waits for what was decided."""
        row = self._db.execute(_KEY, {"key": conversation}).fetchone()
        if row is None:
            return None
        found = self._weave(row[0], conversation, anew=bool(row[1]), budget=None)
        while isinstance(found, Unfinished):
            found = self._weave(row[0], conversation, anew=False, budget=None)
        return found

    def _event(self) -> int:
        return int(self._db.execute(_EVENT).fetchone()[0])

    def _weave(
        self, id_: int, key: str, *, anew: bool, budget: "Budget | None"
    ) -> ThreadsChanged | Unfinished:
        known = None if anew else self._known.pop(id_, None)
        with transaction(self._db):
            # A failure leaves it out of `_known`: it may be ahead of what is stored.
            known, reading = self._read(id_, known, budget)
            if reading is not Reading.MORE:
                late = budget is not None and budget.late()  # writing is a piece of its own then
                reading = Reading.MORE if late else self._write(*known, budget)
            if reading is not Reading.DONE and anew:
                store.begun(self._db, id_)
        if reading is not Reading.ELSEWHERE:
            self._known[id_] = known
        if reading is Reading.DONE:
            self._note_done(id_, known[0])
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
        return ThreadsChanged(self._event(), key) if reading is Reading.DONE else Unfinished(key)

    def _note_done(self, id_: int, one: Conversation) -> None:
        """Note that *one* is written whole: an import brings many, of which most never grow."""
        if one.written:
            self._new = 0 if self._new == id_ else self._new
            return
        one.written = True
        if self._new != id_:
            self._known.pop(self._new, None)
            self._new = id_

    def _read(
        self, id_: int, known: tuple[Conversation, Writing] | None, budget: "Budget | None"
    ) -> tuple[tuple[Conversation, Writing], Reading]:
        """Let what is *known*, or a conversation begun from its beginning, take in what is new."""
        spent = bool if budget is None else budget.spent
        if known is not None:
            one, writing = known
            taken = one.taken
            reading = one.read(self._db, spent)
            if one.taken != taken:
                writing.begin_again()
                self.taken += one.taken - taken
            if reading is not Reading.ELSEWHERE:
                return known, reading
        one = self._made(id_)
        reading = one.read(self._db, spent)
        self.taken += one.taken
        return (one, Writing(one)), reading

    def _write(self, one: Conversation, writing: Writing, budget: "Budget | None") -> Reading:
        """Write what has changed in *one*; return whether it is done, or to be made anew."""
        if one.edit(queries.edits(self._db, one.id)):
            writing.begin_again()
        if not writing.go_on(self._db, bool if budget is None else budget.spent):
            return Reading.MORE
        agrees = one.totals() == self._db.execute(_TOTALS, {"id": one.id}).fetchone()
        if one.agreed and not agrees:
            return Reading.ELSEWHERE  # a result in another file has told how an earlier call ended
        one.agreed = agrees
        store.done(
            self._db,
            one.id,
            model=self.model,
            sensitivity=self._settings.sensitivity,
            upto=one.upto,
            event=self._event(),
            measures=one.measures(),
        )
        return Reading.DONE

    def _made(self, id_: int) -> Conversation:
        if self._weights is None:
            raise RuntimeError("The weaver has not begun.")
        one = Conversation(id_, self._weights, self._settings.sensitivity)
        one.written = self._db.execute(_WRITTEN, {"id": id_}).fetchone() is not None
        return one
