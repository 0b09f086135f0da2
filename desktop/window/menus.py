"""The menus, made from the table of commands."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenuBar

from desktop.actions import ACTIONS, MENUS
from desktop.look import words
from desktop.look.widgets.menu import Menu


def fill(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    """Put every command of *actions* into its menu of *bar*."""
    for id_, title in MENUS:
        menu = Menu(words.translate("actions", title), bar)
        bar.addMenu(menu)
        for command in ACTIONS:
            if command.menu != id_:
                continue
            if command.section:
                menu.addSeparator()
            menu.addAction(actions[command.id])
