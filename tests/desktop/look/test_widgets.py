from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QProgressBar,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from desktop.look import fonts, metrics, paint, palette, theme
from desktop.look.widgets.banner import Banner
from desktop.look.widgets.buttons import IconButton, PrimaryButton, QuietButton
from desktop.look.widgets.chips import Badge, Chip
from desktop.look.widgets.choice import Choice
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.progress_strip import ProgressStrip
from desktop.look.widgets.search_field import SearchField
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel, SectionTitle, Text
from desktop.look.widgets.tree import Tree

HTML = "<h1>a < b and c > d</h1>"

pytestmark = pytest.mark.usefixtures("dressed")


def busy() -> ProgressStrip:
    strip = ProgressStrip("Reading logs")
    strip.show_progress(HTML, 1, 2)
    return strip


MAKERS: dict[str, Callable[[], QWidget]] = {
    "search field": lambda: SearchField("Search", "Search sessions", shortcut="Ctrl+K"),
    "segmented": lambda: Segmented("View", [("a", "One"), ("b", "Two", "chart")]),
    "choice": lambda: Choice("Sort by", [("a", "One"), ("b", HTML)]),
    "chip": lambda: Chip(HTML, icon="folder", removable=True),
    "badge": lambda: Badge(HTML, tone="failed"),
    "quiet button": lambda: QuietButton("Undo", icon="undo"),
    "primary button": lambda: PrimaryButton("Open", icon="folder"),
    "icon button": lambda: IconButton("close", "Close"),
    "empty state": lambda: EmptyState("search", HTML, HTML, primary="Do", secondary="Not"),
    "banner": lambda: Banner("warning", HTML, action="Show"),
    "elided label": lambda: ElidedLabel(HTML),
    "text": lambda: Text(HTML),
    "section title": lambda: SectionTitle(HTML),
    "hairline": Hairline,
    "progress strip": busy,
}
every_widget = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@every_widget
def test_what_can_be_operated_has_a_name(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    widget = make()
    qtbot.addWidget(widget)
    widget.show()
    parts = [widget, *widget.findChildren(QWidget)]
    operable = [p for p in parts if isinstance(p, QAbstractButton | QLineEdit) and p.isVisible()]

    for part in operable:
        name = QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name)
        assert name.strip(), part


@every_widget
def test_targets_are_large_enough_to_hit(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    widget = make()
    qtbot.addWidget(widget)
    widget.show()
    for part in [widget, *widget.findChildren(QWidget)]:
        if isinstance(part, QAbstractButton | QLineEdit) and part.isVisible():
            assert min(part.width(), part.height()) >= metrics.TARGET, part


@every_widget
def test_text_from_logs_never_meets_a_guesser(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    widget = make()
    qtbot.addWidget(widget)
    for label in [widget, *widget.findChildren(QLabel)]:
        if isinstance(label, QLabel):
            assert label.textFormat() == Qt.TextFormat.PlainText


@every_widget
def test_it_looks_different_in_the_dark(
    qtbot: QtBot, dressed: QApplication, make: Callable[[], QWidget]
) -> None:
    frame = QWidget()
    widget = make()
    widget.setParent(frame)
    palette.put_on(frame, "window")
    qtbot.addWidget(frame)
    frame.resize(500, 300)
    widget.resize(widget.sizeHint())
    frame.show()
    widget.show()
    light = picture(frame)

    palette.apply(dressed, theme.load("dark"))

    dark = picture(frame)
    assert dark != light
    fresh = make()
    fresh.setParent(frame)
    widget.hide()
    fresh.resize(widget.size())
    fresh.show()
    assert picture(frame) == dark  # as if it had been made in the dark


@every_widget
def test_it_grows_with_the_text(
    qtbot: QtBot, dressed: QApplication, make: Callable[[], QWidget]
) -> None:
    widget = make()
    if isinstance(widget, Hairline | IconButton):
        pytest.skip("has no text")
    qtbot.addWidget(widget)
    widget.show()
    before = widget.sizeHint()

    fonts.apply(dressed, 2.0)
    QApplication.sendPostedEvents()

    after = widget.sizeHint()
    assert after.height() > before.height()


def test_a_search_field_is_emptied_by_escape_and_by_its_cross(qtbot: QtBot) -> None:
    field = SearchField("Search", "Search")
    qtbot.addWidget(field)
    field.show()
    cross = field.findChild(IconButton)
    assert cross is not None
    assert not cross.isVisible()

    field.setText("flaky")
    assert cross.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    field.setText("flaky")
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert field.text() == ""


def test_escape_in_an_empty_search_field_is_left_to_the_window(qtbot: QtBot) -> None:
    heard: list[int] = []

    class Window(QWidget):
        @override
        def keyPressEvent(self, event: QKeyEvent) -> None:
            heard.append(1)

    window = Window()
    field = SearchField("Search", "Search", window)
    qtbot.addWidget(window)
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert heard == [1]


def test_a_search_field_shows_its_keys_while_it_is_empty(qtbot: QtBot) -> None:
    field, plain = SearchField("", "a", shortcut="Ctrl+K"), SearchField("", "a")
    for each in (field, plain):
        qtbot.addWidget(each)
        each.resize(300, 32)

    assert picture(field) != picture(plain)
    field.setText("x")
    plain.setText("x")
    plain.setTextMargins(field.textMargins())
    assert picture(field) == picture(plain)


def test_arrow_keys_move_the_choice_of_segments(qtbot: QtBot) -> None:
    choice = Segmented("View", [("a", "One"), ("b", "Two"), ("c", "Three")])
    qtbot.addWidget(choice)
    heard: list[str] = []
    choice.chosen.connect(heard.append)
    choice.show()
    choice.activateWindow()
    first = choice.findChildren(QAbstractButton)[0]
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)

    QTest.keyClick(first, Qt.Key.Key_Right)
    choice.choose("c")

    assert heard == ["b", "c"]
    assert choice.current == "c"
    with pytest.raises(ValueError, match="nonesuch"):
        choice.choose("nonesuch")


def test_a_choice_tells_the_key_of_what_was_chosen(qtbot: QtBot) -> None:
    choice = Choice("Sort by", [("a", "Last activity"), ("l", "Length")])
    qtbot.addWidget(choice)
    heard: list[str] = []
    choice.chosen.connect(heard.append)
    assert choice.current == "a"

    QTest.keyClick(choice, Qt.Key.Key_Down)
    choice.choose("a")

    assert heard == ["l", "a"]
    with pytest.raises(ValueError, match="nonesuch"):
        choice.choose("nonesuch")


def test_segments_are_radio_buttons_to_a_screen_reader(qtbot: QtBot) -> None:
    choice = Segmented("View", [("a", "One"), ("b", "Two")])
    qtbot.addWidget(choice)
    first = QAccessible.queryAccessibleInterface(choice.findChildren(QAbstractButton)[0])

    assert first.role() == QAccessible.Role.RadioButton
    assert first.text(QAccessible.Text.Name) == "One"
    assert QAccessible.queryAccessibleInterface(choice).text(QAccessible.Text.Name) == "View"


def test_a_segment_can_be_clicked_anywhere(qtbot: QtBot) -> None:
    choice = Segmented("View", [("a", "One"), ("b", "Two")])
    qtbot.addWidget(choice)
    choice.show()
    second = choice.findChildren(QAbstractButton)[1]

    QTest.mouseClick(
        second, Qt.MouseButton.LeftButton, pos=QPoint(second.width() - 2, second.height() - 2)
    )

    assert choice.current == "b"


def test_a_chip_is_taken_away_by_its_cross_and_by_delete(qtbot: QtBot) -> None:
    chip = Chip("api-server", removable=True)
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    heard: list[str] = []
    chip.removed.connect(lambda: heard.append("removed"))
    chip.clicked.connect(lambda: heard.append("clicked"))

    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 8, 8))
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))

    assert heard == ["removed", "removed", "clicked"]


def test_a_chip_says_an_ampersand_as_it_is(qtbot: QtBot) -> None:
    chip = Chip("R&D")
    qtbot.addWidget(chip)

    assert chip.accessibleName() == "R&D"
    assert chip.shortcut().isEmpty()


def test_an_elided_label_has_the_whole_text_in_its_tool_tip(qtbot: QtBot) -> None:
    label = ElidedLabel("/srv/agents/work/<api>/token.py", mode=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert "/srv/agents/work/&lt;api&gt;/token.py" in label.toolTip()

    label.resize(600, 20)

    assert label.toolTip() == ""


def test_an_elided_label_gives_way(qtbot: QtBot) -> None:
    label = ElidedLabel("x" * 5_000)
    qtbot.addWidget(label)

    assert label.minimumSizeHint().width() < 60


def test_a_banner_says_so_and_goes(qtbot: QtBot) -> None:
    banner = Banner("info", "Read.", action="Show")
    qtbot.addWidget(banner)
    banner.show()
    heard: list[str] = []
    banner.acted.connect(lambda: heard.append("acted"))
    banner.closed.connect(lambda: heard.append("closed"))

    banner.action.click()
    cross = banner.findChild(IconButton)
    assert cross is not None
    cross.click()

    assert heard == ["acted", "closed"]
    assert not banner.isVisible()


def test_an_empty_state_shows_only_the_buttons_it_has(qtbot: QtBot) -> None:
    state = EmptyState("search", "No hits", "Nothing here.", primary="Clear")
    qtbot.addWidget(state)
    state.show()

    assert state.primary.isVisible()
    assert not state.secondary.isVisible()
    with qtbot.waitSignal(state.primary_clicked):
        state.primary.click()
    assert state.accessibleName() == "No hits"


def test_a_progress_strip_shows_how_far_and_can_be_stopped(qtbot: QtBot) -> None:
    strip = ProgressStrip("Reading logs")
    qtbot.addWidget(strip)
    assert not strip.isVisible()

    strip.show_progress("Reading", 2**40, 2**41)
    assert strip.isVisible()
    bar, stop = strip.findChild(QProgressBar), strip.findChild(IconButton)
    assert bar is not None
    assert stop is not None
    assert bar.value() * 2 == bar.maximum()
    strip.show_progress("Reading", 5, 0)
    assert bar.maximum() == 0
    with qtbot.waitSignal(strip.cancelled):
        stop.click()
    strip.finish()
    assert not strip.isVisible()


def test_the_focus_can_be_seen(qtbot: QtBot) -> None:
    ring = QColor(theme.load("light").focus)
    for make in (
        lambda: IconButton("close", "Close"),
        lambda: QuietButton("Undo"),
        lambda: Chip("Today"),
        lambda: SearchField("Search", "Search"),
    ):
        widget: QWidget = make()
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        image = picture(widget)
        assert image.pixelColor(1, image.height() // 2) == ring, type(widget)


def test_a_row_shows_where_the_keyboard_is_only_to_those_who_use_it(
    qtbot: QtBot, dressed: QApplication
) -> None:
    on = QStyle.StateFlag
    grounds = []
    for state in (
        on.State_None,
        on.State_MouseOver,
        on.State_Selected,
        on.State_Selected | on.State_Active,
        on.State_Selected | on.State_Active | on.State_HasFocus,
        on.State_Selected | on.State_Active | on.State_HasFocus | on.State_KeyboardFocusChange,
    ):
        option = QStyleOptionViewItem()
        option.rect, option.state, option.palette = QRect(0, 0, 100, 30), state, dressed.palette()
        image = QImage(100, 30, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint.row(painter, option)
        painter.end()
        grounds.append((image.pixelColor(50, 15), image.pixelColor(7, 15)))
    colors = theme.load("light")
    selected = (colors.color("selection"), colors.color("selection"))

    assert grounds[0][0].alpha() == 0
    assert grounds[1][0] == colors.color("hover")
    assert grounds[2][0] == colors.color("selection_inactive")
    assert grounds[3] == grounds[4] == selected
    assert grounds[5] == (colors.color("selection"), colors.color("focus"))


def test_a_tree_colours_a_row_from_edge_to_edge(qtbot: QtBot) -> None:
    tree = Tree("Projects")
    model = QStandardItemModel(tree)
    for name in ("a", "b"):
        model.appendRow(QStandardItem(name))
    tree.setModel(model)
    tree.setCurrentIndex(model.index(0, 0))
    qtbot.addWidget(tree)
    tree.resize(200, 100)
    tree.show()
    tree.activateWindow()
    tree.setFocus()
    qtbot.waitUntil(tree.hasFocus)
    row = tree.visualRect(model.index(0, 0)).translated(tree.viewport().pos())
    image = picture(tree)
    colors = theme.load("light")

    assert image.pixelColor(10, row.center().y()) == colors.color("selection")
    assert image.pixelColor(188, row.center().y()) == colors.color("selection")
    assert image.pixelColor(1, row.center().y()) == colors.color("window")
    assert tree.accessibleName() == "Projects"


def test_a_label_takes_the_new_size_of_the_text(qtbot: QtBot, dressed: QApplication) -> None:
    label = Text("words", size=fonts.SMALL)
    qtbot.addWidget(label)
    label.show()

    fonts.apply(dressed, 1.5)
    QApplication.sendPostedEvents()

    assert label.font().pointSizeF() == pytest.approx(fonts.SMALL * 1.5, rel=0.02)
