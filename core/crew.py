"""Helpers of an import: who reads files ahead of the writer, and which ones.

The writer takes the files in its own order, and what was read ahead of it when a file's turn
comes. A helper that fails, or does not come back, costs time and nothing else.
"""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Final, TypeVar

from core.errors import CrewError
from core.files.discover import SourceFile
from core.helping import Helpers
from core.ingest import Ahead, Ingest
from core.parsing import Task, parse, parsed, ready, unpacked

_T = TypeVar("_T")

_BEGUN: Final = 1 << 20  # bytes that were new: the rest may be, too
_MUCH: Final = 12 << 20  # bytes for which it pays to begin a process
# Bytes of files that are read ahead at most. With a third of it an import takes a fifth longer: the
# writer waits for a long file while nothing else is there. Short ones, of which a helper reads more
# than the writer takes, would only wait in memory.
_WINDOW: Final = 12 << 20
_SHORT: Final = 4 << 20  # bytes of short files likewise
_PATIENCE: Final = "10s"  # for a scheduler to answer
_MANY: Final = 32  # files likewise
_BRIEF: Final = 1 << 20  # bytes of a file that is read while another one is waited for


@dataclass(frozen=True, slots=True)
class Crew:
    """Who may be called to help with an import."""

    call: Callable[[], AbstractContextManager[Executor]]  # for one import, to whose end it works
    always: bool = False  # else only where much is to be read

    def pays(self, new: int, left: int) -> bool:
        """Tell whether to call it now: *new* bytes were read so far, *left* bytes are to come."""
        return self.always or (new > _BEGUN and left > _MUCH)


@contextmanager
def processes(workers: int) -> Generator[Executor]:
    """Give an executor of *workers* processes; they end with the body, at once.

    New ones, not copies of this one: it may have threads and an open library. Each costs about
    25 MB, and a fifth of a second before it is of use.
    """
    executor = Helpers(workers)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def fleet(scheduler: str) -> Generator[Executor]:
    """Give the executor of the `dask.distributed` scheduler at address *scheduler*.

    Its workers have to see the same files at the same paths, and to have Clew installed.

    Raises:
        CrewError: the package is not here, or nobody answers at that address.
    """
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise CrewError(
            "A scheduler needs the package distributed: pip install clew[fleet]."
        ) from error
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CrewError(f"No scheduler answers at {scheduler}: {error}.") from error
    with client:
        executor = client.get_executor(pure=False)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)


HELPER: Final = Crew(partial(processes, 1))  # one beside the writer: it has little more to do


class Vanguard:
    """Lets an executor read some of *files* ahead of *ingest*, which takes them in that order."""

    def __init__(self, executor: Executor, ingest: Ingest, files: Sequence[SourceFile]) -> None:
        """Ask the executor for nothing yet but whether it has begun."""
        self._executor = executor
        self._ingest = ingest
        self._files = files
        self._next = 0  # place of the file to ask for next
        self._asked: dict[int, tuple[Task, Future[bytes]]] = {}
        self._own: dict[int, Ahead | None] = {}  # what was read here meanwhile
        self._size = self._short = 0  # bytes of the files that were asked for, and of short ones
        self._able = True
        self._begun = self._submitted(ready)

    def waits(self, place: int, seconds: float) -> bool:
        """Tell whether the file at *place* is still being read ahead after so many *seconds*.

        To be asked for each file in turn: this is where those behind it are asked for. Rather
        than wait it reads a short one of them, which may take longer.
        """
        self._ask(place)
        asked = self._asked.get(place)
        if asked is None or asked[1].done():
            return False
        return self._lent() or bool(wait((asked[1],), seconds).not_done)

    def take(self, place: int) -> Ahead | None:
        """Return what was read ahead of the file at *place*, once; None: nothing was."""
        if place in self._own:
            self._count(place, -1)
            return self._own.pop(place)
        task, future = self._asked.pop(place, (None, None))
        if task is None or future is None:
            return None
        self._count(place, -1)
        if future.cancelled() or future.exception() is not None:
            self._able = False  # a process that is gone, or a machine that lacks the code
            return None
        found = unpacked(future.result())
        return None if found is None else Ahead(task, found)

    def _lent(self) -> bool:
        """Read the first short file that was asked for and not begun; False: there is none."""
        for place, (task, future) in self._asked.items():
            if self._files[place].stat.size <= _BRIEF and future.cancel():
                del self._asked[place]
                found = parsed(task, self._ingest.courtesy)
                self._own[place] = None if found is None else Ahead(task, found)
                return True
        return False

    def _ask(self, place: int) -> None:
        """Ask for files behind *place* as far as the window reaches, once somebody is there."""
        self._next = max(self._next, place + 1)
        if self._begun is None or not self._begun.done():
            return
        while self._able and self._has_room() and self._next < len(self._files):
            file = self._files[self._next]
            task = self._ingest.task(file)
            future = None if task is None else self._submitted(parse, task)
            if task is not None and future is not None:
                self._asked[self._next] = (task, future)
                self._count(self._next, 1)
            self._next += 1

    def _has_room(self) -> bool:
        """Tell whether another file may be asked for."""
        many = len(self._asked) + len(self._own) >= _MANY
        return not many and self._size < _WINDOW and self._short < _SHORT

    def _count(self, place: int, times: int) -> None:
        """Count the file at *place* among those that were asked for; with -1 no longer."""
        size = self._files[place].stat.size * times
        self._size += size
        if abs(size) <= _BRIEF:
            self._short += size

    def _submitted(self, work: Callable[..., _T], *given: object) -> Future[_T] | None:
        try:
            return self._executor.submit(work, *given)
        except RuntimeError:  # it is broken, or was shut down
            self._able = False
            return None
