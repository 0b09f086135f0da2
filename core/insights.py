"""The library's figures about tools and its findings, added up from the kept pieces of sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from sqlite3 import Connection
from typing import Final

from core.analysis.findings.finding import Finding, Trend, findings, grown, trend
from core.analysis.findings.folding import EVERY
from core.analysis.findings.lasting import Lanes
from core.analysis.tools_part import Part, add, read, sum_of
from core.pieces import pieces
from core.queries import insights
from core.queries import pieces as queries
from core.queries.insights import Mark
from core.queries.rollups import Lane, Scope
from core.store import analysis_problems

ANALYSIS: Final = "tools"  # what its problems are noted under
LANES: Final[Mapping[Lane, Lanes]] = {
    Lane.ALL: EVERY, Lane.YOU: (False,), Lane.AGENTS: (True,)
}  # fmt: skip


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


def insights_of(db: Connection, scope: Scope | None = None, *, kept: bool = False) -> Insights:
    """Return what the conversations that reach into *scope* add up to, as far as its lane goes.

    What is not kept yet is made and forgotten again: *db* may be a reader. With *kept* it is
    left out and counted instead: no message is read. One conversation's parts are in memory at
    a time, besides the sums.
    """
    lanes = LANES[Lane.ALL if scope is None else scope.lane]
    total = Part()
    missing = 0
    for owner in queries.conversations(db, scope):
        told = [read(one.tools) for one in pieces(db, owner.id, kept=kept) if one.tools is not None]
        if kept and not told:
            missing += 1
            continue
        add(total, told, owner.key, owner.project, lanes)
    marks = insights.marks(db)
    found = [_told(db, total, one, marks.get(one.key)) for one in findings(total.seen)]
    return Insights(
        total,
        tuple(one for one in found if not one.hidden),
        tuple(one for one in found if one.hidden),
        missing,
        analysis_problems.count(db, ANALYSIS),
    )


def part_of(db: Connection, conversation: int, *, kept: bool = False) -> Part:
    """Return what *conversation* alone adds up to, as it is now or as it was made last."""
    told = [read(one.tools) for one in pieces(db, conversation, kept=kept) if one.tools is not None]
    return sum_of(told, *insights.owner(db, conversation))


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
