"""The fonts and colours a layout is made with, looked up once for many rows."""

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF, QPalette

from desktop.look import fonts, metrics, theme
from desktop.look.theme import Theme


@dataclass(frozen=True)
class Faces:
    """Fonts at the zoom in force, and the theme."""

    colors: Theme
    palette: QPalette
    body: QFont
    small: QFont
    strong: QFont
    plain: QFont
    italic: QFont
    numbers: QFont
    code: QFont
    code_small: QFont
    scale: float
    line: int  # height of a heading
    code_width: float  # of a digit in `code_small`

    @property
    def prose_width(self) -> int:
        """The widest that prose is set."""
        return round(metrics.PROSE_WIDTH * self.scale)


def faces(palette: QPalette) -> Faces:
    """Return the fonts at the present zoom, with the theme of *palette*."""
    italic = fonts.ui(fonts.UI)
    italic.setItalic(True)
    small = fonts.mono(fonts.SMALL)
    plain = fonts.ui(fonts.UI)
    return Faces(
        colors=theme.of(palette),
        palette=palette,
        body=fonts.ui(fonts.BODY),
        small=fonts.ui(fonts.SMALL),
        strong=fonts.ui(fonts.UI, QFont.Weight.DemiBold),
        plain=plain,
        italic=italic,
        numbers=fonts.numbers(fonts.SMALL),
        code=fonts.mono(fonts.UI),
        code_small=small,
        scale=fonts.scale(),
        line=max(28, round(QFontMetricsF(plain).height()) + 12),
        code_width=QFontMetricsF(small).horizontalAdvance("0"),
    )
