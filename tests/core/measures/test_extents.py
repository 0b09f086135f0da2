"""The pixels of a picture, from headers made by hand."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures.extents import UNKNOWN, extent

_JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xff\xc4\x00\x05abc"  # padding, and a table that is no frame
    b"\xff\xc2\x00\x11\x08\x01\x40\x02\x80\x03rest"
)


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def bmp(width: int, height: int) -> bytes:
    return b"BM" + bytes(12) + struct.pack("<Iii", 40, width, height)


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF\x00\x00\x00\x00WEBP" + kind + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png(1_280, 720), (1_280, 720)),
        (_JPEG, (640, 320)),
        (b"GIF89a" + struct.pack("<HH", 30, 20), (30, 20)),
        (b"GIF87a" + struct.pack("<HH", 3, 2), (3, 2)),
        (bmp(70, 50), (70, 50)),
        (bmp(70, -50), (70, 50)),
        (webp(b"VP8X", bytes(4) + b"\xff\x01\x00\x0f\x00\x00"), (512, 16)),
        (webp(b"VP8L", b"\x2f" + (99 | 49 << 14).to_bytes(4, "little")), (100, 50)),
        (webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00"), (320, 240)),
    ],
)
def test_the_header_of_a_picture_tells_its_size(data: bytes, expected: tuple[int, int]) -> None:
    assert extent(data) == expected


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", png(0, 5), png(3, 3)[:20], _JPEG[:30], b"BM", b"\xff\xd8\xff\xd9"]
)
def test_what_is_no_picture_or_none_that_is_whole_has_no_size(data: bytes) -> None:
    assert extent(data) == UNKNOWN


@given(
    st.sampled_from(
        [b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"RIFF____WEBPVP8L"]
    ),
    st.binary(max_size=60),
)
def test_no_bytes_make_it_raise_or_tell_of_half_a_size(head: bytes, rest: bytes) -> None:
    width, height = extent(head + rest)

    assert (width > 0) == (height > 0)
