"""`clew check`: whether the library is sound, and how much of every file was understood."""

import argparse
from contextlib import closing
from dataclasses import asdict
from sqlite3 import Connection

from core.doors.printing import tell
from core.queries import formats_export, health, totals
from core.queries.health import Check
from core.store import rollups, sorting
from core.store.connection import open_reader, open_writer


def run(options: argparse.Namespace) -> int:
    """Check the library; the exit code is 1 if it is not sound."""
    open_reader(options.library).close()  # there has to be one: a writer would make it
    # The full-text index's own check is spelled as an insert, so a writer has to ask it.
    with closing(open_writer(options.library, what="check")) as db, sorting.on_disk(db):
        checks = [*health.check(db), _sums(db)]
        counts = asdict(totals.totals(db))
        read = formats_export.health(db)
    sound = all(one.ok for one in checks)
    out = {
        "ok": sound,
        "checks": {one.name: one.found for one in checks},
        "counts": counts,
        **read,
    }
    tell(options, out, [f"{one.name}: {one.found}" for one in checks])
    return 0 if sound else 1


def _sums(db: Connection) -> Check:
    """Count the sums behind the charts anew, and compare."""
    found = rollups.recount(db, repair=False)
    said = "ok"
    if found.wrong:
        said = f"{found.wrong} sessions whose chart sums are not their rows'"
    elif found.tools:
        said = f"{found.tools} tools whose sums of all time are not their sessions'"
    return Check("chart sums", found.sound, said)
