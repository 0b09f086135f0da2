"""What a door prints: JSON for programs, or lines for people."""

import argparse

from core.records.fields import dump


def tell(options: argparse.Namespace, out: object, lines: list[str]) -> None:
    """Print *out* as JSON if that is asked for, else *lines* without control characters."""
    if options.json:
        print(dump(out))
        return
    for line in lines:
        print("".join(char if char.isprintable() else " " for char in line))
