"""What is special about rows for a while: searched words, and the row somebody jumped to."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.delegates.layouts import Laid
from desktop.delegates.text_painter import Marks
from desktop.views.transcript import hits
from desktop.views.transcript.selection import Place, span

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView

_FLASH_MS: Final = 1_400
_AIR: Final = 60  # pixels between a marked word and the lower edge


class Marking(QObject):
    """Knows what of a *view*'s rows is marked."""

    def __init__(self, view: "RowsView") -> None:
        super().__init__(view)
        self._view = view
        self._words: tuple[str, ...] = ()
        self._hit = 0  # block with the hit the user is at
        self._flashed = 0
        self._flash = QTimer(self, interval=_FLASH_MS, singleShot=True)
        self._flash.timeout.connect(self.end_flash)

    def set_words(self, wanted: tuple[str, ...], block: int) -> None:
        """Mark *wanted* wherever it stands; the user is at the one in *block*."""
        self._words, self._hit = tuple(word for word in wanted if word.strip()), block
        self._view.viewport().update()

    def flash(self, block: int) -> None:
        """Draw *block* for a moment as what was jumped to."""
        self._flashed = block
        self._flash.start()

    @Slot()
    def end_flash(self) -> None:
        """Draw nothing as jumped to any more."""
        self._flashed = 0
        self._view.viewport().update()

    def marks(self, row: int, laid: Laid, ends: tuple[Place, Place] | None) -> Marks:
        """Return what is marked in *row*; the selected text is between *ends*."""
        view = self._view
        block = view.rows.spine.ids[row]
        marks = Marks(
            current=row == view.current_row(),
            focused=view.hasFocus(),
            hovered=row == view.hovered,
            flashed=block == self._flashed,
            stop=view.trees.at() if row == view.current_row() else None,
        )
        texts = laid.texts() if ends is not None or self._words else []
        for number, part in enumerate(texts):
            if ends is not None and ends[0].row <= row <= ends[1].row:
                marks.selected[number] = span(ends[0], ends[1], row, number)
            if self._words:
                found = hits.spans(part.text(), self._words)
                marks.hits[number] = found
                if found and block == self._hit and marks.hit is None:
                    marks.hit = (number, found[0])
        return marks

    def unfold(self, row: int) -> None:
        """Open *row* if a marked word is in what is folded away."""
        view = self._view
        if not self._words or self.first(row) is not None:
            return
        block = view.rows.spine.ids[row]
        if view.opening.is_foldable(row) and not view.opening.is_open(row):
            view.folds.choose(block, opened=True)
            view.renew(row)
        laid = view.laid(row)
        if laid is None or self.first(row) is not None:
            return
        hidden = [
            part.section.part
            for part in laid.texts()
            if part.section.hidden and part.section.tree is None
        ]
        view.opening.show_words(row, self._words)
        if hidden:
            view.folds.show_whole(block, *hidden)
            if laid.row.foldable:
                view.folds.choose(block, opened=True)
            view.renew(row)

    def first(self, row: int) -> int | None:
        """Return how far the first marked word is below *row*'s top; None if it has none."""
        laid = self._view.laid(row)
        if laid is None:
            return None
        for part in laid.texts():
            for start, _ in hits.spans(part.text(), self._words)[:1]:
                block = part.document.findBlock(start)
                box = part.document.documentLayout().blockBoundingRect(block)
                line = block.layout().lineForTextPosition(start - block.position())
                return round(part.rect.top() + box.top() + line.y())
        return None

    def show(self, row: int) -> None:
        """Scroll on if the marked word in a tall *row* is still below the viewport."""
        view = self._view
        height = view.viewport().height()
        below = self.first(row) if self._words else None
        if below is not None and view.scroller.y(row) + below > height - _AIR:
            view.scroller.put(row, height // 3 - below)
            view.settle()
