"""What a person decides about threads reaches the library, shows, and can be taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from core.queries import threads
from core.queries.structure import Node, NodeKind
from desktop.main_window import MainWindow
from desktop.models.only import of_node
from desktop.models.thread_groups import ThreadNode
from desktop.models.threads import Role
from desktop.views.inspector.sensing import STOPS, Sensing
from tests import builders as b

Opens = Callable[..., MainWindow]


def _log(folder: Path) -> Path:
    records: list[b.Record] = []
    for n in range(1, 5):
        above = f"s{n - 1}" if n > 1 else None
        records.append(b.prompt(f"p{n}", f"Task number {n}", above, at=10 * n))
        records.append(b.says(f"s{n}", "Done.", f"p{n}", at=10 * n + 1))
    b.write(folder / f"{b.SESSION}.jsonl", *records)
    return folder


def _nodes(window: MainWindow) -> list[Node]:
    model = window.inspector.threads.model
    found: list[Node] = []
    todo = [model.index(row, 0) for row in range(model.rowCount())]
    while todo:
        index = todo.pop(0)
        found.append(index.data(Role.NODE))
        todo += [model.index(row, 0, index) for row in range(model.rowCount(index))]
    return found


def _prompt(window: MainWindow, title: str) -> Node:
    return next(
        node for node in _nodes(window) if node.kind is NodeKind.PROMPT and node.title == title
    )


def _threads(window: MainWindow) -> list[str]:
    assert window.library is not None
    assert window.current is not None
    return [row.title for row in threads.threads(window.library, window.current.id)]


def test_a_thread_begins_where_the_person_says_and_not_once_it_is_taken_back(
    opened: Opens, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "library.clew", _log(tmp_path / "logs"))
    qtbot.waitUntil(lambda: len(_threads(window)) == 1)
    window.inspector.threads.split_wanted.emit(_prompt(window, "Task number 3"))
    qtbot.waitUntil(lambda: _threads(window) == ["Task number 1", "Task number 3"])
    qtbot.waitUntil(lambda: any(isinstance(node, ThreadNode) for node in _nodes(window)))
    assert len(window.transcript.rows.threads.map.cuts) == 1
    window.command("undo")
    qtbot.waitUntil(lambda: len(_threads(window)) == 1)


def test_two_threads_are_joined(opened: Opens, tmp_path: Path, qtbot: QtBot) -> None:
    window = opened(tmp_path / "library.clew", _log(tmp_path / "logs"))
    qtbot.waitUntil(lambda: len(_threads(window)) == 1)
    window.inspector.threads.split_wanted.emit(_prompt(window, "Task number 3"))
    qtbot.waitUntil(lambda: any(isinstance(node, ThreadNode) for node in _nodes(window)))
    second = [node for node in _nodes(window) if isinstance(node, ThreadNode)][1]
    window.inspector.threads.merge_wanted.emit(second)
    qtbot.waitUntil(lambda: len(_threads(window)) == 1)


def test_a_thread_gets_a_name(opened: Opens, tmp_path: Path, qtbot: QtBot) -> None:
    window = opened(tmp_path / "library.clew", _log(tmp_path / "logs"))
    qtbot.waitUntil(lambda: len(_threads(window)) == 1)
    window.inspector.threads.split_wanted.emit(_prompt(window, "Task number 3"))
    qtbot.waitUntil(lambda: any(isinstance(node, ThreadNode) for node in _nodes(window)))
    first = next(node for node in _nodes(window) if isinstance(node, ThreadNode))
    window.inspector.threads.rename_wanted.emit(first)
    (dialog,) = window.findChildren(QInputDialog)
    dialog.setTextValue("The loom")
    dialog.accept()
    qtbot.waitUntil(lambda: _threads(window)[0] == "The loom")


@pytest.mark.qt_log_ignore("raise|grabbing", extend=True)  # offscreen, harmless
def test_how_finely_to_cut_says_what_each_choice_would_make(
    opened: Opens, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened(tmp_path / "library.clew", _log(tmp_path / "logs"))
    qtbot.waitUntil(lambda: len(_threads(window)) == 1)
    window.inspector.threads.finely.click()
    (sensing,) = window.findChildren(Sensing)
    qtbot.waitUntil(lambda: "This conversation" in sensing.said.text())
    assert "(the usual)" in sensing.said.text()
    sensing.slider.triggerAction(sensing.slider.SliderAction.SliderToMinimum)
    assert window.library is not None
    qtbot.waitUntil(lambda: threads.settings(window.library).sensitivity == STOPS[0])  # type: ignore[arg-type]  # asserted above
    sensing.close()


def test_there_is_nothing_to_take_back_at_first(opened: Opens, tmp_path: Path) -> None:
    window = opened(tmp_path / "library.clew", _log(tmp_path / "logs"))
    assert not window._actions["undo"].isEnabled()


def test_the_thread_tree_has_a_branch_shown_alone_and_knows_it(
    opened: Opens, tmp_path: Path, qtbot: QtBot
) -> None:
    logs = _log(tmp_path / "logs")
    b.append(logs / f"{b.SESSION}.jsonl", b.prompt("q", "Another way", "s3", at=90))
    window = opened(tmp_path / "library.clew", logs)
    qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 9)
    tab = window.inspector.threads
    (left,) = [node for node in _nodes(window) if not node.active and node.kind is NodeKind.BRANCH]
    part = of_node(left)
    assert part is not None
    tab.only_wanted.emit(part)
    assert window.transcript.model.rowCount() == 2
    assert "Show the whole conversation" in [
        action.text() for action in _menu(window, tab.tree.model().index(0, 0))
    ]
    window.inspector.message_chosen.emit(_prompt(window, "Task number 1").message)
    assert window.transcript.model.rowCount() == 9


def _menu(window: MainWindow, index: QModelIndex) -> list[QAction]:
    menu = window.inspector.threads.menu_at(index)
    return menu.actions() if menu is not None else []
