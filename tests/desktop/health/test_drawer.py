"""Data health: what is in its four tables, and where they lead."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.quoting import Where
from desktop.look import palette, theme
from desktop.models.health_tables import InFile, InFormat, InKind
from desktop.models.tables import TableModel
from desktop.views.health.drawer import HealthDrawer
from desktop.views.health.pages import FILES, FORMATS, KINDS, PARTS, PROBLEMS
from desktop.workers.query_runner import QueryRunner
from tests import library

Fatal = QAbstractItemModelTester.FailureReportingMode.Fatal


def column(model: TableModel, at: int) -> list[str]:
    return [str(model.index(row, at).data()) for row in range(model.rowCount())]


def test_the_models_are_well_behaved(drawer: HealthDrawer) -> None:
    testers = [
        QAbstractItemModelTester(model, Fatal)
        for model in (drawer.formats, drawer.files, drawer.kinds, drawer.problems)
    ]
    drawer.filter.setText("good")
    drawer.damaged.setChecked(True)
    drawer.files.sort(InFile.SIZE, Qt.SortOrder.DescendingOrder)
    drawer.filter.clear()
    del testers


def test_a_format_has_a_row_and_files_in_none_have_one_together(drawer: HealthDrawer) -> None:
    assert column(drawer.formats, InFormat.TITLE) == ["Claude Code", "Not recognised"]
    assert column(drawer.formats, InFormat.FILES) == ["2", "1"]
    assert drawer.formats.value(0, InFormat.SCORE) == pytest.approx(2 / 63)
    tip = drawer.formats.index(0, InFormat.SCORE).data(Qt.ItemDataRole.ToolTipRole)
    assert "2 of 63 records understood" in tip
    assert "1 of unknown kinds" in tip
    assert "60 broken" in tip


def test_every_number_says_what_it_counts(drawer: HealthDrawer) -> None:
    for model, columns in ((drawer.formats, (2, 3, 4, 5, 7)), (drawer.files, (2, 3, 4))):
        for at in columns:
            tip = model.headerData(at, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
            assert tip


def test_the_worst_files_come_first_and_say_why(drawer: HealthDrawer, logs: Path) -> None:
    names = column(drawer.files, InFile.NAME)

    assert names == ["logs/other.jsonl", "logs/spoiled.jsonl", "logs/good.jsonl"]
    why = column(drawer.files, InFile.WHY)
    assert why[0].startswith("nothing: ")
    assert why[1].endswith("looks damaged")
    assert "sessionId" in why[2]
    tip = drawer.files.index(2, InFile.NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert str(logs / "good.jsonl") in tip
    assert "Recognised by records" in tip


def test_files_are_narrowed_by_words_by_damage_and_by_format(drawer: HealthDrawer) -> None:
    drawer.show_part(FILES)
    drawer.filter.setText("GOOD claude")
    assert column(drawer.files, InFile.NAME) == ["logs/good.jsonl"]
    drawer.filter.setText("nothing like it")
    assert drawer.page.currentWidget() is drawer.page.empty
    assert "nothing like it" in drawer.page.empty.accessibleDescription()
    drawer.filter.clear()
    assert drawer.damaged.text() == "1 looks damaged"
    drawer.damaged.click()
    assert column(drawer.files, InFile.NAME) == ["logs/spoiled.jsonl"]
    drawer.show_part(FORMATS)
    drawer.page.table.chosen.emit(1)
    assert drawer.part.current == FILES
    assert not drawer.damaged.isChecked()
    assert drawer.only.text() == "Not recognised"
    assert column(drawer.files, InFile.NAME) == ["logs/other.jsonl"]
    drawer.only.removed.emit()
    assert drawer.files.rowCount() == 3


def test_enter_on_a_file_shows_its_conversation_or_else_its_folder(
    drawer: HealthDrawer, logs: Path, qtbot: QtBot
) -> None:
    drawer.show_part(FILES)
    table = drawer.page.table
    table.setCurrentIndex(drawer.files.index(2, 0))
    with qtbot.waitSignal(drawer.conversation_wanted) as shown:
        QTest.keyClick(table, Qt.Key.Key_Return)
    table.setCurrentIndex(drawer.files.index(0, 0))
    with qtbot.waitSignal(drawer.folder_wanted) as opened:
        QTest.keyClick(table, Qt.Key.Key_Enter)

    assert shown.args == ["good"]
    assert opened.args == [os.fsencode(logs / "other.jsonl")]


def test_the_menu_of_a_file_offers_both(drawer: HealthDrawer, qtbot: QtBot) -> None:
    drawer.show_part(FILES)
    table = drawer.page.table
    conversation, folder, copy = table.actions()
    with qtbot.assertNotEmitted(drawer.folder_wanted):
        folder.trigger()  # no row is marked
    table.selectRow(1)
    with qtbot.waitSignals([drawer.conversation_wanted, drawer.folder_wanted]):
        conversation.trigger()
        folder.trigger()

    assert copy.text() == "Copy"


def test_unknown_kinds_come_first_and_lead_to_their_record(
    drawer: HealthDrawer, logs: Path, qtbot: QtBot
) -> None:
    drawer.show_part(KINDS)
    kinds = column(drawer.kinds, InKind.KNOWN)
    assert kinds == sorted(kinds)
    drawer.filter.setText("<b>new")
    with qtbot.waitSignal(drawer.record_wanted) as wanted:
        drawer._example.click()
    assert wanted.args is not None
    where = wanted.args[0]

    assert isinstance(where, Where)
    assert (where.path, where.line, where.kind) == (
        os.fsencode(logs / "spoiled.jsonl"), 2, "<b>new</b>",
    )  # fmt: skip


def test_a_problem_leads_to_its_line(drawer: HealthDrawer, qtbot: QtBot) -> None:
    drawer.show_part(PROBLEMS)
    row = next(
        row
        for row in range(drawer.problems.rowCount())
        if drawer.problems.problem(row).reason.startswith("This is not a complete")
    )
    with qtbot.waitSignal(drawer.record_wanted) as wanted:
        drawer.page.table.chosen.emit(row)

    assert wanted.args is not None
    assert wanted.args[0].line == drawer.problems.problem(row).line


@pytest.mark.parametrize("part", PARTS)
def test_every_table_is_copied_as_tab_separated_values(part: str, drawer: HealthDrawer) -> None:
    drawer.show_part(part)
    drawer._copying.click()
    lines = QGuiApplication.clipboard().text().splitlines()

    assert len(lines) == drawer.page.model.rowCount() + 1
    assert len({line.count("\t") for line in lines}) == 1


def test_marked_rows_are_copied_alone_and_as_they_are_sorted(drawer: HealthDrawer) -> None:
    drawer.show_part(FILES)
    drawer.page.table.selectRow(2)
    drawer.page.table.copy()

    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("logs/good.jsonl\t")


def test_the_head_says_what_all_comes_to(drawer: HealthDrawer) -> None:
    assert drawer._summary.text() == (
        "3 files in 1 format · 3.1 % of 64 records understood · 1 not recognised"
    )


def test_an_empty_library_says_what_to_do(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "none").mkdir()
    library.imports(tmp_path / "empty.clew", tmp_path / "none")
    runner = QueryRunner(tmp_path / "empty.clew")
    made = HealthDrawer(runner)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.loaded):
        made.reload()

    for part in (FORMATS, FILES, KINDS):
        made.show_part(part)
        assert made.page.currentWidget() is made.page.empty
        assert "Add a folder" in made.page.empty.accessibleDescription()
    runner.close()


@pytest.mark.parametrize("scheme", theme.SCHEMES)
def test_it_is_drawn_in_both_themes(
    scheme: theme.Scheme, drawer: HealthDrawer, qapp: QApplication
) -> None:
    palette.apply(qapp, theme.load(scheme))
    for part in PARTS:
        drawer.show_part(part)
        assert not drawer.grab().isNull()
    palette.apply(qapp, theme.load("light"))
