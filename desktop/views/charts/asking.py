"""What the page asks of the library, and of whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from sqlite3 import Connection
from typing import Generic, Protocol, TypeVar

from core.queries import conversations, periods, spending, tools

T = TypeVar("T")
Rows_co = TypeVar("Rows_co", covariant=True)


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
    """What the user wants to see charts of."""

    days: int | None  # None: all there is
    project: str | None
    now: int  # ms
    zone: tzinfo | None  # None: the computer's own


@dataclass(frozen=True, slots=True)
class Answer(Generic[Rows_co]):
    """The rows for a choice. Without a period nothing in the library is dated."""

    choice: Choice
    period: periods.Period | None
    rows: Rows_co


def _period(choice: Choice, db: Connection) -> periods.Period | None:
    return periods.period(db, choice.days, choice.now, choice.zone)


def presence(choice: Choice, db: Connection) -> Answer[tools.Presence]:
    """Answer how many conversations and prompts there were."""
    within = _period(choice, db)
    none = tools.Presence(0, 0)
    return Answer(choice, within, tools.presence(db, within, choice.project) if within else none)


def calls(choice: Choice, db: Connection) -> Answer[tuple[tools.ToolTotal, ...]]:
    """Answer how the calls of each tool ended."""
    within = _period(choice, db)
    return Answer(choice, within, tools.tools(db, within, choice.project) if within else ())


def rhythm(choice: Choice, db: Connection) -> Answer[tools.Rhythm]:
    """Answer when tools were called."""
    within = _period(choice, db)
    none = tools.Rhythm((), ((0,) * 24,) * 7)
    rows = tools.rhythm(db, within, choice.zone, choice.project) if within else none
    return Answer(choice, within, rows)


def tokens(choice: Choice, db: Connection) -> Answer[tuple[tools.DayTokens, ...]]:
    """Answer how many tokens each day took."""
    within = _period(choice, db)
    rows = tools.tokens(db, within, choice.zone, choice.project) if within else ()
    return Answer(choice, within, rows)


def costs(choice: Choice, db: Connection) -> Answer[spending.Spending]:
    """Answer what each model cost on each day."""
    within = _period(choice, db)
    rows = (
        spending.spending(db, within, choice.zone, choice.project)
        if within
        else spending.Spending()
    )
    return Answer(choice, within, rows)


def projects(db: Connection) -> list[conversations.ProjectRow]:
    """Answer which projects there are."""
    return conversations.projects(db)
