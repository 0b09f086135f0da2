"""`clew watch`: an import, and then every commit as it happens."""

import argparse
import json
import threading
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

from core.config import Config
from core.doors.roots import roots
from core.doors.terminating import OnTerminate, heard
from core.engine import AddRoots, Engine
from core.events import (
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    ImportFinished,
    LibraryReady,
    ThreadsChanged,
    WatchDegraded,
    WatchRestored,
)
from core.queries import totals
from core.store.connection import open_reader

_WATCHED: tuple[type[EngineEvent], ...] = (
    LibraryReady,
    ConversationChanged,
    ThreadsChanged,
    ImportFinished,
    WatchDegraded,
    WatchRestored,
    EngineFailed,
)


def run(options: argparse.Namespace) -> int:
    """Follow what is named until the process is asked to end; print one JSON event a line.

    A commit has its ``event_id``, one higher or more than any before. Every other line has
    ``after``: the last commit that came before it, 0 if there was none; of ``ThreadsChanged``
    the last commit whose messages are in the threads.
    """
    found = roots(options)
    if found is None:
        return 2
    events: SimpleQueue[EngineEvent | None] = SimpleQueue()
    engine = Engine(Config(options.library, "watch"), events.put)

    def work() -> None:
        try:
            engine.run()
        finally:
            events.put(None)

    worker = threading.Thread(target=work, name="engine")
    failed = False
    number = 0
    with OnTerminate(engine.stop):
        worker.start()
        engine.submit(AddRoots(tuple(found)))
        try:
            while (event := heard(events)) is not None:
                failed = failed or isinstance(event, EngineFailed)
                if isinstance(event, LibraryReady):
                    number = _last_event(options.library)
                if isinstance(event, ConversationChanged):
                    number = event.event_id
                if isinstance(event, _WATCHED):
                    told = asdict(event)
                    if not isinstance(event, ConversationChanged):
                        # Threads are behind commits: theirs is the last one that they know of.
                        told = {"after": told.pop("event_id", number)} | told
                    out = {"event": type(event).__name__} | told
                    print(json.dumps(out, ensure_ascii=False), flush=True)
        finally:  # also when nobody listens any more
            engine.stop()
            worker.join()
    return 1 if failed else 0


def _last_event(library: Path) -> int:
    with closing(open_reader(library)) as db:
        return totals.last_event(db)
