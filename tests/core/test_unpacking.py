"""Texts come out of their frames, whole or as much of them as is wanted."""

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from core.store import packing
from core.store.timing import TimedConnection
from core.unpacking import Unpacker, unpacker

LONG = "Ünïcode 😀 and plain words. " * 400


def frame(text: str) -> bytes:
    found = packing.Packer().packed(text)
    assert isinstance(found, bytes)
    return found


@given(most=st.integers(0, len(LONG) + 10))
def test_a_beginning_is_as_long_as_was_asked(most: int) -> None:
    assert Unpacker().beginning(frame(LONG), most) == LONG[:most]


def test_frames_are_unpacked_one_after_the_other() -> None:
    tool = Unpacker()

    assert [tool.whole(frame(text * 9)) for text in (LONG, "a" * 99)] == [LONG * 9, "a" * 891]


@given(
    texts=st.lists(st.tuples(st.sampled_from("aÜ😀"), st.integers(300, 3000))),
    most=st.integers(0, 1500),
)
def test_many_beginnings_are_what_each_is_by_itself(
    texts: list[tuple[str, int]], most: int
) -> None:
    tool, frames = Unpacker(), [frame(letter * many) for letter, many in texts]

    found = tool.beginnings(b"".join(frames), [len(one) for one in frames], most)

    assert found == [tool.beginning(one, most) for one in frames]
    assert found == [(letter * many)[:most] for letter, many in texts]


def test_a_reader_has_one_of_its_own_and_other_connections_get_a_new_one() -> None:
    with (
        closing(sqlite3.connect(":memory:", factory=TimedConnection)) as reader,
        closing(sqlite3.connect(":memory:")) as other,
    ):
        packing.register(reader)
        packing.register(other)

        assert unpacker(reader) is unpacker(reader)
        assert unpacker(other) is not unpacker(other)
