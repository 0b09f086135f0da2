"""A stream of bytes to physical lines, in one pass and with bounded memory."""

from collections.abc import Iterator
from typing import BinaryIO

from core.records.decode import Line

# Bytes asked of the file at a time. Memory for a mebibyte would be had anew from the system each
# time: that was a twentieth of what reading a log takes.
CHUNK = 1 << 16


def lines(stream: BinaryIO, offset: int, number: int) -> Iterator[Line]:
    """Yield the lines of *stream* from byte *offset* on, in order.

    *number* is how many line ends lie before *offset*. Only a line feed ends a line. Bytes
    after the last line end come as one more line with ``ended`` False. Memory is that of
    the longest line plus `CHUNK`.
    """
    stream.seek(offset)
    parts: list[bytes] = []  # of a line that began in an earlier chunk
    size = 0
    while chunk := stream.read(CHUNK):
        begin = 0
        while (end := chunk.find(b"\n", begin)) >= 0:
            number += 1
            if parts:
                parts.append(chunk[begin:end])
                size += end - begin
                yield Line(number, offset, _joined(parts))
                offset += size + 1
                size = 0
            else:
                yield Line(number, offset, chunk[begin:end])
                offset += end - begin + 1
            begin = end + 1
        if begin < len(chunk):
            parts.append(chunk[begin:])
            size += len(chunk) - begin
    if size:
        yield Line(number + 1, offset, _joined(parts), ended=False)


def _joined(parts: list[bytes]) -> bytes:
    """Return *parts* as one and empty it: a long line is held once, and by its user alone."""
    whole = b"".join(parts)
    parts.clear()
    return whole
