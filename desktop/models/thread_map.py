"""Which thread each message of a conversation is in, for colours, marks and jumps."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.queries.threads import CutRow, ThreadRow
from desktop.models.thread_colours import coloured

NO_COLOUR = -1  # of a message in no thread, and of all where there is only one


@dataclass(frozen=True, slots=True)
class _Span:
    first: int
    last: int
    thread: int  # place in the rows
    number: int  # of the stretch


class ThreadMap:
    """The stretches of one conversation's threads, flattened: a look-up costs a bisection.

    Ids of messages grow in file order within a session, and no two sessions share one, so a
    stretch is a range of ids. Where a branch lies inside the range of the line that it left,
    the inner one holds.
    """

    def __init__(self, rows: Sequence[ThreadRow] = (), cuts: Sequence[CutRow] = ()) -> None:
        """Take the *rows* and *cuts* of one conversation; none of them for one without threads."""
        self.rows = tuple(rows)
        self.cuts = {cut.message: cut for cut in cuts}
        self._places = {row.key: at for at, row in reversed(list(enumerate(self.rows)))}
        self._starts: list[int] = []
        self._found: list[_Span | None] = []
        self._flatten()
        talk = [at for at, row in enumerate(self.rows) if row.depth == 0]
        spans = [span.thread for span in self._found if span is not None]
        self._colours = coloured(talk, pairwise(spans)) if len(talk) > 1 else {}

    def thread_at(self, message: int) -> ThreadRow | None:
        """Return the thread that *message*, a row id, is in."""
        span = self._span(message)
        return self.rows[span.thread] if span is not None else None

    def stretch_at(self, message: int) -> tuple[str, int]:
        """Return the thread's key and the number of its stretch at *message*; ("", 0): none."""
        span = self._span(message)
        return (self.rows[span.thread].key, span.number) if span is not None else ("", 0)

    def colour_at(self, message: int) -> int:
        """Return the number of the colour of *message*'s thread, from 0, or `NO_COLOUR`."""
        span = self._span(message)
        return NO_COLOUR if span is None else self._colours.get(span.thread, NO_COLOUR)

    def colour_of(self, key: str) -> int:
        """Return the number of the colour of the thread *key*, from 0, or `NO_COLOUR`."""
        return self._colours.get(self._places.get(key, -1), NO_COLOUR)

    def _span(self, message: int) -> _Span | None:
        at = bisect_right(self._starts, message) - 1
        return self._found[at] if at >= 0 else None

    def _flatten(self) -> None:
        spans = sorted(
            (
                _Span(part.first, part.last, at, part.number)
                for at, row in enumerate(self.rows)
                for part in row.stretches
            ),
            key=lambda span: (span.first, -span.last),
        )
        open_: list[_Span] = []
        for span in spans:
            self._close(open_, span.first)
            open_.append(span)
            self._mark(span.first, span)
        self._close(open_, None)

    def _close(self, open_: list[_Span], before: int | None) -> None:
        """Take from *open_* what ends before *before*; what it lay in goes on behind it."""
        while open_ and (before is None or open_[-1].last < before):
            ended = open_.pop()
            while open_ and open_[-1].last <= ended.last:
                open_.pop()
            self._mark(ended.last + 1, open_[-1] if open_ else None)

    def _mark(self, start: int, span: _Span | None) -> None:
        if self._starts and self._starts[-1] == start:
            self._found[-1] = span
        else:
            self._starts.append(start)
            self._found.append(span)
