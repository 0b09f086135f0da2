"""`clew archive`: the logs that the library keeps as they were."""

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from core import restoring
from core.doors.printing import tell
from core.errors import NotArchivedError
from core.queries import archive
from core.queries.archive import ArchivedFile, Damage
from core.queries.export import moment
from core.store import archive as kept
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate

_MILLION: Final = 1_000_000  # nanoseconds


def arguments(one: argparse.ArgumentParser) -> None:
    """Let the door take what to do, and with which file."""
    one.add_argument(
        "action",
        choices=tuple(_ACTIONS),
        metavar="ACTION",
        help="list; verify: check every byte; restore SOURCE --out FILE: write a log out again; "
        "on, off: whether logs are kept from now on",
    )
    one.add_argument(
        "source",
        nargs="?",
        default="",
        metavar="SOURCE",
        help="a log's path, the end of it, or its name without .jsonl",
    )
    one.add_argument("--out", type=Path, metavar="FILE", help="where to; it must not be there yet")
    one.add_argument(
        "--generation",
        type=int,
        metavar="N",
        help="of a log that was written anew: as it was before (default: as it was last)",
    )
    one.add_argument(
        "--partly", action="store_true", help="write what is left of a log that is damaged"
    )


def run(options: argparse.Namespace) -> int:
    """Do what is asked for; the exit code is 1 if bytes are lost."""
    open_reader(options.library).close()  # there has to be one: a writer would make it
    if options.action in {"on", "off"}:
        with closing(open_writer(options.library, what="archive")) as db:
            migrate(db, options.library)
            kept.turn(db, on=options.action == "on")
    with closing(open_reader(options.library)) as db:
        db.execute("BEGIN")  # one state of the library: packs may be joined meanwhile
        return _ACTIONS[options.action](db, options)


def _list(db: Connection, options: argparse.Namespace) -> int:
    found = archive.figures(db)
    files = archive.files(db)
    out = {**asdict(found), "sources": [_told(one) for one in files]}
    lines = [f"{one.size:>12,}  {one.label}{_state(one)}" for one in files]
    tell(options, out, [*lines, *_size(found)])
    return 0


def _verify(db: Connection, options: argparse.Namespace) -> int:
    lost = [one for part in archive.verify(db) for one in part]
    found = archive.figures(db)
    out = {
        "sound": not lost,
        "files": found.files,
        "bytes": found.size,
        "lost": [_lost(one) for one in lost],
    }
    said = f"All {found.size:,} bytes of {found.files:,} files are as they were read."
    tell(options, out, [str(one) for one in lost] or [said])
    return 1 if lost else 0


def _restore(db: Connection, options: argparse.Namespace) -> int:
    if not options.source or options.out is None:
        print("clew: Name a log and where to write it: restore SOURCE --out FILE.", file=sys.stderr)
        return 2
    file = _chosen(db, options.source, options.generation)
    lost = restoring.restore(db, file, options.out, partly=options.partly)
    for one in lost:
        print(f"clew: {one}", file=sys.stderr)
    written = not lost or options.partly
    out = {**_told(file), "written": str(options.out) if written else None}
    out["lost"] = [_lost(one) for one in lost]
    size = file.size - sum(one.length for one in lost)
    said = f"{size:,} bytes of {file.label} were written to {options.out}."
    tell(options, out, [said] if written else ["Nothing was written."])
    return 1 if lost else 0


def _chosen(db: Connection, source: str, generation: int | None) -> ArchivedFile:
    found = restoring.chosen(archive.files(db), source)
    if generation is None:
        found = [one for one in found if one.newest]
    else:
        found = [one for one in found if one.generation == generation]
    if not found:
        raise NotArchivedError(f"The archive holds no {source}; `clew archive list` tells what.")
    if len(found) > 1:
        some = ", ".join(one.label for one in found[:3])
        raise NotArchivedError(f"{source} may be any of {len(found)} logs, such as {some}.")
    return found[0]


def _switch(db: Connection, options: argparse.Namespace) -> int:
    found = archive.figures(db)
    now = "Logs are kept" if found.on else "No more logs are kept"
    tell(options, asdict(found), [f"{now} from now on.", *_size(found)])
    return 0


_ACTIONS: Final[dict[str, Callable[[Connection, argparse.Namespace], int]]] = {
    "list": _list,
    "verify": _verify,
    "restore": _restore,
    "on": _switch,
    "off": _switch,
}


def _told(file: ArchivedFile) -> dict[str, object]:
    return {
        "file": file.label,
        "generation": file.generation,
        "newest": file.newest,
        "format": file.format,
        "bytes": file.size,
        "whole": file.whole,
        "changed_at": moment(file.mtime_ns // _MILLION) if file.whole else None,
    }


def _lost(damage: Damage) -> dict[str, object]:
    return {
        "file": damage.file.label,
        "generation": damage.file.generation,
        "begin": damage.begin,
        "length": damage.length,
        "reason": damage.reason,
    }


def _state(file: ArchivedFile) -> str:
    if not file.newest:
        return f"  (as it was before it was written anew: generation {file.generation})"
    return "" if file.whole else "  (its beginning; the rest is to come)"


def _size(found: archive.Figures) -> list[str]:
    share = f", {found.packed / found.size:.3f} of them" if found.size else ""
    lines = [
        f"{found.files:,} files of {found.size:,} bytes are kept in {found.packed:,} bytes{share}."
    ]
    if found.due:
        lines.append(f"{found.due:,} files are still to be looked at.")
    return lines
