"""The person's own prices: the file is made, opened in an editor, and read again."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from core.config import prices_file
from core.events import PricesFailed, PricesRead
from core.measures.prices import template
from desktop.look import words
from desktop.window.frame import Frame
from desktop.workers.engine_thread import EngineThread


class Pricing(QObject):
    """Lets the user edit prices, and tells what came of it."""

    troubled = Signal(str)  # what is wrong, in a sentence

    def __init__(self, engine: EngineThread, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._frame = frame
        self._asked = False  # the user waits to hear that prices were read
        self.library = ""  # path, once it is open
        engine.prices_failed.connect(self._tell_failure)
        engine.prices_read.connect(self._tell)

    @Slot()
    def edit(self) -> None:
        """Open the file of prices in the desktop's editor; make it if it is not there yet."""
        if not self.library:
            return
        path = prices_file(Path(self.library))
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(template())
        except FileExistsError:
            pass  # the user's own: never touched
        except OSError as error:
            said = self.tr("{0} cannot be made: {1}.")
            self.troubled.emit(said.format(path, error.strerror))
            return
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._frame.status.say(self.tr("Save the prices, then choose Read Prices Again"))
        else:
            self.troubled.emit(self.tr("No program opens {0}; edit it yourself.").format(path))

    @Slot()
    def read_again(self) -> None:
        """Price everything by what the file says now."""
        self._asked = True
        self._engine.read_prices()

    @Slot(PricesFailed)
    def _tell_failure(self, event: PricesFailed) -> None:
        self._asked = False
        self.troubled.emit(event.reason)

    @Slot(PricesRead)
    def _tell(self, event: PricesRead) -> None:
        if not self._asked:
            return
        self._asked = False
        if event.replies:
            many = words.plural(event.replies, self.tr("reply"), self.tr("replies"))
            self._frame.status.say(self.tr("Prices read; {0} priced anew").format(many))
        else:
            self._frame.status.say(self.tr("Prices read; nothing costs anything else"))
