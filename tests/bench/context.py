"""How fast the analysis is, and what it finds, over the conversations of a library.

    python -m tests.bench.context DATA    # a folder of transcripts, or a library that read it

Prints messages a second of processor time on one core: reading them, the pieces of the context
analysis, the figures that are made of those, and the pieces of tools; then where two conversations
of different projects that are joined have their largest shift, and how large the parts of
complexity are.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from core.analysis import complexity, flow
from core.analysis.context import context
from core.analysis.context_piece import ContextPiece, context_piece, words
from core.analysis.material import Material
from core.analysis.terms import Frequencies, Terms
from core.analysis.tools_part import tool_piece
from core.analysis.tools_work import work
from core.analysis.utterances import Rarities, Utterance, utterances
from core.queries.material import Stretch, cuts, material, sessions, stretch
from core.store.connection import open_reader
from core.unhurried import unhurried
from tests.library import imported

T = TypeVar("T")


class Stages:
    """Adds up the processor time of what is done again and again."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def add(self, name: str, done: Callable[[], T]) -> T:
        """Return what *done* returns; its time counts for *name*."""
        began = time.process_time()
        found = done()
        self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - began
        return found

    def rate(self, count: int, *names: str) -> str:
        """Return how many of *count* messages a second *names* together come to."""
        return f"{count / sum(self.spent[name] for name in names):,.0f}"


def read(db: Connection) -> list[Material]:
    """Return every conversation of the library."""
    ids = [row[0] for row in db.execute("SELECT id FROM conversation ORDER BY key")]
    return [one for one in (material(db, id_) for id_ in ids) if one is not None]


def speed(db: Connection, known: Frequencies) -> None:
    """Print how long the analysis of the library takes, conversation by conversation."""
    (count,) = db.execute("SELECT count(*) FROM message WHERE counted = 1").fetchone()
    ids = [row[0] for row in db.execute("SELECT id FROM conversation ORDER BY key")]
    for _ in range(3):
        stages, terms = Stages(), Terms()
        for id_ in ids:
            _analyse(db, id_, stages, terms, known)
        told = ", ".join(f"{name} {took:.2f} s" for name, took in stages.spent.items())
        print(
            f"{count} messages: {told}; contexts with reading "
            f"{stages.rate(count, 'reading', 'context', 'figures')} a second, all "
            f"{stages.rate(count, *stages.spent)}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak {peak} MB, with all conversations in memory for what follows")


def _analyse(
    db: Connection, conversation: int, stages: Stages, terms: Terms, known: Frequencies
) -> None:
    def held() -> list[Stretch]:
        return [stretch(db, one) for one in sessions(db, conversation)]

    def pieces() -> list[ContextPiece]:
        return [context_piece(one.turns, terms) for one in found]

    found = stages.add("reading", held)
    said = stages.add("context", pieces)
    stages.add("figures", lambda: context(said, tuple(cuts(db, conversation)), lambda _: known))
    stages.add("tools", lambda: [tool_piece(work(one.turns, one.spent)) for one in found])


def frequencies(found: Sequence[Material], terms: Terms) -> Frequencies:
    """Return in how many of the conversations *found* each term is said."""
    counts: dict[str, int] = {}
    for one in found:
        for word in words(context_piece(one.turns, terms)):
            counts[word] = counts.get(word, 0) + 1
    return Frequencies(len(found), counts)


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
    pieces = [piece for one in found for piece in complexity.complexity(one.main).turns]
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
    with tempfile.TemporaryDirectory() as folder, unhurried():
        made = data.is_dir()
        with closing(imported(Path(folder), data) if made else open_reader(data)) as db:
            found, terms = read(db), Terms()
            known = frequencies(found, terms)
            print(f"{known.documents} conversations with {len(known.counts)} terms")
            speed(db, known)
    rarities = Rarities(known)
    seams([(one.project, utterances(one.main, terms, rarities)) for one in found], known)
    sizes(found)


if __name__ == "__main__":
    main()
