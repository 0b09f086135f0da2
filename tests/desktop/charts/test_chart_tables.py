from datetime import date

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.models.chart_tables import ChartTable, Column, Role

COLUMNS = (Column("Day"), Column("Calls"), Column("Rate", share=True), Column("Tool"))
ROWS = (
    (date(2026, 3, 1), 1234, 0.061, "<b>R&D</b>"),
    (date(2026, 3, 2), 2, None, "=HYPERLINK(1)\tx"),
)


def watch(model: QAbstractItemModel) -> None:
    """Warn, and so fail the test, when *model* breaks a rule from now on."""
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)


@pytest.fixture
def table() -> ChartTable:
    made = ChartTable()
    made.show_rows(COLUMNS, ROWS)
    return made


def test_it_is_a_well_behaved_model(table: ChartTable) -> None:
    watch(table)
    table.show_rows(COLUMNS, ROWS[:1])


def test_values_are_written_as_people_write_them(table: ChartTable) -> None:
    assert [table.index(0, at).data() for at in range(4)] == [
        "1 Mar 2026",
        "1,234",
        "6.1 %",
        "<b>R&D</b>",
    ]
    assert table.index(1, 2).data() == ""
    tip = table.index(0, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;R&amp;D" in tip


def test_values_are_sorted_as_what_they_are(table: ChartTable) -> None:
    assert table.index(0, 0).data(Role.VALUE) < table.index(1, 0).data(Role.VALUE)
    assert table.index(0, 1).data(Role.VALUE) == 1234


def test_copies_hold_bare_values_and_no_formula(table: ChartTable) -> None:
    assert table.tsv([1, 0]) == (
        "Day\tCalls\tRate\tTool\n"
        "2026-03-02\t2\t\t'=HYPERLINK(1) x\n"
        "2026-03-01\t1234\t0.061\t<b>R&D</b>\n"
    )
