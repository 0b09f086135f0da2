"""The pages of data health, and the sheet with a record that they lead to."""

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtWidgets import QApplication, QWidget

from desktop.main_window import MainWindow
from desktop.tour.waiting import settle, when
from desktop.views.health.pages import KINDS, PARTS


class Take(Protocol):
    """Takes the picture *name* of the window with *over* on it; it shows what it *saw*."""

    def __call__(
        self, name: str, /, *, saw: Mapping[str, int], over: QWidget | None = None
    ) -> None:
        """Take it."""
        ...


def see_health(window: MainWindow, app: QApplication, take: Take) -> None:
    """Go through the tables, and open the files of an import and the first record of a kind."""
    health = window.health
    loaded = when(health.loaded)
    window.show_health(True)
    loaded()
    for part in PARTS:
        health.show_part(part)
        settle()
        take(f"health-{part}", saw={"rows": health.page.model.rowCount()})
    answered = when(window.parts.queries.settled)
    health.page.table.chosen.emit(0)
    answered()
    settle()
    take("health-import", saw={"rows": health.page.model.rowCount()})
    health.of_import.close()
    health.show_part(KINDS)
    answered = when(window.parts.queries.settled)
    health.page.table.chosen.emit(0)
    answered()
    sheet = app.activeModalWidget()
    take("record", over=sheet, saw={"pages": 1})
    if sheet is not None:
        sheet.close()
    window.show_health(False)
