"""What is drawn inside of a plot's axes."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from desktop.look import metrics, theme


def across(place: QTransform, at: float) -> int:
    """Return how many points from the left *at* on the plot's x axis is."""
    return round(place.map(QPointF(at, 0.0)).x())


def down(place: QTransform, at: float) -> int:
    """Return how many points from the top *at* on the plot's y axis is."""
    return round(place.map(QPointF(0.0, at)).y())


class Drawing(QGraphicsObject):
    """What is drawn in a plot, in points, so that edges are crisp and corners round."""

    def __init__(self) -> None:
        super().__init__()
        self.colors = theme.load("light")
        self.current: int | None = None  # number of the mark that is visited
        self.area = QRectF(0, 0, 1, 1)
        self.grid: tuple[float, ...] = ()  # where lines go across, in the plot's units

    def set_area(self, area: QRectF) -> None:
        """Draw in *area*, in the plot's units."""
        self.prepareGeometryChange()
        self.area = area

    def draw(self, painter: QPainter, place: QTransform) -> None:
        """Draw; *place* takes the plot's units to points of the screen."""
        raise NotImplementedError

    def draw_grid(self, painter: QPainter, place: QTransform, *, upright: bool = False) -> None:
        """Draw a hairline at each place of the grid, on whole points."""
        whole = place.mapRect(QRectF(0, 0, self.area.right(), self.area.bottom()))
        ink = QColor(self.colors.hairline)
        for at in self.grid:
            if upright:
                left = min(across(place, at), round(whole.right()) - 1)
                painter.fillRect(QRectF(left, whole.top(), metrics.HAIRLINE, whole.height()), ink)
            else:
                top = min(down(place, at), round(whole.bottom()) - 1)
                painter.fillRect(QRectF(whole.left(), top, whole.width(), metrics.HAIRLINE), ink)

    @override
    def boundingRect(self) -> QRectF:
        return self.area

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        /,
        widget: QWidget | None = None,
    ) -> None:
        place = painter.transform()
        painter.save()
        painter.resetTransform()
        self.draw(painter, place)
        painter.restore()
