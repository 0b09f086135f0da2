"""Which page is on show, and whether the problems are open below it."""

from PySide6.QtCore import QObject, Signal, Slot

from desktop.window.adding import Adding
from desktop.window.frame import Frame
from desktop.window.news import News


class Paging(QObject):
    """Goes to a page, and knows when the welcome page stands for an empty library."""

    problems_shown = Signal(bool)

    def __init__(self, frame: Frame, news: News, adding: Adding, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._news = news
        self._adding = adding

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
    def show_problems(self, show: bool) -> None:
        """Open or close the drawer of problems."""
        self._frame.show_problems(show)
        self.problems_shown.emit(show)

    @Slot()
    def turn_problems(self) -> None:
        """Open the drawer of problems if it is closed, else close it."""
        self.show_problems(not self._frame.problems.isVisible())

    @Slot()
    def close_problems(self) -> None:
        """Close the drawer of problems and go back to the list."""
        self.show_problems(False)
        self._frame.list.tree.setFocus()
