"""The command line: everything Clew can do without a window, for scripts and for checks.

JSON goes to standard output and nothing else does; messages go to standard error. Exit
code 0: done; 1: a problem, told in a sentence; 2: the command line was not understood.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

from core import __version__
from core.config import Config, agent_roots, default_library
from core.engine import AddRoots, Engine
from core.errors import CoreError
from core.events import (
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    ImportFinished,
    LibraryReady,
    WatchDegraded,
)
from core.importing import import_files
from core.ingest import Ingest
from core.queries import conversations, export, health, problems, search, totals
from core.records.fields import dump
from core.store.connection import open_reader, open_writer, translated
from core.store.migrate import migrate
from core.store.writer import Writer

_MOST_HITS = 10_000
_WATCHED: tuple[type[EngineEvent], ...] = (
    LibraryReady,
    ConversationChanged,
    ImportFinished,
    WatchDegraded,
    EngineFailed,
)


def main(argv: Sequence[str]) -> int:  # noqa: PLR0911  one return for each way to end
    """Run the door that *argv* (without the program's name) names; return the exit code."""
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # JSON is UTF-8, whatever the terminal's own encoding is
        reconfigure(encoding="utf-8", errors="replace")
    parser = _parser()
    try:
        options = parser.parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    door: Callable[[argparse.Namespace], int] | None = getattr(options, "door", None)
    if door is None:
        parser.print_usage(sys.stderr)
        return 2
    try:
        with translated(options.library):
            return door(options)
    except CoreError as error:
        print(f"clew: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Nobody reads on; what is still buffered must not be complained about at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"clew: {error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clew",
        usage="clew [-h] [--version] [PATH ...]\n       clew COMMAND ...",
        description="Every conversation with your coding agents, in one window. "
        "Without a command the window opens; PATHs are folders or files of transcripts.",
        epilog="Nothing leaves this computer, and log files are never changed.",
    )
    parser.add_argument("--version", action="version", version=f"clew {__version__}")
    sub = parser.add_subparsers(title="commands", metavar="COMMAND", prog="clew")
    for name, (door, help_, add) in _DOORS.items():
        one = sub.add_parser(name, help=help_, description=help_)
        one.add_argument(
            "--library",
            type=Path,
            default=default_library(),
            metavar="FILE",
            help="the library to use (default: %(default)s)",
        )
        one.add_argument("--json", action="store_true", help="print JSON")
        add(one)
        one.set_defaults(door=door)
    sub.add_parser("tour", help="Drive the real window and save a picture of every page.")
    return parser


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="folders or files; without any, where Claude Code keeps its own",
    )


def _query(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument("--limit", type=int, default=50, metavar="N")


def _id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a conversation's id, as `clew list` gives it")


def _nothing(_parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


# Doors ------------------------------------------------------------------------------


def _import(options: argparse.Namespace) -> int:
    roots = _roots(options)
    if roots is None:
        return 2
    with closing(open_writer(options.library)) as db:
        migrate(db, options.library)
        ingest = Ingest(Writer(db))
        stop = threading.Event()
        with _OnTerminate(stop.set):
            end = import_files(ingest, roots, stop, lambda _event: None)
        counts = totals.totals(db)
    out = {
        "files": end.files,
        "files_changed": end.files_changed,
        "records": counts.records,
        "messages": counts.messages,
        "replies": counts.replies,
        "prompts": counts.prompts,
        "tool_calls": counts.tool_calls,
        "conversations": counts.conversations,
        "problems": counts.problems,
        "bytes_read": end.bytes_read,
        "seconds": round(end.seconds, 3),
        "cancelled": end.cancelled,
    }
    _tell(options, out, _import_text(out))
    return 0


def _import_text(out: dict[str, int | float | bool]) -> list[str]:
    files, changed, seconds = out["files"], out["files_changed"], out["seconds"]
    return [
        f"{files} files, {changed} with something new, read in {seconds} s.",
        f"The library holds {out['conversations']} conversations, {out['messages']} messages.",
        f"{out['tool_calls']} tool calls; {out['problems']} problems are listed.",
    ]


def _list(options: argparse.Namespace) -> int:
    with closing(open_reader(options.library)) as db:
        rows = export.conversation_list(db)
    lines = [f"{row['ended_at'] or '?':26} {row['messages']:6}  {row['title']}" for row in rows]
    _tell(options, rows, lines)
    return 0


def _show(options: argparse.Namespace) -> int:
    with closing(open_reader(options.library)) as db:
        row = conversations.one(db, options.id)
        if row is None:
            print(f"clew: There is no conversation {options.id!r}.", file=sys.stderr)
            return 1
        out = export.conversation(db, row)
    lines = export.lines(out)
    _tell(options, out, lines)
    return 0


def _search(options: argparse.Namespace) -> int:
    with closing(open_reader(options.library)) as db:
        began = time.perf_counter()
        found = search.find(db, options.query, limit=min(max(0, options.limit), _MOST_HITS))
        took = (time.perf_counter() - began) * 1000
    hits = [
        {
            "conversation": hit.conversation,
            "message": hit.uuid,
            "field": hit.field,
            "snippet": hit.snippet.replace(search.OPEN, "[").replace(search.CLOSE, "]"),
            "at": export.moment(hit.at),
            "title": hit.title,
            "tool": hit.tool,
            "abandoned": hit.abandoned,
        }
        for hit in found.hits
    ]
    out = {"total": found.total, "took_ms": round(took, 2), "hits": hits}
    _tell(options, out, [f"{h['title']}: {h['snippet']}" for h in hits])
    return 0


def _stats(options: argparse.Namespace) -> int:
    with closing(open_reader(options.library)) as db:
        out = {
            **asdict(totals.totals(db)),
            "tools": {tool: asdict(ends) for tool, ends in totals.tools(db).items()},
            "tokens": {model: asdict(use) for model, use in totals.tokens(db).items()},
            "days": [asdict(day) for day in totals.days(db)],
        }
    _tell(options, out, [f"{key}: {value}" for key, value in out.items()])
    return 0


def _watch(options: argparse.Namespace) -> int:
    roots = _roots(options)
    if roots is None:
        return 2
    events: SimpleQueue[EngineEvent | None] = SimpleQueue()
    engine = Engine(Config(options.library), events.put)

    def run() -> None:
        try:
            engine.run()
        finally:
            events.put(None)

    worker = threading.Thread(target=run, name="engine")
    failed = False
    number = 0
    with _OnTerminate(engine.stop):
        worker.start()
        engine.submit(AddRoots(tuple(roots)))
        try:
            while (event := events.get()) is not None:
                failed = failed or isinstance(event, EngineFailed)
                if isinstance(event, LibraryReady):
                    number = _last_event(options.library)
                if isinstance(event, ConversationChanged):
                    number = event.event_id
                if isinstance(event, _WATCHED):
                    out = {"event": type(event).__name__, "event_id": number, **asdict(event)}
                    print(json.dumps(out, ensure_ascii=False), flush=True)
        finally:  # also when nobody listens any more
            engine.stop()
            worker.join()
    return 1 if failed else 0


def _last_event(library: Path) -> int:
    with closing(open_reader(library)) as db:
        return totals.last_event(db)


def _check(options: argparse.Namespace) -> int:
    open_reader(options.library).close()  # there has to be one: a writer would make it
    # The full-text index's own check is spelled as an insert, so a writer has to ask it.
    with closing(open_writer(options.library)) as db:
        checks = health.check(db)
        counts = asdict(totals.totals(db))
        kinds = problems.census(db)
    out = {
        "ok": all(one.ok for one in checks),
        "checks": {one.name: one.found for one in checks},
        "counts": counts,
        "kinds": [
            {"kind": kind.kind, "known": kind.known, "count": kind.count,
             "first": f"{kind.source}:{kind.line}"}
            for kind in kinds
        ],
    }  # fmt: skip
    _tell(options, out, [f"{one.name}: {one.found}" for one in checks])
    return 0 if out["ok"] else 1


_Add = Callable[[argparse.ArgumentParser], None]
_DOORS: dict[str, tuple[Callable[[argparse.Namespace], int], str, _Add]] = {
    "import": (_import, "Read transcripts into the library; only what is new is read.", _paths),
    "list": (_list, "List the conversations, the newest first.", _nothing),
    "show": (_show, "Print one conversation.", _id),
    "search": (_search, "Search prompts, replies, thinking, tool inputs and outputs.", _query),
    "stats": (_stats, "Print totals, tools, tokens and days.", _nothing),
    "watch": (_watch, "Import, then follow what grows; one JSON event a line.", _paths),
    "check": (_check, "Check the library: integrity, search index, sums.", _nothing),
}
NAMES = tuple(_DOORS)


# What the doors share -----------------------------------------------------------------


def _roots(options: argparse.Namespace) -> Sequence[Path] | None:
    roots: list[Path] = options.paths or list(agent_roots())
    if not roots:
        print("clew: No transcripts were found; name a folder or file.", file=sys.stderr)
        return None
    for root in roots:
        if not root.exists():
            print(f"clew: {root} does not exist.", file=sys.stderr)
            return None
    return roots


def _tell(options: argparse.Namespace, out: object, lines: list[str]) -> None:
    if options.json:
        print(dump(out))
        return
    for line in lines:
        print("".join(char if char.isprintable() else " " for char in line))


class _OnTerminate:
    """Call *then* when the process is asked to end, while the body runs."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then

    def __enter__(self) -> None:
        self._before = {
            number: signal.signal(number, self._handle)
            for number in (signal.SIGTERM, signal.SIGINT)
        }

    def _handle(self, _number: int, _frame: object) -> None:
        self._then()

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
