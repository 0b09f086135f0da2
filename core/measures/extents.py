"""How large a picture is, from its own first bytes; nothing is decoded."""

from typing import Final, Literal, TypeAlias

Extent: TypeAlias = tuple[int, int]  # width and height in pixels

_Order: TypeAlias = Literal["big", "little"]

UNKNOWN: Final[Extent] = 0, 0
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # markers of JPEG without a length
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})  # among the numbers of frames, but none
_FRAME: Final = range(0xC0, 0xD0)


def extent(data: bytes) -> Extent:
    """Return the pixels that the header of *data* tells of: a PNG, JPEG, GIF, WebP or BMP.

    `UNKNOWN` if it is none of these, or damaged where that stands. Costs a look at the header;
    of a JPEG at the length of each segment before the picture.
    """
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        return _pair(data, 16, 4, "big")
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _pair(data, 6, 2, "little")
    if data.startswith(b"BM") and _number(data, 14, 4, "little") >= 40:
        width, height = _number(data, 18, 4, "little"), _number(data, 22, 4, "little")
        return _whole(width, min(height, (1 << 32) - height))  # below zero: from the top down
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    return UNKNOWN


def _webp(data: bytes) -> Extent:
    match data[12:16]:
        case b"VP8X":
            width, height = _number(data, 24, 3, "little"), _number(data, 27, 3, "little")
            return _whole(width + 1, height + 1) if len(data) >= 30 else UNKNOWN
        case b"VP8L" if data[20:21] == b"\x2f" and len(data) >= 25:
            bits = _number(data, 21, 4, "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":
            width, height = _pair(data, 26, 2, "little")
            return _whole(width & 0x3FFF, height & 0x3FFF)
        case _:
            return UNKNOWN


def _jpeg(data: bytes) -> Extent:
    at = 2
    while data[at : at + 1] == b"\xff":
        marker = _number(data, at + 1, 1, "big")
        if marker == 0xFF or marker in _STANDALONE:  # 0xFF: padding before a marker
            at += 1 if marker == 0xFF else 2
        elif marker in _FRAME and marker not in _NO_FRAME:
            height, width = _pair(data, at + 5, 2, "big")
            return width, height
        else:
            at += 2 + _number(data, at + 2, 2, "big")
    return UNKNOWN


def _pair(data: bytes, at: int, length: int, order: _Order) -> Extent:
    first = _number(data, at, length, order)
    return _whole(first, _number(data, at + length, length, order))


def _number(data: bytes, at: int, length: int, order: _Order) -> int:
    found = data[at : at + length]
    return int.from_bytes(found, order)


def _whole(width: int, height: int) -> Extent:
    return (width, height) if width > 0 and height > 0 else UNKNOWN
