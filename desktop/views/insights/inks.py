"""The colours of a conversation's insights, and what is readable on them."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtGui import QColor

from core.analysis.intents import Intent
from desktop.look import theme
from desktop.models.insights_river import Band

INTENTS: Final[Mapping[Intent, str]] = {
    Intent.QUESTION: "search",
    Intent.REQUEST: "read",
    Intent.COMMAND: "run",
    Intent.CLARIFICATION: "agent",
    Intent.FEEDBACK: "edit",
    Intent.EXPLORATION: "web",
    Intent.NONE: "outline",
}
PARTS: Final = ("mcp", "run", "failed", "read", "edit", "search", "agent")  # of the complexity
SURE: Final = 0.7  # confidence from which a guess has its full colour
_PALE: Final = 0.5
SOFT: Final = 0.78  # of a token that is made for words


def band(colors: theme.Theme, one: Band) -> QColor:
    """Return the colour of a band of the river."""
    if one.colour < 0:
        return theme.mix(colors.text, colors.card, 0.12)
    return theme.mix(series(colors, one.colour).name(), colors.card, 0.82 * one.shade)


def series(colors: theme.Theme, number: int) -> QColor:
    """Return the colour of thread *number*, as the transcript has it."""
    return QColor(colors.chart[number % len(colors.chart)])


def intent(colors: theme.Theme, kind: Intent, confidence: float) -> QColor:
    """Return the colour of an intent; paler where the guess is less sure."""
    share = SOFT if confidence >= SURE else _PALE
    return theme.mix(colors.color(INTENTS[kind]).name(), colors.card, share)


def readable(colors: theme.Theme, ground: QColor) -> QColor:
    """Return white or black, whichever stands out more on *ground*."""
    light, dark = QColor("#FFFFFF"), QColor(colors.window if colors.dark else colors.text)
    return max((light, dark), key=lambda ink: _contrast(ink, ground))


def _contrast(one: QColor, other: QColor) -> float:
    first, second = sorted((_luminance(one), _luminance(other)))
    return (second + 0.05) / (first + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
