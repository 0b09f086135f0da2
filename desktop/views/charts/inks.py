"""The colours of series: a place in the theme's chart colours, or the name of a token."""

from typing import Final, TypeAlias

from PySide6.QtGui import QColor

from desktop.look.theme import Theme

Ink: TypeAlias = int | str

OTHER: Final[Ink] = "outline"  # everything that has no colour of its own


def color(colors: Theme, ink: Ink) -> QColor:
    """Return what *ink* looks like in *colors*."""
    return colors.color(ink) if isinstance(ink, str) else QColor(colors.chart[ink])
