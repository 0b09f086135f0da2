"""The insights of the conversation on show: read off this thread, and kept up with it."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.events import AnalysisChanged, ConversationChanged, ImportFinished, ThreadsChanged
from core.queries.conversations import ConversationRow
from desktop.look import metrics
from desktop.look.widgets.hairline import Hairline
from desktop.models import insights_reading
from desktop.models.insights_reading import Insights as Found
from desktop.views.transcript.sides import INSIGHTS, ROWS
from desktop.window.frame import Frame
from desktop.window.parts import Parts
from desktop.window.reading import Reading
from desktop.workers.throttle import Throttle

if TYPE_CHECKING:
    from desktop.views.insights.page import InsightsPage

_CHANNEL: Final = "insights"
_KEPT: Final = "insights.kept"
_RENEW_MS: Final = 1_000  # between two looks at a conversation that keeps growing


class Insights(QObject):
    """Brings the page in when it is first wanted, and asks for what it shows."""

    def __init__(
        self, parts: Parts, frame: Frame, reading: Reading, action: QAction, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._queries = parts.queries
        self._frame = frame
        self._transcript = frame.transcript
        self._reading = reading
        self._action = action
        self._shown = 0  # row id of the conversation that the page is about
        self._stale = True
        self.page: InsightsPage | None = None  # until it is wanted
        self.place = QWidget()
        self._renew = Throttle(_RENEW_MS, self)
        self._transcript.sides.offer(self.place)
        self._transcript.sides.turned.connect(self._turn)
        self._renew.due.connect(self._ask)
        action.setEnabled(False)
        action.triggered.connect(self.show)
        reading.shown.connect(self._note_shown)
        engine = parts.engine
        engine.conversation_changed.connect(self._note_change)
        engine.threads_changed.connect(self._note_change)
        engine.analysis_changed.connect(self._note_change)
        engine.import_finished.connect(self._note_import)

    def leave(self) -> None:
        """Read nothing more."""
        self._renew.blockSignals(True)
        for channel in (_KEPT, _CHANNEL):
            self._queries.forget(channel)

    @Slot(bool)
    def show(self, on: bool) -> None:
        """Show the insights of the conversation, or its transcript."""
        if self._frame.page != "library":  # what is behind another page is not on show
            self._frame.show_page("library")
            on = True
            self._action.setChecked(on)
        self._transcript.header.side.choose(INSIGHTS if on else ROWS)
        if not on:
            self._transcript.setFocus()

    @Slot(str)
    def _turn(self, side: str) -> None:
        on = side == INSIGHTS
        self._action.setChecked(on)
        if not on:
            self._transcript.setFocusProxy(self._transcript.rows)
            return
        page = self._bring()
        self._transcript.setFocusProxy(page)
        self._catch_up()

    def _bring(self) -> "InsightsPage":
        if self.page is None:
            # Here and not above: most starts never ask for it.
            from desktop.views.insights.page import InsightsPage  # noqa: PLC0415  see above

            self.page = InsightsPage(self.place)
            column = QVBoxLayout(self.place)
            column.setContentsMargins(0, metrics.SMALL, 0, 0)
            column.setSpacing(0)
            column.addWidget(Hairline(self.place))
            column.addWidget(self.page)
            self.page.chosen.connect(self._go)
        return self.page

    @Slot(ConversationRow)
    def _note_shown(self, _row: ConversationRow) -> None:
        self._action.setEnabled(True)
        self._note()

    @Slot(object)
    def _note_change(self, event: ConversationChanged | ThreadsChanged | AnalysisChanged) -> None:
        row = self._reading.current
        regrouped = isinstance(event, ConversationChanged) and event.regrouped
        if row is not None and (event.conversation == row.key or regrouped):
            self._note()

    @Slot(ImportFinished)
    def _note_import(self, _event: ImportFinished) -> None:
        self._note()  # how common a word is has changed

    def _note(self) -> None:
        self._stale = True
        self._catch_up()

    def _catch_up(self) -> None:
        row = self._reading.current
        if self.page is None or row is None or self._transcript.sides.current != INSIGHTS:
            return
        if row.id != self._shown:
            self._shown = row.id
            self.page.show_reading()
            kept = partial(insights_reading.kept, row.id)
            self._queries.ask(_KEPT, kept, partial(self._show_kept, row.id), self._ignore)
            self._renew.poke()
        elif self._stale:
            self._renew.poke()

    @Slot()
    def _ask(self) -> None:
        row = self._reading.current
        if row is not None:
            self._stale = False
            question = partial(insights_reading.read, row.id)
            self._queries.ask(_CHANNEL, question, partial(self._show, row.id), self._fail)

    def _show_kept(self, conversation: int, found: Found | None) -> None:
        """Show what is kept until what is true now has been worked out."""
        if found is not None and self.page is not None and self.page.found is None:
            self._show(conversation, found)

    def _ignore(self, _error: Exception) -> None:
        """Wait for the insights as they are now; whether these can be shown is said then."""

    def _show(self, conversation: int, found: Found | None) -> None:
        if self.page is not None and conversation == self._shown:
            self.page.show_insights(found)

    def _fail(self, error: Exception) -> None:
        if self.page is not None:
            self._shown = 0
            self.page.say_nothing(self.tr("The insights cannot be shown"), str(error))

    @Slot(int)
    def _go(self, message: int) -> None:
        self._transcript.jump_to_message(message)
        self._transcript.setFocus()
