"""Reads files that may have changed, a slice of each in turn, so that none waits for a long one."""

from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import TypeAlias

from core.events import ConversationChanged, EventSink
from core.files.discover import SourceFile
from core.files.live import LivePoll
from core.files.patience import NoAnswerError
from core.files.touched import Touched
from core.ingest import Ingest

_Changes: TypeAlias = Generator[tuple[ConversationChanged, ...]]


class CatchingUp:
    """Takes what is written now before all else; for the engine's thread only."""

    def __init__(  # noqa: PLR0913  what it reads with, and whom it tells
        self,
        ingest: Ingest,
        touched: Touched,
        publish: EventSink,
        *,
        live: LivePoll,
        done: Callable[[Path], None],
        ended: Callable[[], bool],
    ) -> None:
        """Read *touched* files, and have those that grew looked at by *live*.

        *done* is told of each file that was read to its end; when *ended*, the commit in hand
        is the last one.
        """
        self._ingest = ingest
        self._touched = touched
        self._publish = publish
        self._live = live
        self._done = done
        self._ended = ended

    @property
    def waits(self) -> bool:
        """Whether any file waits to be read."""
        return bool(self._touched)

    @property
    def near(self) -> bool:
        """Whether a file grew a moment ago, so that it may do so again."""
        return self._live.busy

    def serve(self, busy: Path | None = None) -> None:
        """Read every touched file but *busy*, which is being read already.

        Returns when those are read that were waiting at the call; what comes meanwhile is
        begun too, and goes on waiting if it is not done by then.
        """
        if not self._touched:
            return
        with self._ingest.writer.until(self._ended), self._ingest.writer.promptly():
            self._serve(busy)
        self._ingest.writer.merge_some()  # there may be no leisure for it for long

    def _serve(self, busy: Path | None) -> None:
        # What is on this computer does not wait for what may not answer.
        waiting = sorted(self._touched.take({busy}), key=self._is_distant)
        first = {path: self._read(path) for path in waiting}
        later: dict[Path, _Changes] = {}
        while first and not self._ended():
            self._step(first)
            for path in self._touched.take({busy, *first, *later}):
                later[path] = self._read(path)
            self._step(later)
        for path, changes in [*first.items(), *later.items()]:
            changes.close()  # between two commits: it is gone on with from there
            self._touched.add(path)
        if busy is None and not self._ended():
            self._touched.remind()

    def look_through(self, roots: Iterable[Path]) -> None:
        """Read what is new anywhere below *roots*, without a word about how far that is."""
        for found in self._ingest.found(roots):
            if isinstance(found, SourceFile):
                for changes, _ in self._ingest.file(found):
                    self._tell(changes)
                    self.serve(found.path)
            self.serve()
            if self._ended():
                return

    def _is_distant(self, path: Path) -> bool:
        return self._ingest.patience.mount(path) is not None

    def _read(self, path: Path) -> _Changes:
        try:
            linked = self._ingest.patience.ask(path, path.is_symlink)
        except NoAnswerError:
            return  # all of its root is looked through when that answers
        if linked:
            return  # only a scan of its root can tell whether it leads out of there
        for found in self._ingest.found((path,)):
            if not isinstance(found, SourceFile):
                continue  # gone again, or no transcript: what was read of it stays
            new = False
            for changes, _ in self._ingest.file(found):
                if not new:
                    new = True
                    self._live.note(found.path)
                yield changes

    def _step(self, reading: dict[Path, _Changes]) -> None:
        """Read one slice of each; what is read to its end is taken out."""
        for path, changes in list(reading.items()):
            found = next(changes, None)
            if found is None:
                del reading[path]
                self._done(path)
            else:
                self._tell(found)

    def _tell(self, changes: tuple[ConversationChanged, ...]) -> None:
        """Commit what an import may have left open, and tell what changed."""
        self._ingest.writer.flush()
        for change in changes:
            self._publish(change)
