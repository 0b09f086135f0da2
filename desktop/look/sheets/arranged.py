"""How the sheets of real widgets are laid out."""

from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from desktop.look import metrics, palette
from desktop.look.widgets.text import SectionTitle


def sheet(width: int) -> QWidget:
    """Return an empty sheet, *width* wide."""
    made = QWidget()
    palette.put_on(made, "window")
    layout = QVBoxLayout(made)
    layout.setContentsMargins(28, 28, 28, 28)
    layout.setSpacing(metrics.MEDIUM)
    made.setFixedWidth(width)
    return made


def body(made: QWidget) -> QVBoxLayout:
    """Return the layout of the sheet *made*."""
    layout = made.layout()
    assert isinstance(layout, QVBoxLayout)
    return layout


def row(*widgets: QWidget) -> QHBoxLayout:
    """Return *widgets* side by side, from the left."""
    layout = QHBoxLayout()
    layout.setSpacing(metrics.SMALL)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch()
    return layout


def add(column: QVBoxLayout, title: str, *items: QWidget | QLayout) -> None:
    """Put *items* under *title* at the end of *column*."""
    column.addSpacing(metrics.SMALL)
    column.addWidget(SectionTitle(title))
    for item in items:
        if isinstance(item, QWidget):
            column.addWidget(item)
        else:
            column.addLayout(item)
