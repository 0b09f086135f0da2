"""Qt's own controls, as the style sheet dresses them."""

from typing import Final

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QFrame,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QSplitter,
    QTabBar,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.look import icons, metrics, palette
from desktop.look.sheets import arranged
from desktop.look.widgets.buttons import IconButton, PrimaryButton, QuietButton
from desktop.look.widgets.choice import Choice
from desktop.look.widgets.menu import Menu
from desktop.look.widgets.search_field import SearchField
from desktop.look.widgets.text import Text
from desktop.look.widgets.tree import Tree

FOCUSED: Final = "focused"  # the object name of what has the focus in its sheet


def control_sheet() -> QWidget:
    """Return Qt's own controls, as the style sheet dresses them."""
    sheet = arranged.sheet(1120)
    columns = QHBoxLayout()
    columns.setSpacing(metrics.HUGE)
    columns.addLayout(_buttons_and_choices())
    columns.addLayout(_fields())
    columns.addLayout(_views(), 1)
    arranged.body(sheet).addLayout(columns)
    return sheet


def menu_sheet() -> QWidget:
    """Return a menu, standing open."""
    menu = Menu()
    menu.addAction(icons.icon("copy"), "Copy as Markdown").setShortcut("Ctrl+Shift+C")
    menu.addAction(icons.icon("export"), "Export…").setShortcut("Ctrl+E")
    menu.addSeparator()
    starred = menu.addAction("Starred")
    starred.setCheckable(True)
    starred.setChecked(True)
    menu.addAction(icons.icon("external"), "Show in file manager").setEnabled(False)
    more = menu.addMenu("Sort by")
    more.addAction("Last activity")
    menu.setActiveAction(menu.actions()[0])
    menu.resize(menu.sizeHint())
    return menu


def _buttons_and_choices() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(metrics.SMALL)
    focused, off = QPushButton("Focused"), QPushButton("Disabled")
    focused.setObjectName(FOCUSED)
    off.setEnabled(False)
    off_primary = PrimaryButton("Disabled")
    off_primary.setEnabled(False)
    arranged.add(column, "Buttons", arranged.row(QPushButton("Choose folder…"), focused, off))
    arranged.add(
        column,
        "Primary",
        arranged.row(PrimaryButton("Open my history", icon="folder-open"), off_primary),
    )
    arranged.add(
        column,
        "Quiet",
        arranged.row(QuietButton("Show in folder", icon="external"), QuietButton("Undo")),
    )
    menu_button = QToolButton()
    menu_button.setText("Sort")
    menu_button.setIcon(icons.icon("sort", "muted"))
    menu_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    checked = IconButton("inspector", "Inspector")
    checked.setCheckable(True)
    checked.setChecked(True)
    off_icon = IconButton("forward", "Forward")
    off_icon.setEnabled(False)
    arranged.add(
        column, "Tool", arranged.row(IconButton("back", "Back"), off_icon, checked, menu_button)
    )
    boxes = [QCheckBox("Follow live"), QCheckBox("Partly"), QCheckBox("Off"), QCheckBox("Disabled")]
    boxes[0].setChecked(True)
    boxes[1].setTristate(True)
    boxes[1].setCheckState(Qt.CheckState.PartiallyChecked)
    boxes[3].setChecked(True)
    boxes[3].setEnabled(False)
    arranged.add(column, "Check boxes", arranged.row(*boxes[:2]), arranged.row(*boxes[2:]))
    radios = [QRadioButton("System"), QRadioButton("Light"), QRadioButton("Dark")]
    radios[0].setChecked(True)
    radios[2].setEnabled(False)
    arranged.add(column, "Radio buttons", arranged.row(*radios))
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setValue(40)
    bar = QProgressBar()
    bar.setValue(64)
    arranged.add(column, "Slider and progress", slider, bar)
    column.addStretch()
    return column


def _fields() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(metrics.SMALL)
    empty, off = QLineEdit(), QLineEdit("Disabled")
    empty.setPlaceholderText("Name of the list")
    off.setEnabled(False)
    wrong = QLineEdit("~/.claud/projects")
    wrong.setProperty("problem", "true")
    arranged.add(column, "Line edits", empty, QLineEdit("api-server"), wrong, off)
    filled = SearchField("Search", "Search")
    filled.setText("flaky refresh")
    arranged.add(
        column,
        "Search fields",
        SearchField("Search or command", "Search everything", shortcut="Ctrl+K"),
        filled,
    )
    combo = Choice("Sort by", [("a", "Last activity"), ("l", "Length"), ("t", "Tokens")])
    arranged.add(
        column, "Combo box, spin box, date", combo, QSpinBox(), QDateEdit(QDate(2026, 3, 3))
    )
    group = QGroupBox("Group title")
    inner = QVBoxLayout(group)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.addWidget(QCheckBox("Keep logs the agent removes"))
    column.addWidget(group)
    column.addStretch()
    return column


def _views() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(metrics.SMALL)
    tabs = QTabBar()
    for name in ("Transcript", "Threads", "Timeline", "Files", "Stats"):
        tabs.addTab(name)
    arranged.add(column, "Tabs", tabs)
    tree = Tree("Projects")
    tree.setModel(_tree_model(tree))
    tree.expandAll()
    tree.setCurrentIndex(tree.model().index(0, 0, tree.model().index(0, 0)))
    tree.setFixedHeight(150)
    palette.put_on(tree, "panel")
    arranged.add(column, "Tree", tree)
    table = QTableView()
    table.setModel(_table_model(table))
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.selectRow(1)
    table.horizontalHeader().setStretchLastSection(True)
    table.setFixedHeight(150)
    arranged.add(column, "Table", table)
    split = QSplitter()
    listed = QListView()
    listed.setModel(_tree_model(listed))
    split.addWidget(listed)
    area = QScrollArea()
    area.setWidget(Text("\n".join(["A page that is taller than its pane"] * 12)))
    split.addWidget(area)
    split.setFixedHeight(120)
    frame = QFrame()
    frame.setFrameShape(QFrame.Shape.HLine)
    arranged.add(column, "Splitter, list, scroll bars", split, frame)
    column.addStretch()
    return column


def _tree_model(parent: QWidget) -> QStandardItemModel:
    model = QStandardItemModel(parent)
    for project, sessions in (("api-server", ("auth", "tests")), ("engine", ("parser",))):
        item = QStandardItem(icons.icon("folder", "muted"), project)
        for session in sessions:
            item.appendRow(QStandardItem(icons.icon("conversation", "muted"), session))
        model.appendRow(item)
    return model


def _table_model(parent: QWidget) -> QStandardItemModel:
    model = QStandardItemModel(parent)
    model.setHorizontalHeaderLabels(["Tool", "Calls", "Failed"])
    for cells in (("Bash", "7,204", "9.1 %"), ("Read", "6,118", "0.4 %"), ("Edit", "3,020", "2 %")):
        model.appendRow([QStandardItem(cell) for cell in cells])
    return model
