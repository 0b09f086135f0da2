"""The engine on a thread of its own: its events come out as signals."""

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from core.config import Config
from core.engine import AddRoots, Engine, ReadPrices
from core.events import (
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    FilesFound,
    ImportFinished,
    ImportProgressed,
    LibraryReady,
    PricesFailed,
    PricesRead,
    WatchDegraded,
)


class EngineThread(QThread):
    """Signals are emitted on the engine's thread and delivered, queued, on the UI's."""

    library_ready = Signal(LibraryReady)
    files_found = Signal(FilesFound)
    progressed = Signal(ImportProgressed)
    conversation_changed = Signal(ConversationChanged)
    import_finished = Signal(ImportFinished)
    degraded = Signal(WatchDegraded)
    prices_failed = Signal(PricesFailed)
    prices_read = Signal(PricesRead)
    failed = Signal(EngineFailed)

    def __init__(self, config: Config, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = Engine(config, self._publish)

    @override
    def run(self) -> None:
        self._engine.run()

    def add(self, roots: Sequence[Path], *, watch: bool = True) -> None:
        """Import what is below *roots*, and follow it from then on if *watch* is set."""
        self._engine.submit(AddRoots(tuple(roots), watch))

    def read_prices(self) -> None:
        """Price every reply by what the list and the person's own prices say now."""
        self._engine.submit(ReadPrices())

    def cancel(self) -> None:
        """Stop the import in hand; what was read is kept."""
        self._engine.cancel()

    def shut_down(self) -> None:
        """End the engine after its current commit; returns when its thread has ended."""
        self._engine.stop()
        self.wait()

    def _publish(self, event: EngineEvent) -> None:
        match event:
            case LibraryReady():
                self.library_ready.emit(event)
            case FilesFound():
                self.files_found.emit(event)
            case ImportProgressed():
                self.progressed.emit(event)
            case ConversationChanged():
                self.conversation_changed.emit(event)
            case ImportFinished():
                self.import_finished.emit(event)
            case WatchDegraded():
                self.degraded.emit(event)
            case PricesFailed():
                self.prices_failed.emit(event)
            case PricesRead():
                self.prices_read.emit(event)
            case EngineFailed():
                self.failed.emit(event)
            case _:
                assert_never(event)
