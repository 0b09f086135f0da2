"""Cells that show a share as a bar with its percentage."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from core.queries.formats import written
from desktop.look import fonts, metrics, paint, theme
from desktop.models.tables import TableModel

_BAR: Final = 72  # points
_THICK: Final = 6
_FAIR, _POOR = 0.99, 0.8  # shares below which the bar takes another colour


class ScoreBar(QStyledItemDelegate):
    """Draws the bar on the left of the number, which stays where it is."""

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        share = _share(index)
        option.text = "" if share is None else written(share)
        option.font = fonts.numbers()

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + fonts.grown(_BAR) + metrics.MEDIUM, hint.height())

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        share = _share(index)
        if share is None:
            return
        colors = theme.of(option.palette)
        cell = QRectF(option.rect)
        box = QRectF(
            cell.left() + metrics.SMALL,
            cell.center().y() - _THICK / 2,
            fonts.grown(_BAR),
            _THICK,
        )
        paint.rounded(painter, box, _THICK / 2, fill=colors.color("track"))
        token = "accent" if share >= _FAIR else "warning" if share >= _POOR else "failed"
        box.setWidth(max(_THICK, box.width() * share) if share else 0)
        paint.rounded(painter, box, _THICK / 2, fill=colors.color(token))


def _share(index: QModelIndex | QPersistentModelIndex) -> float | None:
    model = index.model()
    assert isinstance(model, TableModel)
    value = model.value(index.row(), index.column())
    return value if isinstance(value, float) else None
