"""Stacked bars over time: a bar for each day, week or month, a colour for each series."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.look import fonts, paint, words
from desktop.look.words import translate
from desktop.views.charts import inks, scale
from desktop.views.charts.drawing import Drawing, across, down
from desktop.views.charts.inks import Ink
from desktop.views.charts.plot import Mark, Plot

_DOLLAR: Final = 1_000_000  # micro-dollars
_MINUTE: Final = 60_000  # ms
_HOUR: Final = 60 * _MINUTE
_HOURS_FROM: Final = 2 * _HOUR  # of a bar, from which the axis is in hours
_WIDEST: Final = 28.0  # points of a bar
_FILLED: Final = 0.72  # share of its room that a bar takes
_LABEL_GAP: Final = 16.0
_OVER: Final = 15.0  # points that a label may reach beyond the axis


@dataclass(frozen=True, slots=True)
class Measure:
    """How the values of a chart are written."""

    total: Callable[[int], str]  # with its unit: "1,284 tokens"
    part: Callable[[int], str]  # of one colour: "1,284"
    ticks: Callable[[Sequence[int]], list[str]]  # all of an axis
    least: int = 0  # what the axis reaches at least
    step: int = 1  # ticks are round numbers of these


def counted(one: str, many: str) -> Measure:
    """Return how things are counted of which there is *one*, or *many*."""
    return Measure(
        lambda n: words.plural(n, one, many),
        words.count,
        lambda ticks: [words.short_count(at) for at in ticks],
    )


def _money_ticks(ticks: Sequence[int]) -> list[str]:
    """Return *ticks* of micro-dollars in whole dollars if all are, else with their cents."""
    if any(at % _DOLLAR for at in ticks):
        return [words.money(at) for at in ticks]
    return [f"${words.count(at // _DOLLAR)}" for at in ticks]


def spans(most: int) -> Measure:
    """Return how times in ms of at most *most* are written."""
    hours = most >= _HOURS_FROM
    step = _HOUR if hours else _MINUTE
    unit = translate("charts", "{0} h") if hours else translate("charts", "{0} min")
    return Measure(
        words.duration,
        words.duration,
        lambda ticks: [unit.format(words.count(at // step)) for at in ticks],
        step=step,
    )


MONEY: Final = Measure(words.money, words.money, _money_ticks, least=40_000)  # four cents


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one colour, one for each bucket."""

    name: str
    ink: Ink
    values: tuple[int, ...]


class StackPlot(Plot):
    """Bars from zero, the first series at the bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._calendar: scale.Calendar | None = None
        self._drawn = _Stacks()
        self._ticks = [0.0, 1.0]
        self._measure = counted("", "")
        super().__init__(self._drawn, parent)

    def show_series(
        self, calendar: scale.Calendar, series: Sequence[Series], measure: Measure
    ) -> None:
        """Show *series* over *calendar*, its values written as *measure* says."""
        self._calendar = calendar
        self._measure = measure
        number = len(calendar.buckets)
        sums = [sum(one.values[at] for one in series) for at in range(number)]
        most = max(measure.least, *sums)
        self._ticks = [at * measure.step for at in scale.ticks(most / measure.step)]
        self._drawn.series = tuple(series)
        self._drawn.grid = tuple(self._ticks)
        self._drawn.set_area(QRectF(0, 0, number, self._ticks[-1]))
        self.view.setRange(xRange=(0, number), yRange=(0, self._ticks[-1]), padding=0)
        top = self._ticks[-1]
        self.set_marks(
            [
                Mark(QRectF(at, 0, 1, top), said, said.replace("\n", ", "))
                for at, bucket in enumerate(calendar.buckets)
                for said in [_tip(scale.bucket_label(bucket, calendar.unit), at, series, measure)]
            ]
        )
        self.lay_out()

    @override
    def lay_out(self) -> None:
        if self._calendar is None:
            return
        face = QFontMetricsF(fonts.numbers(fonts.SMALL))
        labels = self._measure.ticks([int(at) for at in self._ticks])
        left = self.axis("left")
        left.setTicks([list(zip(self._ticks, labels, strict=True))])
        wide = max(face.horizontalAdvance(label) for label in labels) + 14
        left.setWidth(wide)
        width = max(60.0, self.viewport().width() - wide)
        self.axis("bottom").setTicks([_day_ticks(self._calendar, width, face)])


def _day_ticks(
    calendar: scale.Calendar, width: float, face: QFontMetricsF
) -> list[tuple[float, str]]:
    """Return as many labels as there is room for, none of them cut at an edge."""
    number = len(calendar.buckets)
    slot = width / number
    if calendar.unit == "day":
        labels = scale.day_labels(calendar)
        steps: tuple[int, ...] = (1, 2, 3, 7, 14, 28)
    else:
        labels = scale.month_labels(calendar)
        steps = (1, 2, 3, 6, 12, 24, 60, 120, 600)
    wide = max((face.horizontalAdvance(text) for _, text in labels), default=1.0)
    apart = slot * number / max(1, len(labels))
    step = next((s for s in steps if s * apart >= wide + _LABEL_GAP), steps[-1])
    found = [(at + 0.5, text) for at, text in labels[::-1][::step]]
    return [
        (at, text)
        for at, text in found
        if wide / 2 - _OVER <= at * slot <= width - face.horizontalAdvance(text) / 2 + 2
    ]


def _tip(when: str, at: int, series: Sequence[Series], measure: Measure) -> str:
    """Return what is in bucket *at*, the topmost series first."""
    total = sum(one.values[at] for one in series)
    if not total:
        return translate("charts", "{0}: nothing").format(when)
    parts = [f"{measure.part(one.values[at])}  {one.name}" for one in series if one.values[at]]
    return "\n".join([f"{when}: {measure.total(total)}", *parts[::-1]])


class _Stacks(Drawing):
    def __init__(self) -> None:
        super().__init__()
        self.series: tuple[Series, ...] = ()

    @override
    def draw(self, painter: QPainter, place: QTransform) -> None:
        if not self.series:
            return
        self.draw_grid(painter, place)
        slot = place.mapRect(QRectF(0, 0, 1, 1)).width()
        wide = max(1.0, round(min(_WIDEST, slot * _FILLED)))
        ground = down(place, 0.0)
        for at in range(len(self.series[0].values)):
            room = place.mapRect(QRectF(at, 0, 1, self.area.height()))
            if at == self.current:
                band = room.adjusted(-1, 0, 1, 0)
                paint.rounded(painter, band, 4, fill=QColor(self.colors.hover))
            left = round(room.center().x() - wide / 2)
            self._stack(painter, place, at, QRectF(left, ground, wide, 0))
        line = QRectF(across(place, 0.0), ground - 1, place.mapRect(self.area).width(), 1)
        painter.fillRect(line, QColor(self.colors.control_border))

    def _stack(self, painter: QPainter, place: QTransform, at: int, foot: QRectF) -> None:
        """Draw bar *at* upon *foot*."""
        drawn = [one for one in self.series if one.values[at]]
        if not drawn:
            return
        total = sum(one.values[at] for one in drawn)
        ground = foot.top()
        whole = QRectF(foot)
        whole.setTop(min(ground - 2.0, down(place, float(total))))
        radius = min(3.0, foot.width() / 3)
        painter.save()
        low, below = ground, 0
        for one in drawn:
            below += one.values[at]
            last = one is drawn[-1]
            high = whole.top() if last else float(down(place, float(below)))
            gap = 0 if last or low - high <= 3 else 1
            part = QRectF(foot.left(), high + gap, foot.width(), max(0.0, low - high - gap))
            painter.setClipRect(part)
            # One box for the whole bar, so that only its top has round corners.
            ink = inks.color(self.colors, one.ink)
            paint.rounded(painter, whole.adjusted(0, 0, 0, radius + 1), radius, fill=ink)
            low = high
        painter.restore()
