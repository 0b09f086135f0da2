"""The line at the foot of the window: what the library holds, what goes on, what went wrong."""

from typing import Final

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from core.events import ImportFinished, ImportProgressed
from core.queries.formats import title
from core.queries.totals import Held
from desktop.look import fonts, icons, metrics, palette, words
from desktop.look.widgets.buttons import QuietButton
from desktop.look.widgets.progress_strip import ProgressStrip
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.views.status_dot import StatusDot

_NAMED: Final = 3  # formats that the news of an import name
_FIRST: Final = 100  # to one share of the room for what is empty
_SETTLED: Final = 1.5  # seconds of an import before its rate says anything


class StatusLine(QWidget):
    """Totals on the left, progress in the middle, problems and promises on the right."""

    cancelled = Signal()  # the user wants the import to stop
    problems_wanted = Signal()
    health_wanted = Signal()  # what was recognised, and how well
    waiting_wanted = Signal()  # what waits for the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Status"))
        self.totals = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self.totals.setContentsMargins(0, 0, metrics.MEDIUM, 0)
        self.totals.hide()
        self.news = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        self.progress = ProgressStrip(self.tr("Import"), self)
        self.details = QuietButton(self.tr("Details"), self)
        self.problems = QuietButton("", self, icon="warning")
        self.waiting = QuietButton("", self, icon="conversation")
        self.watching = Text("", self, size=fonts.SMALL, tone="muted")
        offline = Text(self.tr("Offline"), self, size=fonts.SMALL, tone="muted")
        offline.setToolTip(words.plain(self.tr("Clew never talks to the network.")))
        self._lock = Text("", self)
        self.dot = StatusDot(self)
        for button in (self.details, self.problems, self.waiting):
            button.setStyleSheet("QPushButton { padding: 1px 7px; min-height: 16px; }")
            button.hide()
        self.details.setAccessibleName(self.tr("Show what was recognised"))
        self.news.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.watching.hide()
        self.progress.setMaximumWidth(620)
        palette.put_on(self, "panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(metrics.MEDIUM, 0, metrics.MEDIUM, 0)
        layout.setSpacing(metrics.MEDIUM)
        layout.addWidget(self.totals)
        layout.addWidget(self.news)
        layout.addWidget(self.details)
        layout.addStretch(1)
        layout.addWidget(self.progress, _FIRST)
        layout.addWidget(self.waiting)
        layout.addWidget(self.problems)
        layout.addWidget(self.watching)
        layout.addWidget(self._lock)
        layout.setSpacing(metrics.SMALL)
        layout.addWidget(offline)
        layout.addWidget(self.dot)
        self.setMinimumHeight(metrics.STATUS_BAR)
        self.repaint_icons()
        self.progress.cancelled.connect(self.cancelled)
        self.details.clicked.connect(self.health_wanted)
        self.problems.clicked.connect(self.problems_wanted)
        self.waiting.clicked.connect(self.waiting_wanted)

    def show_totals(self, totals: Held) -> None:
        """Show how much the library holds."""
        listed = totals.conversations - totals.hidden
        held = words.plural(listed, self.tr("conversation"), self.tr("conversations"))
        said = words.plural(totals.messages, self.tr("message"), self.tr("messages"))
        self.totals.setText(f"{held} · {said}")
        more = self.tr("{0} more are hidden in the list: warm-ups and the like.")
        self.totals.explain(more.format(totals.hidden) if totals.hidden else "")
        self.totals.setVisible(totals.conversations > 0)
        self.totals.updateGeometry()
        self.problems.setVisible(totals.problems > 0)
        if totals.problems:
            text = words.plural(totals.problems, self.tr("problem"), self.tr("problems"))
            self.problems.setText(text)
            self.problems.setAccessibleName(self.tr("Show {0}").format(text))

    def show_waiting(self, said: str, meaning: str) -> None:
        """Show *said* of what waits for the user, nothing if it is empty, and what it means."""
        self.waiting.setText(said)
        self.waiting.setAccessibleName(said)
        self.waiting.setToolTip(words.plain(meaning))
        self.waiting.setVisible(bool(said))

    def show_progress(self, event: ImportProgressed) -> None:
        """Show how far an import is."""
        self.say("")
        self.progress.show_progress(progress_text(event), event.bytes_done, event.bytes_total)

    def show_start(self, files: int) -> None:
        """Show that *files* transcripts are about to be read."""
        self.say("")
        text = self.tr("Looking at {0}").format(words.plural(files, "transcript", "transcripts"))
        self.progress.show_progress(text, 0, 0)

    def show_end(self, event: ImportFinished) -> None:
        """Show how an import ended."""
        self.progress.finish()
        told = not event.cancelled and bool(event.files_changed or event.others)
        if event.cancelled:
            said = self.tr("Stopped; what was read is kept")
        elif told:
            said = recognised_text(event)
        elif event.files:
            said = self.tr("Everything is up to date")
        else:
            said = self.tr("No transcripts were found there")
        self.say(said)
        self.details.setVisible(told)

    def say(self, sentence: str) -> None:
        """Show *sentence* until there is other news."""
        self.news.setText(sentence)
        self.details.hide()

    def show_watching(self, *, on: bool, trouble: str = "") -> None:
        """Show whether new lines will appear by themselves, and why not if there is *trouble*."""
        self.watching.setVisible(on or bool(trouble))
        if trouble:
            self.watching.setText(self.tr("Not watching everything"))
            self.watching.setToolTip(words.plain(trouble))
            self.watching.set_tone("warning")
        else:
            self.watching.setText(self.tr("Watching for changes"))
            self.watching.setToolTip("")
            self.watching.set_tone("muted")

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.details.setFont(fonts.ui(fonts.SMALL))
            self.problems.setFont(fonts.ui(fonts.SMALL))
            self.waiting.setFont(fonts.ui(fonts.SMALL))
            self.repaint_icons()

    @Slot()
    def repaint_icons(self) -> None:
        """Draw what is no button in the colours of a new theme."""
        side = fonts.grown(14)
        self._lock.setPixmap(icons.icon("lock", "muted").pixmap(side, side))


def recognised_text(event: ImportFinished) -> str:
    """Return in one line what an import has recognised, the formats with most files first."""
    files = words.plural(
        event.files + event.others,
        words.translate("StatusLine", "file"),
        words.translate("StatusLine", "files"),
    )
    parts = [f"{words.count(number)} {title(name)}" for name, number in event.formats[:_NAMED]]
    rest = len(event.formats) - _NAMED
    if rest > 0:
        more = words.plural(
            rest,
            words.translate("StatusLine", "more format"),
            words.translate("StatusLine", "more formats"),
        )
        parts.append(more)
    said = f"{files}: {', '.join(parts)}" if parts else files
    if event.others:
        others = words.translate("StatusLine", "{0} not recognised")
        said += "; " + others.format(words.count(event.others))
    return said


def progress_text(event: ImportProgressed) -> str:
    """Return *event* in one line: share, files, rate and what is left."""
    parts: list[str] = []
    if event.bytes_total:
        share = words.percent(int(100 * event.bytes_done / event.bytes_total) / 100)
        parts.append(words.translate("StatusLine", "Reading {0}").format(share))
    files = words.translate("StatusLine", "{0} of {1} files")
    parts.append(files.format(words.count(event.files_done), words.count(event.files_total)))
    if event.seconds >= _SETTLED and event.bytes_done:
        rate = event.bytes_done / event.seconds
        parts.append(f"{words.size(round(rate))}/s")
        left = (event.bytes_total - event.bytes_done) / rate
        told = words.duration(max(1, round(left)) * 1000)
        parts.append(words.translate("StatusLine", "{0} left").format(told))
    return " · ".join(parts)
