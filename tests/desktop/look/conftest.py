"""One application for all tests, dressed as the app is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from desktop.look import fonts, palette, theme


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application in light colours, with the bundled fonts at their normal size."""
    light = theme.load("light")
    if not qapp.styleSheet():
        fonts.apply(qapp)
        palette.apply(qapp, light)
    if theme.of(qapp.palette()) is not light:  # each takes a while: all widgets are told
        palette.apply(qapp, light)
    yield qapp
    if fonts.scale() != pytest.approx(1.0):
        fonts.apply(qapp)


@pytest.fixture
def british() -> Iterator[None]:
    """Numbers and days as they are written in Britain."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)
