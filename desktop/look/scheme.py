"""Whether the app is light or dark: what the user chose, else what the system says."""

import os
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QStyleHints

from desktop.look.theme import Scheme

Preference: TypeAlias = Literal["system", "light", "dark"]

VARIABLE: Final = "CLEW_THEME"  # light or dark: wins over the system, not over the user's choice

_NAMED: Final[Mapping[str, Scheme]] = {"light": "light", "dark": "dark"}


class SystemScheme(QObject):
    """Knows the scheme to show, and tells when it changes."""

    changed = Signal(str)  # the new scheme: "light" or "dark"

    def __init__(
        self,
        preference: Preference = "system",
        *,
        hints: QStyleHints | None = None,
        environment: Mapping[str, str] = os.environ,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hints = hints or QGuiApplication.styleHints()
        self._forced: Scheme | None = _NAMED.get(environment.get(VARIABLE, "").strip().lower())
        self._preference: Preference = preference
        self._current: Scheme = self._answer()
        self._hints.colorSchemeChanged.connect(self._look_again)

    @property
    def current(self) -> Scheme:
        """The scheme to show now."""
        return self._current

    @property
    def preference(self) -> Preference:
        """What the user chose."""
        return self._preference

    @Slot(str)
    def set_preference(self, preference: Preference) -> None:
        """Follow *preference* from now on."""
        self._preference = preference
        self._look_again()

    @Slot()
    def _look_again(self) -> None:
        answer = self._answer()
        if answer != self._current:
            self._current = answer
            self.changed.emit(answer)

    def _answer(self) -> Scheme:
        if self._preference != "system":
            return self._preference
        if self._forced is not None:
            return self._forced
        said = self._hints.colorScheme()  # Light, Dark or Unknown
        return "dark" if said == Qt.ColorScheme.Dark else "light"
