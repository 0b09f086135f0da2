"""What a person can do about threads at a node of the tree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.queries.structure import Node, NodeKind
from desktop.look.widgets.menu import Menu
from desktop.look.words import translate
from desktop.models import only
from desktop.models.only import Only
from desktop.models.thread_groups import ThreadNode

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Doer:
    """Who hears what was chosen; each is given the node."""

    split: Callable[[Node], object]
    merge: Callable[[ThreadNode], object]
    rename: Callable[[ThreadNode], object]
    show: Callable[[Only], object]


def thread_menu(doer: Doer, node: Node, parent: QWidget, parts: Sequence[Only] = ()) -> Menu | None:
    """Return what can be done at *node*; None where there is nothing to do.

    *parts* are what may be shown alone, wherever one asks.
    """
    menu = Menu("", parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    match node:
        case ThreadNode():
            rename = menu.addAction(translate("inspector", "Rename this thread…"))
            rename.triggered.connect(partial(_tell, doer.rename, node))
            if node.cut is not None:
                merge = menu.addAction(translate("inspector", "Join with the thread before"))
                merge.triggered.connect(partial(_tell, doer.merge, node))
        case Node(kind=NodeKind.PROMPT):
            split = menu.addAction(translate("inspector", "Begin a thread here"))
            split.triggered.connect(partial(_tell, doer.split, node))
        case _:
            pass
    if not menu.isEmpty() and parts:
        menu.addSeparator()
    for part in parts:
        menu.addAction(only.offer(part)).triggered.connect(partial(_tell, doer.show, part))
    if menu.isEmpty():
        menu.deleteLater()
        return None
    return menu


def _tell(do: Callable[[Told], object], about: Told, _checked: bool = False) -> None:  # noqa: FBT002,RUF100  Qt's own
    do(about)
