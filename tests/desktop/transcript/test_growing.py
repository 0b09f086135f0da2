"""What a line costs the view when it comes: the same however long its conversation is."""

from collections.abc import Callable
from sqlite3 import Connection

import pytest

from desktop.models.only import MAIN
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show

SHORT, LONG = 100, 3_000  # messages
TIMES = 3  # a line is measured: now and then a page of rows ends


def said(number: int) -> b.Record:
    return b.says(f"m{number}", f"line {number}", f"m{number - 1}" if number else None, at=number)


def steps(db: Connection, work: Callable[[], None]) -> int:
    """Return the steps of SQLite's machine that *work* takes, in tens."""
    count = 0

    def note() -> int:
        nonlocal count
        count += 1
        return 0

    db.set_progress_handler(note, 10)
    work()
    db.set_progress_handler(None, 10)
    return count


def cost(view: TranscriptView, more: Callable[..., None], length: int) -> tuple[int, int]:
    """Return the least steps, and the layouts, of a line behind *length* of them."""
    assert view._db is not None
    view.rows.to_end()
    assert view.model.rowCount() == length
    found = []
    for number in range(length, length + TIMES):
        more(said(number))
        before = view.rows.layouts.made
        taken = steps(view._db, view._grow)
        found.append((taken, view.rows.layouts.made - before))
        assert view.rows.at_end
    return min(found)


@pytest.mark.parametrize("alone", [False, True])
def test_a_line_takes_no_more_of_the_view_in_a_long_conversation(
    show: Show, more: Callable[..., None], alone: bool
) -> None:
    found = []
    for length in (SHORT, LONG):
        view = show(*(said(number) for number in range(length)))
        if alone:
            view.showing.show_only(MAIN)
        found.append(cost(view, more, length))
    (short, laid), (long, laid_there) = found

    assert long <= short * 1.2
    assert (laid, laid_there) == (1, 1)


def test_an_error_while_it_grows_does_not_end_following_for_good(
    show: Show, more: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = show(*(said(number) for number in range(40)))
    more(said(40))
    with monkeypatch.context() as patch:
        patch.setattr(view.model, "grow", lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            view._grow()
    view._set_following(True)
    view.rows.scroll_by(-2_000)

    assert not view._following  # the user left the end, and that is heard
