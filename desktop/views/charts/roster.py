"""Which cards the page has, in their order, and which question each of them answers."""

from sqlite3 import Connection
from typing import Final

from desktop.views.charts import asking
from desktop.views.charts.asking import Choice, Names
from desktop.views.charts.card import Card
from desktop.views.charts.card_after import AfterCard
from desktop.views.charts.card_better import BetterCard
from desktop.views.charts.card_context import ContextCard
from desktop.views.charts.card_cost import CostCard
from desktop.views.charts.card_days import DaysCard
from desktop.views.charts.card_files import FilesCard
from desktop.views.charts.card_findings import FindingsCard
from desktop.views.charts.card_outliers import OutliersCard
from desktop.views.charts.card_runs import RunsCard
from desktop.views.charts.card_sequences import SequencesCard
from desktop.views.charts.card_slow import SlowCard
from desktop.views.charts.card_time import TimeCard
from desktop.views.charts.card_tokens import TokensCard
from desktop.views.charts.card_tools import ToolsCard
from desktop.views.charts.card_week import WeekCard
from desktop.views.charts.deck import Dealt, Deck
from desktop.views.charts.inquiry import Kind, Question

KINDS: Final[tuple[Kind, ...]] = (
    TimeCard, ToolsCard, WeekCard, AfterCard, SlowCard, BetterCard, TokensCard, CostCard,
    ContextCard, OutliersCard, RunsCard, FilesCard, SequencesCard, DaysCard, FindingsCard,
)  # fmt: skip


def _names(_choice: Choice, db: Connection) -> Names:
    return asking.names(db)


TILES: Final = Question("tiles", asking.tiles)
NAMES: Final = Question("names", _names)
PATTERNS: Final = Question(
    "patterns",
    asking.patterns,
    (AfterCard, RunsCard, FilesCard, SequencesCard, FindingsCard),
    slow=True,  # it adds up the kept figures of every conversation
)
QUESTIONS: Final = (
    Question("active", asking.active, (TimeCard,)),
    Question("tools", asking.tools, (ToolsCard, SlowCard)),
    TILES,
    NAMES,
    Question("hours", asking.hours, (WeekCard,)),
    Question("weeks", asking.weeks, (BetterCard,)),
    Question("use", asking.use, (TokensCard, CostCard)),
    Question("days", asking.tool_days, (DaysCard,)),
    Question("outliers", asking.outliers, (OutliersCard,)),
    Question("fills", asking.fills, (ContextCard,)),
    PATTERNS,
)


class Named:
    """The cards by name. Reading one has it made, and those that stand before it."""

    deck: Deck
    time = Dealt(TimeCard)
    tools = Dealt(ToolsCard)
    week = Dealt(WeekCard)
    after = Dealt(AfterCard)
    slow = Dealt(SlowCard)
    better = Dealt(BetterCard)
    tokens = Dealt(TokensCard)
    cost = Dealt(CostCard)
    context = Dealt(ContextCard)
    outliers = Dealt(OutliersCard)
    runs = Dealt(RunsCard)
    files = Dealt(FilesCard)
    sequences = Dealt(SequencesCard)
    days = Dealt(DaysCard)
    findings = Dealt(FindingsCard)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card, in the order of the page."""
        return self.deck.all()
