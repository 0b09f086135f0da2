"""What the person decides about threads: asked for, done by the engine, shown, taken back."""

from functools import partial
from sqlite3 import Connection
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from core.events import ThreadsChanged
from core.queries import threads
from core.queries.conversations import ConversationRow
from core.queries.structure import Node
from core.queries.turns import uuid_of
from core.weaving import commands, counting
from core.weaving.commands import ThreadCommand
from desktop.look import words
from desktop.models.only import Only
from desktop.models.thread_groups import ThreadNode
from desktop.views.inspector.sensing import STOPS, Sensing
from desktop.window.frame import Frame
from desktop.window.parts import Parts
from desktop.window.reading import Reading
from desktop.window.threads_source import ThreadsSource

_DEEPEST: Final = 50  # decisions that can be taken back


class Threading(QObject):
    """Keeps what every decision would be undone with, the last one first."""

    def __init__(
        self, parts: Parts, frame: Frame, reading: Reading, undo: QAction, window: QWidget
    ) -> None:
        super().__init__(window)
        self._engine = parts.engine
        self._queries = parts.queries
        self._frame = frame
        self._reading = reading
        self._undo = undo
        self._window = window
        self._db: Connection | None = None
        self.source = ThreadsSource(parts.queries, self)
        self._before: list[tuple[str, ThreadCommand]] = []
        self._sensing: Sensing | None = None
        tab = frame.inspector.threads
        tab.split_wanted.connect(self.split)
        tab.merge_wanted.connect(self.merge)
        tab.rename_wanted.connect(self.ask_name)
        tab.sensitivity_wanted.connect(self.open_sensing)
        tab.only_wanted.connect(self._show_only)
        frame.transcript.showing.changed.connect(tab.set_only)
        self._share_reading()
        undo.triggered.connect(self.undo)
        parts.engine.threads_changed.connect(self._show)
        reading.shown.connect(self._want)
        self._tell()

    def open_library(self, db: Connection) -> None:
        """Read from *db* from now on."""
        self._db = db

    def leave(self) -> None:
        """Read nothing more."""
        self._db = None
        self._queries.forget("threads")
        self.source.leave()

    @Slot(object)
    def _show_only(self, part: Only) -> None:
        self._frame.transcript.sides.show_rows()
        self._frame.transcript.showing.show_only(part)

    def _share_reading(self) -> None:
        """Have the threads of long conversations read once for transcript and inspector."""
        shown, inspector = self._frame.transcript.threads, self._frame.inspector
        shown.reads = inspector.reads_threads = False
        shown.wanted.connect(self.source.ask)
        inspector.threads_wanted.connect(self.source.ask)
        self.source.answered.connect(shown.take)
        self.source.answered.connect(inspector.take)

    @Slot(object)
    def split(self, node: Node) -> None:
        """Let a thread begin at the prompt *node*."""
        row = self._reading.current
        if self._db is None or row is None:
            return
        prompt = uuid_of(self._db, node.message)
        self._do(commands.SplitThread(row.key, prompt), self.tr("Split"))

    @Slot(object)
    def merge(self, node: ThreadNode) -> None:
        """Put the thread that begins at *node* to the one before."""
        row = self._reading.current
        if self._db is None or row is None:
            return
        prompt = uuid_of(self._db, node.message)
        self._do(commands.MergeThreads(row.key, prompt), self.tr("Join"))

    @Slot(object)
    def ask_name(self, node: ThreadNode) -> None:
        """Ask what to call the thread of *node*."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Rename Thread"))
        dialog.setLabelText(self.tr("Name; leave it empty for the usual one:"))
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.setTextValue(node.thread.name or node.thread.topic)
        dialog.textValueSelected.connect(partial(self.rename, node))
        dialog.open()

    def rename(self, node: ThreadNode, name: str) -> None:
        """Call the thread of *node* *name*."""
        row = self._reading.current
        said = words.one_line(name.strip(), 120)
        if row is None or said == node.thread.name:
            return
        said = "" if said == node.thread.topic else said
        self._do(commands.RenameThread(row.key, node.thread.key, said), self.tr("Rename"))

    @Slot(object)
    def open_sensing(self, button: QWidget) -> None:
        """Show how finely threads are cut below *button*, and count for this conversation."""
        row = self._reading.current
        if self._db is None or row is None:
            return
        sensing = self._sensing = Sensing(threads.settings(self._db), button)
        sensing.chosen.connect(self._set_sensitivity)
        sensing.training_chosen.connect(self._set_training)
        sensing.destroyed.connect(self._forget_sensing)
        sensing.open_below(button)
        self._queries.ask("threads", partial(_counts, row.id), self._show_counts, self._lack)

    @Slot()
    def undo(self) -> None:
        """Take the last decision back."""
        if self._before:
            what, command = self._before.pop()
            self._engine.weave(command)
            self._frame.status.say(self.tr("{0} taken back").format(what))
        self._tell()

    def _do(self, command: ThreadCommand, what: str) -> None:
        row = self._reading.current
        if self._db is None or row is None:
            return
        back = commands.inverse(
            command,
            threads.edits(self._db, row.id),
            threads.names(self._db, row.id),
            threads.settings(self._db),
        )
        if back is not None:
            self._before = [*self._before[1 - _DEEPEST :], (what, back)]
        self._engine.weave(command)
        self._tell()

    def _tell(self) -> None:
        self._undo.setEnabled(bool(self._before))
        what = f" {self._before[-1][0]}" if self._before else ""
        self._undo.setText(self.tr("&Undo{0}").format(what))

    @Slot(float)
    def _set_sensitivity(self, value: float) -> None:
        self._do(commands.SetSensitivity(value), self.tr("Sensitivity"))

    @Slot(bool)
    def _set_training(self, on: bool) -> None:
        self._do(commands.SetSelfTraining(on), self.tr("Learning"))

    @Slot()
    def _forget_sensing(self) -> None:
        self._sensing = None

    def _show_counts(self, counts: tuple[int, ...]) -> None:
        if self._sensing is not None:
            self._sensing.show_counts(counts)

    def _lack(self, _error: Exception) -> None:
        if self._sensing is not None:
            self._sensing.close()

    @Slot(ConversationRow)
    def _want(self, row: ConversationRow) -> None:
        """Have the threads of what is looked at made first."""
        self._engine.weave(commands.WeaveThreads(row.key))

    @Slot(ThreadsChanged)
    def _show(self, event: ThreadsChanged) -> None:
        row = self._reading.current
        if self._db is not None and row is not None and event.conversation == row.key:
            self._frame.transcript.threads.refresh()
            self._frame.inspector.refresh()


def _counts(conversation: int, db: Connection) -> tuple[int, ...]:
    return counting.counts(db, conversation, STOPS)
