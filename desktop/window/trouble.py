"""What the window says when something does not work."""

import logging

from PySide6.QtCore import QObject, Signal, Slot

from core.events import EngineFailed
from desktop.window.frame import Frame
from desktop.window.reading import Reading

log = logging.getLogger(__name__)


class Trouble(QObject):
    """Tells of trouble across the top, or on a page of its own if nothing can be read."""

    given_up = Signal()  # the page that says so is on show

    def __init__(self, frame: Frame, reading: Reading, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._reading = reading

    @Slot(str)
    def report(self, sentence: str) -> None:
        """Show *sentence* across the top; everything else goes on."""
        self._frame.banner.say("error", sentence)
        self._frame.banner.show()

    def wait(self, sentence: str) -> None:
        """Say in *sentence* who has the library, in the place of everything else."""
        self._frame.recovery.say(
            self.tr("The library is in use"),
            self.tr("{0} It is shown here as soon as that has ended.").format(sentence),
        )
        self._frame.show_page("recovery")

    @Slot(EngineFailed)
    def show_failure(self, event: EngineFailed) -> None:
        """Say that the engine has ended, and what still works."""
        log.error("engine failed: %s", event.reason)
        self._frame.status.progress.finish()
        self._frame.status.show_watching(on=False)
        if self._reading.current is not None:
            self.report(self.tr("{0} What was read before can still be read.").format(event.reason))
            return
        self._frame.recovery.say(
            self.tr("The library cannot be opened"),
            self.tr("{0} Your log files are untouched.").format(event.reason),
        )
        self._frame.show_page("recovery")
        self.given_up.emit()
