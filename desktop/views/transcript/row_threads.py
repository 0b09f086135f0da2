"""What the rows of a transcript have to do with threads: their colours, and what begins there."""

from typing import TYPE_CHECKING

from core.queries.threads import CutRow
from desktop.models import thread_words
from desktop.models.thread_map import NO_COLOUR, ThreadMap

if TYPE_CHECKING:
    from desktop.views.transcript.rows_view import RowsView


class RowThreads:
    """The threads of the conversation that *view* shows."""

    def __init__(self, view: "RowsView") -> None:
        self._view = view
        self.map = ThreadMap()

    def show(self, threads: ThreadMap) -> None:
        """Show where *threads* begin; only rows at which that changed are laid out anew."""
        view = self._view
        before, self.map = self.map, threads
        changed = {
            message
            for message in before.cuts.keys() | threads.cuts.keys()
            if before.cuts.get(message) != threads.cuts.get(message)
            or _title(before, message) != _title(threads, message)
        }
        if changed:  # one pass for all of them: a long transcript has hundreds
            for row, message in enumerate(view.rows.spine.messages):
                if message in changed and view.rows.spine.ids[row] > 0:
                    changed.discard(message)
                    view.renew(row)
        view.settle()
        view.viewport().update()

    def cut_at(self, row: int) -> CutRow | None:
        """Return the cut that *row* is the first row behind; None if there is none."""
        spine = self._view.rows.spine
        message = spine.messages[row]
        first = row == 0 or spine.messages[row - 1] != message or spine.ids[row - 1] < 0
        at_top = first and not self._view.rows.depths[row] and spine.ids[row] > 0
        return self.map.cuts.get(message) if at_top else None

    def words(self, row: int) -> str:
        """Return what is said above *row* because a thread begins there; "" if none does."""
        cut = self.cut_at(row)
        thread = self.map.thread_at(cut.message) if cut is not None else None
        return thread_words.begins(cut, thread.title) if cut and thread else ""

    def why(self, row: int) -> str:
        """Return why a thread begins at *row*, a line for each reason; "" if none does."""
        cut = self.cut_at(row)
        thread = self.map.thread_at(cut.message) if cut is not None else None
        return thread_words.why(cut, thread.title) if cut and thread else ""

    def colour(self, row: int) -> int:
        """Return the number of the colour of the thread that *row* is in, or `NO_COLOUR`."""
        if self._view.rows.depths[row]:
            return NO_COLOUR
        return self.map.colour_at(self._view.rows.spine.messages[row])


def _title(threads: ThreadMap, message: int) -> str:
    """Return what the thread is called that *message* is in: all of it that a row shows."""
    thread = threads.thread_at(message)
    return thread.title if thread is not None else ""
