"""Original logs: kept in the archive or not, and written out again where the user says."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path, PurePath
from sqlite3 import Connection

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from core.errors import NotArchivedError
from core.files.guarded import is_guarded
from core.queries import archive
from core.queries.archive import ArchivedFile, Figures
from core.restoring import restore
from desktop import flows
from desktop.look import words
from desktop.window.frame import Frame
from desktop.window.parts import Parts
from desktop.window.reading import Reading
from desktop.workers.query_runner import QueryRunner


@dataclass(frozen=True, slots=True)
class _Saved:
    """What came of writing logs."""

    files: int
    size: int  # bytes
    lost: str = ""  # the first stretch that could not be had, in a sentence
    trouble: str = ""  # why the rest was not written


class Keeping(QObject):
    """Saves the original log of the conversation on show, and lets the user keep none."""

    def __init__(
        self,
        parts: Parts,
        frame: Frame,
        reading: Reading,
        actions: Mapping[str, QAction],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._engine = parts.engine
        self._queries = parts.queries
        self._saver: QueryRunner | None = None  # its thread starts with the first log to save
        self._frame = frame
        self._reading = reading
        self._window = window
        self._save, self._keep = actions["save_log"], actions["keep_logs"]
        self._save.setEnabled(False)
        self._keep.setEnabled(False)
        self._save.triggered.connect(self.save)
        self._keep.triggered.connect(self._turn)
        reading.shown.connect(self._offer)
        parts.engine.library_ready.connect(self._look)

    @Slot()
    def save(self) -> None:
        """Ask where to, and write the logs of the conversation on show as they were read."""
        row = self._reading.current
        if row is not None:
            question = partial(archive.of_conversation, conversation=row.id)
            self._saving().ask("archived", question, self._choose, self._fail)

    def leave(self) -> None:
        """Write no more logs; what is half written goes."""
        if self._saver is not None:
            self._saver.close()

    def _saving(self) -> QueryRunner:
        """Return what saves logs beside all other questions: a large one takes a while."""
        if self._saver is None:
            readers = self._queries.readers
            self._saver = QueryRunner(readers.library, self, name="saving", readers=readers)
        return self._saver

    @Slot(object)
    def _offer(self, _row: object) -> None:
        self._save.setEnabled(True)

    @Slot(object)
    def _look(self, _event: object) -> None:
        self._queries.ask("archive", archive.figures, self._show)

    def _show(self, found: Figures) -> None:
        self._keep.setEnabled(True)
        self._keep.setChecked(found.on)

    @Slot(bool)
    def _turn(self, on: bool) -> None:
        self._engine.keep_logs(on=on)
        if on:
            self._frame.status.say(self.tr("Logs are kept as they are from now on"))
        else:
            self._frame.status.say(self.tr("No more logs are kept; those that are stay"))

    def _choose(self, files: list[ArchivedFile]) -> None:
        newest = [one for one in files if one.newest]
        if newest:
            flows.start(self._write(newest))
            return
        said = self.tr("The archive does not hold this log; if its file is there, it soon will.")
        if not self._keep.isChecked():
            said = self.tr("No logs are kept: the File menu has Keep Original Logs.")
        self._report(said)

    async def _write(self, files: Sequence[ArchivedFile]) -> None:
        if len(files) == 1:
            title = self.tr("Save the original log as")
            named = Path.home() / PurePath(files[0].label).name
            chosen = await flows.chosen_target(self._window, title, named)
        else:
            title = self.tr("Save the {0} original logs into").format(words.count(len(files)))
            chosen = await flows.chosen_folder(self._window, title, Path.home())
        guarded = self._frame.charts.guarded()
        for target in chosen:
            question = partial(_written, files=files, target=target, guarded=guarded)
            self._saving().ask("restore", question, self._tell, self._fail)

    def _tell(self, saved: _Saved) -> None:
        if saved.trouble or saved.lost:
            self._report(saved.trouble or saved.lost)
        if saved.files:
            what = words.plural(saved.files, self.tr("log"), self.tr("logs"))
            said = self.tr("{0} saved, {1}").format(what, words.size(saved.size))
            self._frame.status.say(said)

    def _fail(self, error: Exception) -> None:
        self._report(str(error))

    def _report(self, sentence: str) -> None:
        self._frame.banner.say("error", words.one_line(sentence, 500))
        self._frame.banner.show()


def _written(
    db: Connection, files: Sequence[ArchivedFile], target: Path, guarded: Sequence[Path]
) -> _Saved:
    """Write *files*: one to *target*, several into the folder that it is.

    Nothing takes the place of a log: of none that is shown, nor of what is below *guarded*.
    """
    done = size = 0
    lost = ""
    for file in files:
        alone = len(files) == 1
        path = target if alone else _free(target, PurePath(file.label).name)
        source = Path(os.fsdecode(file.path))
        if path.exists() and is_guarded(path, (source, *guarded)):
            return _Saved(done, size, lost, f"{path} may be a log itself, so it was left as it is.")
        try:
            found = restore(db, file, path, partly=True, replace=alone)
        except OSError as error:
            trouble = f"{path} cannot be written: {error.strerror or error}."
            return _Saved(done, size, lost, trouble)
        except NotArchivedError as error:  # something else took the name just now
            return _Saved(done, size, lost, str(error))
        done += 1
        size += file.size - sum(one.length for one in found)
        lost = lost or "".join(map(str, found[:1]))
    return _Saved(done, size, lost)


def _free(folder: Path, name: str) -> Path:
    """Return a path in *folder* that nothing is at, called *name* or nearly so."""
    path = folder / name
    for number in count(2):
        if not path.exists():
            break
        path = folder / f"{PurePath(name).stem} ({number}){PurePath(name).suffix}"
    return path
