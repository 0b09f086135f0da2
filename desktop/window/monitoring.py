"""How Clew is doing: looked at while something happens, told by the dot, a banner and a sheet."""

import logging
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from core.engine import Engine
from core.monitoring.alerts import Alert, Subject, alerts
from core.monitoring.report import Report, report
from core.monitoring.sampling import Sample, sample
from core.monitoring.upkeep import Task
from core.store.readers import Readers, Superseded
from desktop.look.widgets.banner import BannerTone
from desktop.models import diagnostics_words
from desktop.views.diagnostics.sheet import DiagnosticsSheet
from desktop.window.frame import Frame
from desktop.window.parts import Parts
from desktop.workers.errands import Abandoned, Stale
from desktop.workers.throttle import Throttle

log = logging.getLogger(__name__)

_LOOK_MS: Final = 5_000  # between two looks while there is news
_LAST_MS: Final = 8_000  # after the last news: what it left behind, such as an empty log
_SAMPLE: Final = "sample"
_REPORT: Final = "diagnostics"


class Monitoring(QObject):
    """Looks at what Clew uses while the engine has news, and never while nothing happens."""

    def __init__(self, parts: Parts, frame: Frame, action: QAction, window: QWidget) -> None:
        super().__init__(window)
        engine = self._engine = parts.engine
        self._readers = parts.queries.readers
        self._errands = parts.errands
        self._frame = frame
        self._window = window
        self._sheet: DiagnosticsSheet | None = None
        self._told: frozenset[Subject] = frozenset()  # what the banner has told of
        self._news = Throttle(_LOOK_MS, self)
        self._last = QTimer(self)
        self._last.setSingleShot(True)
        self._last.setInterval(_LAST_MS)
        self._last.timeout.connect(self._look)
        self._news.due.connect(self._look)
        for signal in (
            engine.library_ready,
            engine.progressed,
            engine.conversation_changed,
            engine.import_finished,
            engine.degraded,
            engine.failed,
        ):
            signal.connect(self._note)
        frame.status.dot.clicked.connect(self.show)
        action.triggered.connect(self.show)

    def leave(self) -> None:
        """Look no more."""
        self._news.blockSignals(True)
        self._last.stop()
        if self._sheet is not None:
            self._sheet.close()

    @Slot()
    def show(self) -> None:
        """Open the sheet of Diagnostics, or bring it to the front."""
        if self._sheet is None:
            sheet = self._sheet = DiagnosticsSheet(self._window)
            sheet.wanted.connect(self._report)
            sheet.task_wanted.connect(self._maintain)
            sheet.cancelled.connect(self._engine.cancel_upkeep)
            sheet.finished.connect(self._forget)
            self._engine.upkeep_progressed.connect(sheet.show_progress)
            self._engine.upkeep_finished.connect(sheet.show_end)
        self._sheet.show()
        self._sheet.activateWindow()

    @property
    def sheet(self) -> DiagnosticsSheet | None:
        """The sheet while it is on show; a closed one whose upkeep still runs."""
        return self._sheet

    @Slot()
    def _forget(self) -> None:
        """Let go of the closed sheet, unless how its upkeep ended is to be read in it later."""
        if self._sheet is not None and not self._sheet.busy:
            self._sheet.deleteLater()
            self._sheet = None

    @Slot(object)
    def _maintain(self, task: Task) -> None:
        self._engine.maintain(task)

    @Slot(object)
    def _note(self, _event: object) -> None:
        self._news.poke()
        self._last.start()

    @Slot()
    def _look(self) -> None:
        look = partial(_sampled, self._readers, self._engine.engine)
        self._errands.ask(_SAMPLE, look, self._show_sample)

    def _show_sample(self, seen: Sample) -> None:
        found = alerts(seen)
        self._frame.status.dot.say(diagnostics_words.health(found), diagnostics_words.state(found))
        self._warn(found)

    def _warn(self, found: tuple[Alert, ...]) -> None:
        """Say once across the top what is new; what the status line says already, it says."""
        told = frozenset(one.subject for one in found)
        news = [one for one in found if one.subject not in self._told | _TOLD_ELSEWHERE]
        self._told = told
        if news:
            log.warning("alert: %s %s", news[0].subject, news[0].value)
            tone: BannerTone = "error" if news[0].serious else "warning"
            self._frame.banner.say(tone, diagnostics_words.sentence(news[0]))
            self._frame.banner.show()

    @Slot()
    def _report(self) -> None:
        ask = partial(_reported, self._readers, self._engine.engine)
        self._errands.ask(_REPORT, ask, self._show_report, self._fail)

    def _show_report(self, told: Report) -> None:
        if self._sheet is not None:
            self._sheet.show_report(told)
        self._show_sample(told.seen)

    def _fail(self, error: Exception) -> None:
        log.warning("diagnostics: %s", error)
        if self._sheet is not None:
            self._sheet.state.setText(str(error))


# The status line says whether files are watched, and a page of its own that the engine ended.
_TOLD_ELSEWHERE: Final = frozenset({Subject.WATCH, Subject.ENGINE})


def _sampled(readers: Readers, engine: Engine, _stale: Stale) -> Sample:
    return _seen(readers, engine)


def _reported(readers: Readers, engine: Engine, stale: Stale) -> Report:
    seen = _seen(readers, engine)  # before we are a reader ourselves
    try:
        with readers.lend(_REPORT, stale=stale) as db:
            return report(db, readers, seen, engine.writing())
    except Superseded as stopped:
        raise Abandoned from stopped


def _seen(readers: Readers, engine: Engine) -> Sample:
    return sample(
        readers.library, queued=engine.queued, beat=engine.pulse.beat(), reads=readers.facts()
    )
