"""The dashboard and the rest of the window: where it leads, findings, how far an import is."""

import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.events import ImportFinished, ImportProgressed
from core.weaving.commands import MarkFinding, TrackFinding
from desktop.window.adding import Adding
from desktop.window.frame import Frame
from desktop.window.parts import Parts
from desktop.window.reading import Reading


class Charting(QObject):
    """Takes what the dashboard asks for to the engine and to the transcript."""

    def __init__(
        self, parts: Parts, frame: Frame, reading: Reading, adding: Adding, window: QWidget
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._frame = frame
        self._reading = reading
        self._adding = adding
        charts = frame.charts
        charts.guarded = self._guarded
        frame.health.of_import.saver.guarded = self._guarded
        frame.health.of_import.continue_wanted.connect(self._continue)
        charts.opened.connect(self.show_message)
        charts.dismiss_wanted.connect(self._dismiss)
        charts.track_wanted.connect(self._track)
        frame.bar.pages.installEventFilter(self)
        parts.engine.progressed.connect(self._show_progress)
        parts.engine.import_finished.connect(self._end_import)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        # The pointer is on its way to the button: there is time to begin before the click.
        if event.type() == QEvent.Type.Enter:
            self._frame.charts.warm()
        return super().eventFilter(watched, event)

    @Slot(str, int)
    def show_message(self, conversation: str, message: int) -> None:
        """Show *conversation*, by its key, at *message*, a row id; at its beginning if 0."""
        self._reading.show_message(conversation, message)

    @Slot(str, int)
    def _dismiss(self, key: str, cases: int) -> None:
        self._parts.engine.mark(MarkFinding(key, _now() if cases else None, cases))

    @Slot(str, bool)
    def _track(self, key: str, on: bool) -> None:
        self._parts.engine.mark(TrackFinding(key, _now() if on else None))

    @Slot(object)
    def _continue(self, roots: tuple[Path, ...]) -> None:
        """Go on with an import that did not come to its end."""
        self._parts.engine.add(roots)

    @Slot(ImportProgressed)
    def _show_progress(self, event: ImportProgressed) -> None:
        if event.bytes_total:
            self._frame.charts.show_import(event.bytes_done / event.bytes_total)

    @Slot(ImportFinished)
    def _end_import(self, _event: ImportFinished) -> None:
        self._frame.charts.show_import(None)

    def _guarded(self) -> tuple[Path, ...]:
        return (*self._parts.roots(), *(Path(root) for root in self._adding.roots))


def _now() -> int:
    return time.time_ns() // 1_000_000
