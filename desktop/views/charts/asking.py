"""What the page asks of the library, and of whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from sqlite3 import Connection
from typing import Generic, Protocol, TypeVar

from core.analysis.tools_part import Part
from core.insights import Insights, insights_of
from core.queries import conversations, dashboard, filling, periods, rollups
from core.queries.dashboard import Outliers, ToolDay
from core.queries.filling import Line
from core.queries.rollups import DayActive, DayUse, Hours, Lane, Scope, Tiles, ToolSpread
from core.queries.rollups import WeekFailures as Week

T = TypeVar("T")
Rows_co = TypeVar("Rows_co", covariant=True)

_NO_TILES = Tiles(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_NO_HOURS = Hours(((0,) * 24,) * 7, ((0,) * 24,) * 7, ())


class Queries(Protocol):
    """Whoever reads the library off the UI thread. A newer question on a *channel* replaces it."""

    def ask(
        self,
        channel: str,
        question: Callable[[Connection], T],
        answered: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        /,
    ) -> None:
        """Put *question*; *answered* or *failed* is called on the UI thread."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user wants to see charts of. Empty tuples mean all there is."""

    days: int | None  # None: all there is
    now: int  # ms
    zone: tzinfo | None  # None: the computer's own
    projects: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    lane: Lane = Lane.ALL


@dataclass(frozen=True, slots=True)
class Answer(Generic[Rows_co]):
    """The rows for a choice. Without a scope nothing in the library is dated."""

    choice: Choice
    scope: Scope | None
    rows: Rows_co

    @property
    def period(self) -> periods.Period | None:
        """The days that were asked about."""
        return None if self.scope is None else self.scope.within


@dataclass(frozen=True, slots=True)
class Names:
    """What may be chosen."""

    projects: tuple[str, ...]  # the one used last first
    models: tuple[str, ...]  # the most used first


def names(db: Connection) -> Names:
    """Answer which projects and models there are."""
    return Names(
        tuple(row.path for row in conversations.projects(db, noise=True)), dashboard.models(db)
    )


def tiles(choice: Choice, db: Connection) -> Answer[Tiles]:
    """Answer the figures above the charts."""
    scope = _scope(choice, db)
    return Answer(choice, scope, rollups.tiles(db, scope) if scope else _NO_TILES)


def active(choice: Choice, db: Connection) -> Answer[tuple[DayActive, ...]]:
    """Answer how long each project was worked in on each day."""
    scope = _scope(choice, db)
    return Answer(choice, scope, rollups.active(db, scope, choice.zone) if scope else ())


def tools(choice: Choice, db: Connection) -> Answer[tuple[ToolSpread, ...]]:
    """Answer how the calls of each tool ended and how long they took."""
    scope = _scope(choice, db)
    return Answer(choice, scope, rollups.tools(db, scope) if scope else ())


def hours(choice: Choice, db: Connection) -> Answer[Hours]:
    """Answer when tools were called, by hour of the week."""
    scope = _scope(choice, db)
    return Answer(choice, scope, rollups.hours(db, scope, choice.zone) if scope else _NO_HOURS)


def tool_days(choice: Choice, db: Connection) -> Answer[tuple[ToolDay, ...]]:
    """Answer how often each tool was called on each day."""
    scope = _scope(choice, db)
    return Answer(choice, scope, dashboard.tool_days(db, scope, choice.zone) if scope else ())


def use(choice: Choice, db: Connection) -> Answer[tuple[DayUse, ...]]:
    """Answer what each model used and cost on each day."""
    scope = _scope(choice, db)
    return Answer(choice, scope, rollups.use(db, scope, choice.zone) if scope else ())


def weeks(choice: Choice, db: Connection) -> Answer[tuple[Week, ...]]:
    """Answer how many calls failed in each week."""
    scope = _scope(choice, db)
    return Answer(choice, scope, rollups.failures(db, scope, choice.zone) if scope else ())


def fills(choice: Choice, db: Connection) -> Answer[tuple[Line, ...]]:
    """Answer how full the context of the largest conversations was."""
    scope = _scope(choice, db)
    return Answer(choice, scope, filling.lines(db, scope) if scope else ())


def outliers(choice: Choice, db: Connection) -> Answer[Outliers]:
    """Answer how large each conversation is."""
    scope = _scope(choice, db)
    return Answer(choice, scope, dashboard.outliers(db, scope) if scope else Outliers())


def patterns(choice: Choice, db: Connection) -> Answer[Insights]:
    """Answer what the kept parts of conversations add up to; no message is read."""
    scope = _scope(choice, db)
    if scope is None:
        return Answer(choice, None, Insights(Part()))
    found = insights_of(db, scope, kept=True)
    return Answer(choice, scope, found)


def _scope(choice: Choice, db: Connection) -> Scope | None:
    within = periods.period(db, choice.days, choice.now, choice.zone)
    if within is None:
        return None
    return Scope(within, choice.projects, choice.models, choice.lane)
