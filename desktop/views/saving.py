"""Puts what is on show into a file that the user names, and never in a log's place."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.files.guarded import is_guarded
from desktop.look.words import translate

CSV = "CSV (*.csv)"


class Saver(QObject):
    """Asks where to and writes there; never below one of the folders that *guarded* returns."""

    saved = Signal(str)  # path
    refused = Signal(str)  # why nothing was written

    def __init__(self, guarded: Callable[[], tuple[Path, ...]], parent: QWidget) -> None:
        super().__init__(parent)
        self.guarded = guarded
        self._parent = parent

    def choose(self, title: str, kinds: str, content: Callable[[], bytes]) -> None:
        """Ask where to put *content*, called *title*; *kinds* is a filter of one suffix."""
        where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        suffix = kinds.rpartition("*.")[2].rstrip(")")
        suggested = str(Path(where) / f"{_slug(title)}.{suffix}")
        said = translate("charts", "Save {0}").format(title)
        dialog = QFileDialog(self._parent, said, suggested, kinds)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(suggested)
        dialog.fileSelected.connect(partial(self.write, content))
        dialog.open()

    def write(self, content: Callable[[], bytes], path: str) -> None:
        """Write *content* to *path*, whole or not at all."""
        if is_guarded(Path(path).parent, self.guarded()):
            self.refused.emit(
                translate(
                    "charts", "Nothing was written: this folder holds transcripts. Choose another."
                )
            )
            return
        file = QSaveFile(path)
        data = content()
        done = (
            file.open(QSaveFile.OpenModeFlag.WriteOnly)
            and file.write(data) == len(data)
            and file.commit()
        )
        if done:
            self.saved.emit(path)
        else:
            why = file.errorString()
            self.refused.emit(translate("charts", "Nothing was written: {0}.").format(why))


def csv_bytes(table: str) -> bytes:
    """Return *table*, comma-separated values, as spreadsheets know them to be UTF-8."""
    return b"\xef\xbb\xbf" + table.encode("utf-8", "replace")


def _slug(title: str) -> str:
    letters = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in letters.split("-") if part)[:60]
