"""The bundled fonts, and fonts of every size the app uses, grown with the text zoom.

The zoom has no home of its own: it is the size of the application's font over `UI`. Widgets that
set themselves a font of this module set it again on ``StyleChange``; all others follow by Qt's own.
"""

import sys
from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from desktop.look import assets
from desktop.look.stillness import stillness

# Sizes in points of 96 dpi, where 0.75 pt is a pixel.
MICRO: Final = 8.25  # 11 px: key caps, counts
SMALL: Final = 9.0  # 12 px: second lines, captions
UI: Final = 9.75  # 13 px: controls, lists
BODY: Final = 10.5  # 14 px: what is read
HEADING: Final = 12.0  # 16 px
TITLE: Final = 16.5  # 22 px

SMALLEST_SCALE: Final = 0.8
LARGEST_SCALE: Final = 2.0

_SUFFIXES: Final = (".ttf", ".otf")
_UI_FAMILIES: Final = ("Inter", "Inter Variable")
_MONO_FAMILIES: Final = (
    "JetBrains Mono",
    "Cascadia Mono",
    "SF Mono",
    "Menlo",
    "Consolas",
    "DejaVu Sans Mono",
)
# A point is a 72nd of an inch; macOS says that a screen has 72 of them, all others 96.
_PLATFORM: Final = 96 / 72 if sys.platform == "darwin" else 1.0


@cache
def load() -> tuple[str, ...]:
    """Add the bundled fonts to this process and return their families.

    Files that Qt cannot use are left out. Read once. Needs a QGuiApplication.
    """
    found: list[str] = []
    for suffix in _SUFFIXES:
        for name in assets.names("fonts", suffix):
            font = QByteArray(assets.data(f"fonts/{name}"))
            number = QFontDatabase.addApplicationFontFromData(font)
            if number >= 0:
                found += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(found))


def apply(app: QApplication, scale: float = 1.0) -> None:
    """Make the bundled font *app*'s font, *scale* times its normal size (0.8 to 2.0)."""
    load()
    bounded = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
    font = QFont(app.font())
    font.setFamilies(_families(_UI_FAMILIES, QFontDatabase.SystemFont.GeneralFont))
    font.setPointSizeF(UI * bounded * _PLATFORM)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    with stillness():
        app.setFont(font)
        app.setStyleSheet(app.styleSheet())  # under one, only this takes it to every widget


def scale() -> float:
    """Return the text zoom in force: 1.0 is normal."""
    return QApplication.font().pointSizeF() / (UI * _PLATFORM)


def grown(length: int) -> int:
    """Return *length* in points as it is beside text of the zoom in force: for icons and rows."""
    return round(length * scale())


def ui(size: float = UI, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the application's font at *size* points, before zoom, and *weight*."""
    font = QFont(QApplication.font())
    font.setPointSizeF(size * scale() * _PLATFORM)
    font.setWeight(weight)
    return font


def numbers(size: float = UI, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return `ui` with digits of one width, for columns, clocks and counters that move."""
    font = ui(size, weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono(size: float = UI, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font for code at *size* points, before zoom, and *weight*."""
    font = ui(size, weight)
    font.setFamilies(_families(_MONO_FAMILIES, QFontDatabase.SystemFont.FixedFont))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: what was written is what is shown
    return font


@cache
def _families(wanted: tuple[str, ...], otherwise: QFontDatabase.SystemFont) -> list[str]:
    """Return those of *wanted* that this machine has, then the system's own family."""
    there = set(QFontDatabase.families())
    system = QFontDatabase.systemFont(otherwise).families()
    return [name for name in wanted if name in there] + system
