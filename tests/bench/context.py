"""How fast the context analysis is, and what it finds, over the conversations of a library.

    python -m tests.bench.context DATA    # a folder of transcripts, or a library that read it

Prints messages a second on one core for the analysis itself (the library is read before),
where two conversations of different projects that are joined have their largest shift, and
how large the parts of complexity are.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from sqlite3 import Connection

from core.analysis import complexity, flow
from core.analysis.context import context
from core.analysis.material import Material
from core.analysis.terms import Frequencies, Terms, gathered
from core.analysis.utterances import Rarities, Utterance, utterances
from core.queries.material import material
from core.store.connection import open_reader
from tests.library import imported


def read(db: Connection) -> tuple[list[Material], int]:
    """Return every conversation of the library, and how many messages they have."""
    ids = [row[0] for row in db.execute("SELECT id FROM conversation ORDER BY key")]
    found = [one for one in (material(db, id_) for id_ in ids) if one is not None]
    count = db.execute("SELECT count(*) FROM message WHERE counted = 1").fetchone()[0]
    return found, count


def speed(found: Sequence[Material], count: int, frequencies: Frequencies) -> None:
    """Print how long the analysis of all of *found* takes."""
    for _ in range(3):
        terms = Terms()
        began = time.process_time()
        for one in found:
            context(one, frequencies, terms)
        took = time.process_time() - began
        print(f"{count} messages in {took:.2f} s of one core, {count / took:,.0f} a second")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak {peak} MB, all conversations in memory")


def seams(spoken: Sequence[tuple[str, tuple[Utterance, ...]]], frequencies: Frequencies) -> None:
    """Print how often the seam of two glued conversations is a major shift, and the largest."""
    rarities = Rarities(frequencies)
    long = [(project, said[:30]) for project, said in spoken if len(said) >= 12]
    hit = top = tried = others = points = 0
    for at, (project, said) in enumerate(long):
        for other, more in long[at + 1 : at + 40]:
            if other == project:
                continue
            tried += 1
            found = flow.flow((*said, *more), rarities)
            seam = more[0].spot
            hit += any(peak.spot == seam for peak in found.major)
            top += max(found.moves, key=lambda move: move.shift).spot == seam
            others += sum(peak.spot != seam for peak in found.major)
            points += len(found.moves) - 1
    print(
        f"{tried} joined pairs: the seam is a major shift in {hit / max(1, tried):.1%}, the largest"
        f" of all in {top / max(1, tried):.1%}; elsewhere {others / max(1, points):.1%} of points"
    )


def sizes(found: Sequence[Material]) -> None:
    """Print what 50, 95 and 99 in 100 turns with calls stay below."""
    pieces = [piece for one in found for piece in complexity.complexity(one).turns]
    parts = [piece.parts for piece in pieces if piece.parts.calls]
    for part in fields(complexity.Parts):
        values = sorted(getattr(one, part.name) for one in parts)
        told = [values[int(share * (len(values) - 1))] for share in (0.5, 0.95, 0.99)]
        print(f"{part.name}: {told} of {len(values)} turns")


def main() -> None:
    """Read the command line and measure."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("data", type=Path)
    data: Path = asked.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        made = data.is_dir()
        with closing(imported(Path(folder), data) if made else open_reader(data)) as db:
            found, count = read(db)
    terms = Terms()
    spoken = [(one.project, utterances(one, terms)) for one in found]
    frequencies = gathered({term for one in said for term in one.counts} for _, said in spoken)
    print(f"{frequencies.documents} conversations with {len(frequencies.counts)} terms")
    rarities = Rarities(frequencies)
    spoken = [(one.project, utterances(one, terms, rarities)) for one in found]
    speed(found, count, frequencies)
    seams(spoken, frequencies)
    sizes(found)


if __name__ == "__main__":
    main()
