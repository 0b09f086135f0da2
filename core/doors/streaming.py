"""`clew stream`: an import, then every commit told to other tools on this computer."""

import argparse
import json
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

from core.config import Config
from core.doors import arguments
from core.doors.roots import roots
from core.doors.terminating import OnTerminate, heard
from core.engine import AddRoots, Engine
from core.events import EngineEvent, EngineFailed, LibraryReady, WatchDegraded
from core.stream.feed import Feed
from core.stream.settings import Choices


def add(one: argparse.ArgumentParser) -> None:
    """Let the door take folders and files, and what other tools may hear."""
    arguments.paths(one)
    one.add_argument(
        "--full-text",
        action="store_true",
        help="give whole texts to tools that ask for them, not only previews",
    )
    one.add_argument(
        "--no-redaction",
        action="store_true",
        help="send keys, home folders and e-mail addresses as the transcripts have them",
    )


def run(options: argparse.Namespace) -> int:
    """Follow what is named and serve the stream until the process is asked to end.

    Prints one JSON line as soon as tools may connect, with the file that says where and how.
    """
    found = roots(options)
    if found is None:
        return 2
    library: Path = options.library
    feed = Feed(library, Choices(full_text=options.full_text, redact=not options.no_redaction))
    events: SimpleQueue[EngineEvent | None] = SimpleQueue()

    def publish(event: EngineEvent, /) -> None:
        feed.publish(event)
        if isinstance(event, LibraryReady | WatchDegraded | EngineFailed):
            events.put(event)

    engine = Engine(Config(library, "stream"), publish)

    def work() -> None:
        try:
            engine.run()
        finally:
            events.put(None)

    worker = threading.Thread(target=work, name="engine")
    failed = False
    with OnTerminate(engine.stop):
        worker.start()
        try:
            while (event := heard(events)) is not None:
                match event:
                    case LibraryReady():
                        failed = not _serve(feed)
                        if failed:
                            break
                        engine.submit(AddRoots(tuple(found)))
                    case EngineFailed(reason):
                        failed = True
                        _complain(reason)
                    case WatchDegraded(reason):
                        _complain(reason)
                    case _:
                        pass
        finally:
            feed.stop()
            engine.stop()
            worker.join()
    return 1 if failed else 0


def _serve(feed: Feed) -> bool:
    feed.start()
    state = feed.wait()
    if not state.on:
        _complain(state.trouble)
        return False
    said = {"event": "StreamReady", "address_file": str(state.file), "urls": list(state.urls)}
    print(json.dumps(said, ensure_ascii=False), flush=True)
    return True


def _complain(sentence: str) -> None:
    print(f"clew: {sentence}", file=sys.stderr)
