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

from core.files.discover import SUFFIXES
from core.files.layout import is_agent_meta


class Watcher:
    """Watches folders, with everything below them, until it is closed."""

    def __init__(self, changed: Callable[[Path], None]) -> None:
        """Call *changed*, on a thread of the watcher, with each transcript that was touched."""
        self._observer = Observer()
        self._handler = _Handler(changed)
        self._roots: dict[Path, bool] = {}  # folder: with everything below it?
        self._running = False

    def add(self, roots: Iterable[Path]) -> str:
        """Watch *roots* too; return why it could not be done, or an empty string."""
        trouble = ""
        for root in roots:
            whole = root.is_dir()
            folder = (root if whole else root.parent).resolve()
            if self._roots.get(folder) in {True, whole}:
                continue
            try:
                self._observer.schedule(self._handler, str(folder), recursive=whole)
                if not self._running:
                    self._observer.start()
                    self._running = True
            except OSError as error:
                trouble = f"{folder} cannot be watched: {error.strerror or error}."
                continue
            self._roots[folder] = whole
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

    @override
    def on_any_event(self, event: FileSystemEvent) -> None:
        # Our own reading opens and closes files: acting on that would feed itself.
        if event.is_directory or isinstance(event, FileOpenedEvent | FileClosedNoWriteEvent):
            return
        for name in (event.src_path, event.dest_path):
            if not name:
                continue
            path = Path(name if isinstance(name, str) else name.decode(errors="surrogateescape"))
            if path.suffix in SUFFIXES or is_agent_meta(path):
                self._changed(path)
