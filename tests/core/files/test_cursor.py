"""What happened to a file since it was read."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.files.cursor import EDGE, Change, Cursor, compare, edges

CONTENT = bytes(range(256)) * 64  # 16 KiB: longer than both edges


def cursor(content: bytes, offset: int | None = None) -> Cursor:
    offset = len(content) if offset is None else offset
    head, tail, _ = edges(io.BytesIO(content), offset)
    return Cursor(offset, 0, head, tail)


def change(before: Cursor, after: bytes) -> Change:
    return compare(io.BytesIO(after), len(after), before)[0]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (CONTENT, Change.NONE),
        (CONTENT + b"more", Change.GROWN),
        (CONTENT[:-1], Change.REPLACED),
        (b"", Change.REPLACED),
        (b"X" + CONTENT[1:], Change.REPLACED),
        (CONTENT[:-1] + b"X", Change.REPLACED),
        (b"X" + CONTENT[1:] + b"more", Change.REPLACED),
        (CONTENT[:-1] + b"X" + b"more", Change.REPLACED),
    ],
)
def test_growth_is_told_from_another_content(after: bytes, expected: Change) -> None:
    assert change(cursor(CONTENT), after) is expected


def test_a_torn_tail_that_was_not_read_may_change() -> None:
    before = cursor(CONTENT, 100)

    assert change(before, CONTENT[:100] + b"other") is Change.GROWN


def test_comparing_costs_two_edges_however_long_the_file_is() -> None:
    content = CONTENT * 100

    assert compare(io.BytesIO(content), len(content), cursor(content))[1] == 2 * EDGE


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_only_a_file_that_begins_with_what_was_read_has_grown(before: bytes, after: bytes) -> None:
    found = change(cursor(before), after)

    assert (found is not Change.REPLACED) == after.startswith(before)
    assert (found is Change.NONE) == (after == before)
