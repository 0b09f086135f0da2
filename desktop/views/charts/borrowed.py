"""What of pyqtgraph draws the charts, and nothing else of it.

Its first module imports widgets, parameter trees and the pictures of a laboratory, none of which
is shown here: 8 MB and a quarter of a second of work.
"""

from typing import TYPE_CHECKING, Final

from core.thrift import imported_without
from desktop import thrift
from desktop.abridging import abridged

if TYPE_CHECKING:  # pyqtgraph has no types; these are what its own come from
    from pyqtgraph import AxisItem, ViewBox
    from PySide6.QtWidgets import QGraphicsView as GraphicsView
    from PySide6.QtWidgets import QGraphicsWidget as GraphicsWidget

    __all__ = ["AxisItem", "GraphicsView", "GraphicsWidget", "ViewBox"]

_WANTED: Final = frozenset(
    {
        "Qt", "Qt.QtCore", "Qt.QtGui", "Qt.QtWidgets", "Qt.compat",
        "GraphicsScene", "GraphicsScene.GraphicsScene", "GraphicsScene.mouseEvents",
        "Point", "functions", "debug", "reload", "util", "util.cupy_helper", "util.mutex",
        "graphicsItems", "graphicsItems.AxisItem", "graphicsItems.GraphicsItem",
        "graphicsItems.GraphicsObject", "graphicsItems.GraphicsWidget", "graphicsItems.ItemGroup",
        "graphicsItems.ViewBox", "graphicsItems.ViewBox.ViewBox",
        "widgets", "widgets.GraphicsView",
    }
)  # fmt: skip
_UNUSED: Final = ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtTest")

if not TYPE_CHECKING:
    with abridged("pyqtgraph", _WANTED), thrift.mirrored():
        imported_without(_UNUSED, "pyqtgraph")
    from pyqtgraph import AxisItem, GraphicsView, GraphicsWidget, ViewBox
