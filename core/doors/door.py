"""What a door is: a command of `clew` that needs no window."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """One command: what it does, what it is for in a sentence, and the arguments it takes."""

    run: Callable[[argparse.Namespace], int]  # returns the exit code
    help: str
    add: Callable[[argparse.ArgumentParser], None]
