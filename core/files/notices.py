"""What the system says about files and folders, sorted into what concerns us."""

import logging
from collections.abc import Callable
from pathlib import Path

from typing_extensions import override
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileClosedNoWriteEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)

from core.files.bundles import main_of
from core.files.discover import SUFFIXES, is_wanted

FOLDERS = (DirCreatedEvent, DirDeletedEvent, DirMovedEvent)
# Not that a file was opened or read: our own reading would wake the watcher for each line.
NEWS = (
    *FOLDERS, FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent,
    FileMovedEvent,
)  # fmt: skip


class Notices(FileSystemEventHandler):
    """Passes on transcripts that were touched, and that roots may have come or gone."""

    def __init__(self, changed: Callable[[Path], None], uncertain: Callable[[], None]) -> None:
        """Call *changed* with transcripts, *uncertain* when the roots need a look.

        Both are called on threads of the watcher.
        """
        self._changed = changed
        self._uncertain = uncertain
        # Replaced, never altered: the watcher's threads look at them at any time.
        self._wholes: tuple[Path, ...] = ()
        self._files: frozenset[Path] = frozenset()
        self._anchors: frozenset[Path] = frozenset()

    def add(self, real: Path, *, whole: bool) -> None:
        """Take news of the folder *real* with what is below it, or of that one file."""
        folder = real if whole else real.parent
        self._anchors |= {folder, *folder.parents}
        if whole:
            self._wholes = (*self._wholes, real)
        else:
            self._files |= {real}

    @override
    def on_any_event(self, event: FileSystemEvent) -> None:
        # Our own reading opens and closes files: acting on that would feed itself.
        if isinstance(event, FileOpenedEvent | FileClosedNoWriteEvent):
            return
        paths = [_path(name) for name in (event.src_path, event.dest_path) if name]
        if event.is_directory:
            # A new folder may be one too many for the system to watch.
            if isinstance(event, DirCreatedEvent) or (
                isinstance(event, FOLDERS) and not self._anchors.isdisjoint(paths)
            ):
                self._uncertain()
            return
        for path in paths:
            main = main_of(path) if path.suffix in SUFFIXES else None
            if self._is_asked(main or path):
                self._changed(main or path)

    def _is_asked(self, path: Path) -> bool:
        """Tell whether a search of what is watched would find *path*."""
        if path in self._files:
            return True
        return any(path.is_relative_to(one) and is_wanted(path, one) for one in self._wholes)


class Overflows(logging.Handler):
    """Hears that news was lost because it came faster than it was taken.

    The library that watches tells of that in its log, and nowhere else.
    """

    def __init__(self, lost: Callable[[], None]) -> None:
        """Call *lost*, on a thread of the watcher."""
        super().__init__(logging.WARNING)
        self._lost = lost
        self._log = logging.getLogger("watchdog.observers.inotify_c")
        self._log.addHandler(self)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage():
            self._lost()

    @override
    def close(self) -> None:
        self._log.removeHandler(self)
        super().close()


def _path(name: str | bytes) -> Path:
    return Path(name if isinstance(name, str) else name.decode(errors="surrogateescape"))
