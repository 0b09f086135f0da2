import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication

from desktop.look import fonts


def test_the_bundled_fonts_are_used(dressed: QApplication) -> None:
    assert QFontInfo(fonts.ui()).family() == "Inter"
    assert QFontInfo(fonts.mono()).family() == "JetBrains Mono"


@pytest.mark.parametrize(("asked", "given"), [(1.5, 1.5), (0.1, 0.8), (9.0, 2.0)])
def test_the_zoom_grows_every_font_and_stays_in_bounds(
    dressed: QApplication, asked: float, given: float
) -> None:
    small, code = fonts.ui(fonts.SMALL).pointSizeF(), fonts.mono(fonts.BODY).pointSizeF()

    fonts.apply(dressed, asked)

    assert fonts.scale() == pytest.approx(given)
    assert fonts.ui(fonts.SMALL).pointSizeF() == pytest.approx(small * given, rel=0.01)
    assert fonts.mono(fonts.BODY).pointSizeF() == pytest.approx(code * given, rel=0.01)


@pytest.mark.parametrize("sign", ["i", "W", "->", "!=", "==="])
def test_code_has_signs_of_one_width_and_no_ligatures(dressed: QApplication, sign: str) -> None:
    measured = QFontMetricsF(fonts.mono())

    assert measured.horizontalAdvance(sign) == pytest.approx(
        measured.horizontalAdvance("0") * len(sign)
    )
    assert fonts.mono().featureValue(QFont.Tag("calt")) == 0


def test_numbers_have_digits_of_one_width(dressed: QApplication) -> None:
    assert fonts.numbers(weight=QFont.Weight.DemiBold).featureValue(QFont.Tag("tnum")) == 1
