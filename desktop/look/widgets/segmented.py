"""A choice of one among a few, side by side in one box."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget
from typing_extensions import override

from desktop.look import fonts, icons, metrics, paint, theme

_INSET: Final = 2  # of the raised segment in the track
_SIDE: Final = 12


class Segmented(QWidget):
    """Segments *options*, each (key, text) or (key, text, icon); arrow keys move the choice."""

    chosen = Signal(str)  # the key of the segment the user has gone to

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str] | tuple[str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_INSET, _INSET, _INSET, _INSET)
        layout.setSpacing(0)
        self._keys: list[str] = []
        self._group = QButtonGroup(self)
        for key, text, *icon in options:
            segment = _Segment(text, icon[0] if icon else None, self)
            layout.addWidget(segment)
            self._group.addButton(segment, len(self._keys))
            self._keys.append(key)
        if self._keys:
            self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._tell)

    @property
    def current(self) -> str:
        """The key of the chosen segment; empty if there is none."""
        number = self._group.checkedId()
        return self._keys[number] if number >= 0 else ""

    def choose(self, key: str) -> None:
        """Choose the segment *key*, as if the user had.

        Raises:
            ValueError: there is no such segment.
        """
        self._group.button(self._keys.index(key)).setChecked(True)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        paint.rounded(
            QPainter(self),
            QRectF(self.rect()),
            metrics.RADIUS_FIELD,
            fill=QColor(colors.track),
        )

    @Slot(int, bool)
    def _tell(self, number: int, checked: bool) -> None:
        if checked:
            self.chosen.emit(self._keys[number])


class _Segment(QRadioButton):
    """Looks like a segment; to the keyboard and to screen readers it is a radio button."""

    def __init__(self, text: str, icon: str | None, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        measured = QFontMetrics(fonts.ui(fonts.UI, QFont.Weight.DemiBold))  # the wider one
        width = measured.horizontalAdvance(self.text()) + 2 * _SIDE
        if self._icon:
            width += fonts.grown(metrics.ICON_SMALL) + (6 if self.text() else -metrics.TIGHT)
        return QSize(width, max(metrics.TARGET + 2, measured.height() + 8))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.isChecked():
            face = (
                theme.mix(colors.text, colors.track, 0.14) if colors.dark else QColor(colors.raised)
            )
            edge = theme.mix(colors.text, face.name(), 0.08 if colors.dark else 0.14)
            paint.rounded(painter, box, metrics.RADIUS, fill=face, line=edge)
        if self.hasFocus():
            paint.focus_ring(painter, box, metrics.RADIUS, colors)
        strong = self.isChecked() or self.underMouse()
        ink = QColor(colors.text if strong else colors.muted)
        if not self.isEnabled():
            ink = QColor(colors.disabled)
        weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
        self._paint_words(painter, ink, fonts.ui(fonts.UI, weight))

    def _paint_words(self, painter: QPainter, ink: QColor, font: QFont) -> None:
        words_width = QFontMetrics(font).horizontalAdvance(self.text())
        icon_width = fonts.grown(metrics.ICON_SMALL) if self._icon else 0
        gap = 6 if self._icon and self.text() else 0
        left = (self.width() - words_width - icon_width - gap) // 2
        if self._icon:
            top = (self.height() - icon_width) // 2
            icons.draw(painter, QRect(left, top, icon_width, icon_width), self._icon, ink)
        painter.setFont(font)
        painter.setPen(ink)
        space = QRect(left + icon_width + gap, 0, words_width + 2, self.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(space, flags, self.text())
