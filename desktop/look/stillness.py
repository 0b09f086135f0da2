"""Keeps Python from deleting widgets while Qt walks over all of them."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def stillness() -> Generator[None]:
    """Hold off the collector of cycles during the body.

    A new font or style sheet is taken to every widget, one after the other, by way of Python.
    A widget that is collected meanwhile, such as one of a window that was just closed, would be
    gone when Qt comes to it, and the process would end there.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
