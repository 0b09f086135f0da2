"""The command line: everything Clew can do without a window, for scripts and for checks.

JSON goes to standard output and nothing else does; messages go to standard error. Exit
code 0: done; 1: a problem, told in a sentence; 2: the command line was not understood.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from core.doors import arguments
from core.doors.opening import opened
from core.errors import CoreError
from core.store.connection import translated

_PURPOSES: Final = {
    "import": "Read transcripts into the library; only what is new is read.",
    "jobs": "List the imports, how each ended and what it found in its files.",
    "list": "List the conversations, the newest first.",
    "show": "Print one conversation.",
    "search": "Search prompts, replies, thinking, tool inputs and outputs.",
    "stats": "Print totals, tools, tokens, days, costs and formats.",
    "watch": "Import, then follow what grows; one JSON event a line.",
    "stream": "Import, then follow what grows, and tell other tools on this computer about it.",
    "check": "Check the library: integrity, search index, sums; what was understood of each file.",
    "diagnostics": "Tell what Clew runs on and how the library does; optimise it if asked to.",
    "archive": "List, check and write out again the logs that the library keeps as they were.",
    "remove": "Remove conversations older than so many days; for 30 days that can be undone.",
    "removed": "List what was removed; delete it for good if asked to.",
    "restore-removed": "Bring back what was removed, as it was.",
    "insights": "How tools are used, what follows what, and what could be done better.",
    "analyse": "Tell what one conversation was about and how it went.",
    "evaluate": "Thread the transcripts of a benchmark's folder; the library is not touched.",
}
NAMES = tuple(_PURPOSES)


def main(argv: Sequence[str]) -> int:  # noqa: PLR0911  one return for each way to end
    """Run the door that *argv* (without the program's name) names; return the exit code."""
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # JSON is UTF-8, whatever the terminal's own encoding is
        reconfigure(encoding="utf-8", errors="replace")
    # Only of a command that is named more is known than its purpose.
    parser = arguments.parser(_PURPOSES, {one: opened(one) for one in argv if one in _PURPOSES})
    try:
        options = parser.parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    door: Callable[[argparse.Namespace], int] | None = getattr(options, "door", None)
    if door is None:
        parser.print_usage(sys.stderr)
        return 2
    try:
        with translated(options.library):
            return door(options)
    except CoreError as error:
        print(f"clew: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Nobody reads on; what is still buffered must not be complained about at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"clew: {error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
