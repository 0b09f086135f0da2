"""The virtual list of a transcript's rows, without any widget in it.

Holds together what selects, opens, marks and paints; where the rows are is `StillList`'s.
"""

from array import array
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from typing import Final, cast

from PySide6.QtCore import (
    QEvent,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget
from typing_extensions import override

from desktop.delegates.faces import Faces, faces
from desktop.delegates.folding import Density
from desktop.delegates.layouts import Laid
from desktop.look import words
from desktop.look.words import translate
from desktop.models.transcript import Index, TranscriptModel
from desktop.views.transcript import keys, painting
from desktop.views.transcript.estimates import guesses
from desktop.views.transcript.folds import Folds
from desktop.views.transcript.heights import Heights
from desktop.views.transcript.laying import Layouts
from desktop.views.transcript.marking import Marking
from desktop.views.transcript.mouse import Mouse
from desktop.views.transcript.opening import Opening
from desktop.views.transcript.row_menu import row_menu
from desktop.views.transcript.row_threads import RowThreads
from desktop.views.transcript.selection import Selection
from desktop.views.transcript.staying import nearest
from desktop.views.transcript.still_list import StillList
from desktop.views.transcript.thumbnails import Thumbnails
from desktop.views.transcript.tree_cursor import TreeCursor

_AIR: Final = 12  # above a row that was jumped to
_MANY: Final = 400  # changed rows


class RowsView(StillList):
    """Shows the rows of a `TranscriptModel`."""

    link_clicked = Signal(str)
    copied = Signal(str)  # the text that is on the clipboard now
    failure_wanted = Signal(bool)  # go to the next failure; False: to the one before
    density_wanted = Signal(str)
    follow_wanted = Signal()
    raw_wanted = Signal(object)  # int, too large for Qt's own: a message
    raw_block_wanted = Signal(object)  # int: a block

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.folds = Folds()
        self.selection = Selection()
        self.density = Density.COMFORTABLE
        self.today = date.today()  # noqa: DTZ011  the user's own day is meant
        self.faces: Faces = faces(self.palette())
        self.thumbnails = Thumbnails(model.pictures.held, model.pictures.fetched, self)
        self.layouts = Layouts(self, self.thumbnails)
        self.opening = Opening(self)
        self.trees = TreeCursor(self)
        self.marking = Marking(self)
        self.hovered = -1
        self.offers: list[Callable[[QMenu], None]] = []  # put more into the menu of a row
        self.threads = RowThreads(self)
        self._mouse = Mouse(self)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(translate("RowsView", "Transcript"))
        self.setModel(model)
        self.thumbnails.ready.connect(self._show_thumbnail)

    # What others ask and say.

    def current_row(self) -> int:
        """Return the row the keyboard is at, -1 if none."""
        return self.currentIndex().row()

    def laid(self, row: int) -> Laid | None:
        """Return the layout of *row*, made if there is none; None if the library lost the row."""
        return self.layouts.laid(row)

    def set_density(self, density: Density) -> None:
        """Show as much as *density* says."""
        if density is not self.density:
            self.density = density
            self._filter(system_visible=self.rows.system_visible)

    def set_system_visible(self, visible: bool) -> None:
        """Show the agent program's own rows, or hide them."""
        self._filter(system_visible=visible)

    def set_all_open(self, *, opened: bool) -> None:
        """Open or close every row."""
        keep = self._anchor()
        self.folds.choose_all(opened=opened)
        self.selection.clear()
        self._again(*keep)

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

    @override
    def renew(self, row: int) -> None:
        self.layouts.forget(self.rows.spine.ids[row])
        super().renew(row)

    def set_hovered(self, row: int) -> None:
        """Draw *row* as the one under the pointer."""
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def show_raw(self, row: int) -> None:
        """Ask to show the record that *row* is made from, as its file has it."""
        if 0 <= row < len(self.rows.spine) and (message := self.rows.spine.messages[row]):
            self.raw_wanted.emit(message)

    def result_of(self, row: int) -> int:
        """Return the block with the result of the call in *row*; 0 if there is none."""
        read = self.rows.block_row(row) if 0 <= row < len(self.rows.spine) else None
        return (read.call.result_id or 0) if read is not None and read.call is not None else 0

    def say_copied(self, text: str) -> None:
        """Tell that *text* is on the clipboard."""
        self.copied.emit(words.one_line(text, 80))

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
            painting.show_tip(self, event)
            return True
        return QAbstractItemView.viewportEvent(self, event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        QAbstractItemView.changeEvent(self, event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self.faces = faces(self.palette())
            self._again(*self._anchor())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        before = event.oldSize()
        if event.size().width() == before.width():
            stuck = self._was_at_end and before.height() > 0
            self.settle()
        else:
            stuck = self._was_at_end and before.width() > 0
            self._again(*self._anchor())
            stuck = stuck and self.scroller.total > self.viewport().height()
        if stuck:
            self.to_end()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painting.paint(self, event.rect())

    @override
    def reset(self) -> None:
        QAbstractItemView.reset(self)
        self.hovered = -1
        self.selection.clear()
        self._again(0, 0)

    @override
    def dataChanged(self, topLeft: Index, bottomRight: Index, roles: object = ()) -> None:
        first, last = topLeft.row(), bottomRight.row()
        if last - first > _MANY:
            self.layouts.clear()
            self.scroller.heights.doubt_all()
        else:
            for row in range(first, last + 1):
                self.renew(row)
        QAbstractItemView.dataChanged(self, topLeft, bottomRight)
        self.settle()

    # How it is done.

    @Slot(object)
    def _show_thumbnail(self, block: int) -> None:
        row = self.rows.row_of(block) if self.layouts.forget(block) else -1
        if row >= 0:
            self.scroller.heights.doubt(row)
            self.settle()

    @contextmanager
    def kept(self) -> Generator[None, None, None]:
        """Keep what is in view where it is while the body changes which rows there are."""
        block, y = self._anchor()
        row, before = self.rows.row_of(block) if block else -1, self.rows.spine.ids
        yield
        self._again(nearest(before, row, self.rows.spine.ids), y)

    def _filter(self, *, system_visible: bool) -> None:
        with self.kept():
            self.rows.filter(
                system_visible=system_visible, prompts_only=self.density is Density.PROMPTS
            )

    @override
    def guessed(self, first: int = 0, end: int | None = None) -> "array[int]":
        width = min(self.layouts.width - 100, self.faces.prose_width)
        return guesses(self.rows.spine, width, self.faces.scale, first, end)

    def _again(self, block: int, y: int) -> None:
        """Measure everything anew, with *block* at *y* of the viewport if it is there."""
        self.layouts.clear()
        self.scroller.start(Heights(self.guessed()))
        row = self.rows.row_of(block) if block else -1
        if row >= 0:
            self.scroller.put(row, y)
        self.settle()

    def _anchor(self) -> tuple[int, int]:
        """Return the block that is to stay where it is, 0 if there is none, and where that is."""
        visible = self.scroller.visible
        if not visible or len(self.scroller.heights) != len(self.rows.spine):
            return 0, 0
        row, y = next(((row, y) for row, y in visible if y >= 0), visible[0])
        return self.rows.spine.ids[row], y

    @override
    def measured(self, row: int) -> int:
        laid = self.laid(row)
        return laid.height if laid is not None else 1
