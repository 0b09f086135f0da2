"""Code of libraries that was needed once, to begin: out of this process's memory again.

Half of what the system counts for a new window are pages of Qt's, Python's and SQLite's files: when
a process runs code that it has not in memory the system gives it sixteen pages at once, and takes
none away while there is room. Half of them are never asked for again.
"""

import ctypes
import mmap
import sys
from pathlib import Path
from typing import Any, Final

_LOADED: Final = 1  # PT_LOAD of elf.h: a stretch of the file that is mapped
_DYNAMIC: Final = 2  # PT_DYNAMIC: what the loader has to know
_WRITABLE: Final = 2  # PF_W
_TEXTREL: Final = 22  # DT_TEXTREL: the loader writes into the code
_FLAGS: Final = 30  # DT_FLAGS
_TEXTREL_FLAG: Final = 4  # DF_TEXTREL
_DONT_NEED: Final = 4  # MADV_DONTNEED of mman.h
_WIDE: Final = 1 << 32  # below are the addresses of a smaller machine, whose headers look otherwise
_STATM: Final = Path("/proc/self/statm")


class _Segment(ctypes.Structure):
    """Elf64_Phdr."""

    _fields_ = (
        ("type", ctypes.c_uint32), ("flags", ctypes.c_uint32), ("offset", ctypes.c_uint64),
        ("address", ctypes.c_uint64), ("physical", ctypes.c_uint64), ("in_file", ctypes.c_uint64),
        ("size", ctypes.c_uint64), ("alignment", ctypes.c_uint64),
    )  # fmt: skip


class _Library(ctypes.Structure):
    """The beginning of dl_phdr_info."""

    _fields_ = (
        ("base", ctypes.c_uint64), ("name", ctypes.c_char_p),
        ("segments", ctypes.POINTER(_Segment)), ("count", ctypes.c_uint16),
    )  # fmt: skip


class _Fact(ctypes.Structure):
    """Elf64_Dyn."""

    _fields_ = (("tag", ctypes.c_int64), ("value", ctypes.c_uint64))


def resident() -> int:
    """Return how many bytes of files are in this process's memory; 0 where nobody says so."""
    try:
        return int(_STATM.read_bytes().split()[2]) * mmap.PAGESIZE
    except (OSError, IndexError, ValueError):
        return 0


def let_go(above: int = 0) -> bool:
    """Let go of the code of all libraries, if more than *above* bytes of files are in memory.

    What is needed again comes back by itself, from the system's own cache of files, a microsecond
    for each time. Only stretches that were never written to are let go, so nothing is lost. Takes
    a few milliseconds. Nothing happens on another system than Linux, or another C library.

    Returns whether something was let go.
    """
    if not sys.platform.startswith("linux") or sys.maxsize < _WIDE or resident() <= above:
        return False
    # With Python's lock held: whoever loads a library meanwhile waits with or without it.
    system = ctypes.PyDLL(None)
    try:
        advise, each = system.madvise, system.dl_iterate_phdr
    except AttributeError:
        return False
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)

    def look(library: Any, _size: int, _data: object) -> int:  # noqa: ANN401  a pointer of ctypes
        told = library.contents
        segments = told.segments[: told.count]
        if any(one.type == _DYNAMIC and _is_rewritten(told.base + one.address) for one in segments):
            return 0
        for segment in segments:
            if segment.type == _LOADED and not segment.flags & _WRITABLE:
                begin = (told.base + segment.address) // mmap.PAGESIZE * mmap.PAGESIZE
                end = told.base + segment.address + segment.in_file
                advise(begin, end - begin, _DONT_NEED)
        return 0

    kind = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(_Library), ctypes.c_size_t, ctypes.c_void_p
    )
    # The loader calls it while no library can come or go.
    each(kind(look), None)
    return True


def _is_rewritten(address: int) -> bool:
    """Tell whether the loader has written into code, by the facts that begin at *address*."""
    step = ctypes.sizeof(_Fact)
    while (fact := _Fact.from_address(address)).tag:
        if fact.tag == _TEXTREL or (fact.tag == _FLAGS and fact.value & _TEXTREL_FLAG):
            return True
        address += step
    return False
