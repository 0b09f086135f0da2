"""News from the engine: what each pane does about it, and how often at most."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from core.events import (
    AnalysisChanged,
    ConversationChanged,
    FilesFound,
    ImportFinished,
    ImportProgressed,
    PricesRead,
    RemovalFinished,
    WatchDegraded,
    WatchRestored,
)
from desktop.window.counting import Counting
from desktop.window.frame import Frame
from desktop.window.reading import Reading
from desktop.workers.engine_thread import EngineThread
from desktop.workers.throttle import Throttle

_PROGRESS_MS: Final = 100
_TRANSCRIPT_MS: Final = 110  # between two looks at a conversation that grows: at most ten a second
_SPARE: Final = 1  # look at it that may come too soon, when lines come now and then
_FACTS_MS: Final = 1_000
_CROWD: Final = 8  # conversations: when more than these change between two looks at the facts,
_CROWD_MS: Final = 2_000  # they are looked at less often, which leaves time for the rest


class News(QObject):
    """Takes events to the panes from `open` until `leave`; what comes later was on its way."""

    import_ended = Signal(object)  # ImportFinished, once every pane shows it

    def __init__(self, frame: Frame, reading: Reading, counting: Counting, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._reading = reading
        self._counting = counting
        self.listening = False
        self._progress: ImportProgressed | None = None
        self._concerned = False  # the conversation on show has changed since its facts were read
        self._changed: set[str] = set()  # conversations, since then
        self._tell_progress = Throttle(_PROGRESS_MS, self)
        self._grow = Throttle(_TRANSCRIPT_MS, self, spare=_SPARE)
        self._renew_facts = Throttle(_FACTS_MS, self)
        self._tell_progress.due.connect(self._show_progress)
        self._grow.due.connect(reading.catch_up)
        self._renew_facts.due.connect(self._refresh_facts)
        self.importing = False
        self._unwatched = ""  # what the banner says about that

    def listen(self, engine: EngineThread) -> None:
        """Hear what *engine* says from now on; it stands back while that is shown."""
        for throttle in (self._tell_progress, self._grow, self._renew_facts):
            throttle.within = engine.way
        self._frame.list.go_first(engine.way)
        engine.files_found.connect(self._begin_import)
        engine.progressed.connect(self._note_progress)
        engine.conversation_changed.connect(self._note_change)
        engine.analysis_changed.connect(self._note_analysis)
        engine.import_finished.connect(self._end_import)
        engine.degraded.connect(self._show_degraded)
        engine.restored.connect(self._show_restored)
        engine.prices_read.connect(self._renew_prices)
        engine.removal_finished.connect(self._renew_all)

    def open(self) -> None:
        """Begin to show what comes."""
        self.listening = True

    def leave(self) -> None:
        """Show nothing more."""
        self.listening = False
        for throttle in (self._tell_progress, self._grow, self._renew_facts):
            throttle.blockSignals(True)

    @Slot(FilesFound)
    def _begin_import(self, event: FilesFound) -> None:
        if not self.listening:
            return
        self._progress = None
        self._set_importing(True)
        if self._frame.page == "welcome":
            self._frame.show_page("library")
        self._frame.status.show_start(event.files)
        self._frame.status.show_watching(on=True)

    @Slot(ImportProgressed)
    def _note_progress(self, event: ImportProgressed) -> None:
        if self.listening:
            self._progress = event
            self._tell_progress.poke()

    @Slot()
    def _show_progress(self) -> None:
        if self.importing and self._progress is not None:
            self._frame.status.show_progress(self._progress)

    @Slot(ConversationChanged)
    def _note_change(self, event: ConversationChanged) -> None:
        if not self.listening:
            return
        first = self._reading.current is None
        if first:
            self._frame.list.take(event)  # what is shown first comes from there
        concerned = self._reading.take(event)
        if concerned:
            self._grow.poke()
            self._concerned = True
        if not first:  # behind what is being read
            self._frame.list.take(event)
            self._reading.show_live()
        self._frame.charts.note_change()
        self._changed.add(event.conversation)
        if concerned or not self.importing:
            self._renew_facts.poke()

    @Slot(AnalysisChanged)
    def _note_analysis(self, _event: AnalysisChanged) -> None:
        if self.listening:
            self._frame.charts.note_change()

    @Slot()
    def _refresh_facts(self) -> None:
        if self._reading.current is not None and self._concerned:
            self._concerned = False
            self._frame.inspector.refresh()
        self._counting.count()
        self._renew_facts.pace(_CROWD_MS if len(self._changed) > _CROWD else _FACTS_MS)
        self._changed.clear()

    @Slot(ImportFinished)
    def _end_import(self, event: ImportFinished) -> None:
        if not self.listening:
            return
        frame = self._frame
        frame.status.show_end(event)
        self._set_importing(False)
        self._grow.poke()
        self._grow.flush()
        self._concerned = True
        self._refresh_facts()
        if self._reading.current is None:
            self._reading.show_first()
        if frame.health.isVisible():
            frame.health.reload()
        if frame.page == "charts":
            frame.charts.catch_up()
        self.import_ended.emit(event)

    @Slot(PricesRead)
    def _renew_prices(self, event: PricesRead) -> None:
        """Show what everything costs now."""
        if self.listening and event.replies:
            self._renew()

    @Slot(RemovalFinished)
    def _renew_all(self, event: RemovalFinished) -> None:
        """Show nothing of what was removed, and everything that came back."""
        if not self.listening or not event.conversations:
            return
        self._renew()
        self._grow.flush()
        if self._reading.current is None:
            self._frame.transcript.clear()
            self._reading.show_first()
        if self._frame.health.isVisible():
            self._frame.health.reload()

    def _renew(self) -> None:
        frame = self._frame
        frame.list.renew()
        frame.charts.note_change()
        if frame.page == "charts":
            frame.charts.catch_up()
        self._grow.poke()
        self._concerned = True
        self._refresh_facts()

    @Slot(WatchDegraded)
    def _show_degraded(self, event: WatchDegraded) -> None:
        self._frame.status.show_watching(on=False, trouble=event.reason)
        self._unwatched = event.reason
        self._frame.banner.say("warning", event.reason)
        self._frame.banner.show()

    @Slot(WatchRestored)
    def _show_restored(self, _event: WatchRestored) -> None:
        self._frame.status.show_watching(on=True)
        # Unless it says something else by now.
        if self._frame.banner.accessibleName() == self._unwatched:
            self._frame.banner.hide()

    def _set_importing(self, importing: bool) -> None:
        self.importing = importing
        self._reading.set_importing(importing)
        self._frame.list.set_importing(importing)
