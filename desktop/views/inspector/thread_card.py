"""What is known about one thread: its words, what came of it, and why it begins where it does."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.look import fonts, metrics, palette, words
from desktop.look.widgets.buttons import IconButton, QuietButton
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.look.words import translate
from desktop.models import thread_words
from desktop.models.thread_groups import ThreadNode

_SUMMARY = 220  # characters


class ThreadCard(QFrame):
    """Stands below the tree while a thread is chosen there."""

    merge_wanted = Signal(object)  # ThreadNode: it goes on with the thread before
    rename_wanted = Signal(object)  # ThreadNode
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.node: ThreadNode | None = None
        self._title = ElidedLabel("", self, size=fonts.UI, weight=QFont.Weight.DemiBold)
        self._facts = Text("", self, size=fonts.SMALL, tone="muted", wrap=True)
        self._words = Text("", self, size=fonts.SMALL, tone="muted", wrap=True)
        self._summary = Text("", self, size=fonts.SMALL, wrap=True)
        self._why = Text("", self, size=fonts.SMALL, wrap=True)
        self._judged = Text("", self, size=fonts.SMALL, weight=QFont.Weight.DemiBold, wrap=True)
        self._judged.setToolTip(
            words.plain(
                translate(
                    "inspector",
                    "Where threads begin is a guess. The figure is the share of all likely ways to "
                    "cut this conversation that cut here.",
                )
            )
        )
        self._merge = QuietButton(translate("inspector", "Join with previous"), self)
        self._rename = QuietButton(translate("inspector", "Rename"), self)
        self._close = IconButton("close", translate("inspector", "Close"), self)
        self._lay_out()
        self._merge.clicked.connect(self._ask_merge)
        self._rename.clicked.connect(self._ask_rename)
        self._close.clicked.connect(self.closed)
        self.hide()

    def show_thread(self, node: ThreadNode | None) -> None:
        """Show what is known about *node*; go away for None."""
        self.node = node
        self.setVisible(node is not None)
        if node is None:
            return
        thread = node.thread
        self._title.setText(thread.title)
        self._facts.setText(thread_words.figures(thread))
        self._words.setText(", ".join(thread.keywords))
        self._words.setVisible(bool(thread.keywords))
        # Its first line is the first prompt, which stands above it already.
        told = [words.one_line(line, _SUMMARY) for line in thread.summary.splitlines()[1:]]
        self._summary.setText("\n".join(told))
        self._summary.setVisible(bool(told))
        cut = node.cut
        self._judged.setVisible(cut is not None)
        self._why.setVisible(cut is not None and bool(cut.evidence))
        self._merge.setVisible(cut is not None)
        if cut is not None:
            asked = translate("inspector", "Why here? {0}")
            self._judged.setText(asked.format(thread_words.judged(cut)))
            self._why.setText("\n".join(f"• {one}" for one in cut.evidence))
        self.setAccessibleName(thread_words.tip(node))

    def _lay_out(self) -> None:
        palette.put_on(self, "panel")
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        foot = QHBoxLayout()
        foot.setSpacing(metrics.SMALL)
        foot.addWidget(self._rename)
        foot.addWidget(self._merge)
        foot.addStretch(1)
        inner = QVBoxLayout()
        inner.setContentsMargins(metrics.MEDIUM, metrics.SMALL, metrics.MEDIUM, metrics.SMALL)
        inner.setSpacing(metrics.TIGHT)
        inner.addLayout(top)
        for part in (self._facts, self._words, self._summary, self._judged, self._why):
            part.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            inner.addWidget(part)
        inner.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Hairline(self))
        layout.addLayout(inner)

    @Slot()
    def _ask_merge(self) -> None:
        if self.node is not None:
            self.merge_wanted.emit(self.node)

    @Slot()
    def _ask_rename(self) -> None:
        if self.node is not None:
            self.rename_wanted.emit(self.node)
