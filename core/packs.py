"""Bytes of logs, packed for keeping: many in one go, for what is alike shrinks together."""

from hashlib import blake2b
from typing import Final, TypeAlias

import zstandard

from core.errors import DamagedPackError

Data: TypeAlias = bytes | bytearray | memoryview

MOST: Final = 8 << 20  # bytes in a pack; all of it is unpacked to read any of it
_LEVEL: Final = 9  # 120 MB/s; the highest, 19, saves a twentieth and takes thirty times as long
_LEAST_WINDOW: Final = 10  # bits, as the format has it


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
    return blake2b(data, digest_size=16).digest()
