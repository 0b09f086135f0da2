"""`clew import`: transcripts into the library."""

import argparse
import sys
import threading
from contextlib import closing

from core.doors.printing import tell
from core.doors.roots import roots
from core.doors.terminating import OnTerminate
from core.events import ImportFinished
from core.importing import import_files
from core.ingest import Ingest
from core.pricing import priced_writer
from core.queries import formats, formats_export, totals
from core.queries.totals import Totals
from core.store.connection import open_writer
from core.store.migrate import migrate


def run(options: argparse.Namespace) -> int:
    """Import what is named; say what was read, and what the library holds now."""
    found = roots(options)
    if found is None:
        return 2
    with closing(open_writer(options.library)) as db:
        migrate(db, options.library)
        writer, trouble = priced_writer(db, options.library)
        if trouble:
            print(f"clew: {trouble}", file=sys.stderr)
        ingest = Ingest(writer)
        stop = threading.Event()
        with OnTerminate(stop.set):
            end = import_files(ingest, found, stop, lambda _event: None)
        counts = totals.totals(db)
        known = formats.formats(db)
        out = _out(end, counts) | {
            "formats": formats_export.by_name(db),
            "processing": formats_export.processing(db),
        }
    tell(options, out, _lines(end, counts) + [_line(row) for row in known])
    return 0


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
