"""Buttons of three ranks: the one to press, those one may press, and those that are an icon."""

from typing import Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget
from typing_extensions import override

from desktop.look import fonts, icons, metrics, words

_AIR: Final = 3  # between icon and text, more than Qt leaves


class _TextButton(QPushButton):
    """A button with text, and an icon that grows with it."""

    def __init__(
        self, text: str, parent: QWidget | None, *, kind: str, icon: str | None, color: str
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        if icon is not None:
            self.setIcon(icons.icon(icon, color))
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        side = fonts.grown(metrics.ICON_SMALL)
        self.setIconSize(QSize(side + _AIR, side))


class PrimaryButton(_TextButton):
    """The one thing to do here; at most one to a view."""

    def __init__(
        self, text: str, parent: QWidget | None = None, *, icon: str | None = None
    ) -> None:
        super().__init__(text, parent, kind="primary", icon=icon, color="accent_text")


class QuietButton(_TextButton):
    """A thing one may do: text that turns into a button under the pointer."""

    def __init__(
        self, text: str, parent: QWidget | None = None, *, icon: str | None = None
    ) -> None:
        super().__init__(text, parent, kind="quiet", icon=icon, color="muted")


class IconButton(QToolButton):
    """An icon to press, at least 24 by 24; *name* is its tool tip and what a screen reader says."""

    def __init__(  # noqa: PLR0913  each may be left out
        self,
        icon: str,
        name: str,
        parent: QWidget | None = None,
        *,
        shortcut: str = "",
        color: str | None = "muted",
        size: int = metrics.ICON,
    ) -> None:
        super().__init__(parent)
        self._color = color
        self._size = size
        self.setAutoRaise(True)
        self._fit()
        self.set_icon(icon)
        self.set_name(name, shortcut)

    def set_icon(self, icon: str) -> None:
        """Show *icon* from now on."""
        self.setIcon(icons.icon(icon, self._color))

    def set_name(self, name: str, shortcut: str = "") -> None:
        """Say *name* from now on, and the keys of *shortcut* beside it in the tool tip."""
        self.setAccessibleName(name)
        self.setToolTip(words.plain(f"{name}  {shortcut}" if shortcut else name))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        icon = fonts.grown(self._size)
        side = max(metrics.TARGET, icon + 2 * metrics.TIGHT)
        self.setIconSize(QSize(icon, icon))
        self.setFixedSize(side, side)
