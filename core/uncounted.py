"""SQLite without its count of the memory that it takes, at which all threads would meet."""

import contextlib
import ctypes
import importlib.util
import sys
from typing import Final

_MEMSTATUS: Final = 9  # SQLITE_CONFIG_MEMSTATUS of sqlite3.h
_MODULE: Final = "_sqlite3"


def uncounted() -> bool:
    """Have SQLite not count its memory in this process; return whether that was done.

    While it counts, every connection stops at one lock for each piece of memory it takes or lets
    go, many thousands of times in a read: that was most of what made threads wait for each other
    while one wrote and another read. Nothing here asks for the count. To be called before anybody
    imports `sqlite3`, which sets SQLite up; later, or with an SQLite that is not in a library of
    its own, nothing changes.
    """
    spec = None if _MODULE in sys.modules else importlib.util.find_spec(_MODULE)
    if spec is None or spec.origin is None:
        return False
    with contextlib.suppress(OSError, AttributeError):
        # The module leads to the very library that it will use.
        configure = ctypes.CDLL(spec.origin).sqlite3_config
        configure.argtypes = [ctypes.c_int]  # what follows is told to be variable
        return bool(configure(_MEMSTATUS, ctypes.c_int(0)) == 0)
    return False
