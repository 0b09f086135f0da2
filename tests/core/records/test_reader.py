"""Bytes to physical lines."""

import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.records import reader
from core.records.decode import Line
from core.records.reader import lines


class Trickle(io.BytesIO):
    """A stream that gives at most *step* bytes at a time, as a pipe or a slow disk does."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self._step = step

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size, self._step) if size and size > 0 else self._step)


def test_lines_are_numbered_as_an_editor_numbers_them() -> None:
    found = list(lines(io.BytesIO(b"a\n\n\r\nb"), 0, 0))

    assert found == [
        Line(1, 0, b"a"),
        Line(2, 2, b""),
        Line(3, 3, b"\r"),
        Line(4, 5, b"b", ended=False),
    ]


def test_only_a_line_feed_ends_a_line() -> None:
    content = "a\rb\x0bc\x0cd\x85e\u2028f\n".encode()

    assert [line.data for line in lines(io.BytesIO(content), 0, 0)] == [content[:-1]]


def test_reading_goes_on_behind_an_offset_with_the_numbers_of_the_whole_file() -> None:
    assert list(lines(io.BytesIO(b"a\nb\nc\n"), 4, 2)) == [Line(3, 4, b"c")]


def test_an_empty_file_has_no_lines() -> None:
    assert list(lines(io.BytesIO(b""), 0, 0)) == []


def test_a_line_longer_than_a_chunk_is_one_line() -> None:
    long = b"x" * (reader.CHUNK * 2 + 5)

    found = list(lines(io.BytesIO(b"a\n" + long + b"\nb\n"), 0, 0))

    assert [(line.number, line.offset, len(line.data)) for line in found] == [
        (1, 0, 1),
        (2, 2, len(long)),
        (3, 2 + len(long) + 1, 1),
    ]


@given(st.lists(st.binary(max_size=9)), st.integers(1, 7))
def test_however_the_stream_is_cut_the_lines_are_the_same(parts: list[bytes], step: int) -> None:
    content = b"\n".join(parts)

    assert list(lines(Trickle(content, step), 0, 0)) == list(lines(io.BytesIO(content), 0, 0))


@given(st.lists(st.binary(max_size=9)))
def test_the_lines_are_the_file(parts: list[bytes]) -> None:
    content = b"\n".join(parts)
    found = list(lines(io.BytesIO(content), 0, 0))

    assert b"".join(line.data + (b"\n" if line.ended else b"") for line in found) == content
    assert all(content[line.offset :].startswith(line.data) for line in found)
    assert all(after.number == before.number + 1 for before, after in pairwise(found))


@given(st.lists(st.binary(max_size=9)), st.data())
def test_reading_in_two_goes_gives_the_lines_of_one(
    parts: list[bytes], data: st.DataObject
) -> None:
    content = b"\n".join(parts)
    whole = list(lines(io.BytesIO(content), 0, 0))
    ends = [0, *(line.offset + len(line.data) + 1 for line in whole if line.ended)]
    place = data.draw(st.integers(0, len(ends) - 1))

    assert list(lines(io.BytesIO(content), ends[place], place)) == whole[place:]
