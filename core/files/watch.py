"""Which roots are followed, and how: by the system's notices, by rounds, or not for now.

A root is watched as long as the system does that. One that cannot be watched (a limit) is gone
through every few seconds, and so is one on another computer, of which the system tells only what
is written here. One that is not there is waited for at the nearest folder above it that is. One
that does not answer is left alone until it does.
"""

import logging
import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from watchdog.events import DirMovedEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from core.files.live import LivePoll
from core.files.mounts import Mounts
from core.files.notices import FOLDERS, NEWS, Notices, Overflows
from core.files.patience import NoAnswerError, Patience
from core.files.roots import Mended, Root, State
from core.files.rounds import Rounds

log = logging.getLogger(__name__)

_LIMIT = "the system's limit of watched folders is reached"
_LOST = "{0} is not there. It is followed as soon as it is."
_POLLED = "{0} cannot be watched: {1}. It is looked through every few seconds instead."
_SILENT = "{0} does not answer. It is left alone until it does; all else is followed."

_PROBE = Path("/proc")  # a folder, on Linux, in which no root is and nothing is ever renamed


def _ignore() -> None:
    """Do nothing."""


class Watcher:
    """Follows roots until it is closed. `add`, `mend` and `close` belong to one thread."""

    def __init__(
        self,
        changed: Callable[[Path], None],
        uncertain: Callable[[], None] = _ignore,
        patience: Patience | None = None,
    ) -> None:
        """Call *changed* with each transcript that was touched, and *uncertain* for a `mend`.

        Both are called on threads of the watcher. *patience* asks for a `mend` by itself.
        """
        self._patience = patience or Patience(uncertain)
        self._uncertain = uncertain
        self._handler = Notices(changed, uncertain)
        self._observer: BaseObserver | None = None
        self._overflows: Overflows | None = None
        self._overflowed = False
        self._rounds = Rounds(changed, self._patience)
        self._mounts = Mounts(uncertain)
        self._roots: dict[Path, Root] = {}
        self._watches: dict[Path, ObservedWatch] = {}
        self._guards: dict[Path, tuple[ObservedWatch, tuple[int, int] | None]] = {}
        self.live = LivePoll(changed, patience=self._patience)

    @property
    def states(self) -> dict[Path, State]:
        """How each root is followed now."""
        return {root.real: root.state for root in self._roots.values()}

    @property
    def trouble(self) -> str:
        """Why not all roots are followed as well as can be, in sentences; "": they are."""
        told = dict.fromkeys(root.trouble for root in self._roots.values() if root.trouble)
        return " ".join(told)

    def add(self, roots: Iterable[Path]) -> str:
        """Follow *roots* too; return why not all are watched, or an empty string."""
        self._patience.renew()
        for given in roots:
            root = self._found(given)
            if root.real in self._roots:
                continue
            self._roots[root.real] = root
            self._handler.add(root.real, whole=root.whole)
            self._follow(root)
        self._guard()
        return self.trouble

    def mend(self) -> Mended:
        """Look whether the roots are still there, or there again, and follow them as they are."""
        again: list[Path] = []
        self._patience.renew()
        overflowed, self._overflowed = self._overflowed, False
        full = not self._has_room()
        for root in self._roots.values():
            try:
                identity = self._identity(root.folder)
            except NoAnswerError:
                self._set_aside(root)
                continue
            if root.state is State.SILENT:
                self._follow(root)
                again.append(root.real)
            elif identity is None or identity != root.identity:
                came = identity is not None
                self._leave(root)
                self._follow(root)
                again += [root.real] if came else []
            elif full and root.whole and root.state is State.WATCHED:
                self._poll(root, _LIMIT)
            elif not full and root.state is State.POLLED and root.trouble:
                self._leave(root)
                again += [root.real] if self._follow(root) else []
            elif overflowed:
                again.append(root.real)
        self._guard()
        return Mended(tuple(again), self.trouble)

    def close(self) -> None:
        """Stop following; returns when the watcher's threads have ended."""
        self._mounts.close()
        self.live.close()
        self._rounds.close()
        if self._overflows is not None:
            self._overflows.close()
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def _follow(self, root: Root) -> bool:
        """Follow *root* as well as can be; return whether the system watches it."""
        try:
            root.identity, root.trouble = self._identity(root.folder), ""
        except NoAnswerError:
            self._set_aside(root)
            return False
        if root.identity is None:
            root.state, root.trouble = State.LOST, _LOST.format(root.folder)
            return False
        if self._patience.mount_in(root.folder) is not None:
            root.state = State.POLLED
            self._rounds.begin(root.real)
            return False
        try:
            self._watch(root)
        except OSError as error:
            self._poll(root, error.strerror or str(error))
            return False
        root.state = State.WATCHED
        if root.whole and not self._has_room():
            self._poll(root, _LIMIT)
            return False
        return True

    def _watch(self, root: Root) -> None:
        """Have the system watch *root*; raises OSError."""
        if self._is_covered(root.folder, whole=root.whole):
            return
        observer = self._observing()
        if (narrow := self._watches.pop(root.folder, None)) is not None:
            observer.unschedule(narrow)
        self._watches[root.folder] = observer.schedule(
            self._handler, str(root.folder), recursive=root.whole, event_filter=list(NEWS)
        )

    def _observing(self) -> BaseObserver:
        """Return what hears the system's notices, started if need be; raises OSError."""
        if self._observer is None:
            observer = Observer()
            observer.start()
            self._observer = observer
            self._overflows = Overflows(self._note_overflow)
            self._mounts.start()
        return self._observer

    def _poll(self, root: Root, reason: str) -> None:
        log.warning("a root is looked through instead of being watched: %s", reason)
        root.state, root.trouble = State.POLLED, _POLLED.format(root.real, reason)
        self._rounds.begin(root.real)

    def _set_aside(self, root: Root) -> None:
        """Leave *root* alone, but for those of its threads that are stuck."""
        if root.state is not State.SILENT:
            log.warning("a root does not answer")
        root.state, root.trouble = State.SILENT, _SILENT.format(root.real)

    def _found(self, given: Path) -> Root:
        """Return the root that *given* means."""
        try:
            real = self._patience.resolved(given)
            # What is not there yet is a file if it is named like one.
            whole = self._patience.ask(real, partial(_is_whole, real))
        except NoAnswerError:
            real = given.absolute()
            whole = not real.suffix
        return Root(real, whole=whole)

    def _identity(self, folder: Path) -> tuple[int, int] | None:
        return self._patience.ask(folder, partial(_identity, folder))

    def _above(self, folder: Path) -> Path:
        """Return the folder right above *folder*, or the nearest one that is there and answers."""
        mount = self._patience.mount(folder)
        if mount is None:
            return _nearest(folder)
        inner = self._patience.mount(mount.parent) is not None
        return self._above(mount.parent) if inner else _nearest(mount)

    def _leave(self, root: Root) -> None:
        self._rounds.end(root.real)
        watch = self._watches.pop(root.folder, None)
        if watch is not None and self._observer is not None:
            self._observer.unschedule(watch)

    def _guard(self) -> None:
        """Watch, for folders that come and go only, what is right above each root."""
        try:
            observer = self._observing()
        except OSError:
            return  # then nothing can be watched at all, which the roots tell
        above = {self._above(root.folder) for root in self._roots.values()}
        wanted = {folder for folder in above if not self._is_covered(folder, whole=False)}
        for folder, (watch, identity) in list(self._guards.items()):
            if folder not in wanted or identity != _identity(folder):
                observer.unschedule(watch)
                del self._guards[folder]
        for folder in wanted - self._guards.keys():
            try:
                watch = observer.schedule(self._handler, str(folder), event_filter=list(FOLDERS))
            except OSError as error:
                log.warning("a folder above a root cannot be watched: %s", error)
                continue
            self._guards[folder] = (watch, _identity(folder))

    def _is_covered(self, folder: Path, *, whole: bool) -> bool:
        """Tell whether *folder*, with all below it if *whole*, is watched with another root."""
        for watched, watch in self._watches.items():
            if watch.is_recursive and folder.is_relative_to(watched):
                return True
            if not whole and watched == folder:
                return True
        return False

    def _has_room(self) -> bool:
        """Tell whether the system would watch one more folder.

        A limit leaves folders below a root out without a word, so it is tried out.
        """
        if self._observer is None or not _PROBE.is_dir():
            return True
        try:
            watch = self._observer.schedule(
                FileSystemEventHandler(), str(_PROBE), event_filter=[DirMovedEvent]
            )
        except OSError:
            return False
        self._observer.unschedule(watch)
        return True

    def _note_overflow(self) -> None:
        self._overflowed = True
        self._uncertain()


def _is_whole(real: Path) -> bool:
    return real.is_dir() or not (real.exists() or real.suffix)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)  # noqa: PTH116  raises what is caught here, and nothing else
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _nearest(folder: Path) -> Path:
    """Return the folder right above *folder*, or the nearest one that is there."""
    return next((above for above in folder.parents if above.is_dir()), folder)
