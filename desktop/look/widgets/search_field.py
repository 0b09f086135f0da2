"""The field to search in: glass on the left, keys or a cross on the right."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from desktop.look import fonts, icons, metrics, paint, theme, words
from desktop.look.widgets.buttons import IconButton

_EDGE: Final = 8
_CAP_MARGIN: Final = 6


class SearchField(QLineEdit):
    """A rounded field; Escape or the cross empty it, *shortcut* is shown while it is empty."""

    def __init__(
        self, placeholder: str, name: str, parent: QWidget | None = None, *, shortcut: str = ""
    ) -> None:
        super().__init__(parent)
        self._shortcut = shortcut
        self.setProperty("kind", "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self._cross = IconButton(
            "close", words.translate("SearchField", "Clear search"), self, size=metrics.ICON_SMALL
        )
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Escape does the same
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.hide()
        self._make_room()
        self._cross.clicked.connect(self.clear)
        self.textChanged.connect(self._show_cross)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._cross.width()
        self._cross.move(self.width() - side - _CAP_MARGIN + 2, (self.height() - side) // 2)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._make_room()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colors = theme.of(self.palette())
        painter = QPainter(self)
        side = fonts.grown(metrics.ICON_SMALL)
        glass = QRect(_EDGE + 2, (self.height() - side) // 2, side, side)
        ink = colors.muted if self.isEnabled() else colors.disabled
        icons.draw(painter, glass, "search", ink)
        if self._shortcut and not self.text() and self.isEnabled():
            painter.setFont(fonts.ui(fonts.MICRO))
            paint.key_cap(painter, self._cap(), self._shortcut, colors)

    def _cap(self) -> QRectF:
        size = paint.pill_size(self._shortcut, fonts.ui(fonts.MICRO))
        left = self.width() - size.width() - _EDGE
        top = (self.height() - size.height()) // 2
        return QRectF(left, top, size.width(), size.height())

    def _make_room(self) -> None:
        cap = paint.pill_size(self._shortcut, fonts.ui(fonts.MICRO)).width()
        right = max(cap if self._shortcut else 0, self._cross.width())
        self.setTextMargins(fonts.grown(metrics.ICON_SMALL) + 6, 0, round(right), 0)

    @Slot(str)
    def _show_cross(self, text: str) -> None:
        self._cross.setVisible(bool(text))
