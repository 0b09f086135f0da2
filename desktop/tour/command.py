"""``clew tour``: a picture of every page of the real window, over a real library."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_ABOUT: Final = "A picture of every page of the real window, over a real library."
_SIZES: Final = ((1280, 800), (2560, 1440))


def main(arguments: Sequence[str]) -> int:
    """Take the tour that *arguments* ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="clew tour", description=_ABOUT)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="transcripts to show")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for the pictures")
    parser.add_argument("--library", type=Path, metavar="FILE", help="keep the library here")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="clew-tour-") as folder:
        os.environ["CLEW_SETTINGS"] = folder
        from desktop.tour import walk  # noqa: PLC0415  Qt, once the platform is chosen

        library = asked.library or Path(folder) / "library.clew"
        paths = tuple(path.absolute() for path in asked.paths)
        tour = walk.Walk(asked.out, library, paths, Path(folder), _SIZES)
        return tour.run()
