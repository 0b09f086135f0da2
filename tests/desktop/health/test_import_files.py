"""The files of an import: chosen among the imports, sorted, copied, saved, and gone on with."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from core import jobs
from core.events import EngineEvent, JobState, Outcome
from core.queries.jobs import JobFile
from core.store import jobs as store
from core.store.connection import open_reader
from desktop.models.import_files import ImportFilesModel, InImportFile
from desktop.models.imports_table import InImport
from desktop.views.health.drawer import HealthDrawer
from desktop.views.health.pages import FILES, IMPORTS, OF_IMPORT
from desktop.workers.query_runner import QueryRunner
from tests import library

Fatal = QAbstractItemModelTester.FailureReportingMode.Fatal


def _ignore(_event: EngineEvent) -> None:
    """Take an event and do nothing."""


@pytest.fixture
def drawer(tmp_path: Path, logs: Path, qtbot: QtBot) -> Iterator[HealthDrawer]:
    """Open the data health after an import that completed and one that was stopped."""
    kept = tmp_path / "kept.clew"
    with library.writing(kept) as (db, ingest):
        jobs.run(db, ingest, (logs,), threading.Event(), _ignore)
        job = store.begin(db, [str(tmp_path / "elsewhere")])
        store.end(db, job, JobState.CANCELLED, ())
    runner = QueryRunner(kept)
    made = HealthDrawer(runner)
    qtbot.addWidget(made)
    made.resize(1200, 400)
    with closing(open_reader(kept)) as db:
        made.open_library(db)
        with qtbot.waitSignal(made.loaded):
            made.reload()
        made.show_part(IMPORTS)
        made.show()
        yield made
        runner.close()


def _open(drawer: HealthDrawer, qtbot: QtBot, row: int) -> None:
    with qtbot.waitSignal(drawer.of_import.changed):
        drawer.page.table.chosen.emit(row)


def _names(drawer: HealthDrawer) -> list[str]:
    model = drawer.import_files
    return [str(model.index(row, InImportFile.NAME).data()) for row in range(model.rowCount())]


def test_an_import_that_is_chosen_shows_its_files(drawer: HealthDrawer, qtbot: QtBot) -> None:
    _open(drawer, qtbot, 1)

    assert drawer.page is drawer._pages[OF_IMPORT]
    assert drawer.only.isVisible()
    assert drawer.only.text() == f"Import of {drawer.imports.value(1, InImport.BEGAN)}"
    assert _names(drawer)[0] == "logs/spoiled.jsonl"  # with trouble
    assert sorted(_names(drawer)) == ["logs/good.jsonl", "logs/other.jsonl", "logs/spoiled.jsonl"]
    said = {str(drawer.import_files.index(row, InImportFile.OUTCOME).data()) for row in range(3)}
    assert said == {"New", "Not recognised"}


def test_the_chip_leads_back_to_all_imports(drawer: HealthDrawer, qtbot: QtBot) -> None:
    _open(drawer, qtbot, 1)
    drawer.only.removed.emit()
    assert drawer.page is drawer._pages[IMPORTS]
    assert not drawer.only.isVisible()


def test_other_parts_are_not_concerned(drawer: HealthDrawer, qtbot: QtBot) -> None:
    _open(drawer, qtbot, 1)
    drawer.show_part(FILES)
    assert drawer.page is drawer._pages[FILES]
    assert not drawer.only.isVisible()
    assert not drawer.of_import.export.isVisible()
    drawer.show_part(IMPORTS)
    assert drawer.page is drawer._pages[OF_IMPORT]
    assert drawer.only.text().startswith("Import of ")


def test_the_files_are_narrowed_and_sorted(drawer: HealthDrawer, qtbot: QtBot) -> None:
    _open(drawer, qtbot, 1)
    tester = QAbstractItemModelTester(drawer.import_files, Fatal)
    drawer.filter.setText("recognised")
    assert _names(drawer) == ["logs/other.jsonl"]
    drawer.filter.clear()
    drawer.import_files.sort(InImportFile.NAME)
    assert _names(drawer) == ["logs/good.jsonl", "logs/other.jsonl", "logs/spoiled.jsonl"]
    del tester


def test_the_files_are_copied_as_a_table(drawer: HealthDrawer, qtbot: QtBot) -> None:
    _open(drawer, qtbot, 1)
    drawer.page.table.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["File", "Outcome", "Messages"]
    assert len(lines) == 1 + 3


def test_the_files_are_saved_as_csv_but_never_among_logs(
    drawer: HealthDrawer, qtbot: QtBot, tmp_path: Path, logs: Path
) -> None:
    _open(drawer, qtbot, 1)
    saver = drawer.of_import.saver
    saver.guarded = lambda: (logs,)
    drawer.of_import.export.click()
    (dialog,) = drawer.findChildren(QFileDialog)
    with qtbot.waitSignal(saver.saved):
        dialog.fileSelected.emit(str(tmp_path / "out.csv"))
    with qtbot.waitSignal(saver.refused):
        dialog.fileSelected.emit(str(logs / "out.csv"))
    dialog.close()

    saved = (tmp_path / "out.csv").read_text("utf-8-sig")
    assert saved.splitlines()[0].startswith("File,Outcome,Messages,")
    assert len(saved.splitlines()) == 1 + 3
    assert not (logs / "out.csv").exists()


def test_an_import_without_a_report_says_so(drawer: HealthDrawer, qtbot: QtBot) -> None:
    _open(drawer, qtbot, 0)
    assert drawer.page.currentWidget() is drawer.page.empty
    assert not drawer.of_import.export.isVisible()


def test_only_an_import_that_was_left_unfinished_can_be_continued(
    drawer: HealthDrawer, qtbot: QtBot, tmp_path: Path
) -> None:
    table, go_on = drawer.page.table, drawer.of_import.go_on
    table.selectRow(1)
    assert not go_on.isVisible()
    table.selectRow(0)
    assert go_on.isVisible()
    with qtbot.waitSignal(drawer.of_import.continue_wanted) as wanted:
        go_on.click()
    assert wanted.args == [(tmp_path / "elsewhere",)]


def _row(label: str, outcome: Outcome, files: int, took: int) -> JobFile:
    return JobFile(label, outcome, files, 0, 0, took, 0, "")


def test_what_sums_up_other_files_stays_last(qtbot: QtBot) -> None:
    model = ImportFilesModel()
    model.show_files(
        [
            _row("/logs/a.jsonl", Outcome.NEW, 1, 2_000),
            _row("/logs/b.jsonl", Outcome.NEW, 1, 1_000),
            _row("", Outcome.NEW, 12_345, 9_000),
            _row("", Outcome.UNCHANGED, 2, 0),
        ]
    )
    for order in Qt.SortOrder:
        model.sort(InImportFile.TOOK, order)
        names = [str(model.index(row, 0).data()) for row in range(4)]
        assert set(names[:2]) == {"logs/a.jsonl", "logs/b.jsonl"}
        assert set(names[2:]) == {"and 12,345 more files", "2 files"}
