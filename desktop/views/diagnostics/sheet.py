"""The sheet of Diagnostics: how Clew is doing, what its queries cost, and its upkeep."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.events import UpkeepFinished, UpkeepProgressed
from core.monitoring.report import Report, as_json
from core.monitoring.upkeep import Task
from core.records.fields import dump
from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.buttons import PrimaryButton, QuietButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.progress_strip import ProgressStrip
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import Text, Tone
from desktop.models import diagnostics_words
from desktop.models.diagnostics_tables import (
    InQuery,
    InSetting,
    InSlow,
    QueriesModel,
    SettingsModel,
    SlowModel,
)
from desktop.views.diagnostics.overview import Overview
from desktop.views.health.table_page import TablePage

OVERVIEW: Final = "overview"
QUERIES: Final = "queries"
SLOW: Final = "slow"
SETTINGS: Final = "settings"

_SIZE: Final = (1_020, 670)
_LOOK_MS: Final = 2_000  # between two looks, while the sheet is on show
_PLAN_LINES: Final = 5
_TONES: Final[dict[diagnostics_words.Health, Tone]] = {
    "ok": "ok",
    "warning": "warning",
    "failed": "failed",
}


class DiagnosticsSheet(QDialog):
    """Asks to be told again and again while it is on show, and not at all while it is not."""

    wanted = Signal()  # a new report
    task_wanted = Signal(object)  # Task
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Diagnostics"))
        self.resize(*_SIZE)
        palette.put_on(self, "window")
        self._told: Report | None = None
        self.busy = False  # whether an upkeep that it asked for has not ended
        self.state = Text("", self, wrap=True)
        self.part = Segmented(
            self.tr("Show"),
            [
                (OVERVIEW, self.tr("Overview")),
                (QUERIES, self.tr("Queries")),
                (SLOW, self.tr("Slow")),
                (SETTINGS, self.tr("Settings")),
            ],
            self,
        )
        self.overview = Overview(self)
        self.queries, self.slow = QueriesModel(self), SlowModel(self)
        self.settings = SettingsModel(self)
        self.plan = Text("", self, size=fonts.SMALL, tone="muted", wrap=True)
        self.progress = ProgressStrip(self.tr("Upkeep"), self)
        self.outcome = Text("", self, size=fonts.SMALL, tone="muted", wrap=True)
        self.tasks = {task: self._task_button(task) for task in Task}
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.wanted)
        self._stack = QStackedWidget(self)
        self._pages = self._make_pages()
        self._lay_out()
        self.part.chosen.connect(self._turn)
        self.progress.cancelled.connect(self.cancelled)
        self._turn()

    def show_report(self, told: Report) -> None:
        """Show *told* in every part."""
        self._told = told
        now = datetime.now(UTC)
        self.state.setText(diagnostics_words.state(told.alerts))
        self.state.set_tone(_TONES[diagnostics_words.health(told.alerts)])
        self.overview.show_report(told, round(now.timestamp() * 1000))
        table = self._pages[QUERIES].table
        current = table.currentIndex()
        chosen = self.queries.query(current.row()).name if current.isValid() else ""
        self.queries.show_queries(told.queries)
        self.slow.show_slow(told.slow)
        if self.settings.total == 0 or told.writer:
            self.settings.show_settings(told)
        for row in range(self.queries.rowCount()):
            if chosen and self.queries.query(row).name == chosen:
                table.selectRow(row)
        self._show_plan()

    @Slot(object)
    def show_progress(self, event: UpkeepProgressed) -> None:
        """Show how far an upkeep is."""
        self._set_busy(busy=True)
        self.outcome.setText("")
        said = f"{diagnostics_words.task(event.task)}: {event.doing}"
        self.progress.show_progress(said, event.done, event.total)

    @Slot(object)
    def show_end(self, event: UpkeepFinished) -> None:
        """Show how an upkeep ended, and what things are like now."""
        self._set_busy(busy=False)
        self.progress.finish()
        self.outcome.setText(diagnostics_words.ended(event))
        self.outcome.set_tone("muted" if event.sound else "failed")
        self.wanted.emit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.wanted.emit()
        self._timer.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _make_pages(self) -> dict[str, TablePage]:
        none = self.tr("Nothing was slow")
        rule = self.tr("Queries that take 50 ms or longer are listed here, the last 64 of them.")
        queries = TablePage(
            self.tr("Queries"),
            self.queries,
            self.queries,
            EmptyState("table", self.tr("No query was run yet"), "", self),
            {InQuery.NAME: 260, InQuery.COUNT: 70, InQuery.ROWS: 80},
            parent=self,
        )
        slow = TablePage(
            self.tr("Slow queries"),
            self.slow,
            self.slow,
            EmptyState("ok", none, rule, self),
            {InSlow.NAME: 420},
            parent=self,
        )
        settings = TablePage(
            self.tr("Settings"),
            self.settings,
            self.settings,
            EmptyState("table", self.tr("Nothing to show"), "", self),
            {InSetting.NAME: 180, InSetting.WRITER: 130, InSetting.READER: 130},
            parent=self,
        )
        queries.sort_by(InQuery.P95, Qt.SortOrder.DescendingOrder)
        queries.table.selectionModel().currentRowChanged.connect(self._show_plan)
        return {QUERIES: queries, SLOW: slow, SETTINGS: settings}

    def _task_button(self, task: Task) -> QPushButton:
        button = QPushButton(diagnostics_words.task(task), self)
        button.setAutoDefault(False)
        button.setToolTip(words.plain(diagnostics_words.task_rule(task)))
        button.clicked.connect(self._asker(task))
        return button

    def _asker(self, task: Task) -> Callable[[], None]:
        def ask() -> None:
            self._set_busy(busy=True)
            self.progress.show_progress(diagnostics_words.task(task), 0, 0)
            self.task_wanted.emit(task)

        return ask

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        self.outcome.setVisible(not busy)
        for button in self.tasks.values():
            button.setEnabled(not busy)

    def _lay_out(self) -> None:
        for page in (self.overview, *self._pages.values()):
            self._stack.addWidget(page)
        self.plan.setFont(fonts.mono(fonts.SMALL))
        self.plan.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.plan.setMinimumHeight(_PLAN_LINES * self.plan.fontMetrics().height())
        self.plan.setAlignment(Qt.AlignmentFlag.AlignTop)
        copy = QuietButton(self.tr("Copy all"), self, icon="copy")
        copy.setToolTip(words.plain(self.tr("Copy everything as JSON, without any text of a log.")))
        copy.clicked.connect(self._copy)
        top = QHBoxLayout()
        top.addWidget(self.part)
        top.addStretch(1)
        top.addWidget(copy)
        top.setSpacing(metrics.MEDIUM)
        foot = QHBoxLayout()
        foot.setSpacing(metrics.SMALL)
        for button in self.tasks.values():
            foot.addWidget(button)
        foot.addWidget(self.progress, 1)
        foot.addWidget(self.outcome, 1)
        close = PrimaryButton(self.tr("Close"), self)
        close.setDefault(True)
        close.setFocus()
        close.clicked.connect(self.close)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.LARGE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.MEDIUM)
        layout.addLayout(top)
        layout.addWidget(self.state)
        layout.addWidget(Hairline(self))
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.plan)
        layout.addWidget(Hairline(self))
        layout.addLayout(foot)

    @Slot()
    def _turn(self) -> None:
        part = self.part.current
        self._stack.setCurrentWidget(self._pages.get(part, self.overview))
        self.plan.setVisible(part == QUERIES)

    @Slot(QModelIndex)
    def _show_plan(self, _index: QModelIndex | None = None) -> None:
        current = self._pages[QUERIES].table.currentIndex()
        if not current.isValid():
            self.plan.setText(self.tr("Choose a query to see how SQLite runs it."))
            return
        self.plan.setText("\n".join(self.queries.query(current.row()).plan[:_PLAN_LINES]))

    @Slot()
    def _copy(self) -> None:
        if self._told is not None:
            QGuiApplication.clipboard().setText(dump(as_json(self._told)))
