"""Which page is on show, and whether the data health is open below it."""

from PySide6.QtCore import QObject, Signal, Slot

from desktop.views.health.pages import FORMATS, PROBLEMS
from desktop.window.adding import Adding
from desktop.window.frame import Frame
from desktop.window.news import News


class Paging(QObject):
    """Goes to a page, and knows when the welcome page stands for an empty library."""

    health_shown = Signal(bool)

    def __init__(self, frame: Frame, news: News, adding: Adding, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._news = news
        self._adding = adding
        frame.status.problems_wanted.connect(self.turn_problems)
        frame.status.health_wanted.connect(self.turn_formats)
        frame.health.closed.connect(self.close_health)

    @Slot(str)
    def show_page(self, page: str) -> None:
        """Show the "library", or the "charts" once there is a library."""
        frame, news = self._frame, self._news
        if page == "charts":
            if news.listening:
                frame.show_page("charts")
                frame.charts.open()
        elif frame.list.model.rowCount() or news.importing or self._adding.any:
            frame.show_page("library")
        else:
            frame.show_page("welcome" if news.listening else "library")

    @Slot()
    def show_library(self) -> None:
        """Show the library."""
        self.show_page("library")

    @Slot()
    def show_charts(self) -> None:
        """Show the charts."""
        self.show_page("charts")

    @Slot()
    def show_added(self) -> None:
        """Show the library, where something is about to come, with the keyboard in its list."""
        self._frame.show_page("library")
        self._frame.list.tree.setFocus()

    @Slot()
    def switch(self) -> None:
        """Show the library if the charts are on show, else the charts."""
        self.show_page("library" if self._frame.page == "charts" else "charts")

    @Slot(bool)
    def show_health(self, show: bool) -> None:
        """Open or close the drawer of data health."""
        self._frame.show_health(show)
        self.health_shown.emit(show)

    @Slot()
    def turn_problems(self) -> None:
        """Show the problems in the drawer; close it if they are on show already."""
        self._turn(PROBLEMS)

    @Slot()
    def turn_formats(self) -> None:
        """Show the formats in the drawer; close it if they are on show already."""
        self._turn(FORMATS)

    @Slot()
    def close_health(self) -> None:
        """Close the drawer of data health and go back to the list."""
        self.show_health(False)
        self._frame.list.tree.setFocus()

    def _turn(self, part: str) -> None:
        health = self._frame.health
        if health.isVisible() and health.part.current == part:
            self.close_health()
            return
        health.show_part(part)
        if not health.isVisible():
            self.show_health(True)
