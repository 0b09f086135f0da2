"""The bar along the top: where one was, what one looks for, which page, which theme."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop.look import metrics, palette
from desktop.look.scheme import Preference
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.menu import Menu
from desktop.look.widgets.search_field import SearchField
from desktop.look.widgets.segmented import Segmented

_WIDEST: Final = 560
_NARROWEST: Final = 180
_THEMES: Final[tuple[tuple[Preference, str], ...]] = (
    ("system", "theme_system"),
    ("light", "theme_light"),
    ("dark", "theme_dark"),
)


class TopBar(QWidget):
    """Buttons that stand for *actions*, the search field, and the choice of the page."""

    page_chosen = Signal(str)  # "library" or "charts"

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        palette.put_on(self, "panel")
        self.back = IconButton("back", self.tr("Back"), self, shortcut="Alt+Left")
        self.forward = IconButton("forward", self.tr("Forward"), self, shortcut="Alt+Right")
        self.search = SearchField(
            self.tr("Search all conversations"),
            self.tr("Search all conversations"),
            self,
            shortcut="Ctrl+K",
        )
        self.pages = Segmented(
            self.tr("Page"),
            [("library", self.tr("Library")), ("charts", self.tr("Charts"))],
            self,
        )
        self.theme = IconButton("sun", self.tr("Theme"), self)
        self.inspector = IconButton("inspector", self.tr("Inspector"), self, shortcut="Ctrl+I")
        self.inspector.setCheckable(True)
        self._menu = Menu("", self)
        for _, id_ in _THEMES:
            self._menu.addAction(actions[id_])
        self._actions = actions
        self._lay_out()
        _stand_for(self.back, actions["back"])
        _stand_for(self.forward, actions["forward"])
        _stand_for(self.inspector, actions["inspector"])
        self.theme.clicked.connect(self._drop_themes)
        self.pages.chosen.connect(self.page_chosen)

    def show_theme(self, preference: Preference, *, dark: bool) -> None:
        """Show that *preference* is chosen and whether the window is *dark* now."""
        self.theme.set_icon("moon" if dark else "sun")
        names = {"system": self.tr("as the system"), "light": self.tr("light")}
        self.theme.set_name(self.tr("Theme: {0}").format(names.get(preference, self.tr("dark"))))

    def show_page(self, page: str) -> None:
        """Show that *page* is on show."""
        if self.pages.current != page:
            self.pages.choose(page)

    @Slot()
    def _drop_themes(self) -> None:
        self._menu.popup(self.theme.mapToGlobal(QPoint(0, self.theme.height() + 4)))

    def _lay_out(self) -> None:
        self.search.setMaximumWidth(_WIDEST)
        self.search.setMinimumWidth(_NARROWEST)
        self.search.setMinimumHeight(34)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(2)
        left.addWidget(self.back)
        left.addWidget(self.forward)
        left.addStretch()
        right.setSpacing(metrics.TIGHT)
        right.addStretch()
        right.addWidget(self.pages)
        right.addSpacing(metrics.SMALL)
        right.addWidget(self.theme)
        right.addWidget(self.inspector)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(metrics.MEDIUM, 6, metrics.MEDIUM, 7)
        layout.setSpacing(metrics.LARGE)
        layout.addLayout(left, 1)
        layout.addWidget(self.search, 3)
        layout.addLayout(right, 1)


def _stand_for(button: QToolButton, action: QAction) -> None:
    """Let *button* trigger *action* and show whether it can be triggered, and is checked."""
    button.clicked.connect(action.trigger)
    follow = _Follower(button, action)
    action.changed.connect(follow.follow)
    follow.follow()


class _Follower(QObject):
    """Lives in its button: keeps it like its action, which owns the shortcut and the menu entry."""

    def __init__(self, button: QToolButton, action: QAction) -> None:
        super().__init__(button)
        self._button, self._action = button, action

    @Slot()
    def follow(self) -> None:
        """Be as the action is."""
        self._button.setEnabled(self._action.isEnabled())
        if self._button.isCheckable():
            self._button.setChecked(self._action.isChecked())
