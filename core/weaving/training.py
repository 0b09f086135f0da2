"""Learning from the person's own library while nobody works with it.

The work is done in a process of its own, which only reads, so that neither the engine nor
the window waits for it. What it learns is kept in the library, with how it did on streams of
sessions that it was not learnt from; it is used only if these came out better. Nothing leaves
the machine.
"""

import multiprocessing
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from sqlite3 import Connection

from core.errors import CoreError
from core.store.connection import open_reader, transaction
from core.threads import adapting
from core.threads.evidence import Turn
from core.threads.lanes import MAIN
from core.threads.weights import Weights, dump, shipped
from core.weaving.conversation import Conversation
from core.weaving.learnt import revision

MOST_TURNS = 4000  # that are learnt from, the newest conversations first
GROWN = 1.25  # by which the library's prompts must have grown before it learns again
_NICE = 10  # below everything that somebody waits for
_ENABLED = "SELECT value FROM thread_setting WHERE key = 'self_training'"
_PROMPTS = "SELECT coalesce(sum(prompts), 0) FROM conversation"
_LAST = """
SELECT prompts FROM thread_weights WHERE base = :base ORDER BY version DESC LIMIT 1
"""
_KEEP = """
INSERT INTO thread_weights (learnt_at, base, prompts, kept, before, after, weights)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_CONVERSATIONS = """
SELECT id FROM conversation WHERE prompts > 1 AND bucket = '' ORDER BY sort_at DESC, id
"""

Learnt = tuple[bool, float, float, str]  # kept, accuracy before and after, weights as JSON


class Training:
    """Decides when to learn, and keeps what was learnt. For the thread of the writer."""

    def __init__(self, db: Connection, library: Path, wake: Callable[[], None]) -> None:
        """Learn from *db*, the open library at *library*; *wake* has `step` called again."""
        self._db = db
        self._library = library
        self._wake = wake
        self._process: BaseProcess | None = None
        self._heard: list[Learnt | None] = []
        self._prompts = 0
        self._failed = False  # once is enough for one run of the program

    def step(self) -> bool:
        """Begin to learn if it is time to, or keep what was learnt; return if threads change."""
        if self._heard:
            return self._keep(self._heard.pop())
        if self._process is None and not self._failed and self._is_due():
            self._start()
        return False

    @property
    def running(self) -> bool:
        """Whether a process is learning."""
        return self._process is not None

    def close(self) -> None:
        """End learning, if it is going on; nothing of it is kept."""
        if self._process is not None:
            self._process.terminate()
            self._process.join()
            self._process = None

    def _is_due(self) -> bool:
        on = self._db.execute(_ENABLED).fetchone()
        if on is None or not on[0]:
            return False
        self._prompts = int(self._db.execute(_PROMPTS).fetchone()[0])
        last = self._db.execute(_LAST, {"base": revision(shipped())}).fetchone()
        return self._prompts > (last[0] * GROWN if last else 0)

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=work, args=(str(self._library), theirs), name="clew-learning", daemon=True
        )
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, args=(ours,), name="learning", daemon=True).start()

    def _listen(self, pipe: Pipe) -> None:
        """Wait for what the process says; runs on a thread that does nothing else."""
        said: Learnt | None = None
        with closing(pipe), suppress(EOFError, OSError):
            said = pipe.recv()
        self._heard.append(said)
        self._wake()

    def _keep(self, learnt: Learnt | None) -> bool:
        process, self._process = self._process, None
        if process is not None:
            process.join()
        if learnt is None:
            self._failed = process is not None
            return False
        kept, before, after, weights = learnt
        row = (
            int(time.time() * 1000), revision(shipped()), self._prompts, int(kept), before, after,
            weights if kept else "",
        )  # fmt: skip
        with transaction(self._db):
            self._db.execute(_KEEP, row)
        return kept


def work(library: str, answer: Pipe) -> None:
    """Learn from *library* and send what came of it through *answer*; for a process of its own."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    with closing(answer), suppress(CoreError, sqlite3.Error, BrokenPipeError):
        with closing(open_reader(Path(library))) as db:
            found = learn(db, shipped())
        answer.send((found.kept, found.before, found.after, dump(found.weights)))


def learn(db: Connection, weights: Weights) -> adapting.Adapted:
    """Return what the conversations of *db* add to *weights*, unless these are better."""
    lexicon = weights.lexicon()
    found: list[list[Turn]] = []
    count = 0
    for (id_,) in db.execute(_CONVERSATIONS).fetchall():
        one = Conversation(id_, weights, 0.0, lexicon)
        one.read(db)
        lane = one.lanes.get(MAIN)
        if lane is None:
            continue
        lane.flush()
        found.append(list(lane.threader.turns))
        count += len(found[-1])
        if count >= MOST_TURNS:
            break
    return adapting.adapt(found, weights, lexicon)
