"""The command line's grammar, made from a table of doors."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from core import __version__
from core.config import default_library
from core.doors.door import Door


def parser(purposes: Mapping[str, str], doors: Mapping[str, Door]) -> argparse.ArgumentParser:
    """Return a parser of command lines that name one of *doors*; it sets ``door`` to it.

    *purposes* are those of all commands there are, by name.
    """
    made = argparse.ArgumentParser(
        prog="clew",
        usage="clew [-h] [--version] [PATH ...]\n       clew COMMAND ...",
        description="Every conversation with your coding agents, in one window. "
        "Without a command the window opens; PATHs are folders or files of transcripts.",
        epilog="Nothing leaves this computer, and log files are never changed.",
    )
    made.add_argument("--version", action="version", version=f"clew {__version__}")
    sub = made.add_subparsers(title="commands", metavar="COMMAND", prog="clew")
    for name, purpose in purposes.items():
        one = sub.add_parser(name, help=purpose, description=purpose)
        door = doors.get(name)
        if door is None:
            continue
        one.add_argument(
            "--library",
            type=Path,
            default=default_library(),
            metavar="FILE",
            help="the library to use (default: %(default)s)",
        )
        one.add_argument("--json", action="store_true", help="print JSON")
        door.add(one)
        one.set_defaults(door=door.run)
    sub.add_parser("tour", help="Drive the real window and save a picture of every page.")
    return made


def paths(one: argparse.ArgumentParser) -> None:
    """Let a door take folders and files."""
    one.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="folders or files; without any, where agents keep their own",
    )


def query(one: argparse.ArgumentParser) -> None:
    """Let a door take what to look for, and how much of it."""
    one.add_argument("query", metavar="QUERY")
    one.add_argument("--limit", type=int, default=50, metavar="N")


def identity(one: argparse.ArgumentParser) -> None:
    """Let a door take a conversation."""
    one.add_argument("id", metavar="ID", help="a conversation's id, as `clew list` gives it")


def nothing(_one: argparse.ArgumentParser) -> None:
    """Add no arguments."""
