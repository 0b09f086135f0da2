"""Other programs that read the same logs, timed beside Clew where they are installed.

Each is run twice as its own documentation says, over a copy of the logs and with an empty home: once with
nothing known, once with nothing changed. What a program leaves out is named with it, since less
work is no faster work.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Peer:
    """A program, and how it is run: ``{logs}``, ``{above}`` and ``{out}`` are filled in."""

    name: str
    program: str
    arguments: tuple[str, ...]
    does: str
    environment: tuple[tuple[str, str], ...] = ()
    most: float = float("inf")  # bytes of logs beyond which it would take too long


@dataclass(frozen=True, slots=True)
class Ran:
    """One run: seconds until it ended, the most memory a process of it took, what it wrote."""

    seconds: float
    peak_mb: float
    written: int  # bytes in its output folder and among the logs


PEERS = (
    Peer(
        "clew import",
        "clew",
        ("import", "--library", "{out}/library.clew", "--no-threads", "--no-archive", "{logs}"),
        "all text, tool input and output searchable; threads and archive come after",
    ),
    Peer(
        "agentsview sync",
        "agentsview",
        ("sync",),
        "without the output of some tools",
        (
            ("AGENTSVIEW_NO_DAEMON", "1"),
            ("AGENTSVIEW_DATA_DIR", "{out}/data"),
            ("CLAUDE_PROJECTS_DIR", "{logs}"),
        ),
    ),
    Peer(
        "ccusage claude daily",
        "ccusage",
        ("claude", "daily", "--offline", "--json"),
        "tokens only, keeps nothing",
        (("CLAUDE_CONFIG_DIR", "{above}"),),
    ),
    Peer(
        "claude-code-log",
        "claude-code-log",
        ("--projects-dir", "{logs}", "--all-projects"),
        "a page for each session, beside the logs",
        most=100e6,
    ),
)


def compare(peer: Peer, logs: Path) -> tuple[Ran, Ran] | str:
    """Run *peer* over *logs* twice; or say why not.

    Raises:
        RuntimeError: it ended with an error.
    """
    program = _program(peer.program)
    if program is None:
        return "not installed"
    size = _size(logs)
    if size > peer.most:
        return f"not run: more than {peer.most / 1e6:.0f} MB"
    with _copied(logs) as (copy, out):
        names = {"logs": str(copy), "above": str(copy.parent), "out": str(out)}
        asked = [program, *(part.format(**names) for part in peer.arguments)]
        environment = {key: value.format(**names) for key, value in peer.environment}
        runs = [_run(asked, environment | {"HOME": str(out)}) for _ in range(2)]
        written = _size(out) + _size(copy) - size
    first, again = (Ran(seconds, peak, written) for seconds, peak in runs)
    return first, again


def _program(name: str) -> str | None:
    """Return where *name* is: Clew's own beside this Python, any other on the PATH."""
    own = Path(sys.executable).with_name(name)
    return str(own) if own.exists() else shutil.which(name)


@contextmanager
def _copied(logs: Path) -> Iterator[tuple[Path, Path]]:
    # Some of them write among the logs, and those are not ours to write to.
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "agent", "projects")
        shutil.copytree(logs, copy)
        out = Path(folder, "out")
        out.mkdir()
        yield copy, out


def _run(asked: list[str], environment: dict[str, str]) -> tuple[float, float]:
    began = time.perf_counter()
    nowhere = [(os.POSIX_SPAWN_OPEN, one, os.devnull, os.O_RDWR, 0o600) for one in (0, 1, 2)]
    child = os.posix_spawn(asked[0], asked, os.environ | environment, file_actions=nowhere)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - began
    if status:
        raise RuntimeError(f"{asked[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, used.ru_maxrss / 1024


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
