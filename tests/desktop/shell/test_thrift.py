"""Memory that the window does without, looked at in processes of their own."""

from tests.apart import said


def test_pyqtgraph_names_any_class_of_qt_but_has_not_copied_them_all() -> None:
    script = """
from desktop import thrift
from PySide6 import QtCore, QtWidgets
before = dir(QtCore)
with thrift.mirrored():
    from pyqtgraph import Qt
copied = len(vars(Qt.QtWidgets))
assert Qt.QtWidgets.QCalendarWidget is QtWidgets.QCalendarWidget
assert Qt.QtCore.Signal is QtCore.Signal
assert not hasattr(Qt.QtWidgets, "QNothing")
print(copied < 20, set(dir(QtCore)) == set(before))
"""
    assert said(script) == "True True"


def test_a_pyqtgraph_that_copies_by_other_means_copies_everything() -> None:
    script = """
from desktop import thrift
from PySide6 import QtCore
print(thrift._told("pyqtgraph.Qt.Elsewhere", QtCore, ["all"]) == ["all"])
"""
    assert said(script) == "True"


def test_a_plot_is_drawn_all_the_same() -> None:
    script = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from desktop.views.charts.columns import Bar, ColumnPlot
plot = ColumnPlot()
plot.resize(300, 200)
blank = plot.grab().toImage()
plot.show_bars([Bar("a", 3, "three"), Bar("b", 5, "five")])
print(plot.grab().toImage() != blank, len(plot.marks))
"""
    assert said(script) == "True 2"


def test_only_those_parts_of_pyqtgraph_are_imported_that_draw() -> None:
    script = """
import sys
import desktop.views.charts.plot
unused = ("pyqtgraph.parametertree", "pyqtgraph.imageview", "PySide6.QtOpenGL", "PySide6.QtTest")
print([name for name in unused if name in sys.modules])
"""
    assert said(script) == "[]"
