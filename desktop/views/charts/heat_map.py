"""The chart of the week: seven rows of 24 cells, the darker the more."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLocale, QRectF, QTime
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, paint, theme, words
from desktop.look.words import translate
from desktop.views.charts.drawing import Drawing
from desktop.views.charts.plot import Mark, Plot

_GAP: Final = 3.0

Week = Sequence[Sequence[int]]


def weekdays() -> list[int]:
    """Return the days of the week from the locale's first one on; Monday is 0."""
    first = QLocale().firstDayOfWeek().value - 1
    return [(first + n) % 7 for n in range(7)]


def weekday_name(day: int, *, short: bool = False) -> str:
    """Return the locale's name of *day*; Monday is 0."""
    form = QLocale.FormatType.ShortFormat if short else QLocale.FormatType.LongFormat
    return QLocale().standaloneDayName(day + 1, form)


def hour_name(hour: int) -> str:
    """Return the full *hour* as the locale writes it: "14:00", "2 PM"."""
    text = QLocale().toString(QTime(hour % 24, 0), QLocale.FormatType.ShortFormat)
    return text.replace(":00\u202f", " ").replace(":00 ", " ").removesuffix(":00:00")


def step(count: int, most: int) -> int:
    """Return which of the five colours *count* has; -1: none, for nought."""
    if count <= 0 or most <= 0:
        return -1
    return min(4, int(5 * (count / most) ** 0.6))  # few are told apart as well as many


class HeatPlot(Plot):
    """A cell for each local hour of the week."""

    stride = 24

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawn = _Cells()
        super().__init__(self._drawn, parent)
        self.view.invertY(True)
        self.view.setRange(xRange=(0, 24), yRange=(0, 7), padding=0)
        self._drawn.set_area(QRectF(0, 0, 24, 7))

    def show_week(self, week: Week) -> None:
        """Show *week*, 7 rows of 24 counts from Monday on."""
        order = weekdays()
        self._drawn.rows = [list(week[day]) for day in order]
        marks: list[Mark] = []
        for row, day in enumerate(order):
            for hour, count in enumerate(week[day]):
                said = translate("charts", "{0}, {1} to {2}: {3}").format(
                    weekday_name(day),
                    hour_name(hour),
                    hour_name(hour + 1),
                    words.plural(
                        count, translate("charts", "tool call"), translate("charts", "tool calls")
                    ),
                )
                marks.append(Mark(QRectF(hour, row, 1, 1), said, said))
        self.set_marks(marks)
        self.lay_out()
        self._drawn.update()

    @override
    def lay_out(self) -> None:
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        names = [weekday_name(day, short=True) for day in weekdays()]
        left = self.axis("left")
        left.setTicks([[(row + 0.5, name) for row, name in enumerate(names)]])
        wide = max(face.horizontalAdvance(name) for name in names) + 14
        left.setWidth(wide)
        slot = max(60.0, self.viewport().width() - wide) / 24
        label = face.horizontalAdvance(hour_name(22)) + 10
        every = next((n for n in (1, 2, 3, 4, 6) if n * slot >= label), 12)
        self.axis("bottom").setTicks(
            [[(hour + 0.5, hour_name(hour)) for hour in range(0, 24, every)]]
        )


class _Cells(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[int]] = []

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        most = max((count for row in self.rows for count in row), default=0)
        for row, counts in enumerate(self.rows):
            for hour, count in enumerate(counts):
                cell = place.mapRect(QRectF(hour, row, 1, 1))
                box = QRectF(
                    round(cell.left()) + _GAP / 2,
                    round(cell.top()) + _GAP / 2,
                    round(cell.right()) - round(cell.left()) - _GAP,
                    round(cell.bottom()) - round(cell.top()) - _GAP,
                )
                paint.rounded(painter, box, 3, fill=shade(self.colors, step(count, most)))
                if row * 24 + hour == self.current:
                    paint.rounded(
                        painter,
                        box.adjusted(-1, -1, 1, 1),
                        4,
                        line=QPen(QColor(self.colors.text), 1.5),
                    )


def shade(colors: theme.Theme, number: int) -> QColor:
    """Return the colour of step *number*; -1 is the ground of an empty cell."""
    if number >= 0:
        return QColor(colors.heat[number])
    return theme.mix(colors.text, colors.card, 0.045)
