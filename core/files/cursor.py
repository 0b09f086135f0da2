"""How far a file was read, and whether what was read is still there."""

from dataclasses import dataclass
from enum import Enum, auto
from hashlib import blake2b
from os import stat_result
from typing import BinaryIO

EDGE = 4096  # bytes at each end of what was read that are hashed


@dataclass(frozen=True, slots=True)
class Stat:
    """The facts of a file by which a change is noticed without reading it."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int  # unlike mtime it cannot be set back, so an in-place rewrite shows

    @classmethod
    def of(cls, stat: stat_result) -> "Stat":
        """Return the facts of *stat*."""
        wrapped = (stat.st_dev, stat.st_ino)
        device, inode = (number - 2**64 if number >= 2**63 else number for number in wrapped)
        return cls(device, inode, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Cursor:
    """What was read of a file and committed."""

    offset: int = 0  # bytes
    line: int = 0  # line ends before offset
    head: bytes = b""  # hash of the first bytes before offset
    tail: bytes = b""  # hash of the last bytes before offset


class Change(Enum):
    """What happened to a file since its cursor was made."""

    NONE = auto()
    GROWN = auto()
    REPLACED = auto()  # truncated, rewritten or another file by the same name


def edges(stream: BinaryIO, offset: int) -> tuple[bytes, bytes, int]:
    """Return the hashes of both ends of the first *offset* bytes, and how many were read."""
    stream.seek(0)
    head = stream.read(min(EDGE, offset))
    stream.seek(max(0, offset - EDGE))
    tail = stream.read(min(EDGE, offset))
    return _hash(head), _hash(tail), len(head) + len(tail)


def compare(stream: BinaryIO, size: int, cursor: Cursor) -> tuple[Change, int]:
    """Return what happened to the file open as *stream*, and how many bytes that took."""
    if size < cursor.offset:
        return Change.REPLACED, 0
    head, tail, cost = edges(stream, cursor.offset)
    if (head, tail) != (cursor.head, cursor.tail):
        return Change.REPLACED, cost
    return (Change.GROWN if size > cursor.offset else Change.NONE), cost


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
