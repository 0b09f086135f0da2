"""The charts page: what to look at on top, then numbers, then five questions with their charts."""

import time
from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from core.queries.conversations import ProjectRow
from core.queries.spending import Spending
from core.queries.tools import DayTokens, Presence, Rhythm, ToolTotal
from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.look.words import translate
from desktop.views.charts import asking, scale
from desktop.views.charts.asking import Answer, Choice, Queries
from desktop.views.charts.card import Card
from desktop.views.charts.card_cost import CostCard, unpriced
from desktop.views.charts.card_days import DaysCard
from desktop.views.charts.card_tokens import TokensCard
from desktop.views.charts.card_tools import ToolsCard
from desktop.views.charts.card_week import WeekCard
from desktop.views.charts.tiles import Tile, Tiles

WIDEST: Final = 1840  # points of the page's content
TWO_COLUMNS: Final = 1100  # points from which charts stand side by side
_MANY_ROWS: Final = 452  # points of a card with fifteen bars, and of the one beside it
_FEW_ROWS: Final = 364
_AROUND: Final = 230  # points of everything that is not a card
_MOST_SPARE: Final = 200
_RANGES: Final = {"7": 7, "30": 30, "90": 90, "all": None}


def _now() -> int:
    return time.time_ns() // 1_000_000


class ChartsPage(QWidget):
    """Asks *queries* whenever it is refreshed or the choice changes. *now* is in ms."""

    def __init__(
        self,
        queries: Queries,
        parent: QWidget | None = None,
        *,
        now: Callable[[], int] = _now,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(parent)
        self._queries = queries
        self._now = now
        self._zone = zone
        self._columns = 0
        self._tools_card = ToolsCard()
        self._days_card = DaysCard()
        self._week_card = WeekCard()
        self._tokens_card = TokensCard()
        self._cost_card = CostCard()
        self.cards: tuple[Card, ...] = (
            self._tools_card,
            self._days_card,
            self._week_card,
            self._tokens_card,
            self._cost_card,
        )
        self.range = Segmented(
            translate("charts", "Range"),
            [
                ("7", translate("charts", "7 days")),
                ("30", translate("charts", "30 days")),
                ("90", translate("charts", "90 days")),
                ("all", translate("charts", "All")),
            ],
            self,
        )
        self.range.choose("30")
        self.project = QComboBox(self)
        self._until = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._make_tiles()
        self._lay_out()
        self.range.chosen.connect(self.refresh)
        self.project.currentIndexChanged.connect(self.refresh)

    @property
    def choice(self) -> Choice:
        """What is asked for."""
        project = self.project.currentData()
        return Choice(
            _RANGES[self.range.current],
            project if isinstance(project, str) else None,
            self._now(),
            self._zone,
        )

    @Slot()
    def refresh(self) -> None:
        """Ask everything anew; what is shown stays until the answers come."""
        choice = self.choice
        ask = self._queries.ask
        ask("charts.projects", asking.projects, self._show_projects, self._ignore)
        ask("charts.presence", partial(asking.presence, choice), self._show_presence, self._ignore)
        ask(
            "charts.calls",
            partial(asking.calls, choice),
            self._show_calls,
            partial(self._fail, (self._tools_card,)),
        )
        ask(
            "charts.rhythm",
            partial(asking.rhythm, choice),
            self._show_rhythm,
            partial(self._fail, (self._days_card, self._week_card)),
        )
        ask(
            "charts.tokens",
            partial(asking.tokens, choice),
            self._show_tokens,
            partial(self._fail, (self._tokens_card,)),
        )
        ask(
            "charts.costs",
            partial(asking.costs, choice),
            self._show_costs,
            partial(self._fail, (self._cost_card,)),
        )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._columns:
            self._arrange()

    def _make_tiles(self) -> None:
        self.conversations = Tile(translate("charts", "Conversations"))
        self.prompts = Tile(translate("charts", "Prompts"))
        self.calls = Tile(translate("charts", "Tool calls"))
        self.failed = Tile(translate("charts", "Failed"))
        self.tokens = Tile(translate("charts", "Tokens"))
        self.cost = Tile(translate("charts", "Cost at API prices"))

    def _lay_out(self) -> None:
        palette.put_on(self, "window")
        self.project.setAccessibleName(translate("charts", "Project"))
        self.project.addItem(translate("charts", "All projects"), None)
        self.project.setMinimumWidth(180)
        self.project.setMaximumWidth(280)
        self.project.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._content = QWidget()
        self._bar = self._make_bar()
        bar = QWidget(self)
        bar.setLayout(self._bar)
        tiles = (
            self.conversations, self.prompts, self.calls, self.failed, self.tokens, self.cost,
        )  # fmt: skip
        self._grid = QGridLayout()
        self._grid.setSpacing(metrics.LARGE)
        self._column = column = QVBoxLayout(self._content)
        column.setSpacing(metrics.LARGE)
        column.addWidget(Tiles(tiles))
        column.addLayout(self._grid)
        column.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._content)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(bar)
        page.addWidget(Hairline())
        page.addWidget(self._area, 1)

    def _make_bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics.MEDIUM)
        row.addWidget(
            Text(translate("charts", "Charts"), size=fonts.HEADING, weight=QFont.Weight.DemiBold)
        )
        row.addWidget(self._until, 1)
        row.addWidget(self.project)
        row.addWidget(self.range)
        return row

    def _arrange(self) -> None:
        width = min(self.width(), WIDEST)
        columns = 2 if width >= TWO_COLUMNS else 1
        side = metrics.WIDE + max(0, (self.width() - WIDEST) // 2)
        self._column.setContentsMargins(side, metrics.LARGE, side, metrics.WIDE)
        self._bar.setContentsMargins(side, metrics.SMALL, side, metrics.SMALL)
        grown = max(1.0, fonts.scale())
        many, few = round(_MANY_ROWS * grown), round(_FEW_ROWS * grown)
        spare = 0
        if columns == 2:  # a tall window is filled, up to a point
            spare = max(0, min(_MOST_SPARE, (self.height() - many - few - _AROUND) // 2))
        for card in self.cards:
            beside = columns == 2 and card is self._days_card
            tall = card is self._tools_card or beside
            card.setFixedHeight((many if tall else few) + spare)
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self.cards):
            alone = card is self.cards[-1]  # the last of an odd number
            self._grid.addWidget(card, at // columns, at % columns, 1, columns if alone else 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def _show_projects(self, rows: list[ProjectRow]) -> None:
        chosen = self.project.currentData()
        with QSignalBlocker(self.project):
            while self.project.count() > 1:
                self.project.removeItem(1)
            for row in rows:
                name = words.one_line(_last(row.path), 60) or translate("charts", "(no folder)")
                self.project.addItem(name, row.path)
                tip = words.plain(row.path)
                self.project.setItemData(self.project.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            self.project.setCurrentIndex(
                max(0, self.project.findData(chosen) if chosen is not None else 0)
            )

    def _show_presence(self, answer: Answer[Presence]) -> None:
        _number(self.conversations, answer.rows.conversations)
        _number(self.prompts, answer.rows.prompts)
        within = answer.period
        if within is None:
            self._until.setText("")
            return
        span = scale.span_label(within.first, within.last)
        if within.moved:
            span = translate("charts", "{0}, the newest there is").format(span)
        self._until.setText(span)

    def _show_calls(self, answer: Answer[tuple[ToolTotal, ...]]) -> None:
        calls = sum(row.calls for row in answer.rows)
        failed = sum(row.failed for row in answer.rows)
        tools = translate("charts", "tool"), translate("charts", "tools")
        _number(self.calls, calls, words.plural(len(answer.rows), *tools))
        rate = words.percent(failed / calls) if calls else words.NO_TIME
        self.failed.say(
            rate, translate("charts", "{0} of {1}").format(words.count(failed), words.count(calls))
        )
        self._tools_card.show_answer(answer)

    def _show_rhythm(self, answer: Answer[Rhythm]) -> None:
        self._days_card.show_answer(answer)
        self._week_card.show_answer(answer)

    def _show_tokens(self, answer: Answer[tuple[DayTokens, ...]]) -> None:
        total = sum(row.total for row in answer.rows)
        reads = sum(row.cache_read for row in answer.rows)
        share = words.percent(reads / total) if total else words.NO_TIME
        _number(self.tokens, total, translate("charts", "{0} read from the cache").format(share))
        self._tokens_card.show_answer(answer)

    def _show_costs(self, answer: Answer[Spending]) -> None:
        found = answer.rows
        remark = unpriced(found) or translate("charts", "not your bill")
        self.cost.say(words.money(found.cost), remark, whole=words.exact_money(found.cost))
        self._cost_card.show_answer(answer)

    def _fail(self, cards: tuple[Card, ...], error: Exception) -> None:
        for card in cards:
            card.say_empty(translate("charts", "This could not be read"), str(error))

    def _ignore(self, error: Exception) -> None:
        """Leave the tiles as they are: the cards tell what is wrong."""


def _number(tile: Tile, value: int, remark: str = "") -> None:
    tile.say(
        words.short_count(value) if value >= 100_000 else words.count(value),
        remark,
        whole=words.count(value),
    )


def _last(path: str) -> str:
    """Return the name of the folder *path*, whichever system wrote it."""
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
