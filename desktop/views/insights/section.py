"""Cards of the page, and the headings in them."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.look import fonts, metrics, paint
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.popover import Popover
from desktop.look.widgets.text import ElidedLabel, Text
from desktop.look.words import translate


class Heading(QWidget):
    """A title, its definition behind a question mark, and what there is to say on the right."""

    def __init__(
        self,
        title: str,
        definition: str,
        parent: QWidget | None = None,
        *,
        size: float = fonts.SMALL,
        option: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.definition = definition
        self._title = ElidedLabel(title, self, size=size, weight=QFont.Weight.DemiBold)
        self.explain = IconButton(
            "question",
            translate("insights", "What is “{0}”?").format(title),
            self,
            size=metrics.ICON_SMALL - 2,
        )
        self.caption = ElidedLabel("", self, size=fonts.SMALL, tone="muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(metrics.TIGHT)
        line.addWidget(self._title)
        line.addWidget(self.explain)
        line.addStretch(1)
        line.addWidget(self.caption)
        if option is not None:
            line.addSpacing(metrics.TIGHT)
            line.addWidget(option)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.explain.setVisible(bool(definition))
        self.explain.clicked.connect(self._open)

    @Slot()
    def _open(self) -> None:
        Popover(self.definition, self).open_below(self.explain)


class Section(QWidget):
    """A card with a heading, and a sentence where there is nothing to show."""

    def __init__(
        self,
        title: str,
        definition: str,
        parent: QWidget | None = None,
        *,
        option: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.heading = Heading(title, definition, self, size=fonts.HEADING, option=option)
        self.nothing = Text("", self, tone="muted", wrap=True)
        self.nothing.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(metrics.TIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.LARGE, metrics.MEDIUM, metrics.LARGE, metrics.LARGE)
        layout.setSpacing(metrics.SMALL)
        layout.addWidget(self.heading)
        layout.addWidget(self.nothing)
        layout.addLayout(self.body)
        layout.addStretch(1)

    def say_nothing(self, sentence: str) -> None:
        """Show *sentence* in place of a body; with "" the body is all there is."""
        self.nothing.setText(sentence)
        self.nothing.setVisible(bool(sentence))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.card(self)
