"""How the window looks by the user's choice: its theme, and the size of all text."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup

from desktop.look import fonts
from desktop.look.scheme import Preference
from desktop.window.frame import Frame
from desktop.window.parts import Parts

_STEP: Final = 0.1  # of the text's normal size
_THEMES: Final[Mapping[str, Preference]] = {
    "theme_system": "system",
    "theme_light": "light",
    "theme_dark": "dark",
}


class Appearance(QObject):
    """Does what the commands for theme and text size say, and shows what is chosen."""

    def __init__(
        self, parts: Parts, frame: Frame, actions: Mapping[str, QAction], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._frame = frame
        self._actions = actions
        self._themes = QActionGroup(self)
        for name in _THEMES:
            self._themes.addAction(actions[name])
        self._themes.triggered.connect(self._choose_theme)
        parts.scheme.changed.connect(self.show_theme)
        actions["larger"].triggered.connect(self._enlarge)
        actions["smaller"].triggered.connect(self._shrink)
        actions["normal_size"].triggered.connect(self._normal_size)

    @Slot()
    def show_theme(self) -> None:
        """Show which theme is chosen, and draw what does not draw itself anew."""
        scheme = self._parts.scheme
        self._frame.bar.show_theme(scheme.preference, dark=scheme.current == "dark")
        self._actions[f"theme_{scheme.preference}"].setChecked(True)
        self._frame.status.repaint_icons()

    @Slot(QAction)
    def _choose_theme(self, chosen: QAction) -> None:
        self._parts.scheme.set_preference(_THEMES[chosen.objectName()])
        self.show_theme()

    @Slot()
    def _enlarge(self) -> None:
        self._scale(fonts.scale() + _STEP)

    @Slot()
    def _shrink(self) -> None:
        self._scale(fonts.scale() - _STEP)

    @Slot()
    def _normal_size(self) -> None:
        self._scale(1.0)

    def _scale(self, scale: float) -> None:
        self._parts.set_scale(min(max(scale, fonts.SMALLEST_SCALE), fonts.LARGEST_SCALE))
