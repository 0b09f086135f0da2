"""The engine on a thread of its own: its events come out as signals."""

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from core.config import Config
from core.courtesy import RightOfWay
from core.engine import AddRoots, Engine, Maintain, ReadPrices
from core.events import (
    AnalysisChanged,
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    EventSink,
    FilesFound,
    ImportFinished,
    ImportProgressed,
    LibraryReady,
    PricesFailed,
    PricesRead,
    RemovalFinished,
    RemovalProgressed,
    ThreadsChanged,
    UpkeepFinished,
    UpkeepProgressed,
    WatchDegraded,
    WatchRestored,
)
from core.removal import Chore
from core.weaving.commands import FindingCommand, KeepLogs, ThreadCommand


class EngineThread(QThread):
    """Signals are emitted on the engine's thread and delivered, queued, on the UI's."""

    library_ready = Signal(LibraryReady)
    files_found = Signal(FilesFound)
    progressed = Signal(ImportProgressed)
    conversation_changed = Signal(ConversationChanged)
    threads_changed = Signal(ThreadsChanged)
    analysis_changed = Signal(AnalysisChanged)
    import_finished = Signal(ImportFinished)
    degraded = Signal(WatchDegraded)
    restored = Signal(WatchRestored)
    prices_failed = Signal(PricesFailed)
    prices_read = Signal(PricesRead)
    upkeep_progressed = Signal(UpkeepProgressed)
    upkeep_finished = Signal(UpkeepFinished)
    removal_progressed = Signal(RemovalProgressed)
    removal_finished = Signal(RemovalFinished)
    failed = Signal(EngineFailed)

    def __init__(
        self, config: Config, parent: QObject | None = None, *, also: EventSink | None = None
    ) -> None:
        """Prepare; *also* is given every event too, on the engine's thread."""
        super().__init__(parent)
        self._also = also
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

    @property
    def engine(self) -> Engine:
        """The engine itself: what it tells of how it is doing may be asked on any thread."""
        return self._engine

    @property
    def way(self) -> RightOfWay:
        """What the UI's thread holds while it is at work; the engine stands back then."""
        return self._engine.way

    def maintain(self, task: Chore) -> None:
        """Do *task* on the library behind others of its kind, while new lines are still read."""
        self._engine.submit(Maintain(task))

    def weave(self, command: ThreadCommand) -> None:
        """Do what a person asks about threads; `threads_changed` tells when it is done."""
        self._engine.submit(command)

    def mark(self, command: FindingCommand) -> None:
        """Note what a person says of a finding."""
        self._engine.submit(command)

    def keep_logs(self, *, on: bool) -> None:
        """Keep logs as they are in the archive, or no more of them from now on."""
        self._engine.submit(KeepLogs(on))

    def cancel_upkeep(self) -> None:
        """Stop the upkeep and orders asked for so far; what was done is kept."""
        self._engine.cancel_upkeep()

    def cancel(self) -> None:
        """Stop the import in hand; what was read is kept."""
        self._engine.cancel()

    def shut_down(self) -> None:
        """End the engine after its current commit; returns when its thread has ended."""
        self._engine.stop()
        self.wait()

    def _publish(self, event: EngineEvent) -> None:  # noqa: C901, PLR0912  one case for each event
        if self._also is not None:
            self._also(event)
        match event:
            case LibraryReady():
                self.library_ready.emit(event)
            case FilesFound():
                self.files_found.emit(event)
            case ImportProgressed():
                self.progressed.emit(event)
            case ConversationChanged():
                self.conversation_changed.emit(event)
            case ThreadsChanged():
                self.threads_changed.emit(event)
            case AnalysisChanged():
                self.analysis_changed.emit(event)
            case ImportFinished():
                self.import_finished.emit(event)
            case WatchDegraded():
                self.degraded.emit(event)
            case WatchRestored():
                self.restored.emit(event)
            case PricesFailed():
                self.prices_failed.emit(event)
            case PricesRead():
                self.prices_read.emit(event)
            case UpkeepProgressed():
                self.upkeep_progressed.emit(event)
            case UpkeepFinished():
                self.upkeep_finished.emit(event)
            case RemovalProgressed():
                self.removal_progressed.emit(event)
            case RemovalFinished():
                self.removal_finished.emit(event)
            case EngineFailed():
                self.failed.emit(event)
            case _:
                assert_never(event)
