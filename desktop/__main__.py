"""``clew``: a command of the core where one is named, else the window."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from core import helper
from core.alike import share_methods
from core.thrift import OPENSSL, imported_without, tighten
from core.uncounted import uncounted
from desktop import thrift

_HEADLESS: Final = ("offscreen", "minimal", "vnc")


def main(argv: Sequence[str] | None = None) -> int:
    """Do what *argv*, or else the command line, says; return the exit code."""
    if getattr(sys, "frozen", False):
        import multiprocessing  # noqa: PLC0415  where Python is installed nobody needs it here

        multiprocessing.freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    first = arguments[0] if arguments else ""
    if first == helper.FLAG:
        return helper.serve()
    tighten()
    uncounted()
    share_methods()
    if first.isalpha() or first in {"-h", "--help", "--version"}:
        from core import doors  # noqa: PLC0415  four megabytes that the window need not spend

        if first in doors.NAMES or first in {"-h", "--help", "--version", "help"}:
            return doors.main(arguments)
    if first == "tour":
        thrift.spare_memory()
        from desktop.tour import command  # noqa: PLC0415  Qt is for those who want a window

        return command.main(arguments[1:])
    return _window(arguments)


def _window(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="clew", description="Read, search and follow conversations with coding agents."
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folder or transcript")
    parser.add_argument("--library", type=Path, metavar="FILE", help="another library")
    parser.add_argument("--smoke", type=Path, metavar="FILE", help="look, write FILE and quit")
    asked = parser.parse_args(arguments)
    missing = [path for path in asked.paths if not path.exists()]
    if missing:
        sys.stderr.write(f"clew: {missing[0]} does not exist.\n")
        return 2
    if not has_display():
        sys.stderr.write(
            "clew: there is no display to open a window on; "
            "`make tour` takes pictures of every page without one.\n"
        )
        return 2
    imported_without(OPENSSL, "hashlib", "hmac", "asyncio")
    thrift.spare_memory()
    from desktop import app  # noqa: PLC0415  only now: it brings Qt

    paths = tuple(path.absolute() for path in asked.paths)
    return app.run(app.Start(paths, asked.library, asked.smoke))


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Return whether a window can be opened: only on Linux may there be nothing to open it on."""
    if not platform.startswith("linux"):
        return True
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen in _HEADLESS:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
