"""Bytes of logs, packed for keeping: many in one go, for what is alike shrinks together."""

from collections.abc import Iterable
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeAlias

import zstandard

from core.errors import DamagedPackError

Data: TypeAlias = bytes | bytearray | memoryview

MOST: Final = 8 << 20  # bytes in a pack; all of it is unpacked to read any of it
_LEVEL: Final = 9  # 120 MB/s; the highest, 19, saves a twentieth and takes thirty times as long
_LEAST_WINDOW: Final = 10  # bits, as the format has it
_DIGEST: Final = 16  # bytes


def packed(data: Data) -> bytes:
    """Return *data*, `MOST` bytes or fewer, as one frame.

    Costs 8 ms a megabyte, and 11 MB of memory beside *data* for a full pack.
    """
    window = max(_LEAST_WINDOW, (len(data) - 1).bit_length())
    wide = zstandard.ZstdCompressionParameters(
        compression_level=_LEVEL, window_log=window, write_checksum=True
    )
    return zstandard.ZstdCompressor(compression_params=wide).compress(data)


def unpacked(frame: bytes, size: int) -> bytes:
    """Return the *size* bytes that were packed into *frame*. Costs a millisecond a megabyte.

    Raises:
        DamagedPackError: the frame is not what was made then.
    """
    try:
        # Asked first: what is damaged must not make us ask for any amount of memory.
        if zstandard.get_frame_parameters(frame).content_size != size:
            raise DamagedPackError("It holds another number of bytes than it should.")
        return zstandard.ZstdDecompressor().decompress(frame)
    except zstandard.ZstdError as error:
        raise DamagedPackError("It cannot be unpacked.") from error


def digest(data: Data) -> bytes:
    """Return what tells whether *data* is what it was; 16 bytes."""
    return blake2b(data, digest_size=_DIGEST).digest()


def digests(data: bytes, ranges: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Return the digest of each of *ranges* of *data*: from where on, and how many bytes.

    Of those that begin at one place each byte is read once, however many they are.
    """
    found: dict[tuple[int, int], bytes] = {}
    view = memoryview(data)
    for begin, group in groupby(sorted(set(ranges)), key=itemgetter(0)):
        told, done = blake2b(digest_size=_DIGEST), begin
        for _, length in group:
            told.update(view[done : begin + length])
            done = begin + length
            found[begin, length] = told.copy().digest()
    return found
