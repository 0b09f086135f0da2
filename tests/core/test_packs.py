"""Packing gives back what it got, or says that it cannot."""

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from core import packs
from core.errors import DamagedPackError


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
def test_what_is_packed_comes_out_as_it_was(parts: list[bytes]) -> None:
    whole = b"".join(parts)

    assert packs.unpacked(packs.packed(whole), len(whole)) == whole


@given(st.data())
def test_any_byte_that_is_changed_is_noticed(data: st.DataObject) -> None:
    frame = bytearray(packs.packed(b"the same again and again " * 40))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] ^= 1 << data.draw(st.integers(0, 7))

    try:
        found = packs.unpacked(bytes(frame), 1_000)
    except DamagedPackError:
        return
    assert packs.digest(found) == packs.digest(b"the same again and again " * 40)


def test_a_frame_that_promises_more_is_not_unpacked() -> None:
    with pytest.raises(DamagedPackError, match="another number of bytes"):
        packs.unpacked(zstandard.compress(bytes(1 << 20)), 10)
