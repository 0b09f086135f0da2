"""Other processes that do pure work for this one: an executor over pipes, and nothing else.

A process of `concurrent.futures` costs twice as much: it reads the program's main module, and
another one looks after the semaphores of its queues for as long as the program runs. A process
here holds Python and what the work itself imports, and is gone when the executor is.
"""

import contextlib
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from typing_extensions import override

from core import helper

_T = TypeVar("_T")

_NO_CONSOLE: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows one would open


@dataclass(frozen=True, slots=True)
class _Work:
    future: Future[Any]
    call: tuple[Callable[..., Any], tuple[object, ...]]


class Helpers(Executor):
    """Gives work to *workers* processes, which begin with the first of it.

    What is given and what comes back is pickled, functions by name. When a process dies the work
    in its hands fails with BrokenExecutor, and no more is taken.
    """

    def __init__(self, workers: int) -> None:
        """Begin nothing yet."""
        self._workers = workers
        self._todo: SimpleQueue[_Work | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False

    @override
    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> "Future[_T]":
        """Have *fn* called with *args* in a process.

        Raises:
            RuntimeError: it was shut down, or a process has died.
        """
        if kwargs:
            raise TypeError("Only positional arguments are handed on.")
        future: Future[_T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("Nobody works here any more.")
            self._todo.put(_Work(future, (fn, args)))
            if len(self._threads) < self._workers:
                thread = threading.Thread(target=self._attend, name="helper", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    @override
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more. Without *wait* the processes end at once, whatever they have in hand."""
        with self._lock:
            self._closed = True
            running = tuple(self._running)
        if cancel_futures:
            self._drop(None)
        for _ in self._threads:
            self._todo.put(None)
        if not wait:
            for process in running:
                process.kill()
            return
        for thread in self._threads:
            thread.join()

    def _attend(self) -> None:
        """Hand work to one process until there is to be no more. Runs in a thread of its own."""
        try:
            process = subprocess.Popen(  # noqa: S603  ourselves
                _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                creationflags=_NO_CONSOLE,
            )  # fmt: skip
        except OSError as error:  # no memory, or no program: it was replaced by a newer one
            self._break(error)
            return
        with contextlib.suppress(BrokenPipeError), process:  # closing it flushes to whom is gone
            with self._lock:
                self._running.add(process)
            try:
                self._feed(process)
            finally:
                with self._lock:
                    self._running.discard(process)

    def _feed(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        while (work := self._todo.get()) is not None:
            if not work.future.set_running_or_notify_cancel():
                continue
            try:
                pickle.dump(work.call, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                good, answer = pickle.load(process.stdout)  # noqa: S301  from our own process
            except Exception as error:  # noqa: BLE001  what a broken pipe may hold reads as anything
                process.kill()
                work.future.set_exception(self._break(error))
                return
            if good:
                work.future.set_result(answer)
            else:
                work.future.set_exception(answer)
            del work, answer  # it may be large, and the next one long in coming

    def _break(self, cause: Exception) -> BrokenExecutor:
        """Take no more, and let what waits fail; return why."""
        broken = BrokenExecutor("A process that helped is gone.")
        broken.__cause__ = cause
        with self._lock:  # nothing is put behind what is dropped
            self._closed = True
        self._drop(broken)
        return broken

    def _drop(self, error: Exception | None) -> None:
        """Cancel what waits, or let it fail with *error*."""
        while True:
            try:
                work = self._todo.get_nowait()
            except Empty:
                return
            if work is None:
                self._todo.put(None)
                return
            if error is None:
                work.future.cancel()
            elif work.future.set_running_or_notify_cancel():
                work.future.set_exception(error)


def _command() -> Sequence[str]:
    if getattr(sys, "frozen", False):
        return (sys.executable, helper.FLAG)
    begin = f"import sys; sys.path[:] = {sys.path!r}; from {helper.__name__} import serve; serve()"
    flags = ("-" + "O" * sys.flags.optimize,) if sys.flags.optimize else ()
    compiled = ("-X", f"pycache_prefix={sys.pycache_prefix}") if sys.pycache_prefix else ()
    return (sys.executable, *flags, *compiled, "-c", begin)
