"""How finely conversations are cut into threads: a slider that says at once what it would make."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QSlider, QVBoxLayout, QWidget
from typing_extensions import override

from core.queries.threads import Settings
from desktop.look import fonts, metrics, paint, words
from desktop.look.widgets.text import SectionTitle, Text
from desktop.look.words import translate

_WIDTH: Final = 300
STOPS: Final = tuple(0.5 * step for step in range(-10, 11))  # log-odds added to every cut


class Sensing(QFrame):
    """Opens below a button. What is chosen counts for the whole library."""

    chosen = Signal(float)  # the sensitivity, once the slider is let go
    training_chosen = Signal(bool)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._counts: tuple[int, ...] = ()
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, len(STOPS) - 1)
        self.slider.setAccessibleName(translate("inspector", "How finely threads are cut"))
        nearest = min(range(len(STOPS)), key=lambda at: abs(STOPS[at] - settings.sensitivity))
        self.slider.setValue(nearest)
        self.said = Text("", self, size=fonts.SMALL, wrap=True)
        self.training = QCheckBox(translate("inspector", "Learn from this library"), self)
        self.training.setChecked(settings.self_training)
        self._lay_out()
        self._tell()
        self.slider.valueChanged.connect(self._tell)
        self.slider.sliderReleased.connect(self._choose)
        self.slider.actionTriggered.connect(self._step)
        self.training.toggled.connect(self.training_chosen)

    def show_counts(self, counts: Sequence[int]) -> None:
        """Say from now on how many threads this conversation would have at each of `STOPS`."""
        self._counts = tuple(counts)
        self._tell()

    def open_below(self, button: QWidget) -> None:
        """Show it under *button*, on its screen."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        room = button.screen().availableGeometry()
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        self.move(corner)
        self.show()
        self.slider.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.raised(self)

    def _lay_out(self) -> None:
        ends = QHBoxLayout()
        ends.addWidget(Text(translate("inspector", "Fewer"), self, size=fonts.SMALL, tone="muted"))
        ends.addWidget(self.slider, 1)
        ends.addWidget(Text(translate("inspector", "More"), self, size=fonts.SMALL, tone="muted"))
        note = translate(
            "inspector",
            "Clew learns in the background which words many of your conversations share, and uses "
            "that only if those held back come out better. Nothing leaves this computer.",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(metrics.LARGE, metrics.MEDIUM, metrics.LARGE, metrics.MEDIUM)
        column.setSpacing(metrics.SMALL)
        column.addWidget(SectionTitle(translate("inspector", "How finely to cut"), self))
        column.addLayout(ends)
        column.addWidget(self.said)
        column.addSpacing(metrics.SMALL)
        column.addWidget(self.training)
        column.addWidget(Text(note, self, size=fonts.SMALL, tone="muted", wrap=True))
        self.setFixedWidth(_WIDTH)

    @Slot()
    def _tell(self) -> None:
        if not self._counts:
            self.said.setText(translate("inspector", "Counting…"))
            return
        many = self._counts[self.slider.value()]
        one = translate("inspector", "thread"), translate("inspector", "threads")
        said = translate("inspector", "This conversation: {0}").format(words.plural(many, *one))
        if STOPS[self.slider.value()] == 0:
            said += translate("inspector", " (the usual)")
        self.said.setText(said)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(STOPS[self.slider.value()])

    @Slot(int)
    def _step(self, _action: int) -> None:
        """Take a key's or a click's step for a choice; a drag is one when it ends."""
        if not self.slider.isSliderDown():
            self.chosen.emit(STOPS[self.slider.sliderPosition()])
