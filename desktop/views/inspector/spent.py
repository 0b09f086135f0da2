"""What the conversation took: money, and tokens with how sure they are."""

from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.queries import tariffs
from core.queries.costs import Confidence, ModelSpend, Spend, Stated
from desktop.look import fonts, metrics, words
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.popover import Popover
from desktop.look.widgets.text import Text
from desktop.look.words import translate
from desktop.views.inspector import price_words
from desktop.views.inspector.facts import Facts, Value, heading

_STATED: Final = 6  # sessions whose stated cost is told apart


class Money(QWidget):
    """The cost at API prices, what has no price, and what the agent program says."""

    def __init__(self, db: Connection, spend: Spend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._db = db
        self._spend = spend
        self.explain = IconButton(
            "question", translate("inspector", "Which prices?"), self, size=metrics.ICON_SMALL
        )
        facts = Facts(self)
        if spend.cost or not spend.unpriced:
            facts.add(translate("inspector", "Total"), words.money(spend.cost), _exact(spend.cost))
            facts.note(translate("inspector", "API-equivalent, not your bill"))
        if spend.unpriced:
            replies = words.plural(spend.unpriced, *_replies())
            facts.add(translate("inspector", "Unpriced"), replies, _no_price())
            facts.note(translate("inspector", "No known price: {0}").format(_unpriced(spend)))
        for one in spend.stated[:_STATED]:
            name = translate("inspector", "Stated")
            several = len(spend.stated) > 1
            facts.add(name, _stated(one, several=several), _stated_tip(one))
        _with_explanation(self, translate("inspector", "Cost"), self.explain, facts)
        self.explain.clicked.connect(self._tell_prices)

    @Slot()
    def _tell_prices(self) -> None:
        charged = tariffs.charged(self._db, self._spend)
        Popover(price_words.told(charged), self).open_below(self.explain)


class Tokens(QWidget):
    """All tokens and how sure they are; then each model's, by kind."""

    def __init__(self, spend: Spend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._confidence = certainty(spend)
        self.explain = IconButton(
            "question", translate("inspector", "How sure is this?"), self, size=metrics.ICON_SMALL
        )
        facts = Facts(self)
        total = words.short_count(spend.tokens.total)
        if spend.confidence is Confidence.PARTIAL:
            total = translate("inspector", "at least {0}").format(total)
        facts.add(translate("inspector", "All kinds"), total, words.count(spend.tokens.total))
        facts.add(translate("inspector", "Certainty"), spend.confidence or "", tip=self._confidence)
        _with_explanation(self, translate("inspector", "Tokens"), self.explain, facts, _grid(spend))
        self.explain.clicked.connect(self._tell_certainty)

    @Slot()
    def _tell_certainty(self) -> None:
        Popover(self._confidence, self).open_below(self.explain)


def certainty(spend: Spend) -> str:
    """Return what the word for the certainty of *spend*'s tokens means here."""
    match spend.confidence:
        case Confidence.EXACT:
            return translate(
                "inspector",
                "Exact: the total is the agent program’s own account of the whole session, with "
                "calls that are in no transcript.\n\nBy model: what the transcript holds.",
            )
        case Confidence.PARTIAL:
            return translate(
                "inspector",
                "Partial snapshot: {0} of {1} have no stop reason in the log, which holds only "
                "how they began. All totals are “at least”.",
            ).format(words.count(spend.partial), words.plural(spend.replies, *_replies()))
        case _:
            return translate(
                "inspector",
                "Final snapshot: all {0} are in the log up to their stop reason. Calls that the "
                "agent program made beside the conversation are in no transcript.",
            ).format(words.plural(spend.replies, *_replies()))


def _with_explanation(owner: QWidget, title: str, explain: QWidget, *content: QWidget) -> None:
    head = QHBoxLayout()
    head.setSpacing(metrics.TIGHT)
    head.addWidget(heading(title))
    head.addWidget(explain)
    head.addStretch(1)
    column = QVBoxLayout(owner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(metrics.TIGHT)
    column.addLayout(head)
    for widget in content:
        column.addWidget(widget)


def _grid(spend: Spend) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, metrics.TIGHT, 0, 0)
    grid.setHorizontalSpacing(metrics.SMALL)
    grid.setVerticalSpacing(3)
    titles = (
        (translate("inspector", "In"), translate("inspector", "Input tokens, not cached")),
        (translate("inspector", "Out"), translate("inspector", "Output tokens")),
        (translate("inspector", "Read"), translate("inspector", "Tokens read from the cache")),
        (translate("inspector", "Write"), translate("inspector", "Tokens written to the cache")),
    )
    for at, (title, tip) in enumerate(titles):
        label = Text(title, size=fonts.SMALL, tone="faint")
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
        label.setToolTip(words.plain(tip))
        grid.addWidget(label, 0, at)
        grid.setColumnStretch(at, 1)
    for row, one in enumerate(one for one in spend.models if one.tokens.total):
        model = one.model or translate("inspector", "unknown model")
        name = Value(model, translate("inspector", "Model"), small=True)
        grid.addWidget(name, 2 * row + 1, 0, 1, len(titles) - 1)
        grid.addWidget(_price(one, model), 2 * row + 1, len(titles) - 1)
        kinds = (
            one.tokens.input,
            one.tokens.output,
            one.tokens.cache_read,
            one.tokens.cache_creation,
        )
        for at, number in enumerate(kinds):
            value = Value(
                words.short_count(number),
                f"{model}, {titles[at][1]}",
                small=True,
                right=True,
                tone="muted",
            )
            value.setToolTip(words.plain(words.count(number)))
            grid.addWidget(value, 2 * row + 2, at)
    return box


def _price(one: ModelSpend, model: str) -> Value:
    priced = one.cost or not one.unpriced
    said = words.money(one.cost) if priced else translate("inspector", "unpriced")
    name = translate("inspector", "{0}, cost at API prices").format(model)
    value = Value(said, name, small=True, right=True, tone="text" if priced else "warning")
    if priced:
        value.setToolTip(words.plain(_exact(one.cost)))
    return value


def _exact(micro: int) -> str:
    said = translate("inspector", "{0}: what the makers’ API would have charged for these replies")
    return said.format(words.exact_money(micro))


def _unpriced(spend: Spend) -> str:
    unknown = translate("inspector", "unknown model")
    return ", ".join(words.one_line(name, 60) or unknown for name in spend.unpriced_models)


def _no_price() -> str:
    return translate(
        "inspector",
        "Neither the price list nor your own prices have their model, so they are not in the sum. "
        "Give it a price in prices.toml (File, Edit Prices).",
    )


def _stated(one: Stated, *, several: bool) -> str:
    said = words.money(one.cost)
    if not one.complete:
        said = translate("inspector", "at least {0}").format(said)
    return f"{said} · {words.one_line(one.session, 60)}" if several else said


def _stated_tip(one: Stated) -> str:
    said = translate(
        "inspector",
        "{0}: the last the agent program itself said about session {1}. It goes on counting when "
        "a session is resumed, so what it says of several sessions is not added up.",
    )
    return said.format(words.exact_money(one.cost), words.one_line(one.session, 60))


def _replies() -> tuple[str, str]:
    return translate("inspector", "reply"), translate("inspector", "replies")
