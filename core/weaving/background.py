"""What is done while nobody asks for anything: logs kept, due threads, what tools did, learning."""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection

from core.archiving import Archiving
from core.events import EventSink, ThreadsChanged
from core.files.patience import Patience
from core.store import archive, finding_marks, merging
from core.weaving.analysing import Analysing
from core.weaving.commands import (
    BackgroundCommand,
    KeepLogs,
    MarkFinding,
    Resume,
    SetSelfTraining,
    TrackFinding,
)
from core.weaving.placing import Placing
from core.weaving.training import Training
from core.weaving.weaver import Weaver


class Background:
    """Belongs to the thread of the writer."""

    def __init__(
        self,
        db: Connection,
        library: Path,
        publish: EventSink,
        wake: Callable[[], None],
        patience: Patience | None = None,
    ) -> None:
        """Prepare to work on *db*, the open library at *library*; *publish* hears of it.

        *wake*, which any thread may call, has `step` called again. Files that may not answer
        are read with *patience*.
        """
        self._db = db
        self._publish = publish
        self._archiving = Archiving(db, patience)
        self._weaver = Weaver(db)
        self._analysing = Analysing(db, library, publish, wake)
        self._placing = Placing(db, patience)
        self._training = Training(db, library, wake)

    def step(self) -> bool:
        """Do one piece of work, a fifth of a second or so; return False if there is none."""
        # Logs first: an agent may delete its own at any time.
        if self._archiving.step() or merging.step(self._db):
            return True
        changed = self._weaver.piece()
        if isinstance(changed, ThreadsChanged):
            self._publish(changed)
        if changed is not None:
            return True
        if self._analysing.step() or self._placing.step():
            return True
        if self._analysing.waiting:
            return False
        if self._training.step():
            self._weaver.begin()
            return True
        return False

    def perform(self, command: BackgroundCommand) -> None:
        """Do what a person asks for, at once."""
        if isinstance(command, Resume):
            return  # `step` is called behind every command
        if isinstance(command, KeepLogs):
            archive.turn(self._db, on=command.on)
            return
        if isinstance(command, MarkFinding):
            finding_marks.dismiss(self._db, command.key, command.dismissed_at, command.cases)
            return
        if isinstance(command, TrackFinding):
            finding_marks.acted(self._db, command.key, command.acted_at)
            return
        if isinstance(command, SetSelfTraining) and not command.on:
            self._training.close()
        changed = self._weaver.perform(command)
        if changed is not None:
            self._publish(changed)

    def close(self) -> None:
        """End what is done beside: files, an analysis in another thread, learning in a process."""
        self._placing.close()
        self._analysing.close()
        self._training.close()
