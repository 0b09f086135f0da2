"""The figures of a conversation: tiles that explain themselves when they are pressed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from desktop.look import fonts, metrics, paint, theme, words
from desktop.look.widgets.text import SectionTitle, Text
from desktop.look.words import translate
from desktop.models.insights_figures import Figure
from desktop.models.insights_links import Link
from desktop.views.insights.links import LinkList

_NARROWEST: Final = 132
_WIDTH: Final = 320
_PAD: Final = 12
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Explained(QFrame):
    """What a figure counts, and the messages that made it."""

    chosen = Signal(int)  # row id of a message

    def __init__(self, figure: Figure, links: Sequence[Link], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(f"{figure.title}. {figure.definition}")
        said = Text(figure.definition, self, wrap=True)
        said.setFixedWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(metrics.LARGE, metrics.MEDIUM, metrics.LARGE, metrics.MEDIUM)
        layout.addWidget(said)
        self.links = LinkList(translate("insights", "Messages"), self)
        self.links.setFixedWidth(_WIDTH)
        if links:
            layout.addSpacing(metrics.TIGHT)
            layout.addWidget(SectionTitle(translate("insights", "Go to"), self))
            layout.addWidget(self.links)
        self.links.show_links(links)
        self.links.chosen.connect(self._choose)
        if self.links.rows:
            self.links.rows[0].setFocus()

    def open_below(self, widget: QWidget) -> None:
        """Show it under *widget*, on its screen."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        room = widget.screen().availableGeometry()
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        if corner.y() + self.height() > room.bottom():
            corner.setY(widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4)
        self.move(corner)
        self.show()

    def _choose(self, message: int) -> None:
        self.close()
        self.chosen.emit(message)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or not self.links.rows:
            self.close()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint.raised(self)


class FigureTile(QAbstractButton):
    """One number; its definition is the tool tip, and opens when it is pressed."""

    def __init__(self, figure: Figure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure = figure
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.say(figure)

    def say(self, figure: Figure) -> None:
        """Show *figure* from now on."""
        self.figure = figure
        spoken = f"{figure.title}: {figure.value}"
        self.setAccessibleName(f"{spoken}, {figure.remark}" if figure.remark else spoken)
        self.setAccessibleDescription(figure.definition)
        rest = figure.remark if len(figure.remark) > 16 else ""
        self.setToolTip(words.plain("\n\n".join(one for one in (rest, figure.definition) if one)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        small, large = (QFontMetrics(fonts.ui(size)).height() for size in (fonts.SMALL, _VALUE))
        return QSize(_NARROWEST, 2 * small + large + 2 * 9)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect())
        lit = self.underMouse() or self.hasFocus()
        fill = colors.color("hover" if lit else "card")
        paint.rounded(
            painter, box, metrics.RADIUS_CARD, fill=fill, line=colors.color("card_border")
        )
        rows = (
            (self.figure.title, fonts.ui(fonts.SMALL), "muted"),
            (self.figure.value, fonts.numbers(_VALUE, QFont.Weight.DemiBold), "text"),
            (self.figure.remark, fonts.numbers(fonts.SMALL), "faint"),
        )
        top = box.top() + 9
        for text, face, token in rows:
            painter.setFont(face)
            painter.setPen(colors.color(token))
            tall = painter.fontMetrics().height()
            room = QRectF(box.left() + _PAD, top, box.width() - 2 * _PAD, tall)
            mode = Qt.TextElideMode.ElideRight
            shown = painter.fontMetrics().elidedText(text, mode, int(room.width()))
            painter.drawText(room, _LEFT, shown)
            top += tall
        if self.hasFocus():
            paint.focus_ring(painter, box, metrics.RADIUS_CARD, colors)


_VALUE: Final = 13.5  # points


class Figures(QWidget):
    """Tiles side by side, on as few lines as the width allows."""

    chosen = Signal(int)  # row id of a message

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[FigureTile] = []
        self._links: Callable[[Figure], Sequence[Link]] = _no_links
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(metrics.SMALL)
        self.setAccessibleName(translate("insights", "Figures"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(
        self, figures: Sequence[Figure], links: Callable[[Figure], Sequence[Link]]
    ) -> None:
        """Show *figures*; *links* are the lines that lead to what made one."""
        self._links = links
        if len(figures) != len(self.tiles):
            for tile in self.tiles:
                self._grid.removeWidget(tile)
                tile.deleteLater()
            self.tiles = [FigureTile(one, self) for one in figures]
            for tile in self.tiles:
                tile.clicked.connect(partial(self.explain, tile))
            self._across = 0
        for tile, one in zip(self.tiles, figures, strict=True):
            tile.say(one)
        self._arrange()

    def explain(self, tile: FigureTile) -> Explained:
        """Open what *tile* counts and the messages that made it."""
        opened = Explained(tile.figure, self._links(tile.figure), self)
        opened.chosen.connect(self.chosen)
        opened.open_below(tile)
        return opened

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if not self.tiles:
            return
        fits = max(1, (self.width() + metrics.SMALL) // (_NARROWEST + metrics.SMALL))
        rows = -(-len(self.tiles) // fits)
        across = -(-len(self.tiles) // rows)
        if across == self._across:
            return
        self._across = across
        for at, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, at // across, at % across)
        for column in range(len(self.tiles)):
            self._grid.setColumnStretch(column, 1 if column < across else 0)


def _no_links(_figure: Figure) -> Sequence[Link]:
    return ()
