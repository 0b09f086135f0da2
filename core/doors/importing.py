"""`clew import`: transcripts into the library."""

import argparse
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from sqlite3 import Connection

from core import jobs
from core.archiving import Archiving
from core.crew import HELPER, Crew, fleet, processes
from core.doors import arguments
from core.doors.printing import tell
from core.doors.roots import roots
from core.doors.terminating import OnTerminate
from core.events import ImportFinished
from core.ingest import Ingest
from core.pricing import priced_writer
from core.queries import formats, totals
from core.queries.totals import Totals
from core.store import merging
from core.store.connection import open_writer
from core.store.migrate import migrate
from core.weaving.weaver import Weaver


def add(one: argparse.ArgumentParser) -> None:
    """Let the door take folders and files, and who helps to read them."""
    arguments.paths(one)
    one.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes that read files ahead; 0: none (default: one where there is much to read)",
    )
    one.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="let the workers of this dask.distributed scheduler read files ahead; "
        "they have to see the files at the same paths (needs clew[fleet])",
    )
    one.add_argument(
        "--no-threads",
        dest="threads",
        action="store_false",
        help="leave the threads of what was read to be made when Clew is idle, or asked for them",
    )
    one.add_argument(
        "--no-archive",
        dest="archive",
        action="store_false",
        help="leave the logs that were read to be archived when Clew is idle",
    )


def _crew(options: argparse.Namespace) -> Crew | None:
    if options.scheduler:
        return Crew(partial(fleet, options.scheduler), always=True)
    if options.workers is None:
        return HELPER
    return Crew(partial(processes, options.workers), always=True) if options.workers > 0 else None


def run(options: argparse.Namespace) -> int:
    """Import what is named; say what was read, and what the library holds now."""
    found = roots(options)
    if found is None:
        return 2
    with closing(open_writer(options.library, what="import")) as db:
        migrate(db, options.library)
        writer, trouble = priced_writer(db, options.library)
        if trouble:
            print(f"clew: {trouble}", file=sys.stderr)
        ingest = Ingest(writer)
        stop = threading.Event()
        with OnTerminate(stop.set):
            end = jobs.run(db, ingest, found, stop, lambda _event: None, crew=_crew(options))
        counts = totals.totals(db)
        known = formats.formats(db)
        out = {**_out(end, counts), **_formats(db)} if options.json else {}
        tell(options, out, _lines(end, counts) + [_line(row) for row in known])
        sys.stdout.flush()  # what follows takes a while, and what was read is known
        with OnTerminate(stop.set):
            _until(stop, partial(merging.step, db))
            if options.archive:
                _until(stop, Archiving(db).step)
            if options.threads:
                _until(stop, Weaver(db).piece)
    return 0


def _until(stop: threading.Event, step: Callable[[], object]) -> None:
    """Take each *step* that there is, unless *stop* is set: the rest is done another time."""
    while not stop.is_set() and step():
        pass


def _out(end: ImportFinished, counts: Totals) -> dict[str, object]:
    return {
        "files": end.files,
        "others": end.others,
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


def _formats(db: Connection) -> dict[str, object]:
    from core.queries import formats_export  # noqa: PLC0415  a fifteenth of a start, for few

    return {"formats": formats_export.by_name(db), "processing": formats_export.processing(db)}


def _lines(end: ImportFinished, counts: Totals) -> list[str]:
    others = f"; {end.others} in no known format" if end.others else ""
    seconds = round(end.seconds, 3)
    return [
        f"{end.files} files, {end.files_changed} with something new, read in {seconds} s{others}.",
        f"The library holds {counts.conversations} conversations, {counts.messages} messages.",
        f"{counts.tool_calls} tool calls; {counts.problems} problems are listed.",
    ]


def _line(row: formats.FormatRow) -> str:
    share = formats.score(row)
    understood = "" if share is None else f", {formats.written(share)} understood"
    files = "1 file" if row.files == 1 else f"{row.files} files"
    return f"{row.title}: {files}, {formats.lines(row)} records{understood}"
