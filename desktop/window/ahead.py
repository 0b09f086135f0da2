"""The code of the charts, read while nobody is at work: the first click does not wait for it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.window.charts_place import ChartsPlace
from desktop.workers.engine_thread import EngineThread

REST_MS: Final = 5_000  # without input, an import or an analysis
_WORK: Final = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove,
    QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate,
}  # fmt: skip


class Ahead(QObject):
    """Waits for a rest in *window*, once; then it is gone, and with it its timer."""

    def __init__(self, window: QWidget, engine: EngineThread) -> None:
        super().__init__(window)
        self._window = window
        self._importing = False
        self._begun = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._read)
        engine.files_found.connect(self._stop)
        engine.import_finished.connect(self._go_on)
        engine.analysis_changed.connect(self._put_off)

    @Slot()
    def begin(self) -> None:
        """Begin to wait: the window is on show, and in it the library."""
        self._begun = True
        # Only the window of the window system: it gets each input once, and little else.
        self._window.windowHandle().installEventFilter(self)
        if not self._importing:
            self._rest.start()

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() in _WORK:
            self._put_off()
        return super().eventFilter(watched, event)

    @Slot()
    def _put_off(self) -> None:
        if self._rest.isActive():
            self._rest.start()

    @Slot()
    def _stop(self) -> None:
        self._importing = True
        self._rest.stop()

    @Slot()
    def _go_on(self) -> None:
        self._importing = False
        if self._begun:
            self._rest.start()

    @Slot()
    def _read(self) -> None:
        place = self._window.findChild(ChartsPlace)
        if isinstance(place, ChartsPlace):
            place.warm()
        self.deleteLater()
