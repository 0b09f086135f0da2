from collections.abc import Callable
from sqlite3 import Connection

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from core.queries.conversations import ConversationRow
from desktop.models.outline import OutlineModel, OutlineRow, Role
from desktop.views.inspector.facts import Value
from desktop.views.inspector.inspector import Inspector
from tests import builders as b
from tests.desktop.inspector.conftest import HOSTILE


def watch(model: QAbstractItemModel) -> None:
    """Warn, and so fail the test, when *model* breaks a rule from now on."""
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)


def find(inspector: Inspector, title: str) -> QModelIndex:
    model = inspector.threads.tree.model()
    flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return model.match(model.index(0, 0), Qt.ItemDataRole.DisplayRole, title, 1, flags)[0]


def click(view: QAbstractItemView, index: QModelIndex) -> None:
    where = view.visualRect(index).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def values(inspector: Inspector) -> dict[str, str]:
    return {each.accessibleName(): each.text() for each in inspector.findChildren(Value)}


def test_without_a_conversation_it_says_so(qtbot: QtBot, db: Connection) -> None:
    bare = Inspector()
    qtbot.addWidget(bare)
    bare.open_library(db)

    assert bare._pages.currentWidget() is bare._blank
    assert bare._blank.accessibleName().startswith("Choose a conversation")
    bare.refresh()
    bare.set_current(1)


def test_a_click_on_a_prompt_asks_for_its_message(
    inspector: Inspector, qtbot: QtBot, row_id: Callable[[str], int]
) -> None:
    with qtbot.waitSignal(inspector.message_chosen) as heard:
        click(inspector.threads.tree, find(inspector, "go on"))

    assert heard.args == [row_id("p4")]


def test_return_on_an_agent_asks_for_its_lane(inspector: Inspector, qtbot: QtBot) -> None:
    tree = inspector.threads.tree
    tree.setCurrentIndex(find(inspector, "Explore auth"))

    with qtbot.waitSignal(inspector.agent_chosen) as heard:
        QTest.keyClick(tree, Qt.Key.Key_Return)

    assert heard.args == ["abc"]


def test_branches_that_were_left_behind_are_closed_at_first(inspector: Inspector) -> None:
    tree = inspector.threads.tree

    assert not tree.isExpanded(find(inspector, "Abandoned, 1 turn"))
    assert tree.isExpanded(find(inspector, "Current version"))
    assert tree.isExpanded(find(inspector, "the right way"))


def test_growing_keeps_what_was_open_and_selected(
    inspector: Inspector, grow: Callable[..., None]
) -> None:
    tree = inspector.threads.tree
    tree.expand(find(inspector, "Abandoned, 1 turn"))
    tree.collapse(find(inspector, "the right way"))
    tree.setCurrentIndex(find(inspector, "go on"))

    grow(b.prompt("p5", "one more thing", "p4", at=90))
    inspector.refresh()

    assert find(inspector, "one more thing").isValid()
    assert tree.isExpanded(find(inspector, "Abandoned, 1 turn"))
    assert not tree.isExpanded(find(inspector, "the right way"))
    assert tree.currentIndex().data() == "go on"


def test_the_turn_is_marked_without_taking_focus_or_selection(
    inspector: Inspector, row_id: Callable[[str], int]
) -> None:
    tree = inspector.threads.tree
    tree.setCurrentIndex(find(inspector, "go on"))
    before = QApplication.focusWidget()

    inspector.set_current(row_id("c3"))

    assert inspector.threads.model.current.data() == "the right way"
    assert tree.currentIndex().data() == "go on"
    assert QApplication.focusWidget() is before


def test_the_chips_narrow_the_tree(inspector: Inspector) -> None:
    inspector.threads.agents.click()

    assert find(inspector, "Explore auth").isValid()
    assert inspector.threads.tree.model().rowCount() == 1

    inspector.threads.field.setText("no such thing")
    assert inspector.threads._pages.currentWidget() is not inspector.threads.tree


def test_the_outline_numbers_prompts_and_tells_what_came_of_them(
    inspector: Inspector, row_id: Callable[[str], int], qtbot: QtBot
) -> None:
    inspector.tabs.choose("outline")
    model = inspector.outline.model
    rows = [model.index(at).data(Role.ROW) for at in range(model.rowCount())]

    assert [(row.number, row.node.title) for row in rows if row.number] == [
        (1, HOSTILE),
        (2, "the wrong way"),
        (3, "the right way"),
        (4, "go on"),
    ]
    assert rows[0].facts[0].endswith(" · 1 call")
    assert rows[0].facts[1] == "1 failed"
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole).endswith("prompt 1 of 4")
    with qtbot.waitSignal(inspector.message_chosen) as heard:
        click(inspector.outline.list, model.index(0))
    assert heard.args == [row_id("p1")]


def test_the_outline_marks_the_turn_and_grows(
    inspector: Inspector, row_id: Callable[[str], int], grow: Callable[..., None]
) -> None:
    inspector.tabs.choose("outline")
    inspector.set_current(row_id("r1"))
    model = inspector.outline.model
    assert model.index(0).data(Role.CURRENT) is True

    before = model.rowCount()
    grow(b.prompt("p5", "one more thing", "p4", at=90))
    inspector.refresh()

    assert model.rowCount() == before + 1
    assert model.index(0).data(Role.CURRENT) is True


def test_the_outline_is_a_well_behaved_model(inspector: Inspector) -> None:
    inspector.tabs.choose("outline")
    whole = inspector.outline.model
    nodes = [whole.index(at).data(Role.ROW).node for at in range(whole.rowCount())]
    model = OutlineModel()
    watch(model)

    model.show_nodes(nodes[:2])
    model.show_nodes(nodes)
    model.set_current(nodes[1].message)
    model.show_nodes(nodes[1:])

    assert isinstance(model.index(0).data(Role.ROW), OutlineRow)


def test_details_tell_the_key_facts(inspector: Inspector) -> None:
    inspector.tabs.choose("details")
    told = values(inspector)

    assert told["Lasted"] == "1 min 10 s"
    assert told["Folder"] == b.CWD
    assert told["Git branch"] == "main"
    assert told["Version"] == "2.1.50"
    assert told["Prompts"] == "4"
    assert told["Tool calls"] == "3"
    assert told["Failed"] == "1 · 33 %"
    assert told["Session file"] == f"{b.SESSION}.jsonl"
    assert told["Model"] == "claude-opus-4-6"
    assert told["claude-opus-4-6, Output tokens"] == "20"  # 4 replies of 5


def test_every_value_can_be_selected_and_copied(inspector: Inspector) -> None:
    inspector.tabs.choose("details")
    value = next(v for v in inspector.findChildren(Value) if v.accessibleName() == "Folder")

    value.selectAll()
    value.copy()

    assert QGuiApplication.clipboard().text() == b.CWD
    assert value.isReadOnly()
    for line in inspector.details.findChildren(QLineEdit):
        assert line.isReadOnly()
    for label in inspector.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_selection_in_the_details_survives_growth(
    inspector: Inspector, grow: Callable[..., None]
) -> None:
    inspector.tabs.choose("details")
    value = next(v for v in inspector.findChildren(Value) if v.accessibleName() == "Folder")
    value.selectAll()

    grow(b.prompt("p5", "one more thing", "p4", at=90))
    inspector.refresh()
    assert value.hasSelectedText()

    value.deselect()
    inspector.refresh()
    assert values(inspector)["Prompts"] == "5"


def test_tabs_that_were_out_of_sight_are_read_when_turned_to(
    inspector: Inspector, grow: Callable[..., None]
) -> None:
    inspector.tabs.choose("outline")
    inspector.tabs.choose("threads")
    grow(b.prompt("p5", "one more thing", "p4", at=90))
    inspector.refresh()

    inspector.tabs.choose("outline")

    model = inspector.outline.model
    assert model.index(model.rowCount() - 1).data() == "one more thing"


def test_another_conversation_takes_the_place_of_the_first(
    inspector: Inspector, row: ConversationRow
) -> None:
    inspector.show_conversation(None)
    assert inspector.threads.model.rowCount() >= 0
    assert inspector._pages.currentWidget() is inspector._blank

    inspector.show_conversation(row)
    assert find(inspector, "go on").isValid()


@pytest.mark.parametrize("width", [280, 420])
def test_nothing_scrolls_sideways(inspector: Inspector, width: int) -> None:
    for tab in ("threads", "outline", "details"):
        inspector.tabs.choose(tab)
        inspector.resize(width, 500)
        QApplication.processEvents()

        assert inspector.width() == width
        assert inspector.details.horizontalScrollBar().maximum() == 0
        assert inspector.threads.tree.horizontalScrollBar().maximum() == 0
