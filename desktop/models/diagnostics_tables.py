"""The tables of the Diagnostics: queries, slow ones, and how connections are set."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum

from PySide6.QtCore import QObject
from typing_extensions import override

from core.monitoring.report import Query, Report
from core.store.timing import Slow
from desktop.look.words import translate
from desktop.models import diagnostics_words
from desktop.models.tables import Column, TableModel


class InQuery(IntEnum):
    """The columns of the queries."""

    NAME = 0
    COUNT = 1
    P50 = 2
    P95 = 3
    LONGEST = 4
    ROWS = 5
    STOPPED = 6


class InSlow(IntEnum):
    """The columns of the slow ones."""

    NAME = 0
    MS = 1
    ROWS = 2
    AT = 3


class InSetting(IntEnum):
    """The columns of the settings."""

    NAME = 0
    WRITER = 1
    READER = 2
    WHY = 3


class QueriesModel(TableModel):
    """One row for each statement that was run, with what it cost and how it is run."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queries: tuple[Query, ...] = ()

    def show_queries(self, rows: Sequence[Query]) -> None:
        """Show the queries *rows*, in that order until the user sorts."""
        self._queries = tuple(rows)
        self.show_rows(
            _query_columns(),
            [
                (one.name, one.count, one.p50, one.p95, one.longest, one.rows, one.stopped)
                for one in rows
            ],
        )

    def query(self, row: int) -> Query:
        """Return the query that is shown at *row*."""
        return self._queries[self.number(row)]

    @override
    def tip(self, number: int, column: int) -> str:
        return "\n".join(self._queries[number].plan) if column == InQuery.NAME else ""


class SlowModel(TableModel):
    """One row for each time that a statement was slow, the newest first."""

    def show_slow(self, rows: Sequence[tuple[str, Slow]]) -> None:
        """Show *rows*, each a name and what happened."""
        self.show_rows(
            _slow_columns(), [(name, one.ms, one.rows, _moment(one.at)) for name, one in rows]
        )


class SettingsModel(TableModel):
    """One row for each pragma."""

    def show_settings(self, told: Report) -> None:
        """Show how the connections of *told* are set."""
        writer = dict(told.writer)
        said = diagnostics_words.setting
        self.show_rows(
            _setting_columns(),
            [
                (
                    name,
                    said(name, writer[name]) if name in writer else "",
                    said(name, value),
                    diagnostics_words.setting_rule(name),
                )
                for name, value in told.reader
            ],
        )


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().strftime("%H:%M:%S")


def _query_columns() -> tuple[Column, ...]:
    last = translate("diagnostics", "ms, of the last 256 times that it ran to its end")
    return (
        Column(translate("diagnostics", "Query")),
        Column(translate("diagnostics", "Ran"), tip=translate("diagnostics", "Since the start.")),
        Column(translate("diagnostics", "p50, ms"), tip=last, digits=2),
        Column(translate("diagnostics", "p95, ms"), tip=last, digits=2),
        Column(
            translate("diagnostics", "Longest, ms"),
            tip=translate("diagnostics", "Of all times since the start."),
            digits=2,
        ),
        Column(
            translate("diagnostics", "Rows"),
            tip=translate("diagnostics", "Rows that were fetched, in all."),
        ),
        Column(
            translate("diagnostics", "Stopped"),
            tip=translate(
                "diagnostics", "How often it was stopped because nobody waited, or failed."
            ),
        ),
    )


def _slow_columns() -> tuple[Column, ...]:
    return (
        Column(translate("diagnostics", "Query")),
        Column(translate("diagnostics", "Took, ms")),
        Column(translate("diagnostics", "Rows")),
        Column(translate("diagnostics", "At"), words=True),
    )


def _setting_columns() -> tuple[Column, ...]:
    return (
        Column(translate("diagnostics", "Setting")),
        Column(translate("diagnostics", "Writer"), words=True),
        Column(translate("diagnostics", "Readers"), words=True),
        Column(translate("diagnostics", "What it decides"), words=True),
    )
