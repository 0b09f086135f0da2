"""The dashboard: a scope on top, its figures, and fourteen questions with their charts."""

import time
from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from core.insights import Insights
from core.queries.rollups import Tiles as Sums
from desktop.look import metrics, palette, words
from desktop.look.widgets.banner import Banner, BannerTone
from desktop.look.widgets.hairline import Hairline
from desktop.look.words import translate
from desktop.views.charts import scale
from desktop.views.charts.asking import Answer, Choice, Queries
from desktop.views.charts.board import Board
from desktop.views.charts.card import Card
from desktop.views.charts.card_findings import FindingsCard
from desktop.views.charts.deck import Deck
from desktop.views.charts.exporting import Exporter
from desktop.views.charts.figures import Figures
from desktop.views.charts.inquiry import Inquiry, Question, Said
from desktop.views.charts.opener import Opener
from desktop.views.charts.roster import KINDS, NAMES, PATTERNS, QUESTIONS, TILES, Named
from desktop.views.charts.scope_bar import ScopeBar

WIDEST: Final = 1840  # points of the page's content
_AGAIN_MS: Final = 3_000  # until it is asked again what was still to be analysed


def _now() -> int:
    return time.time_ns() // 1_000_000


class ChartsPage(QWidget, Named):
    """Asks *queries* whenever it is refreshed or the choice changes. *now* is in ms.

    Nothing is written below the folders that *guarded* returns.
    """

    opened = Signal(str, int)  # key of a conversation, row id of the message to open it at or 0
    dismiss_wanted = Signal(str, int)  # key of a finding, and its cases; 0: show it again
    track_wanted = Signal(str, bool)  # key of a finding; False: compare no more

    def __init__(
        self,
        queries: Queries,
        parent: QWidget | None = None,
        *,
        now: Callable[[], int] = _now,
        zone: tzinfo | None = None,
        guarded: Callable[[], tuple[Path, ...]] = tuple,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._zone = zone
        self._read: float | None = None  # share of an import; None: there is none
        self._span = ""
        self._undone: list[str] = []  # keys of what was dismissed, the last one last
        self.bar = ScopeBar(self)
        self.figures = Figures()
        self.banner = Banner("info", "", self)
        self._grid = Board(len(KINDS))
        self.deck = Deck(KINDS, self._grid, self)
        self._inquiry = Inquiry(queries, QUESTIONS, self._hear)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self.exporter = Exporter(guarded, self)
        self.opener = Opener(queries, zone, self)
        self._lay_out()
        self._connect()

    @property
    def choice(self) -> Choice:
        """What is asked for."""
        return self.bar.choice(self._now(), self._zone)

    @Slot()
    def refresh(self) -> None:
        """Ask everything anew; every chart shows its answer as soon as it is there."""
        self._arrange()  # which cards are in sight: their answers come first
        sight = self._in_sight()
        self._inquiry.ask(self.choice, KINDS[:sight])
        self.deck.reach(sight)

    def show_import(self, read: float | None) -> None:
        """Say that *read*, a share, of an import is done; None: none is under way."""
        self._read = read
        self._tell_span()

    @Slot()
    def undo(self) -> None:
        """Show the finding again that was dismissed last."""
        if self._undone:
            self.findings.restore(self._undone.pop())
        self._notice.hide()

    @override
    def event(self, event: QEvent) -> bool:
        # The window's own key for undoing would come first: it is ours while there is something.
        if isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo):
            if event.type() == QEvent.Type.ShortcutOverride and self._undone:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._undone:
                self.undo()
                return True
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        if self.deck.made:
            self._reach()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.isVisible():
            self._arrange()

    @Slot()
    def _ask_patterns(self) -> None:
        self._inquiry.ask_slow(self.choice)

    def _in_sight(self) -> int:
        """Return how many cards begin above the lower edge, wherever the page is scrolled to."""
        shown = self.height() - self.bar.sizeHint().height()
        above = self.figures.sizeHint().height() + 2 * metrics.LARGE
        return self._grid.within(self._area.verticalScrollBar().value() + shown - above)

    @Slot()
    def _reach(self) -> None:
        self.deck.reach(self._in_sight())

    def _connect(self) -> None:
        self.bar.changed.connect(self.refresh)
        self.opener.opened.connect(self.opened)
        self.bar.findings.clicked.connect(self._go_to_findings)
        self._again.timeout.connect(self._ask_patterns)
        self.deck.dealt.connect(self._welcome)
        self._area.verticalScrollBar().valueChanged.connect(self._reach)
        self.banner.acted.connect(self.undo)
        self.banner.closed.connect(self._notice.hide)
        self.exporter.saved.connect(self._say_saved)
        self.exporter.refused.connect(self._say_refused)

    @Slot(int, Card)
    def _welcome(self, number: int, card: Card) -> None:
        """Connect *card*, which was made just now, and let it show what is known by now."""
        card.goal_wanted.connect(self.opener.go)
        card.export_wanted.connect(partial(self.exporter.ask, card))
        if isinstance(card, FindingsCard):
            card.dismiss_wanted.connect(self.dismiss_wanted)
            card.track_wanted.connect(self.track_wanted)
            card.track_wanted.connect(self._note_tracking)
            card.dismissed.connect(self._offer_undo)
        told = self._inquiry.told(KINDS[number])
        if told is not None:
            self._show(card, told)
        if self.deck.complete:
            self._inquiry.forget()

    def _hear(self, question: Question, said: Said) -> None:
        """Show what was *said* to *question* wherever it belongs."""
        if not isinstance(said, Exception):
            if question is TILES:
                self._show_tiles(said)
            elif question is NAMES:
                self.bar.show_names(said)
            elif question is PATTERNS:
                self._note_missing(said)
        for kind in question.cards:
            card = self.deck.find(kind)
            if card is not None:
                self._show(card, said)

    def _show(self, card: Card, said: Said) -> None:
        if isinstance(said, Exception):
            card.say_empty(translate("charts", "This could not be read"), str(said))
        else:
            card.show_answer(said)
        if isinstance(card, FindingsCard):
            self.bar.show_findings(card.count)
        self.deck.deal_after(card)

    def _lay_out(self) -> None:
        palette.put_on(self, "window")
        self._content = QWidget()
        self._column = column = QVBoxLayout(self._content)
        column.setSpacing(metrics.LARGE)
        column.addWidget(self.figures)
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
        page.addWidget(self.bar)
        page.addWidget(Hairline())
        self._notice = QWidget(self)
        notice = QVBoxLayout(self._notice)
        notice.setContentsMargins(metrics.WIDE, metrics.SMALL, metrics.WIDE, metrics.SMALL)
        notice.addWidget(self.banner)
        self._notice.hide()
        page.addWidget(self._notice)
        page.addWidget(self._area, 1)
        self._arrange()  # also unseen, every card is the page's

    def _arrange(self) -> None:
        side = metrics.WIDE + max(0, (self.width() - WIDEST) // 2)
        self._column.setContentsMargins(side, metrics.LARGE, side, metrics.WIDE)
        self.bar.arrange(side, self.width())
        self._grid.arrange(min(self.width(), WIDEST), self.height())

    def _show_tiles(self, answer: Answer[Sums]) -> None:
        self.figures.show_sums(answer.rows)
        within = answer.period
        self._span = "" if within is None else scale.span_label(within.first, within.last)
        if within is not None and within.moved:
            self._span = translate("charts", "{0}, the newest there is").format(self._span)
        self._tell_span()

    def _tell_span(self) -> None:
        parts = [self._span] if self._span else []
        if self._read is not None:
            share = words.percent(round(self._read, 2))
            parts.append(translate("charts", "{0} read so far").format(share))
        self.bar.until.setText(" · ".join(parts))

    def _note_missing(self, answer: Answer[Insights]) -> None:
        if answer.rows.missing and self.isVisible():
            self._again.start()

    @Slot()
    def _go_to_findings(self) -> None:
        self._area.verticalScrollBar().setValue(self.findings.y() - metrics.LARGE)
        self.findings.mode.setFocus()

    @Slot(str, str)
    def _offer_undo(self, key: str, title: str) -> None:
        self._undone.append(key)
        self.bar.show_findings(self.findings.count)
        said = translate("charts", "“{0}” is dismissed.").format(words.one_line(title, 100))
        self._tell("info", said, translate("charts", "Undo"))

    @Slot(str, bool)
    def _note_tracking(self, _key: str, _on: bool) -> None:
        self._again.start()

    @Slot(str)
    def _say_saved(self, path: str) -> None:
        self._tell("ok", translate("charts", "Saved as {0}").format(path))

    @Slot(str)
    def _say_refused(self, sentence: str) -> None:
        self._tell("warning", sentence)

    def _tell(self, tone: BannerTone, sentence: str, action: str = "") -> None:
        self.banner.say(tone, sentence)
        self.banner.action.setText(action)
        self.banner.action.setVisible(bool(action))
        self.banner.show()
        self._notice.show()
