"""Code of libraries that was needed once, to begin: out of this process's memory again.

Half of what the system counts for a new window are pages of Qt's, Python's and SQLite's files: when
a process runs code that it has not in memory the system gives it sixteen pages at once, and takes
none away while there is room. Half of them are never asked for again.
"""

import ctypes
import mmap
import os
import struct
import sys
from pathlib import Path
from typing import Any, Final

_LOADED: Final = 1  # PT_LOAD of elf.h: a stretch of the file that is mapped
_WRITABLE: Final = 2  # PF_W
_TEXTREL: Final = 22  # DT_TEXTREL: the loader writes into the code
_FLAGS: Final = 30  # DT_FLAGS
_TEXTREL_FLAG: Final = 4  # DF_TEXTREL
_DONT_NEED: Final = 4  # MADV_DONTNEED of mman.h
_WIDE: Final = 1 << 32  # below are the addresses of a smaller machine, whose headers look otherwise
_MAGIC: Final = b"\x7fELF\x02"  # of a file of 64 bits
_LINKMAP: Final = 2  # RTLD_DI_LINKMAP of dlfcn.h
_STATM: Final = Path("/proc/self/statm")
_MAPS: Final = Path("/proc/self/maps")
_PROGRAM: Final = "/proc/self/exe"


class _Segment(ctypes.Structure):
    """Elf64_Phdr."""

    _fields_ = (
        ("type", ctypes.c_uint32), ("flags", ctypes.c_uint32), ("offset", ctypes.c_uint64),
        ("address", ctypes.c_uint64), ("physical", ctypes.c_uint64), ("in_file", ctypes.c_uint64),
        ("size", ctypes.c_uint64), ("alignment", ctypes.c_uint64),
    )  # fmt: skip


class _Library(ctypes.Structure):
    """The beginning of link_map."""

    _fields_ = (
        ("base", ctypes.c_uint64), ("name", ctypes.c_char_p), ("facts", ctypes.c_uint64),
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
    some 10 ms. Nothing happens on another system than Linux, or with a C library that is asked
    otherwise.

    Returns whether something was let go.
    """
    if not sys.platform.startswith("linux") or sys.maxsize < _WIDE or resident() <= above:
        return False
    # Never while the loader is locked: `dl_iterate_phdr` would call Python then, and another thread
    # that loads a library, with Python's lock, would wait for this one, and this one for it.
    free, held = ctypes.CDLL(None), ctypes.PyDLL(None)
    try:
        loader = _Loader(free.dlopen, free.dlclose, held.dlinfo, held.madvise)
    except AttributeError:
        return False
    places = _places()
    program = places.pop(os.path.realpath(_PROGRAM), None)
    if program is not None:
        loader.let_go(None, program)
    for path, place in places.items():
        loader.let_go(path, place)
    return True


def _places() -> dict[str, int]:
    """Return where each file begins that is in memory and has code, by its path.

    No others: to ask the loader about a database would open and close it, and with that this
    process would lose its locks on it.
    """
    try:
        lines = _MAPS.read_bytes().splitlines()
    except OSError:
        return {}
    begins: dict[bytes, int] = {}
    code: set[bytes] = set()
    for line in lines:
        place, rights, offset, _device, _inode, *path = line.split(None, 5)
        if not path or not path[0].startswith(b"/"):
            continue
        if int(offset, 16) == 0:
            begins.setdefault(path[0], int(place.partition(b"-")[0], 16))
        if rights == b"r-xp":
            code.add(path[0])
    return {os.fsdecode(path): begin for path, begin in begins.items() if path in code}


class _Loader:
    """Calls of the C library: the first two may wait, so that others have Python's lock then."""

    def __init__(self, opens: Any, closes: Any, tells: Any, advises: Any) -> None:  # noqa: ANN401  of ctypes
        opens.restype, opens.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        closes.argtypes = (ctypes.c_void_p,)
        tells.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        advises.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        self._opens, self._closes, self._tells, self._advises = opens, closes, tells, advises

    def let_go(self, path: str | None, place: int) -> None:
        """Let go of the code of the library *path*, or of the program, that begins at *place*.

        Nothing happens if it is no library that is loaded there.
        """
        # As long as it is held it stays where it is.
        name = None if path is None else os.fsencode(path)
        handle = self._opens(name, os.RTLD_LAZY | os.RTLD_NOLOAD)
        if not handle:
            return
        try:
            found = ctypes.c_void_p()
            if self._tells(handle, _LINKMAP, ctypes.byref(found)) == 0 and found.value:
                told = _Library.from_address(found.value)
                if path is None or told.base == place:
                    self._advise(told, place)
        finally:
            self._closes(handle)

    def _advise(self, told: _Library, place: int) -> None:
        segments = _segments(place)
        if not told.facts or _is_rewritten(told.facts):
            return
        for segment in segments:
            if segment.type == _LOADED and not segment.flags & _WRITABLE:
                begin = (told.base + segment.address) // mmap.PAGESIZE * mmap.PAGESIZE
                end = told.base + segment.address + segment.in_file
                self._advises(begin, end - begin, _DONT_NEED)


def _segments(place: int) -> list[_Segment]:
    """Return the segments of the file that begins at *place*; none if it is of another kind."""
    head = ctypes.string_at(place, 64)
    (begin,) = struct.unpack("Q", head[32:40])
    each, count = struct.unpack("HH", head[54:58])
    size = ctypes.sizeof(_Segment)
    if head[:5] != _MAGIC or each != size or begin + count * size > mmap.PAGESIZE:
        return []
    return [_Segment.from_address(place + begin + number * size) for number in range(count)]


def _is_rewritten(address: int) -> bool:
    """Tell whether the loader has written into code, by the facts that begin at *address*."""
    step = ctypes.sizeof(_Fact)
    while (fact := _Fact.from_address(address)).tag:
        if fact.tag == _TEXTREL or (fact.tag == _FLAGS and fact.value & _TEXTREL_FLAG):
            return True
        address += step
    return False
