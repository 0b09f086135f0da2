"""News about files from the operating system: which transcripts were just written to."""

from collections.abc import Callable, Iterable
from pathlib import Path

from typing_extensions import override
from watchdog.events import (
    FileClosedNoWriteEvent,
    FileOpenedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from core.files.bundles import main_of
from core.files.discover import SUFFIXES, is_wanted


class Watcher:
    """Watches folders, with everything below them, and single files, until it is closed."""

    def __init__(self, changed: Callable[[Path], None]) -> None:
        """Call *changed*, on a thread of the watcher, with each transcript that was touched."""
        self._observer = Observer()
        self._handler = _Handler(changed)
        self._folders: dict[Path, bool] = {}  # folder: with everything below it?
        self._running = False

    def add(self, roots: Iterable[Path]) -> str:
        """Watch *roots* too; return why it could not be done, or an empty string."""
        trouble = ""
        for root in roots:
            whole = root.is_dir()
            real = root.resolve()
            folder = real if whole else real.parent
            self._handler.add(real, whole=whole)
            if self._folders.get(folder) in {True, whole}:
                continue
            try:
                self._observer.schedule(self._handler, str(folder), recursive=whole)
                if not self._running:
                    self._observer.start()
                    self._running = True
            except OSError as error:
                trouble = f"{folder} cannot be watched: {error.strerror or error}."
                continue
            self._folders[folder] = whole
        return trouble

    def close(self) -> None:
        """Stop watching; returns when the watcher's threads have ended."""
        if self._running:
            self._observer.stop()
            self._observer.join()
            self._running = False


class _Handler(FileSystemEventHandler):
    def __init__(self, changed: Callable[[Path], None]) -> None:
        self._changed = changed
        # Replaced, never altered: the watcher's thread looks at them at any time.
        self._wholes: tuple[Path, ...] = ()
        self._files: frozenset[Path] = frozenset()

    def add(self, real: Path, *, whole: bool) -> None:
        """Take news of the folder *real* with what is below it, or of that one file."""
        if whole:
            self._wholes = (*self._wholes, real)
        else:
            self._files |= {real}

    @override
    def on_any_event(self, event: FileSystemEvent) -> None:
        # Our own reading opens and closes files: acting on that would feed itself.
        if event.is_directory or isinstance(event, FileOpenedEvent | FileClosedNoWriteEvent):
            return
        for name in (event.src_path, event.dest_path):
            if not name:
                continue
            path = Path(name if isinstance(name, str) else name.decode(errors="surrogateescape"))
            main = main_of(path) if path.suffix in SUFFIXES else None
            if self._is_asked(main or path):
                self._changed(main or path)

    def _is_asked(self, path: Path) -> bool:
        """Tell whether a search of what is watched would find *path*."""
        if path in self._files:
            return True
        return any(path.is_relative_to(one) and is_wanted(path, one) for one in self._wholes)
