"""The rows behind a mark of a chart, each of which opens its conversation where it happened."""

from datetime import tzinfo
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.queries.behind import Case, Cases
from core.queries.periods import local
from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.buttons import IconButton, PrimaryButton
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.text import ElidedLabel
from desktop.look.words import translate
from desktop.models.tables import Column, Value
from desktop.views.charts.leads import Lead, Unit
from desktop.views.charts.names import conversation, folder
from desktop.views.charts.table import ChartTable

_SIZE: Final = (1120, 600)
_FIRST: Final = 380  # points of the first column
_SECOND: Final = 1_000
_MINUTE: Final = 60_000


class BehindSheet(QDialog):
    """Waits for the rows of *lead*; *zone* is what their times are told in."""

    opened = Signal(str, int)  # key of a conversation, row id of the message to open it at or 0

    def __init__(self, lead: Lead, zone: tzinfo | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead = lead
        self._zone = zone
        self._cases: tuple[Case, ...] = ()
        self.setWindowTitle(translate("charts", "Behind the chart"))
        self.resize(*_SIZE)
        palette.put_on(self, "window")
        self._title = ElidedLabel(
            lead.title, self, size=fonts.HEADING, weight=QFont.Weight.DemiBold
        )
        self.note = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._copying = IconButton(
            "copy", translate("charts", "Copy table"), self, size=metrics.ICON_SMALL
        )
        self.table = ChartTable(lead.title, self, widest=_FIRST)
        self.empty = EmptyState("chart", translate("charts", "Reading…"), "", self)
        self._pages = QStackedWidget(self)
        self._open = PrimaryButton(translate("charts", "Open"), self)
        self._lay_out()
        self._open.setEnabled(False)
        self.table.chosen.connect(self._choose)
        self._open.clicked.connect(self._choose_current)
        self._copying.clicked.connect(self.table.copy)

    def show_cases(self, cases: Cases) -> None:
        """Show *cases*."""
        self._cases = cases.rows
        if not cases.rows:
            self.show_failure(translate("charts", "These rows are no longer in the library."))
            return
        columns, rows = _table(self._lead, cases.rows, self._zone)
        columns, rows = _filled(columns, rows)
        self.table.show_rows(columns, rows, by=-1, up=True)
        self._pages.setCurrentWidget(self.table)
        self.table.selectRow(0)
        self.table.setFocus()
        self._open.setEnabled(True)
        shown, total = words.count(len(cases.rows)), words.count(cases.total)
        if cases.total > len(cases.rows):
            said = translate("charts", "{0} of {1}, the most relevant first").format(shown, total)
        else:
            said = words.plural(
                len(cases.rows), translate("charts", "row"), translate("charts", "rows")
            )
        self.note.setText(
            translate("charts", "{0}. Return or a double click opens one.").format(said)
        )

    def show_failure(self, sentence: str) -> None:
        """Say why there are no rows."""
        self.empty.say(translate("charts", "Nothing to show"), sentence)
        self._pages.setCurrentWidget(self.empty)

    def _lay_out(self) -> None:
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._copying)
        close = QHBoxLayout()
        close.addWidget(self.note, 1)
        close.addWidget(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.LARGE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.SMALL)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        layout.addLayout(close)

    @Slot(int)
    def _choose(self, row: int) -> None:
        case = self._cases[self.table.model_.number(row)]
        self.opened.emit(case.conversation, case.message)
        self.accept()

    @Slot()
    def _choose_current(self) -> None:
        if self.table.currentIndex().isValid():
            self._choose(self.table.currentIndex().row())


def _table(
    lead: Lead, cases: tuple[Case, ...], zone: tzinfo | None
) -> tuple[list[Column], list[tuple[Value, ...]]]:
    """Return the columns and cells of *cases*."""
    titled = translate("charts", "Conversation")
    when, project = translate("charts", "When"), translate("charts", "Project")
    if not lead.calls:
        columns = [Column(titled), Column(when, words=True), Column(project, words=True)]
        number = _number(lead.unit)
        return [*columns, number], [
            (
                conversation(case.title),
                _when(case.at, zone),
                folder(case.project),
                _value(case.value, lead.unit),
            )
            for case in cases
        ]
    columns = [
        Column(translate("charts", "What")),
        Column(when, words=True),
        Column(translate("charts", "End"), words=True),
        _number(lead.unit),
        Column(titled, words=True),
        Column(project, words=True),
    ]
    return columns, [
        (
            words.one_line(case.what, 90) or translate("charts", "(no text)"),
            _when(case.at, zone),
            _outcome(case.outcome),
            _value(case.value, lead.unit),
            conversation(case.title, 32),
            folder(case.project),
        )
        for case in cases
    ]


def _filled(
    columns: list[Column], rows: list[tuple[Value, ...]]
) -> tuple[list[Column], list[tuple[Value, ...]]]:
    """Return *columns* and *rows* without those columns in which nothing stands."""
    kept = [at for at in range(len(columns)) if any(row[at] not in {None, ""} for row in rows)]
    return [columns[at] for at in kept], [tuple(row[at] for at in kept) for row in rows]


def _number(unit: Unit) -> Column:
    match unit:
        case Unit.ACTIVE:
            return Column(translate("charts", "Active, min"))
        case Unit.CALLS:
            return Column(translate("charts", "Calls"))
        case Unit.TOKENS:
            return Column(translate("charts", "Tokens"))
        case Unit.COST:
            return Column(translate("charts", "Cost"), money=True)
        case Unit.TOOK | Unit.NONE:
            return Column(translate("charts", "Took, s"))


def _value(value: int | None, unit: Unit) -> int | float | None:
    if value is None:
        return None
    if unit is Unit.ACTIVE:
        return value / _MINUTE
    return value / _SECOND if unit is Unit.TOOK else value


def _when(ms: int | None, zone: tzinfo | None) -> str:
    """Return *ms* so that text in order is in the order of time."""
    at = None if ms is None else local(ms, zone)
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _outcome(outcome: str) -> str:
    return {
        "ok": translate("charts", "went well"),
        "error": translate("charts", "failed"),
        "denied": translate("charts", "denied"),
        "interrupted": translate("charts", "interrupted"),
        "none": translate("charts", "no result"),
    }.get(outcome, "")
