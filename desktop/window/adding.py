"""Which folders are read and followed: those of earlier, and what the user adds."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop import flows
from desktop.workers.engine_thread import EngineThread


class Adding(QObject):
    """Tells the engine what to read; asks the user for it where need be."""

    added = Signal()

    def __init__(self, engine: EngineThread, roots: tuple[Path, ...], window: QWidget) -> None:
        super().__init__(window)
        self._engine = engine
        self._window = window
        self._named: tuple[Path, ...] = ()
        self.roots = roots  # followed from every start on

    @property
    def any(self) -> bool:
        """Whether there is anything to read."""
        return bool(self._named or self.roots)

    def name(self, paths: Sequence[Path]) -> None:
        """Read *paths* at this start, instead of what is followed at every start."""
        self._named = tuple(paths)

    def start(self) -> None:
        """Read what there is to read."""
        if self.any:
            self._engine.add(self._named or self.roots)

    @Slot(object)
    def add(self, roots: Sequence[Path]) -> None:
        """Read what is below *roots*, follow it, and do so at every start from now on."""
        folders = (root for root in roots if root.is_dir())
        self.roots = tuple(dict.fromkeys((*self.roots, *folders)))
        self._engine.add(tuple(roots))
        self.added.emit()

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose a folder, and add it."""
        flows.start(self._add_folder())

    @Slot()
    def choose_files(self) -> None:
        """Let the user choose files, and add them."""
        flows.start(self._add_files())

    @Slot()
    def read_again(self) -> None:
        """Read what is new in what is followed; ask for a folder if nothing is."""
        if self.any:
            self.start()
        else:
            self.choose_folder()

    async def _add_folder(self) -> None:
        title = self.tr("Add a folder of transcripts")
        if roots := await flows.chosen_folder(self._window, title, Path.home()):
            self.add(roots)

    async def _add_files(self) -> None:
        title = self.tr("Add transcripts")
        if files := await flows.chosen_files(self._window, title, Path.home()):
            self.add(files)
