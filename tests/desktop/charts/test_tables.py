from datetime import date

import pytest
from PySide6.QtCore import QAbstractItemModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.models.tables import Column, TableModel

COLUMNS = (Column("Day"), Column("Calls"), Column("Rate", share=True), Column("Tool"))
ROWS = (
    (date(2026, 3, 1), 1234, 0.061, "<b>R&D</b>"),
    (date(2026, 3, 2), 2, None, "=HYPERLINK(1)\tx"),
)


def watch(model: QAbstractItemModel) -> None:
    """Warn, and so fail the test, when *model* breaks a rule from now on."""
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)


@pytest.fixture
def table() -> TableModel:
    made = TableModel()
    made.show_rows(COLUMNS, ROWS)
    return made


def test_it_is_a_well_behaved_model(table: TableModel) -> None:
    watch(table)
    table.show_rows(COLUMNS, ROWS[:1])


def test_values_are_written_as_people_write_them(table: TableModel) -> None:
    assert [table.index(0, at).data() for at in range(4)] == [
        "1 Mar 2026",
        "1,234",
        "6.1 %",
        "<b>R&D</b>",
    ]
    assert table.index(1, 2).data() == ""
    tip = table.index(0, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;R&amp;D" in tip


def test_values_are_sorted_as_what_they_are(table: TableModel) -> None:
    watch(table)
    table.sort(1, Qt.SortOrder.AscendingOrder)
    assert [table.value(row, 1) for row in range(2)] == [2, 1234]
    table.sort(0, Qt.SortOrder.DescendingOrder)
    assert [table.value(row, 1) for row in range(2)] == [2, 1234]
    table.sort(2, Qt.SortOrder.AscendingOrder)
    assert table.value(0, 2) is None


def test_what_is_sorted_stays_marked_and_stays_sorted(table: TableModel) -> None:
    marked = QPersistentModelIndex(table.index(0, 0))
    table.sort(1, Qt.SortOrder.AscendingOrder)
    assert marked.row() == 1
    table.show_rows(COLUMNS, ROWS)
    assert [table.number(row) for row in range(2)] == [1, 0]


def test_rows_are_narrowed_to_those_that_hold_every_word(table: TableModel) -> None:
    watch(table)
    table.narrow("R&D  <B>")
    assert [table.number(row) for row in range(table.rowCount())] == [0]
    assert table.total == 2
    assert table.tsv([0]).count("\n") == 2
    table.narrow("")
    assert table.rowCount() == 2


def test_copies_hold_bare_values_and_no_formula(table: TableModel) -> None:
    assert table.tsv([1, 0]) == (
        "Day\tCalls\tRate\tTool\n"
        "2026-03-02\t2\t\t'=HYPERLINK(1) x\n"
        "2026-03-01\t1234\t0.061\t<b>R&D</b>\n"
    )


def test_money_is_shown_short_and_copied_in_full() -> None:
    made = TableModel()
    made.show_rows((Column("Day"), Column("Cost", money=True)), [("a", 1_234_567)])

    assert made.index(0, 1).data() == "$1.23"
    assert made.value(0, 1) == 1_234_567
    assert made.tsv([0]) == "Day\tCost\na\t1.234567\n"
