"""The menu of a row."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.look.words import translate
from desktop.views.transcript import clipboard, keys

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView


def row_menu(view: "RowsView") -> QMenu:
    """Return what can be done with the current row of *view*; it goes away when it closes."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    doer = _Doer(view, menu)
    for text, shortcut, slot in (
        (translate("row_menu", "Copy"), "Ctrl+C", doer.copy),
        (translate("row_menu", "Copy as Markdown"), "Ctrl+Shift+C", doer.copy_markdown),
        (translate("row_menu", "Select the row's text"), "Ctrl+A", doer.select),
        ("", "", None),
        (translate("row_menu", "Show raw"), "R", doer.show_raw),
        (translate("row_menu", "Show raw result"), "", doer.show_raw_result),
        ("", "", None),
        (translate("row_menu", "Open all rows"), "Shift+Right", doer.unfold_all),
        (translate("row_menu", "Close all rows"), "Shift+Left", doer.fold_all),
    ):
        if slot is None:
            menu.addSeparator()
            continue
        if slot == doer.show_raw_result and not view.result_of(view.current_row()):
            continue
        action = menu.addAction(text)
        action.setShortcut(QKeySequence(shortcut))  # shown only: the view has the keys
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
    for offer in view.offers:
        offer(menu)
    return menu


class _Doer(QObject):
    def __init__(self, view: "RowsView", parent: QObject) -> None:
        super().__init__(parent)
        self._view = view

    @Slot()
    def copy(self) -> None:
        clipboard.copy(self._view)

    @Slot()
    def copy_markdown(self) -> None:
        clipboard.copy_markdown(self._view)

    @Slot()
    def select(self) -> None:
        clipboard.select_row(self._view)

    @Slot()
    def show_raw(self) -> None:
        self._view.show_raw(self._view.current_row())

    @Slot()
    def show_raw_result(self) -> None:
        self._view.raw_block_wanted.emit(self._view.result_of(self._view.current_row()))

    @Slot()
    def unfold_all(self) -> None:
        keys.unfold_all(self._view)

    @Slot()
    def fold_all(self) -> None:
        keys.fold_all(self._view)
