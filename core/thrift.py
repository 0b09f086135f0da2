"""Memory that any process of Clew does without."""

import contextlib
import ctypes
import importlib
import sys
from collections.abc import Sequence
from typing import Final

_MMAP_THRESHOLD: Final = (-3, 256 << 10)  # M_MMAP_THRESHOLD of malloc.h, in bytes
_ARENA_MAX: Final = (-8, 2)  # M_ARENA_MAX: with one readers and the writer wait

OPENSSL: Final = ("_hashlib", "_ssl", "ssl")


def tighten() -> None:
    """Have large blocks go back to the system when they are let go, and small ones shared.

    Without this glibc keeps a heap for each thread, none of which another one can use, and takes
    the first large block that is let go as a sign to keep all of them: after an import that was
    20 MB of nothing. Nothing happens with another C library. To be called before threads begin.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):  # a C library of another kind
            tell = ctypes.CDLL(None).mallopt
            for parameter, value in (_MMAP_THRESHOLD, _ARENA_MAX):
                tell(parameter, value)


def imported_without(hidden: Sequence[str], *users: str) -> None:
    """Import the modules *users* as if those of *hidden* were not installed.

    For what a library brings in but can do without, such as OpenSSL, of which `hashlib` and
    `asyncio` make 5 MB though nothing here is encrypted. Who imports one of *hidden* later finds
    it; what is there already is not hidden.
    """
    modules: dict[str, object] = sys.modules  # type: ignore[assignment]  # None: not to be found
    absent = [name for name in hidden if name not in modules]
    modules.update(dict.fromkeys(absent))
    try:
        for user in users:
            importlib.import_module(user)
    finally:
        for name in absent:
            del modules[name]
