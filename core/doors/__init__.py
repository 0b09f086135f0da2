"""The command line: everything Clew can do without a window, for scripts and for checks.

JSON goes to standard output and nothing else does; messages go to standard error. Exit
code 0: done; 1: a problem, told in a sentence; 2: the command line was not understood.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from core.doors import (
    analysing,
    archive,
    arguments,
    checking,
    diagnosing,
    evaluating,
    importing,
    insights,
    jobs,
    reading,
    removing,
    streaming,
    watching,
)
from core.doors.door import Door
from core.errors import CoreError
from core.store.connection import translated

_DOORS = {
    "import": Door(
        importing.run,
        "Read transcripts into the library; only what is new is read.",
        importing.add,
    ),
    "jobs": Door(
        jobs.run, "List the imports, how each ended and what it found in its files.", jobs.add
    ),
    "list": Door(reading.run_list, "List the conversations, the newest first.", arguments.nothing),
    "show": Door(reading.run_show, "Print one conversation.", arguments.identity),
    "search": Door(
        reading.run_search,
        "Search prompts, replies, thinking, tool inputs and outputs.",
        arguments.query,
    ),
    "stats": Door(
        reading.run_stats,
        "Print totals, tools, tokens, days, costs and formats.",
        arguments.nothing,
    ),
    "watch": Door(
        watching.run, "Import, then follow what grows; one JSON event a line.", arguments.paths
    ),
    "stream": Door(
        streaming.run,
        "Import, then follow what grows, and tell other tools on this computer about it.",
        streaming.add,
    ),
    "check": Door(
        checking.run,
        "Check the library: integrity, search index, sums; what was understood of each file.",
        arguments.nothing,
    ),
    "diagnostics": Door(
        diagnosing.run,
        "Tell what Clew runs on and how the library does; optimise or check it if asked to.",
        diagnosing.arguments,
    ),
    "archive": Door(
        archive.run,
        "List, check and write out again the logs that the library keeps as they were.",
        archive.arguments,
    ),
    "remove": Door(
        removing.remove,
        "Remove conversations that are older than so many days; for 30 days that can be undone.",
        removing.add,
    ),
    "removed": Door(
        removing.listed,
        "List what was removed; delete it for good if asked to.",
        removing.add_removed,
    ),
    "restore-removed": Door(
        removing.restore, "Bring back what was removed, as it was.", removing.add_restored
    ),
    "insights": Door(
        insights.run,
        "How tools are used, what follows what, and what could be done better.",
        insights.arguments,
    ),
    "analyse": Door(
        analysing.run,
        "Tell what one conversation was about and how it went.",
        arguments.identity,
    ),
    "evaluate": Door(
        evaluating.run,
        "Thread the transcripts of a benchmark's folder; the library is not touched.",
        evaluating.arguments,
    ),
}
NAMES = tuple(_DOORS)


def main(argv: Sequence[str]) -> int:  # noqa: PLR0911  one return for each way to end
    """Run the door that *argv* (without the program's name) names; return the exit code."""
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # JSON is UTF-8, whatever the terminal's own encoding is
        reconfigure(encoding="utf-8", errors="replace")
    parser = arguments.parser(_DOORS)
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
