"""The ways to a search: everywhere, in one project, in one conversation, from hit to hit."""

from PySide6.QtCore import QObject, Slot

from desktop.window.frame import Frame
from desktop.window.reading import Reading


class Searching(QObject):
    """Brings the user to the search that he asks for, and through what it found."""

    def __init__(self, frame: Frame, reading: Reading, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._reading = reading

    @Slot()
    def search(self) -> None:
        """Search everything."""
        self._frame.bar.search.setFocus()
        self._frame.bar.search.selectAll()

    @Slot()
    def search_project(self) -> None:
        """Search the project of the list, or else that of the conversation on show."""
        current = self._reading.current
        if self._frame.list.model.project is None and current is not None:
            self._frame.panel.set_project(current.project)
        self._frame.panel.search_project()
        self.search()

    @Slot()
    def find_here(self) -> None:
        """Find in the conversation on show; search everything if there is none."""
        if self._frame.page == "library" and self._reading.current is not None:
            self._frame.transcript.open_find()
        else:
            self.search()

    @Slot()
    def step_on(self) -> None:
        """Go to the next hit."""
        if self._frame.transcript.find_bar.isVisible():
            self._frame.transcript.find_next()
        else:
            self._step(1)

    @Slot()
    def step_back(self) -> None:
        """Go to the hit before."""
        if self._frame.transcript.find_bar.isVisible():
            self._frame.transcript.find_previous()
        else:
            self._step(-1)

    @Slot()
    def leave(self) -> None:
        """Go back to what is read."""
        (
            self._frame.transcript if self._frame.page == "library" else self._frame.current_page
        ).setFocus()

    @Slot()
    def note_new_list(self) -> None:
        """Offer to search in the project that the list now shows."""
        self._frame.panel.set_project(self._frame.list.model.project)

    def _step(self, by: int) -> None:
        self._frame.panel.step(by)
        self._frame.panel.choose_current()
