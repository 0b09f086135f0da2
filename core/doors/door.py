"""What a door is: a command of `clew` that needs no window."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """One command: what it does, and the arguments it takes."""

    run: Callable[[argparse.Namespace], int]  # returns the exit code
    add: Callable[[argparse.ArgumentParser], None]
