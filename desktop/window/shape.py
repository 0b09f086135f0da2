"""The shape of the window, its panes and its list, from one start to the next."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from core.queries.conversations import Sort
from desktop.settings import Settings
from desktop.window.frame import Frame

LEAST: Final = QSize(720, 480)
_USUAL: Final = QSize(1_280, 800)
_PANES: Final = (300, 700, 280)


def restore(window: QWidget, frame: Frame, settings: Settings) -> None:
    """Give *window* and what is in its *frame* the shape that *settings* tell of."""
    window.resize(_USUAL)
    if not settings.geometry.isEmpty():
        window.restoreGeometry(settings.geometry)
    panes = settings.panes if len(settings.panes) == len(_PANES) else _PANES
    frame.panes.setSizes([wide or usual for wide, usual in zip(panes, _PANES, strict=True)])
    frame.drawer_height = settings.drawer
    sort = Sort(settings.sort) if settings.sort in list(Sort) else Sort.RECENT
    frame.list.show_noise(settings.noise)
    frame.list.arrange(sort, by_project=settings.by_project)
    frame.want_inspector(settings.inspector)


def noted(window: QWidget, frame: Frame, settings: Settings) -> Settings:
    """Return *settings* with the shape as it is now."""
    frame.note_drawer()
    return replace(
        settings,
        geometry=window.saveGeometry(),
        panes=tuple(frame.panes.sizes()),
        drawer=frame.drawer_height,
        inspector=frame.wants_inspector,
        sort=frame.list.model.order.value,
        by_project=frame.list.model.by_project,
        noise=frame.list.model.noise,
    )
