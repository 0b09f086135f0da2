"""The library's figures about tools and its findings, brought up to date and added up.

Each conversation's part is made once and kept until the conversation changes, so that an
appended line costs one conversation, however many the library has.
"""

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from sqlite3 import Connection
from typing import Final

from core.analysis.findings.finding import Finding, Trend, findings, grown, trend
from core.analysis.tools_part import REVISION, Part, add, part_of, written
from core.queries import insights, workload
from core.queries.insights import Mark
from core.queries.periods import Period
from core.store import analysis_problems, tool_parts
from core.store.connection import transaction

log = logging.getLogger(__name__)

ANALYSIS: Final = "tools"  # what its problems are noted under
_BATCH: Final = 2_000  # messages of conversations that are looked at in one transaction
_LOOKED: Final = 200  # conversations of which it is asked at once what is missing


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with what its person said of it."""

    finding: Finding
    mark: Mark | None = None
    trend: Trend | None = None  # since something was done about it
    hidden: bool = False  # it was dismissed, and has not grown much since


@dataclass(frozen=True, slots=True)
class Insights:
    """All there is to tell of a scope."""

    part: Part
    findings: tuple[Told, ...] = ()  # the costliest first; dismissed ones are left out
    dismissed: tuple[Told, ...] = field(default=())
    missing: int = 0  # conversations that are left out because nothing is kept of them yet
    failed: int = 0  # conversations that could not be analysed, in the whole library


def catch_up(
    db: Connection, most: int | None = None, *, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Make and keep the parts that are missing; return how many conversations that were.

    *db* is the writer. Each transaction looks at about 2,000 messages. At most *most*
    conversations are looked at, and none once *go_on* says no.
    """
    done = 0
    while go_on():
        todo = insights.missing(
            db, REVISION, _LOOKED if most is None else min(_LOOKED, most - done)
        )
        if not todo:
            break
        while todo and go_on():
            done += _some(db, todo)
    return done


def _some(db: Connection, todo: list[tuple[int, int]]) -> int:
    """Make the parts of the first of *todo*, and take them out of it; return how many."""
    messages = taken = 0
    with transaction(db):
        while todo and messages < _BATCH:
            id_, size = todo.pop(0)
            keep(db, id_, _tried(db, id_))
            messages += size
            taken += 1
    return taken


def _tried(db: Connection, conversation: int) -> str | Exception:
    try:
        return made(db, conversation)
    except sqlite3.DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  one bad conversation stops no other
        return error


def made(db: Connection, conversation: int) -> str:
    """Return the part of *conversation* as it is kept; *db* may be a reader."""
    return written(part_of(workload.read(db, conversation)))


def keep(db: Connection, conversation: int, part: str | BaseException) -> None:
    """Keep the *part* of *conversation*. Runs in the writer's transaction.

    An error in place of a part is noted as a problem of the conversation, which adds nothing
    to any figure until it changes.
    """
    if isinstance(part, BaseException):
        log.error("tools of conversation %d cannot be analysed", conversation, exc_info=part)
        analysis_problems.note(db, conversation, ANALYSIS, part)
        part = written(Part())
    else:
        analysis_problems.forget(db, conversation, ANALYSIS)
    tool_parts.keep(db, REVISION, [(conversation, part)])


def insights_of(
    db: Connection,
    within: Period | None = None,
    projects: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
    *,
    kept: bool = False,
) -> Insights:
    """Return what the conversations that reach into *within* add up to.

    What is not kept yet is made and forgotten again: *db* may be a reader. With *kept* it is
    left out and counted instead: no message is read. One part is in memory at a time, besides
    the sums.
    """
    total = Part()
    missing = 0
    for one in insights.parts(db, REVISION, within, projects, models):
        if kept and one.part is None:
            missing += 1
            continue
        part = one.part
        if part is None:
            tried = _tried(db, one.id)
            part = written(Part()) if isinstance(tried, BaseException) else tried
        add(total, part, one.key, one.project)
    marks = insights.marks(db)
    told = [_told(db, total, found, marks.get(found.key)) for found in findings(total.seen)]
    return Insights(
        total,
        tuple(one for one in told if not one.hidden),
        tuple(one for one in told if one.hidden),
        missing,
        analysis_problems.count(db, ANALYSIS),
    )


def insights_of_one(db: Connection, conversation: int) -> Insights:
    """Return what *conversation* alone adds up to; *db* may be a reader.

    A pattern that takes several conversations to be told is not told here.
    """
    part = part_of(workload.read(db, conversation))
    marks = insights.marks(db)
    told = [_marked(part, found, marks.get(found.key)) for found in findings(part.seen)]
    return Insights(
        part,
        tuple(one for one in told if not one.hidden),
        tuple(one for one in told if one.hidden),
    )


def _told(db: Connection, total: Part, found: Finding, mark: Mark | None) -> Told:
    told = _marked(total, found, mark)
    if mark is None or mark.acted_at is None:
        return told
    ended = insights.ended(db, found.project)
    return replace(told, trend=trend(found, total.seen, mark.acted_at, ended))


def _marked(total: Part, found: Finding, mark: Mark | None) -> Told:
    if mark is None or mark.dismissed_at is None:
        return Told(found, mark)
    again = grown(found, total.seen, mark.dismissed_at, mark.dismissed_of)
    return Told(found, mark, hidden=not again)
