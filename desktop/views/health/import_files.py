"""Imports, or the files of one of them: which are on show, how they leave, how one goes on."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.events import JobState
from core.queries import jobs
from core.queries.jobs import JobFile, JobRow
from desktop.look import words
from desktop.look.widgets.buttons import QuietButton
from desktop.look.words import translate
from desktop.models.import_files import ImportFilesModel
from desktop.models.imports_table import ImportsModel, InImport
from desktop.views.health.table_page import TablePage
from desktop.views.saving import CSV, Saver, csv_bytes
from desktop.workers.query_runner import QueryRunner

_UNFINISHED: Final = {JobState.CANCELLED, JobState.INTERRUPTED, JobState.FAILED}


class ImportFiles(QObject):
    """Shows the files of the import that is chosen on *page* as *files*, until they are closed.

    Its two buttons go where *parent* puts them.
    """

    changed = Signal()  # they are on show now, or are not any more
    continue_wanted = Signal(object)  # tuple[Path, ...]: to be read on

    def __init__(
        self,
        queries: QueryRunner,
        imports: ImportsModel,
        files: ImportFilesModel,
        page: TablePage,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._queries = queries
        self._imports = imports
        self._files = files
        self._page = page
        self.title = ""  # of the import whose files are on show, if any are
        self.saver = Saver(tuple, parent)
        self.go_on = QuietButton(translate("imports", "Continue"), parent, icon="play")
        self.export = QuietButton(translate("imports", "Save as CSV…"), parent, icon="export")
        self.go_on.setToolTip(
            words.plain(translate("imports", "Read what this import did not come to."))
        )
        self._turned = False  # whether imports, or the files of one, are on show
        page.table.chosen.connect(self.show_import)
        page.table.selectionModel().currentRowChanged.connect(self._offer)
        imports.modelReset.connect(self._offer)
        self.go_on.clicked.connect(self._continue)
        self.export.clicked.connect(self._save)

    def turn(self, *, shown: bool) -> None:
        """Show the buttons if imports are *shown*, or the files of one."""
        self._turned = shown
        self._offer()

    @Slot(int)
    def show_import(self, row: int) -> None:
        """Show the files of the import at *row*."""
        began = str(self._imports.value(row, InImport.BEGAN))
        title = translate("imports", "Import of {0}").format(began)
        question = partial(jobs.files, job=self._imports.job(row).id)
        self._queries.ask("import_files", question, partial(self._show, title))

    def close(self) -> None:
        """Show all imports again."""
        self._queries.forget("import_files")
        self.title = ""
        self.changed.emit()

    def _show(self, title: str, files: tuple[JobFile, ...]) -> None:
        self.title = title
        self._files.show_files(files)
        self.changed.emit()

    @Slot()
    def _offer(self) -> None:
        """Show the button that can do something."""
        job = self._current()
        unfinished = job is not None and job.state in _UNFINISHED
        self.go_on.setVisible(self._turned and not self.title and unfinished)
        self.export.setVisible(self._turned and bool(self.title) and self._files.total > 0)

    def _current(self) -> JobRow | None:
        index = self._page.table.currentIndex()
        return self._imports.job(index.row()) if index.isValid() else None

    @Slot()
    def _continue(self) -> None:
        job = self._current()
        if job is not None:
            # A name that no encoding fits is shown in another way than the disk has it.
            self.continue_wanted.emit(tuple(Path(root) for root in job.roots if "�" not in root))

    @Slot()
    def _save(self) -> None:
        """Ask where to put the files on show, in their order."""
        self.saver.choose(self.title, CSV, lambda: csv_bytes(self._files.csv()))
