"""A window with the record behind a row, as its file has it: plain text, to be read only."""

from typing import Final

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFont, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.raw import Raw
from desktop.delegates.folding import LONGEST_LINE, broken
from desktop.delegates.sections import Section, Style
from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.buttons import PrimaryButton
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.look.words import translate
from desktop.models import call_values

_MOST: Final = 2_000_000  # characters that are laid out
_SIZE: Final = (820, 620)
_EMPTY: Final = (620, 160)  # where there is only trouble to tell of


class RawSheet(QDialog):
    """Shows *found* until it is closed."""

    def __init__(self, found: Raw, parent: QWidget) -> None:
        super().__init__(parent)
        self._found = found
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("RawSheet", "Raw record"))
        self.resize(*(_SIZE if found.text else _EMPTY))
        palette.put_on(self, "window")
        self.place = ElidedLabel(found.label, self, weight=QFont.Weight.DemiBold)
        self.place.setToolTip(words.plain(found.label))
        self.facts = Text(_facts(found), self, size=fonts.SMALL, tone="muted")
        self.facts.setToolTip(
            translate("RawSheet", "Counted from the first line, and in bytes from the start.")
        )
        self.trouble = Text(_trouble(found), self, size=fonts.SMALL, tone="warning", wrap=True)
        self.text = QPlainTextEdit(self)
        self._lay_out()

    def _lay_out(self) -> None:
        found, edit = self._found, self.text
        edit.setReadOnly(True)
        edit.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        edit.setFont(fonts.mono(fonts.SMALL))
        edit.setAccessibleName(translate("RawSheet", "Raw record"))
        edit.setPlainText(_shown(found.text))
        edit.setVisible(bool(found.text))
        self.trouble.setVisible(bool(self.trouble.text()))
        folder = QPushButton(translate("RawSheet", "Open folder"), self)
        folder.setEnabled(found.path is not None and found.path.parent.is_dir())
        copy = QPushButton(translate("RawSheet", "Copy"), self)
        copy.setEnabled(bool(found.text))
        close = PrimaryButton(translate("RawSheet", "Close"), self)
        close.setDefault(True)
        folder.clicked.connect(self._open_folder)
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(metrics.SMALL)
        foot.addWidget(folder)
        foot.addWidget(copy)
        foot.addStretch()
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.WIDE, metrics.LARGE, metrics.WIDE, metrics.LARGE)
        layout.setSpacing(metrics.SMALL)
        layout.addWidget(self.place)
        layout.addWidget(self.facts)
        layout.addWidget(self.trouble)
        layout.addWidget(edit, 1)
        if not found.text:
            layout.addStretch(1)
        layout.addLayout(foot)
        close.setFocus()

    @Slot()
    def _open_folder(self) -> None:
        if self._found.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._found.path.parent)))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._found.text)


def _facts(found: Raw) -> str:
    parts: list[str] = []
    if found.line:
        parts.append(translate("RawSheet", "line {0}").format(words.count(found.line)))
    if found.offset >= 0 and found.label:
        parts.append(translate("RawSheet", "byte {0}").format(words.count(found.offset)))
    if found.text:
        parts.append(words.size(len(found.text.encode(errors="replace"))))
    return " · ".join(parts)


def _trouble(found: Raw) -> str:
    if len(found.text) <= _MOST:
        return found.trouble
    cut = translate("RawSheet", "Shown: the first {0} characters. Copy takes all of it.")
    return " ".join(part for part in (found.trouble, cut.format(words.count(_MOST))) if part)


def _shown(text: str) -> str:
    """Return *text* with one value to a line, and no line longer than can be laid out."""
    made = words.visible(call_values.pretty(text)[:_MOST])
    if len(made) <= LONGEST_LINE:
        return made
    return broken(Section(Style.CODE, made)).text
