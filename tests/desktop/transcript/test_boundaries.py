"""Where sessions begin inside a conversation, and what they inherit."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.model import Kind
from core.queries.boundaries import Belongs, Boundary, Other
from desktop.delegates import rows
from desktop.delegates.folding import Around, Density
from desktop.delegates.sections import Shape
from desktop.models import boundary_words
from desktop.views.transcript import copying
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show, talk


@pytest.fixture
def forked(show: Show, log: Path) -> TranscriptView:
    """Return a view of a session and one that begins with a copy of it."""
    said = talk(6)
    b.write(log.parent / "old.jsonl", *b.of("old", *said))
    fork = {"forkedFrom": {"sessionId": "old", "messageUuid": "r5"}}
    own = [b.prompt("q", "another way", "r5", at=900), b.says("z", "yes", "q", at=901)]
    return show(*(one | fork for one in said), *own)


def boundary(view: TranscriptView) -> int:
    (row,) = (at for at, id_ in enumerate(view.model.spine.ids) if id_ < 0)
    return row


def ys(view: TranscriptView) -> dict[int, int]:
    return {view.model.spine.ids[row]: y for row, y in view.rows.scroller.visible}


def told(**more: object) -> Boundary:
    given: dict[str, object] = {
        "session": 1, "key": "12345678-9", "title": "Mine", "at": None, "agent": "",
        "first": False, "belongs": Belongs.RESUMED, "source": None, "inherited": 0,
        "owners": (), "message": 0,
    }  # fmt: skip
    return Boundary(**(given | more))  # type: ignore[arg-type]  # a test's own words


def test_a_session_that_inherits_begins_with_one_folded_row(forked: TranscriptView) -> None:
    row = boundary(forked)
    laid = forked.rows.laid(row)
    assert laid is not None
    assert laid.row.heading is not None

    assert laid.row.heading.title == "24 messages inherited from session old, counted there"
    assert laid.row.lead.startswith("Forked · ")
    assert laid.row.foldable
    assert not laid.row.open
    assert forked.model.sentence(row).startswith("Forked · ")
    assert "counted" in laid.row.heading.tip


def test_what_is_inherited_unfolds_dimmed_and_labelled(forked: TranscriptView) -> None:
    row, count = boundary(forked), forked.model.rowCount()
    forked.rows.opening.set_open(row, opened=True)

    assert forked.model.rowCount() == count + 18
    assert set(forked.model.depths[row + 1 : row + 19]) == {1}
    first = forked.rows.laid(row + 1)
    assert first is not None
    assert first.row.muted
    assert first.row.heading is not None
    assert [fact.text for fact in first.row.heading.facts][:1] == ["inherited"]
    assert forked.model.sentence(row + 1).endswith(", inherited")
    assert forked.model.block_row(row + 1) != forked.model.block_row(0)

    forked.rows.opening.set_open(row, opened=False)

    assert forked.model.rowCount() == count


def test_unfolding_leaves_what_is_above_where_it_is(forked: TranscriptView) -> None:
    row = boundary(forked)
    forked.rows.to_end()
    before = ys(forked)
    forked.rows.opening.set_open(row, opened=True)
    after = ys(forked)

    above = [id_ for id_ in before if forked.model.row_of(id_) <= row]
    assert above
    assert {id_: after[id_] for id_ in above} == {id_: before[id_] for id_ in above}


def test_opening_all_rows_leaves_what_is_inherited_folded(forked: TranscriptView) -> None:
    count = forked.model.rowCount()
    forked.rows.set_all_open(opened=True)

    assert forked.model.rowCount() == count


def test_filters_keep_the_boundary_and_what_was_unfolded(forked: TranscriptView) -> None:
    forked.rows.opening.set_open(boundary(forked), opened=True)
    forked.rows.set_density(Density.PROMPTS)

    assert forked.model.rowCount() == 8  # six prompts, where the second session begins, its own

    forked.rows.set_density(Density.COMFORTABLE)

    assert boundary(forked)


def test_a_jump_to_a_sessions_first_message_goes_past_its_boundary(forked: TranscriptView) -> None:
    row = boundary(forked)
    message = forked.model.spine.messages[row]

    forked.jump_to_message(message)

    assert forked.rows.current_row() == row + 1


def test_news_come_after_the_boundary_and_none_comes_twice(
    forked: TranscriptView, more: Callable[..., None]
) -> None:
    forked.rows.opening.set_open(boundary(forked), opened=True)
    count = forked.model.rowCount()
    more(b.says("n", "news", "z", at=950))
    forked.grow()

    assert forked.model.rowCount() == count + 1
    assert boundary(forked)


def test_a_boundary_is_copied_in_words(forked: TranscriptView) -> None:
    row = forked.model.block_row(boundary(forked))
    assert row is not None

    assert row.said is Kind.META
    assert "24 messages inherited" in copying.plain(row, forked.model.text)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "Resumed · now"),
        ({"source": Other("k", "Yours")}, "Resumed from Yours · now"),
        ({"source": Other("abcdefghij", "Mine")}, "Resumed from session abcdefgh · now"),
        ({"source": Other("k", "Yours"), "inherited": 3}, "Resumed · now"),
        ({"belongs": Belongs.BACKGROUND}, "In the background · now"),
        ({"belongs": Belongs.CONTINUED}, "Continued · now"),
        ({"belongs": Belongs.JOINED}, "Another session · now"),
        ({"first": True}, ""),
    ],
)
def test_a_rule_says_how_a_session_belongs(given: dict[str, object], expected: str) -> None:
    assert boundary_words.rule(told(**given), "now") == expected


def test_owners_are_named_as_far_as_that_tells_them_apart() -> None:
    one, two = Other("aaaaaaaaaa", "Mine"), Other("b", "Yours")

    assert boundary_words.inherited(told(inherited=1, owners=(one,))) == (
        "1 message inherited from session aaaaaaaa, counted there"
    )
    assert boundary_words.inherited(told(inherited=2, owners=(one, two))) == (
        "2 messages inherited from session aaaaaaaa and Yours, counted there"
    )
    assert boundary_words.inherited(told(inherited=2)) == "2 messages inherited, counted elsewhere"


def test_a_session_that_inherits_nothing_begins_with_a_rule(show: Show, log: Path) -> None:
    done = {"type": "continued-in", "sessionId": "old", "continuedInSessionId": b.SESSION}
    b.write(log.parent / "old.jsonl", *b.of("old", *talk(1)), done)
    view = show(b.prompt("q", "go on", at=900))
    row = view.model.block_row(boundary(view))
    assert row is not None
    made = rows.described(row, Around(today=date(2026, 1, 1)), view.model.text)

    assert made.shape is Shape.RULE
    assert made.heading is not None
    assert made.heading.title.startswith("In the background · Today, ")
    assert not made.lead
