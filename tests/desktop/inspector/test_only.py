"""The thread tree offers to show a part of the conversation alone."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from core.queries.structure import NodeKind
from desktop.models.only import MAIN, WHOLE, Line, Only
from desktop.models.threads import Role
from desktop.views.inspector.inspector import Inspector


def index_of(inspector: Inspector, wanted: Callable[[QModelIndex], bool]) -> QModelIndex:
    model = inspector.threads.tree.model()
    todo = [model.index(row, 0) for row in range(model.rowCount())]
    while todo:
        at = todo.pop(0)
        if wanted(at):
            return at
        todo += [model.index(row, 0, at) for row in range(model.rowCount(at))]
    raise AssertionError


def kind(which: NodeKind) -> Callable[[QModelIndex], bool]:
    return lambda at: at.data(Role.NODE).kind is which


def offers(inspector: Inspector, at: QModelIndex) -> list[str]:
    menu = inspector.threads.menu_at(at)
    said = [action.text() for action in menu.actions()] if menu is not None else []
    return [one for one in said if one.startswith("Show")]


def test_a_branch_an_agent_and_the_main_line_are_offered(
    inspector: Inspector, row_id: Callable[[str], int], qtbot: QtBot
) -> None:
    branch = index_of(inspector, lambda at: not at.data(Role.NODE).active)
    assert offers(inspector, branch) == ["Show only this branch", "Show only the main line"]
    agent = index_of(inspector, kind(NodeKind.AGENT))
    assert offers(inspector, agent)[0] == "Show only this agent"
    menu = inspector.threads.menu_at(branch)
    assert menu is not None
    with qtbot.waitSignal(inspector.threads.only_wanted) as told:
        menu.actions()[0].trigger()
    assert told.args == [Only(Line.BRANCH, row_id("p2"))]


def test_a_prompt_offers_the_branch_that_it_is_on(inspector: Inspector) -> None:
    prompt = index_of(inspector, lambda at: at.data(Role.NODE).title == "the wrong way")
    assert "Show only this branch" in offers(inspector, prompt)
    first = index_of(inspector, kind(NodeKind.PROMPT))
    assert offers(inspector, first) == ["Show only the main line"]


def test_what_is_shown_already_is_not_offered_and_the_whole_is(inspector: Inspector) -> None:
    first = index_of(inspector, kind(NodeKind.PROMPT))
    inspector.threads.set_only(MAIN)
    assert offers(inspector, first) == ["Show the whole conversation"]
    inspector.threads.set_only(WHOLE)
    assert offers(inspector, first) == ["Show only the main line"]
