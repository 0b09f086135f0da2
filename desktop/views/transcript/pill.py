"""A pill over the end of the rows: so many came below, press to see them."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView
from typing_extensions import override

from desktop.look import words
from desktop.look.widgets.chips import Chip
from desktop.look.words import translate

_ABOVE: Final = 12  # pixels between it and the lower edge


class Pill(Chip):
    """Floats over the viewport of *view*, and stays in its middle."""

    _placed = False  # Qt may tell of changes before there is a place to be at

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__("", view, icon="arrow-down", tone="accent")
        self._view = view
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the End key does the same
        self.hide()
        self._placed = True
        view.viewport().installEventFilter(self)

    def say(self, count: int) -> None:
        """Show that *count* rows came; hide if that is none."""
        text = translate("Pill", "{0} new").format(words.count(count))
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(count > 0)
        self._place()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._placed:
            self._place()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.resize(self.sizeHint())
        area = self._view.viewport().geometry()
        self.move(area.center().x() - self.width() // 2, area.bottom() - self.height() - _ABOVE)
