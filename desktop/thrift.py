"""Memory that the window does without; imported before the modules it saves on."""

import contextlib
import ctypes
import gc
import importlib
import sys
from collections.abc import Generator
from functools import partial
from types import ModuleType
from typing import Final

_MIRRORED: Final = ("QtCore", "QtGui", "QtWidgets")


def spare_memory() -> None:
    """Keep PySide from reading the source of every module that is imported from now on.

    It looks for ``from __feature__``, which nobody here writes, and holds on to what it read:
    15 MB with pyqtgraph. A private name, so that it may be gone in another release.
    """
    with contextlib.suppress(Exception):
        importlib.import_module("PySide6")  # it brings the module below
        from shibokensupport import feature  # type: ignore[import-not-found]  # noqa: PLC0415  no stubs; not before PySide6

        feature._mod_uses_pyside = _uses_no_feature  # noqa: SLF001  see above


def set_aside() -> None:
    """Let the collector of cycles pass over all that there is now: it lives as long as the window.

    A full collection stops every thread, for 50 ms with a window's objects and modules and for a
    few without them. What is in cycles that nobody needs by now is never found; it is little.
    """
    gc.freeze()


@contextlib.contextmanager
def mirrored() -> Generator[None]:
    """Have pyqtgraph, imported in the body, make those classes of Qt that it uses, not all of them.

    It copies every name of Qt's modules into modules of its own, and PySide makes a class when it
    is first named: a thousand, of which a tenth is used. Here the copies are told no name and look
    each one up instead. Saves 5 MB; another release that copies by other means copies as before.
    """
    sources = {
        f"pyqtgraph.Qt.{name}": importlib.import_module(f"PySide6.{name}") for name in _MIRRORED
    }
    own = {mirror: vars(source).get("__dir__") for mirror, source in sources.items()}
    for mirror, source in sources.items():
        vars(source)["__dir__"] = partial(_told, mirror, source, dir(source))
    try:
        yield
    finally:
        for mirror, source in sources.items():
            del vars(source)["__dir__"]
            if own[mirror] is not None:
                vars(source)["__dir__"] = own[mirror]


def _told(mirror: str, source: ModuleType, names: list[str]) -> list[str]:
    """Return the *names* of *source*: none once the module *mirror* can look them up."""
    copy = sys.modules.get(mirror)
    if copy is None:
        return names
    vars(copy)["__getattr__"] = partial(getattr, source)
    return []


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
