"""All that the Diagnostics show: versions, settings, sizes, checkpoints, readers, queries."""

import platform
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from sqlite3 import Connection
from typing import Final

from core import __version__
from core.monitoring.alerts import Alert, alerts
from core.monitoring.sampling import Sample
from core.queries import archive
from core.queries.archive import Figures
from core.queries.statements import names, plan
from core.store import wal
from core.store.checkpoints import Checkpointing
from core.store.connection import WritingConnection
from core.store.day import LastDay, Minute, last_day
from core.store.optimising import free_pages
from core.store.readers import Readers
from core.store.settings import settings
from core.store.timing import Slow

_SHORT: Final = 60  # characters of a statement that has no name


@dataclass(frozen=True, slots=True)
class Query:
    """A statement with a name, and what it has cost here. Times in ms; see core.store.timing."""

    name: str
    count: int
    stopped: int
    p50: float
    p95: float
    longest: float
    rows: int
    plan: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to know at one moment."""

    versions: tuple[tuple[str, str], ...]
    reader: tuple[tuple[str, str], ...]  # how a reader's connection is set, by pragma
    writer: tuple[tuple[str, str], ...]  # how the writer's is; empty where nobody writes
    seen: Sample
    alerts: tuple[Alert, ...]
    pages: int  # of the library
    free_pages: int  # of them, those that hold nothing
    wal_frames: int  # pages in the write-ahead log since it was last begun anew
    checkpoints: Checkpointing
    unlocked: str  # why no lock keeps other programs from writing, or ""
    queries: tuple[Query, ...]
    slow: tuple[tuple[str, Slow], ...]  # with its name, the newest first
    archive: Figures  # of the logs that are kept as they were
    day: LastDay  # of this process


@dataclass(frozen=True, slots=True)
class Writing:
    """What the writer of a library tells of itself."""

    checkpoints: Checkpointing = field(default_factory=Checkpointing)
    writer: tuple[tuple[str, str], ...] = ()  # see `Report`
    unlocked: str = ""  # why no lock keeps other programs from writing, or ""
    minutes: tuple[Minute, ...] = ()  # of the last 24 hours


def told_by(db: WritingConnection) -> Callable[[], Writing]:
    """Return what asks *db*, on whose thread this is called, for what it tells. For any thread."""
    checkpoints, set_to = db.checkpoints, settings(db)
    unlocked = "" if db.hold is None else db.hold.trouble
    return lambda: Writing(checkpoints.facts(), set_to, unlocked, checkpoints.day.minutes())


def report(db: Connection, readers: Readers, seen: Sample, ours: Writing) -> Report:
    """Return what there is to know of the library of *readers*, read through *db*.

    Costs some milliseconds.
    """
    named = names()
    ran = {one.sql: one for one in readers.timings.figures()}
    queries = [
        Query(
            _name(named, sql), one.count, one.stopped, one.p50, one.p95, one.longest, one.rows,
            plan(db, sql),
        )
        for sql, one in ran.items()
        if not sql.startswith(("PRAGMA", "EXPLAIN"))
    ]  # fmt: skip
    return Report(
        versions=versions(),
        reader=settings(db),
        writer=ours.writer,
        seen=seen,
        alerts=alerts(seen),
        pages=int(db.execute("PRAGMA page_count").fetchone()[0]),
        free_pages=free_pages(db),
        wal_frames=wal.frames(readers.library),
        checkpoints=ours.checkpoints,
        unlocked=ours.unlocked,
        queries=tuple(queries),
        slow=tuple((_name(named, one.sql), one) for one in readers.timings.slow()),
        archive=archive.figures(db),
        day=last_day(ours.minutes, readers.day.minutes()),
    )


def versions() -> tuple[tuple[str, str], ...]:
    """Return what Clew runs on."""
    return (
        ("Clew", __version__),
        ("SQLite", sqlite3.sqlite_version),
        ("Python", platform.python_version()),
        ("System", f"{platform.system()} {platform.release()}"),
    )


def plans(db: Connection) -> dict[str, tuple[str, ...]]:
    """Return how SQLite would run every named statement of the queries on this library."""
    return {name: plan(db, sql) for sql, name in names().items()}


def as_json(told: Report) -> dict[str, object]:
    """Return *told* in types that JSON has."""
    return {
        "versions": dict(told.versions),
        "pragmas": {"reader": dict(told.reader), "writer": dict(told.writer)},
        "seen": asdict(told.seen),
        "alerts": [asdict(one) for one in told.alerts],
        "pages": {"all": told.pages, "free": told.free_pages},
        "wal": {"bytes": told.seen.wal, "frames": told.wal_frames},
        "checkpoints": asdict(told.checkpoints),
        "unlocked": told.unlocked,
        "archive": asdict(told.archive),
        "last_day": asdict(told.day),
        "queries": [asdict(one) for one in told.queries],
        "slow": [
            {"name": name, "at": one.at, "ms": one.ms, "rows": one.rows} for name, one in told.slow
        ],
    }


def _name(named: dict[str, str], sql: str) -> str:
    if sql in named:
        return named[sql]
    # One that gives all its rows as an array stands within another.
    within = next((name for inner, name in named.items() if f"FROM ({inner})" in sql), "")
    return within or " ".join(sql.split())[:_SHORT] or "all others"
