"""What the system says of memory: a process's own, and that of all it has started."""

import contextlib
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Self


def memory(field: str, process: int | str = "self") -> float:
    """Return *field* of the status of *process* in MB; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(field)), 0.0)


def children(process: int | str) -> list[int]:
    """Return the processes that *process* has started and that run; none where nobody tells."""
    found: list[int] = []
    with contextlib.suppress(OSError):  # it has ended
        for thread in Path(f"/proc/{process}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


class Tree:
    """The memory of this process and of all it starts, watched from outside of it: context manager.

    In MB, PSS: a page that several processes share is counted by parts, so that the sum is true.
    Only Linux tells.
    """

    def __enter__(self) -> Self:
        self._watcher = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.memory", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self._watcher.communicate()

    def look(self) -> tuple[float, float]:
        """Return what it is now, and the most it was since the last look."""
        assert self._watcher.stdin is not None
        assert self._watcher.stdout is not None
        print(file=self._watcher.stdin, flush=True)
        now, most = self._watcher.stdout.readline().split()
        return float(now), float(most)


def tree(root: int) -> float:
    """Return the PSS of process *root* and those below it in MB, without this process."""
    total = 0.0
    left = [root]
    while left:
        process = left.pop()
        if process == os.getpid():
            continue
        with contextlib.suppress(OSError):  # it has ended
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next((int(one.split()[1]) / 1000 for one in lines if one[:4] == "Pss:"), 0.0)
        left += children(process)
    return total


def _watch(root: int) -> None:
    """Answer each line of standard input with the size of the tree below *root*, now and at most.

    Looks ten times a second, which costs a process of this size a hundredth of a core.
    """
    most = 0.0
    while True:
        asked, _, _ = select.select([sys.stdin], [], [], 0.1)
        most = max(most, now := tree(root))
        if asked:
            if not sys.stdin.readline():
                return
            print(now, most, flush=True)
            most = 0.0


if __name__ == "__main__":
    _watch(int(sys.argv[1]))
