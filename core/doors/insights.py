"""`clew insights`: how tools are used in the whole library, and what could be done better."""

import argparse
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, tzinfo
from sqlite3 import Connection
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.analyst import catch_up
from core.doors.insights_json import as_json, lines
from core.doors.printing import tell
from core.errors import CoreError
from core.insights import insights_of
from core.queries import periods
from core.queries.periods import Period
from core.queries.rollups import Lane, Scope
from core.store import finding_marks
from core.store.connection import open_reader, open_writer
from core.store.migrate import migrate


def arguments(one: argparse.ArgumentParser) -> None:
    """Let the door take a scope, and what is to be said of a finding."""
    one.add_argument("--days", type=int, metavar="N", help="the last N days; without it, all")
    one.add_argument(
        "--project", action="append", default=[], metavar="FOLDER", help="may be given again"
    )
    one.add_argument(
        "--model", action="append", default=[], metavar="NAME", help="may be given again"
    )
    one.add_argument("--lane", choices=[lane.value for lane in Lane], default=Lane.ALL.value)
    one.add_argument("--zone", metavar="NAME", help="such as Europe/Berlin; yours without it")
    one.add_argument("--dismiss", metavar="KEY", help="do not show this finding any more")
    one.add_argument("--restore", metavar="KEY", help="show a dismissed finding again")
    one.add_argument("--acted", metavar="KEY", help="something was done about it: compare from now")


def run(options: argparse.Namespace) -> int:
    """Bring the figures up to date and print those of the scope."""
    open_reader(options.library).close()  # there has to be one: a writer would make it
    zone = _zone(options.zone)
    now = int(time.time() * 1000)
    _write(options, now)
    with closing(open_reader(options.library)) as db:
        scope = _scope(db, options, now, zone)
        found = insights_of(db, scope)
        out = as_json(db, scope, zone, found)
    tell(options, out, lines(out))
    return 0


def _write(options: argparse.Namespace, now: int) -> None:
    """Bring kept figures up to date, and note what is said of findings.

    A library that cannot be written to, or that somebody writes to just now, is only read: what
    is due is then made for this once. What is said of a finding has to be written.
    """
    marks = options.dismiss or options.restore or options.acted
    try:
        patience = None if marks else 0.0
        with closing(open_writer(options.library, what="insights", patience=patience)) as db:
            migrate(db, options.library)
            catch_up(db)
            if options.dismiss:
                known = (*(found := insights_of(db)).findings, *found.dismissed)
                cases = {one.finding.key: one.finding.count for one in known}
                finding_marks.dismiss(db, options.dismiss, now, cases.get(options.dismiss, 0))
            if options.restore:
                finding_marks.dismiss(db, options.restore, None)
            if options.acted:
                finding_marks.acted(db, options.acted, now)
    except (CoreError, sqlite3.OperationalError):
        if marks:
            raise


def _scope(db: Connection, options: argparse.Namespace, now: int, zone: tzinfo | None) -> Scope:
    within = periods.period(db, options.days, now, zone)
    if within is None:  # nothing is dated
        today = datetime.fromtimestamp(now / 1000, UTC).date()
        within = Period(today, today, 0, 0, whole=True)
    return Scope(within, tuple(options.project), tuple(options.model), Lane(options.lane))


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CoreError(f"There is no time zone {name!r}.") from error
