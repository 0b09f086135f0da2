"""Which folders and files a door is to read."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.config import agent_roots


def roots(options: argparse.Namespace) -> Sequence[Path] | None:
    """Return what to read; None, after a sentence on standard error, if there is nothing."""
    found: list[Path] = options.paths or list(agent_roots())
    if not found:
        print("clew: No transcripts were found; name a folder or file.", file=sys.stderr)
        return None
    for root in found:
        if not root.exists():
            print(f"clew: {root} does not exist.", file=sys.stderr)
            return None
    return found
