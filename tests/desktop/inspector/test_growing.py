"""The thread tree grows without being gone through, and what is new in it is open."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex

from core.queries.structure import NodeKind
from desktop.models.threads import Role
from desktop.views.inspector.inspector import Inspector
from desktop.views.inspector.thread_tree import ThreadTree
from tests import builders as b


def find(inspector: Inspector, title: str) -> QModelIndex:
    model = inspector.threads.tree.model()
    todo = [model.index(row, 0) for row in range(model.rowCount())]
    while todo:
        at = todo.pop()
        if at.data() == title:
            return at
        todo += [model.index(row, 0, at) for row in range(model.rowCount(at))]
    raise AssertionError(title)


def test_one_prompt_more_looks_at_no_other_node(
    inspector: Inspector, grow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    monkeypatch.setattr(ThreadTree, "_note_open", lambda _tree: looked.append(None))
    grow(b.prompt("p5", "one more thing", "p4", at=90))
    inspector.refresh()
    assert find(inspector, "one more thing").isValid()
    assert looked == []


def test_an_agent_that_is_started_stands_open_below_its_prompt(
    inspector: Inspector, grow: Callable[..., None]
) -> None:
    tree = inspector.threads.tree
    assert not tree.model().rowCount(find(inspector, "go on"))
    grow(
        b.calls("c5", "k5", "Task", {"description": "Look further"}, "p4", at=91),
        b.answers("r5", "k5", "found", "c5", at=99, toolUseResult={"agentId": "def"}),
    )
    inspector.refresh()
    assert tree.isExpanded(find(inspector, "go on"))
    assert find(inspector, "Look further").data(Role.NODE).kind is NodeKind.AGENT


def test_a_branch_that_is_left_behind_comes_closed(
    inspector: Inspector, grow: Callable[..., None]
) -> None:
    grow(b.prompt("p5", "first try", "p4", at=90), b.prompt("p6", "second try", "p4", at=95))
    inspector.refresh()
    tree = inspector.threads.tree
    above = find(inspector, "first try").parent()
    assert not above.data(Role.NODE).active
    assert not tree.isExpanded(above)
    assert tree.isExpanded(find(inspector, "second try").parent())
