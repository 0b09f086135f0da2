"""Asks file systems that may never answer, and stops waiting for those that do not.

A call on a file that a dead server holds cannot be taken back. So what is on another computer, or
on a file system that is a program, is asked on a thread of its own: one for each mount. Whoever
asks waits so long, and no longer; from then on the mount is left alone, and costs nobody any time.
The call that got stuck is itself what tells when the mount answers again.
"""

import errno
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Generic, TypeVar, cast

from core.files.mounts import distant, share

T = TypeVar("T")

SECONDS: Final = 5.0  # that an answer may take
_LINKS: Final = 40  # that are followed of one path: more of them are a loop


class NoAnswerError(OSError):
    """A file system does not answer; nothing is known of what was asked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ETIMEDOUT, "its file system does not answer", os.fspath(path))


class _Job(Generic[T]):
    """One call, and what comes of it."""

    def __init__(self, work: Callable[[], T], undo: Callable[[T], None] | None) -> None:
        self.work = work
        self.undo = undo
        self.done = threading.Event()
        self.dropped = False  # nobody waits for it any more
        self.result: T | None = None
        self.error: Exception | None = None
        self.lock = threading.Lock()

    def run(self) -> None:
        try:
            self.result = self.work()
        except Exception as error:  # noqa: BLE001  raised again where it was asked for
            self.error = error
        with self.lock:
            self.done.set()
            late = self.dropped
        if late and self.error is None and self.undo is not None:
            self.undo(cast("T", self.result))

    def drop(self, lane: "_Lane") -> bool:
        """Give up waiting for *lane*; return False if it was done at the last moment."""
        with self.lock:
            if not self.done.is_set():
                # Before the lane can come back from it, so that it finds both.
                self.dropped = lane.stuck = True
        return self.dropped


class _Lane:
    """The thread that asks one mount. It sleeps while nobody asks."""

    def __init__(self, back: Callable[[], None]) -> None:
        self.stuck = False
        self._back = back
        self._jobs: SimpleQueue[_Job[object] | None] = SimpleQueue()
        threading.Thread(target=self._run, name="patience", daemon=True).start()

    def put(self, job: _Job[object]) -> None:
        self._jobs.put(job)

    def end(self) -> None:
        self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.dropped:
                job.run()
            if self.stuck:  # whoever gave up is told that it goes on
                self.stuck = False
                self._back()


class Patience:
    """Asks for anyone, from any thread. What is on this computer's own disks is asked at once."""

    def __init__(
        self,
        news: Callable[[], None] = lambda: None,
        *,
        mounts: Callable[[], Iterable[Path]] = distant,
        seconds: float = SECONDS,
    ) -> None:
        """Call *news*, on any thread, when a mount has stopped to answer, or does so again.

        *mounts* tells which folders may not answer, *seconds* how long that may take.
        """
        self._news = news
        self._table = mounts
        self._seconds = seconds
        self._mounts: tuple[Path, ...] = ()
        self._lanes: dict[Path, _Lane] = {}
        self._lock = threading.Lock()
        self.renew()

    def renew(self) -> None:
        """Look again at what is mounted; that asks none of the mounts."""
        # The innermost first: it is what answers. Without the one at the top there is nothing,
        # but for Windows, where each drive is one.
        found = (one for one in self._table() if one.drive or one != one.parent)
        self._mounts = tuple(sorted(found, key=lambda one: -len(one.parts)))

    def mount(self, path: Path) -> Path | None:
        """Return the mount that *path* is on; None: it is on a disk of this computer."""
        found = next((one for one in self._mounts if path.is_relative_to(one)), None)
        if found is None and (there := share(path)):
            return Path(there)
        return found

    def mount_in(self, folder: Path) -> Path | None:
        """Return the mount that *folder* is on, or one that is below it."""
        found = self.mount(folder)
        return found or next((one for one in self._mounts if one.is_relative_to(folder)), None)

    def ask(self, path: Path, work: Callable[[], T], undo: Callable[[T], None] | None = None) -> T:
        """Return what *work* does, which asks for nothing but what is on the mount of *path*.

        *undo* is given what comes when nobody waits for it any more.

        Raises:
            NoAnswerError: the mount does not answer. It is raised at once until it does again.
        """
        mount = self.mount(path)
        return work() if mount is None else self._ask(mount, path, work, undo)

    def ask_below(self, folder: Path, work: Callable[[], T]) -> T:
        """Return what *work* does, which asks for anything in *folder*; raises as `ask` does."""
        mount = self.mount_in(folder)
        return work() if mount is None else self._ask(mount, folder, work, None)

    def resolved(self, path: Path) -> Path:
        """Return where *path* really is, as `Path.resolve` does; raises as `ask` does.

        Links are followed one by one: none of them leads to a mount unawares.
        """
        if not self._mounts and not share(path):
            return path.resolve()
        real = Path(path.anchor or Path.cwd().anchor)
        todo = list(reversed(path.absolute().parts[1:]))
        left = _LINKS
        while todo:
            part = todo.pop()
            real = real.parent if part == ".." else real / part
            if self.mount(real) is not None:
                real = real.joinpath(*reversed(todo))
                return self.ask(real, real.resolve)
            goal = _goal(real)
            if goal is not None and left:
                left -= 1
                real = Path(goal.anchor) if goal.is_absolute() else real.parent
                todo += reversed(goal.parts[1:] if goal.is_absolute() else goal.parts)
        return real

    def release(self, path: Path, work: Callable[[], None]) -> None:
        """Do *work* when the mount of *path* has time for it; nobody waits for that."""
        mount = self.mount(path)
        if mount is None:
            work()
        else:
            self._lane(mount).put(cast("_Job[object]", _Job(work, None)))

    def close(self) -> None:
        """End the threads; one that is stuck ends when it is not, or with the program."""
        with self._lock:
            lanes, self._lanes = list(self._lanes.values()), {}
        for lane in lanes:
            lane.end()

    def _lane(self, mount: Path) -> _Lane:
        with self._lock:
            return self._lanes.get(mount) or self._lanes.setdefault(mount, _Lane(self._news))

    def _ask(
        self, mount: Path, path: Path, work: Callable[[], T], undo: Callable[[T], None] | None
    ) -> T:
        lane = self._lane(mount)
        if lane.stuck:
            raise NoAnswerError(path)
        job = _Job(work, undo)
        lane.put(cast("_Job[object]", job))
        if not job.done.wait(self._seconds) and job.drop(lane):
            self._news()
            raise NoAnswerError(path)
        if job.error is not None:
            raise job.error
        return cast("T", job.result)


def _goal(path: Path) -> Path | None:
    """Return what the link at *path* says; None: it is no link."""
    try:
        return path.readlink()
    except OSError:
        return None
