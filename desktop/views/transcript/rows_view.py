"""The virtual list of rows: an item view with geometry of its own, and no widget in it.

Being an item view it brings Qt's accessibility, current row and model wiring; Qt tells lists by
their class, so it has to be a `QListView`. All of that class's own geometry is stepped over, by
calling `QAbstractItemView` where a base is called: no view of Qt keeps the rows still while it
finds out how tall they are, and none selects text.
"""

from collections import OrderedDict
from datetime import date
from typing import Final, cast

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QToolTip, QWidget
from typing_extensions import override

from core.queries.transcript import BlockRow
from desktop.delegates import pictures, rows
from desktop.delegates.faces import Faces, faces
from desktop.delegates.folding import Around, Density
from desktop.delegates.layouts import Laid, lay_out
from desktop.delegates.painter import paint_row
from desktop.delegates.pictures import Picture
from desktop.look import words
from desktop.look.words import translate
from desktop.models.transcript import Index, TranscriptModel
from desktop.views.transcript import keys
from desktop.views.transcript.estimates import guesses
from desktop.views.transcript.folds import Folds
from desktop.views.transcript.heights import Heights
from desktop.views.transcript.marking import Marking
from desktop.views.transcript.mouse import Mouse
from desktop.views.transcript.row_menu import row_menu
from desktop.views.transcript.scroller import Scroller
from desktop.views.transcript.selection import Place, Selection, Spot

_KEPT: Final = 200  # layouts
_STEP: Final = 24  # pixels for an arrow of the scroll bar; the wheel takes three
_TELL_MS: Final = 120
_AIR: Final = 12  # above a row that was jumped to


class RowsView(QListView):
    """Shows the rows of a `TranscriptModel`."""

    top_changed = Signal(int)  # the first row in view; throttled
    end_left = Signal(bool)  # whether the end is out of view now
    link_clicked = Signal(str)
    copied = Signal(str)  # the text that is on the clipboard now
    failure_wanted = Signal(bool)  # go to the next failure; False: to the one before
    density_wanted = Signal(str)
    follow_wanted = Signal()

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.folds = Folds()
        self.selection = Selection()
        self.scroller = Scroller(self._measure)
        self.density = Density.COMFORTABLE
        self.today = date.today()  # noqa: DTZ011  the user's own day is meant
        self.layouts_made = 0  # tests count these
        self.marking = Marking(self)
        self.hovered = -1
        self._value = 0
        self._was_at_end = True
        self._faces: Faces = faces(self.palette())
        self._laid: OrderedDict[int, Laid] = OrderedDict()
        self._mouse = Mouse(self)
        self._tell = QTimer(self, interval=_TELL_MS, singleShot=True)
        self._tell.timeout.connect(self._tell_top)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAutoScroll(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(translate("RowsView", "Transcript"))
        self.setModel(model)
        model.rowsRemoved.connect(self._forget_removed)

    # What others ask and say.

    @property
    def faces(self) -> Faces:
        """The fonts and colours in use."""
        return self._faces

    @property
    def at_end(self) -> bool:
        """Whether the end of the last row is in view."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 2

    def current_row(self) -> int:
        """Return the row the keyboard is at, -1 if none."""
        return self.currentIndex().row()

    def block_row_at_keyboard(self) -> BlockRow | None:
        """Return the current row as the library has it."""
        row = self.current_row()
        return self.rows.block_row(row) if row >= 0 else None

    def laid(self, row: int) -> Laid | None:
        """Return the layout of *row*, made if there is none; None if the library lost the row."""
        block = self.rows.spine.ids[row]
        found = self._laid.get(block)
        if found is not None:
            self._laid.move_to_end(block)
            return found
        read = self.rows.block_row(row)
        if read is None:
            return None
        self.layouts_made += 1
        described = rows.described(read, self._around(row, block), self.rows.text)
        made = lay_out(described, self._width(), self._faces, self._picture)
        self._laid[block] = made
        while len(self._laid) > _KEPT:
            self._laid.popitem(last=False)
        return made

    def set_density(self, density: Density) -> None:
        """Show as much as *density* says."""
        if density is self.density:
            return
        keep = self._row_to_keep()
        block = self.rows.spine.ids[keep[0]] if keep is not None else 0
        self.density = density
        self.rows.filter(
            system_visible=self.rows.system_visible,
            prompts_only=density is Density.PROMPTS,
        )
        self._again(block, keep[1] if keep is not None else 0)

    def set_system_visible(self, visible: bool) -> None:
        """Show the agent program's own rows, or hide them."""
        keep = self._row_to_keep()
        block = self.rows.spine.ids[keep[0]] if keep is not None else 0
        self.rows.filter(system_visible=visible, prompts_only=self.density is Density.PROMPTS)
        self._again(block, keep[1] if keep is not None else 0)

    def set_words(self, wanted: tuple[str, ...], block: int = 0) -> None:
        """Mark *wanted* wherever it stands; the user is at the one in *block*."""
        self.marking.set_words(wanted, block)

    def reveal(self, row: int, *, flash: bool = True) -> None:
        """Go to *row*, open it as far as a marked word needs it, and make it the current one."""
        self.setCurrentIndex(self.rows.index(row))
        self.marking.unfold(row)
        self.scroller.put(row, _AIR)
        self.settle()
        self.marking.show(row)
        if flash:
            self.marking.flash(self.rows.spine.ids[row])
        self.viewport().update()

    def to_end(self) -> None:
        """Go to the end of the last row."""
        self.scroller.to_end(self.viewport().height())
        self.settle()

    def is_foldable(self, row: int) -> bool:
        """Return whether *row* can be opened and closed."""
        laid = self.laid(row)
        return laid is not None and laid.row.foldable

    def is_open(self, row: int) -> bool:
        """Return whether *row* is open."""
        laid = self.laid(row)
        return laid is not None and laid.row.open

    def set_open(self, row: int, *, opened: bool) -> None:
        """Open or close *row*; what is above it stays where it is."""
        block = self.rows.spine.ids[row]
        if not opened and self.rows.lane_open(block):
            self.rows.close_lane(block)
        y = self.scroller.y(row)
        self.folds.choose(block, opened=opened)
        self.selection.clear()
        self.renew(row)
        laid = self.laid(row)
        if laid is not None and y + laid.heading.top() < 0:
            self.scroller.put(row, round(-laid.heading.top()) + _AIR)  # its line has to be seen
        self.settle()

    def set_all_open(self, *, opened: bool) -> None:
        """Open or close every row."""
        keep = self._row_to_keep()
        self.folds.choose_all(opened=opened)
        self.selection.clear()
        block = self.rows.spine.ids[keep[0]] if keep is not None else 0
        self._again(block, keep[1] if keep is not None else 0)

    def show_whole(self, row: int, part: str) -> None:
        """Show *part* of *row* to its end."""
        block = self.rows.spine.ids[row]
        self.folds.show_whole(block, part)
        if self.folds.chosen(block) is None and self.is_foldable(row):
            self.folds.choose(block, opened=True)
        self.selection.clear()
        self.renew(row)
        self.settle()

    def toggle_lane(self, row: int) -> None:
        """Show the rows of the agent that *row* started below it, or hide them."""
        block = self.rows.spine.ids[row]
        read = self.rows.block_row(row)
        if self.rows.lane_open(block):
            self.rows.close_lane(block)
        elif read is not None and read.call is not None and read.call.agent:
            self.rows.open_lane(block, read.call.agent)
        self.renew(row)
        self.settle()

    def renew(self, row: int) -> None:
        """Measure *row* again before it is painted the next time."""
        self._laid.pop(self.rows.spine.ids[row], None)
        self.scroller.heights.doubt(row)

    def place(self, spot: Spot) -> Place:
        """Return *spot* with the number that its row has now; 0 if the row went away."""
        return Place(max(0, self.rows.row_of(spot.block)), spot.text, spot.position)

    def ends(self) -> tuple[Place, Place] | None:
        """Return the first and the last place of the selected text; None if there is none."""
        if self.selection.empty:
            return None
        assert self.selection.anchor is not None
        assert self.selection.head is not None
        first, last = sorted([self.place(self.selection.anchor), self.place(self.selection.head)])
        return first, last

    def set_hovered(self, row: int) -> None:
        """Draw *row* as the one under the pointer."""
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def settle(self) -> None:
        """Measure what is in view and tell the scroll bar; call after anything moved."""
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        self.scroller.settle(height)
        blocked = bar.blockSignals(True)
        bar.setPageStep(max(1, height - 40))
        bar.setSingleStep(_STEP)
        bar.setRange(0, max(0, self.scroller.total - height))
        if not bar.isSliderDown():
            bar.setValue(self.scroller.value)
        self._value = bar.value()
        bar.blockSignals(blocked)
        bar.update()
        self.viewport().update()
        if not self._tell.isActive():
            self._tell.start()
        if self.at_end != self._was_at_end:
            self._was_at_end = self.at_end
            self.end_left.emit(not self.at_end)

    def scroll_by(self, pixels: int) -> None:
        """Move what is in view up by *pixels*."""
        self.scroller.move(pixels)
        self.settle()

    # What Qt asks and says.

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not keys.pressed(self, event):
            event.ignore()  # not the base's: it would look rows up by their first letter

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and keys.known(cast("QKeyEvent", event)):
            event.accept()  # a letter means this view's row, not what the window has it for
            return True
        return QAbstractItemView.event(self, event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.scroller.row_at(self.viewport().mapFromGlobal(event.globalPos()).y())
        if event.reason() == QContextMenuEvent.Reason.Mouse and row >= 0:
            self.setCurrentIndex(self.rows.index(row))
        if self.rows.rowCount():
            row_menu(self).popup(event.globalPos())

    @override
    def keyboardSearch(self, search: str) -> None:
        pass

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._mouse.double_click(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.set_hovered(-1)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return QAbstractItemView.viewportEvent(self, event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        QAbstractItemView.changeEvent(self, event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._faces = faces(self.palette())
            keep = self._row_to_keep()
            block = self.rows.spine.ids[keep[0]] if keep is not None else 0
            self._again(block, keep[1] if keep is not None else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        if event.size().width() != event.oldSize().width():
            keep = self._row_to_keep()
            stuck = self._was_at_end and event.oldSize().width() > 0
            block = self.rows.spine.ids[keep[0]] if keep is not None else 0
            self._again(block, keep[1] if keep is not None else 0)
            if stuck and self.scroller.total > self.viewport().height():
                self.to_end()
        else:
            stuck = self._was_at_end and event.oldSize().height() > 0
            self.settle()
            if stuck:
                self.to_end()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        bar = self.verticalScrollBar()
        value = bar.value()
        moved = value - self._value
        if value == bar.maximum() and moved > 0:
            self.scroller.to_end(self.viewport().height())
        elif value == 0 or abs(moved) > 3 * self.viewport().height():
            self.scroller.jump(value)
        else:
            self.scroller.move(moved)
        self._value = value
        self.settle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        # Ended by hand: a traceback would keep the painter alive, and Qt aborts on the next one.
        painter = QPainter(self.viewport())
        try:
            self._paint(painter, event.rect())
        finally:
            painter.end()

    @override
    def visualRect(self, index: Index) -> QRect:
        row = index.row()
        if not index.isValid() or row >= len(self.scroller.heights):
            return QRect()
        y = self.scroller.y(row)
        return QRect(0, y, self.viewport().width(), self.scroller.heights[row])

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.scroller.row_at(point.y())
        return self.rows.index(row) if row >= 0 else QModelIndex()

    @override
    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        row, view = index.row(), self.viewport().height()
        if not index.isValid() or row >= len(self.scroller.heights):
            return
        self._measure_now(row)
        y, height = self.scroller.y(row), self.scroller.heights[row]
        seen = any(number == row for number, _ in self.scroller.visible)
        match hint:
            case QAbstractItemView.ScrollHint.PositionAtTop:
                self.scroller.put(row, _AIR)
            case QAbstractItemView.ScrollHint.PositionAtBottom:
                self.scroller.put(row, view - height)
            case QAbstractItemView.ScrollHint.PositionAtCenter:
                self.scroller.put(row, (view - height) // 2)
            case _:
                if seen and y >= 0 and y + height <= view:
                    return
                if not seen:
                    above = row <= self.scroller.top
                    fits = height < view
                    self.scroller.put(row, _AIR if above or not fits else view - height - _AIR)
                elif y < 0 or height >= view:
                    self.scroller.put(row, min(0, y) if height >= view and y < 0 else _AIR)
                else:
                    self.scroller.put(row, view - height - _AIR)
        self.settle()

    @override
    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        return self.currentIndex()

    @override
    def horizontalOffset(self) -> int:
        return 0

    @override
    def verticalOffset(self) -> int:
        return self.scroller.value

    @override
    def isIndexHidden(self, index: Index) -> bool:
        return False

    @override
    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.center())
        if index.isValid():
            self.selectionModel().select(index, command)

    @override
    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for row, y in self.scroller.visible:
            if selection.contains(self.rows.index(row)):
                region += QRect(0, y, self.viewport().width(), self.scroller.heights[row])
        return region

    @override
    def updateGeometries(self) -> None:
        QAbstractItemView.updateGeometries(self)
        self.settle()

    @override
    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    @override
    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)

    @override
    def reset(self) -> None:
        QAbstractItemView.reset(self)
        self.hovered = -1
        self.selection.clear()
        self._again(0, 0)

    @override
    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        count = end - start + 1
        heights = self.scroller.heights
        heights.insert(start, self._guesses(start, end + 1))
        self.scroller.inserted(start, count)
        after = end + 1
        if after < len(heights):
            self.renew(after)  # what it says above itself depends on the row before
        QAbstractItemView.rowsInserted(self, parent, start, end)
        self.settle()

    @override
    def dataChanged(
        self,
        topLeft: QModelIndex | QPersistentModelIndex,
        bottomRight: QModelIndex | QPersistentModelIndex,
        roles: object = (),
    ) -> None:
        for row in range(topLeft.row(), bottomRight.row() + 1):
            self.renew(row)
        QAbstractItemView.dataChanged(self, topLeft, bottomRight)
        self.settle()

    @Slot(QModelIndex, int, int)
    def _forget_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        count = last - first + 1
        self.scroller.heights.remove(first, count)
        self.scroller.removed(first, count)
        if first < len(self.scroller.heights):
            self.renew(first)
        self.settle()

    @Slot()
    def _tell_top(self) -> None:
        if self.scroller.visible:
            self.top_changed.emit(self.scroller.top)

    # How it is done.

    def _show_tip(self, event: QHelpEvent) -> None:
        """Say the whole argument of a card whose line may be too short for it."""
        row = self.scroller.row_at(event.pos().y())
        laid = self.laid(row) if row >= 0 else None
        tip = ""
        if laid is not None and laid.row.heading is not None and laid.row.heading.argument:
            at = QPointF(event.pos()) - QPointF(0, self.scroller.y(row))
            tip = words.plain(laid.row.heading.argument) if laid.heading.contains(at) else ""
        QToolTip.showText(event.globalPos(), tip, self.viewport())

    def _width(self) -> int:
        return max(240, self.viewport().width())

    def _guesses(self, first: int, end: int) -> "list[int]":
        width = min(self._width() - 100, self._faces.prose_width)
        return list(guesses(self.rows.spine, width, self._faces.scale, first, end))

    def _again(self, block: int, y: int) -> None:
        """Measure everything anew, with *block* at *y* of the viewport if it is there."""
        self._laid.clear()
        width = min(self._width() - 100, self._faces.prose_width)
        old = self.scroller
        self.scroller.start(Heights(guesses(self.rows.spine, width, self._faces.scale)))
        row = self.rows.row_of(block) if block else -1
        if row >= 0:
            old.put(row, y)
        self.settle()

    def _row_to_keep(self) -> tuple[int, int] | None:
        """Return the row that is to stay where it is, and where that is."""
        if len(self.scroller.heights) != len(self.rows.spine):
            return None
        for row, y in self.scroller.visible:
            if y >= 0:
                return row, y
        return self.scroller.visible[0] if self.scroller.visible else None

    def _measure(self, row: int) -> int:
        laid = self.laid(row)
        return laid.height if laid is not None else 1

    def _measure_now(self, row: int) -> None:
        if not self.scroller.heights.exact(row):
            self.scroller.heights.measure(row, max(1, self._measure(row)))

    def _around(self, row: int, block: int) -> Around:
        depth = self.rows.depths[row]
        return Around(
            previous=self.rows.block_row(row - 1) if row else None,
            density=self.density,
            project=self.rows.project,
            toggled=self.folds.chosen(block),
            everything=self.folds.everything,
            whole=self.folds.whole(block),
            depth=depth,
            lane_open=self.rows.lane_open(block),
            today=self.today,
        )

    def _picture(self, block: int) -> Picture:
        return pictures.thumbnail(self.rows.image(block), self.devicePixelRatioF())

    def _paint(self, painter: QPainter, area: QRect) -> None:
        painter.fillRect(area, QColor(self._faces.colors.window))
        ends = self.ends()
        for row, y in self.scroller.visible:
            height = self.scroller.heights[row]
            if y + height < area.top() or y > area.bottom():
                continue
            laid = self.laid(row)
            if laid is None:
                continue
            painter.save()
            painter.translate(0, y)
            clip = QRectF(area.left(), area.top() - y, area.width(), area.height())
            paint_row(painter, laid, self._faces, self.marking.marks(row, laid, ends), clip)
            painter.restore()

    def text_at(self, point: QPointF, row: int) -> Spot | None:
        """Return the place in *row*'s text that is nearest to *point* of the viewport."""
        laid = self.laid(row)
        if laid is None:
            return None
        texts = laid.texts()
        if not texts:
            return None
        inside = point - QPointF(0, self.scroller.y(row))
        number = len(texts) - 1
        for at, part in enumerate(texts):
            if inside.y() <= part.rect.bottom() + 6:
                number = at
                break
        part = texts[number]
        bounded = QPointF(inside.x(), max(part.rect.top(), inside.y()))
        return Spot(self.rows.spine.ids[row], number, part.at(bounded))

    def say_copied(self, text: str) -> None:
        """Tell that *text* is on the clipboard."""
        self.copied.emit(words.one_line(text, 80))
