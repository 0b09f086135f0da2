"""The tables of data health: their columns' widths, and how they are sorted at first."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.look.widgets.empty_state import EmptyState
from desktop.look.words import translate
from desktop.models.health_tables import (
    FilesModel,
    FormatsModel,
    InFile,
    InFormat,
    InKind,
    KindsModel,
)
from desktop.models.import_files import ImportFilesModel, InImportFile
from desktop.models.imports_table import ImportsModel, InImport
from desktop.models.problems import Column, ProblemsModel
from desktop.views.health.score_bar import ScoreBar
from desktop.views.health.table_page import TablePage

FORMATS: Final = "formats"
FILES: Final = "files"
KINDS: Final = "kinds"
PROBLEMS: Final = "problems"
IMPORTS: Final = "imports"
OF_IMPORT: Final = "files of an import"  # instead of the imports, when one is chosen
PARTS: Final = (FORMATS, FILES, KINDS, PROBLEMS, IMPORTS)

_FORMATS: Final[dict[int, int]] = {InFormat.TITLE: 250, InFormat.SCORE: 180}
_FILES: Final[dict[int, int]] = {
    InFile.NAME: 300,
    InFile.TITLE: 170,
    InFile.VERSION: 110,
    InFile.SCORE: 180,
    InFile.SIZE: 100,
}
_KINDS: Final[dict[int, int]] = {InKind.KIND: 300, InKind.TITLE: 220, InKind.VERSIONS: 180}
_IMPORTS: Final[dict[int, int]] = {
    InImport.STATE: 220,
    InImport.BEGAN: 150,
    InImport.ROOTS: 290,
    InImport.SIZE: 100,
    InImport.RATE: 100,
}
_OF_IMPORT: Final[dict[int, int]] = {
    InImportFile.NAME: 320,
    InImportFile.OUTCOME: 150,
    InImportFile.SIZE: 100,
}
_PROBLEMS: Final[dict[int, int]] = {Column.PLACE: 270, Column.REASON: 500}


def make(  # noqa: PLR0913, PLR0917  a model for each page
    formats: FormatsModel,
    files: FilesModel,
    kinds: KindsModel,
    problems: ProblemsModel,
    imports: ImportsModel,
    of_import: ImportFilesModel,
    parent: QWidget,
) -> dict[str, TablePage]:
    """Return a page for each model, by its part."""
    none = EmptyState(
        "ok",
        translate("health", "No problems"),
        translate("health", "Every line that was read could be understood."),
    )
    unknown = EmptyState(
        "file",
        translate("health", "Nothing is known of its files"),
        translate(
            "health",
            "An import that runs, was interrupted or failed at once has no list of files, "
            "and neither have those of earlier versions of Clew.",
        ),
    )
    made = {
        FORMATS: TablePage(
            translate("health", "Formats"), formats, formats, _nothing(), _FORMATS, parent=parent
        ),
        FILES: TablePage(
            translate("health", "Files"), files, files, _nothing(), _FILES,
            middle=(InFile.NAME,), parent=parent,
        ),
        KINDS: TablePage(
            translate("health", "Kinds of records"), kinds, kinds, _nothing(), _KINDS,
            middle=(InKind.FIRST,), parent=parent,
        ),
        PROBLEMS: TablePage(
            translate("health", "Problems"), problems, problems, none, _PROBLEMS,
            middle=(Column.PLACE,), parent=parent,
        ),
        IMPORTS: TablePage(
            translate("health", "Imports"), imports, imports, _nothing(), _IMPORTS,
            middle=(InImport.ROOTS,), parent=parent,
        ),
        OF_IMPORT: TablePage(
            translate("health", "Files of an import"), of_import, of_import, unknown, _OF_IMPORT,
            middle=(InImportFile.NAME,), parent=parent,
        ),
    }  # fmt: skip
    for part, column in ((FORMATS, InFormat.SCORE), (FILES, InFile.SCORE)):
        made[part].table.setItemDelegateForColumn(column, ScoreBar(parent))
    made[FORMATS].sort_by(InFormat.FILES, Qt.SortOrder.DescendingOrder)
    made[FILES].sort_by(InFile.SCORE)
    made[KINDS].sort_by()
    made[OF_IMPORT].sort_by()
    return made


def _nothing() -> EmptyState:
    """Return what stands for an empty table; its words come with the reason."""
    return EmptyState("file", "", "")
