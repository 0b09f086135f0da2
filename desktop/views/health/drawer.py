"""The drawer of data health: formats, files, kinds of records, problems and imports."""

import logging
from collections.abc import Callable
from sqlite3 import Connection

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.queries.formats import FileRow
from core.quoting import Where
from desktop.look import fonts, icons, metrics, palette, words
from desktop.look.widgets.buttons import IconButton, QuietButton
from desktop.look.widgets.chips import Chip
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.search_field import SearchField
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.models import health_words
from desktop.models.health_tables import FilesModel, FormatsModel, KindsModel
from desktop.models.import_files import ImportFilesModel
from desktop.models.imports_table import ImportsModel
from desktop.models.problems import ProblemsModel
from desktop.views.health import pages
from desktop.views.health.import_files import ImportFiles
from desktop.views.health.pages import FILES, FORMATS, IMPORTS, KINDS, OF_IMPORT, PROBLEMS
from desktop.views.health.report import Report, report
from desktop.views.health.table_page import TablePage
from desktop.workers.query_runner import QueryRunner

log = logging.getLogger(__name__)


class HealthDrawer(QWidget):
    """Asks *queries* whenever it is reloaded; what is shown stays until the answer comes."""

    closed = Signal()
    loaded = Signal()  # everything that was asked for is on show
    conversation_wanted = Signal(str)  # its id
    folder_wanted = Signal(object)  # bytes: of the file that is in it
    record_wanted = Signal(object)  # Where

    def __init__(self, queries: QueryRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Data health"))
        palette.put_on(self, "window")
        self._queries = queries
        self.formats = FormatsModel(self)
        self.files = FilesModel(self)
        self.kinds = KindsModel(self)
        self.problems = ProblemsModel(self)
        self.imports = ImportsModel(self)
        self.import_files = ImportFilesModel(self)
        self.part = Segmented(
            self.tr("Show"),
            [
                (FORMATS, self.tr("Formats")),
                (FILES, self.tr("Files")),
                (KINDS, self.tr("Kinds")),
                (PROBLEMS, self.tr("Problems")),
                (IMPORTS, self.tr("Imports")),
            ],
            self,
        )
        self.only = Chip("", self, icon="filter", removable=True)  # the one format shown
        self.damaged = Chip("", self, icon="warning", tone="warning", checkable=True)
        self.filter = SearchField(self.tr("Filter"), self.tr("Filter the rows"), self)
        self._example = QuietButton("", self, icon="read")
        self._copying = IconButton(
            "copy", self.tr("Copy as a table"), self, size=metrics.ICON_SMALL
        )
        self._summary = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self._tools = QWidget(self)  # what narrows the rows
        self._any_damaged = False
        self._stack = QStackedWidget(self)
        self._pages = pages.make(
            self.formats, self.files, self.kinds, self.problems, self.imports,
            self.import_files, self,
        )  # fmt: skip
        for page in self._pages.values():
            self._stack.addWidget(page)
        self.of_import = ImportFiles(
            queries, self.imports, self.import_files, self._pages[IMPORTS], self
        )
        self._lay_out()
        self._connect()
        self._turn()

    @property
    def page(self) -> TablePage:
        """The part on show."""
        one = self.part.current == IMPORTS and self.of_import.title
        return self._pages[OF_IMPORT if one else self.part.current]

    def open_library(self, db: Connection) -> None:
        """Show what *db* holds, once it is reloaded."""
        self.problems.open_library(db)

    def reload(self) -> None:
        """Read everything again."""
        self.problems.reload()
        self._queries.ask("health", report, self._show, self._fail)

    def show_part(self, part: str) -> None:
        """Show the *part* `FORMATS`, `FILES`, `KINDS`, `PROBLEMS` or `IMPORTS`."""
        self.part.choose(part)

    def _show(self, found: Report) -> None:
        others = [row for row in found.files if not row.recognised]
        self._summary.setText(health_words.summary(found.total, len(found.formats)))
        self._any_damaged = found.total.damaged > 0
        self.damaged.setText(health_words.damaged(found.total.damaged))
        if not self._any_damaged:
            self.damaged.setChecked(False)
        self.formats.show_formats(found.formats, others)
        self.files.show_files(found.files)
        self.kinds.show_kinds(found.kinds)
        self.imports.show_jobs(found.imports, found.unread)
        self._say_nothing()
        self._turn()
        self.loaded.emit()

    def _fail(self, error: Exception) -> None:
        log.warning("data health: %s", error)
        self._summary.setText(str(error))

    def _lay_out(self) -> None:
        self.filter.setMinimumWidth(120)
        self.filter.setMaximumWidth(280)
        cross = IconButton("close", self.tr("Close data health"), self, size=metrics.ICON_SMALL)
        cross.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.setContentsMargins(metrics.MEDIUM, metrics.TIGHT, metrics.SMALL, metrics.TIGHT)
        top.setSpacing(metrics.MEDIUM)
        top.addWidget(Text(self.tr("Data health"), self, weight=QFont.Weight.DemiBold))
        top.addWidget(self.part)
        top.addWidget(self._summary, 1)
        for button in (self._example, self.of_import.go_on, self.of_import.export):
            top.addWidget(button)
        top.addWidget(self._copying)
        top.addWidget(cross)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(metrics.MEDIUM, metrics.TIGHT, metrics.MEDIUM, metrics.TIGHT)
        tools.setSpacing(metrics.SMALL)
        tools.addWidget(self.filter, 1)
        tools.addWidget(self.only)
        tools.addWidget(self.damaged)
        tools.addStretch(2)
        self.damaged.setToolTip(words.plain(health_words.damage_rule()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Hairline(self))
        column.addWidget(self._tools)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.part.chosen.connect(self._turn)
        self.filter.textChanged.connect(self._narrow)
        self.only.removed.connect(self._show_all)
        self.only.clicked.connect(self._show_all)
        self._copying.clicked.connect(self._copy)
        self._example.clicked.connect(self._show_example)
        self.damaged.toggled.connect(self._narrow)
        self.of_import.changed.connect(self._turn)
        self._pages[FORMATS].table.chosen.connect(self._show_files)
        self._pages[FILES].table.chosen.connect(self._open_file)
        self._pages[KINDS].table.chosen.connect(self._quote_kind)
        self._pages[PROBLEMS].table.chosen.connect(self._quote_problem)
        self._add_action("conversation", self.tr("Show conversation"), self._go)
        self._add_action("folder-open", self.tr("Open folder"), self._open_folder)

    def _add_action(self, icon: str, text: str, slot: Callable[[], None]) -> None:
        """Put a command for a file into the menu of the files."""
        table = self._pages[FILES].table
        action = QAction(icons.icon(icon), text, table)
        action.triggered.connect(slot)
        table.insertAction(table.actions()[-1], action)  # above what copies

    @Slot()
    def _turn(self) -> None:
        part = self.part.current
        self._stack.setCurrentWidget(self.page)
        self._turn_chip(part)
        self.of_import.turn(shown=part == IMPORTS)
        self._example.setVisible(part in {KINDS, PROBLEMS} or self.page is self._pages[IMPORTS])
        said = {KINDS: self.tr("Show example"), IMPORTS: self.tr("Show files")}
        self._example.setText(said.get(part, self.tr("Show line")))
        self._tools.setVisible(part in {FILES, KINDS} or self.page is self._pages[OF_IMPORT])
        self.damaged.setVisible(part == FILES and self._any_damaged)
        self._narrow()

    def _turn_chip(self, part: str) -> None:
        """Show which files are on show, if these are not all."""
        every = self.tr("Show the files of all formats")
        if part == IMPORTS:
            every = self.tr("Show all imports")
        title = {FILES: self.files.only, IMPORTS: self.of_import.title}.get(part, "")
        self.only.setText(title)
        self.only.setToolTip(words.plain(every))
        self.only.setVisible(bool(title))

    @Slot()
    def _narrow(self) -> None:
        said = self.filter.text()
        self.import_files.narrow(said)
        self.files.narrow(said)
        self.files.show_damaged(only=self.damaged.isChecked())
        self.kinds.narrow(said)
        self._say_nothing()

    def _say_nothing(self) -> None:
        """Say in empty tables why they are empty."""
        said = self.filter.text().strip()
        for part, model in ((FORMATS, self.formats), (FILES, self.files), (KINDS, self.kinds)):
            if model.total:
                wanted = self.tr("Nothing here says “{0}”.").format(said)
                self._pages[part].empty.say(self.tr("Nothing found"), wanted)
            else:
                add = self.tr("Add a folder or files, and this says what is in them.")
                self._pages[part].empty.say(self.tr("Nothing has been read yet"), add)

    @Slot()
    def _copy(self) -> None:
        self.page.table.copy()

    @Slot(int)
    def _show_files(self, row: int) -> None:
        """Show the files of the format at *row*."""
        title = self.formats.title(row)
        self.damaged.setChecked(False)
        self.files.show_only(title)
        self.filter.clear()
        self.show_part(FILES)
        self.page.table.setFocus()

    @Slot()
    def _show_all(self) -> None:
        if self.part.current == IMPORTS:
            self.of_import.close()
            self.page.table.setFocus()
            return
        self.files.show_only("")
        self._turn()
        self.filter.setFocus()

    @Slot(int)
    def _open_file(self, row: int) -> None:
        file = self.files.file(row)
        if file.conversation:
            self.conversation_wanted.emit(file.conversation)
        else:
            self.folder_wanted.emit(file.path)

    @Slot()
    def _go(self) -> None:
        file = self._file()
        if file is not None and file.conversation:
            self.conversation_wanted.emit(file.conversation)

    @Slot()
    def _open_folder(self) -> None:
        file = self._file()
        if file is not None:
            self.folder_wanted.emit(file.path)

    def _file(self) -> FileRow | None:
        index = self._pages[FILES].table.currentIndex()
        return self.files.file(index.row()) if index.isValid() else None

    @Slot()
    def _show_example(self) -> None:
        """Show what is behind the current row, or the first one."""
        row = max(0, self.page.table.currentIndex().row())
        if self.page.model.rowCount():
            self.page.table.chosen.emit(row)

    @Slot(int)
    def _quote_kind(self, row: int) -> None:
        kind = self.kinds.kind(row)
        self.record_wanted.emit(
            Where(
                kind.source, kind.path, kind.label, kind.format, kind.line, kind.offset, kind.kind
            )
        )

    @Slot(int)
    def _quote_problem(self, row: int) -> None:
        one = self.problems.problem(row)
        if not one.line:  # it is about the whole file
            self.folder_wanted.emit(one.path)
            return
        where = Where(one.file, one.path, one.source, one.format, one.line, one.offset)
        self.record_wanted.emit(where)
