"""What many readers cost an import, and an import them: the figures of docs/storage.md."""

import sys
import tempfile
from pathlib import Path

from tests.stress.outcome import told
from tests.stress.readers import run

_PACES = (1.0, 0.3)  # seconds between two reads of a client


def main(messages: int) -> int:
    """Measure with *messages* messages; return 1 if a read failed."""
    failed = False
    for think in _PACES:
        with tempfile.TemporaryDirectory() as folder:
            for one in run(
                Path(folder), messages, clients=128, processes=100, think=think, rounds=2
            ):
                failed = failed or bool(one.reads.errors)
                print(told(one), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
