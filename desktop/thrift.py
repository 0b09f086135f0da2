"""Memory that the window does without; imported before the modules it saves on."""

import contextlib
import ctypes
import importlib
import sys


def spare_memory() -> None:
    """Keep PySide from reading the source of every module that is imported from now on.

    It looks for ``from __feature__``, which nobody here writes, and holds on to what it read:
    15 MB with pyqtgraph. A private name, so that it may be gone in another release.
    """
    with contextlib.suppress(Exception):
        importlib.import_module("PySide6")  # it brings the module below
        from shibokensupport import feature  # type: ignore[import-not-found]  # noqa: PLC0415  no stubs; not before PySide6

        feature._mod_uses_pyside = _uses_no_feature  # noqa: SLF001  see above


def give_back_memory() -> None:
    """Return to the system what the C library keeps of memory that was let go.

    Only glibc keeps much, and only glibc can be told; elsewhere nothing happens. Takes a few
    milliseconds, during which other threads may have to wait for memory.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):  # a C library of another kind
            ctypes.CDLL(None).malloc_trim(0)


def _uses_no_feature(_module: object) -> bool:
    return False
