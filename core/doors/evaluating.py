"""The door that measures: it reads a benchmark's folder and writes what Clew says of it.

Nothing but the files of the folder is used, and no library is opened.
"""

import argparse
from pathlib import Path

from core.doors.printing import tell
from core.records.fields import dump
from core.threads import evaluation


def arguments(one: argparse.ArgumentParser) -> None:
    """Let the door take a benchmark's folder, and where to write."""
    one.add_argument("what", choices=("threading",), help="what is measured")
    one.add_argument("data", type=Path, metavar="DATA", help="the benchmark's folder")
    one.add_argument("--out", type=Path, required=True, metavar="FILE", help="predictions, JSON")
    one.add_argument(
        "--archive",
        type=Path,
        metavar="DIR",
        help="further transcripts of the same people, from which is learnt first",
    )
    one.add_argument("--why", type=Path, metavar="FILE", help="every cut with its reasons, JSON")


def run(options: argparse.Namespace) -> int:
    """Write the predictions for the folder; return the exit code."""
    if not options.data.is_dir():
        raise FileNotFoundError(2, f"There is no folder {options.data}")
    weights = evaluation.learnt(options.archive)
    cuts: dict[str, list[evaluation.Reason]] = {}
    found = evaluation.evaluate(options.data, weights, cuts)
    options.out.write_text(dump(found), "utf-8")
    if options.why is not None:
        options.why.write_text(dump(cuts), "utf-8")
    out = {"files": len(found), "cuts": sum(len(told) for told in cuts.values())}
    tell(options, out, [f"{out['files']} transcripts, {out['cuts']} cuts."])
    return 0
