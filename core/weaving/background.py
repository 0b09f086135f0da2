"""What is done while nobody asks for anything: due threads, what tools did, then learning."""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection

from core.events import EventSink, ThreadsChanged
from core.store import tool_parts
from core.weaving.analysing import Analysing
from core.weaving.commands import (
    FindingCommand,
    MarkFinding,
    SetSelfTraining,
    ThreadCommand,
    TrackFinding,
)
from core.weaving.training import Training
from core.weaving.weaver import Weaver


class Background:
    """Belongs to the thread of the writer."""

    def __init__(
        self, db: Connection, library: Path, publish: EventSink, wake: Callable[[], None]
    ) -> None:
        """Prepare to weave in *db*, the open library at *library*; *publish* hears of it.

        *wake*, which any thread may call, has `step` called again.
        """
        self._db = db
        self._publish = publish
        self._weaver = Weaver(db)
        self._analysing = Analysing(db, library, publish, wake)
        self._training = Training(db, library, wake)

    def step(self) -> bool:
        """Do one piece of work, a fifth of a second or so; return False if there is none."""
        changed = self._weaver.piece()
        if isinstance(changed, ThreadsChanged):
            self._publish(changed)
        if changed is not None:
            return True
        if self._analysing.step():
            return True
        if self._analysing.waiting:
            return False
        if self._training.step():
            self._weaver.begin()
            return True
        return False

    def perform(self, command: ThreadCommand | FindingCommand) -> None:
        """Do what a person asks for, at once."""
        if isinstance(command, MarkFinding):
            tool_parts.dismiss(self._db, command.key, command.dismissed_at, command.cases)
            return
        if isinstance(command, TrackFinding):
            tool_parts.acted(self._db, command.key, command.acted_at)
            return
        if isinstance(command, SetSelfTraining) and not command.on:
            self._training.close()
        changed = self._weaver.perform(command)
        if changed is not None:
            self._publish(changed)

    def close(self) -> None:
        """End what is done beside: an analysis in another thread, learning in another process."""
        self._analysing.close()
        self._training.close()
