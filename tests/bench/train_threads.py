"""Learn the weights of threading from a benchmark folder, or measure them on unseen projects.

    python -m tests.bench.train_threads DEV learn core/threads/weights.json
    python -m tests.bench.train_threads DEV unseen predictions.json

`learn` fits to all of DEV. `unseen` predicts every transcript with weights, and a table of
common words, that were learnt without any project that is in it: nothing of a project is
ever seen before it is predicted. What learning from a person's own library then adds is
measured by `tests.bench.warm_threads`.

Data: DEV's spliced streams (threads known), its natural sessions (task starts read by a
reader; unclear turns are not used) and streams spliced from those sessions. Nothing else.
"""

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from core.threads import splices
from core.threads.evaluation import begins, predicted
from core.threads.evidence import Turn
from core.threads.reading import facts
from core.threads.transcripts import transcript
from core.threads.weights import Weights, dump
from core.threads.words import Lexicon
from tests.bench import lessons as teach

SEED = 1
SPLICED = 2400  # streams spliced from the natural sessions
NATURAL = 24.0  # how much a turn of a natural session that begins nothing counts
SETTINGS = (1.0, 1.0, -0.5)  # share, shift, least


class Gold(NamedTuple):
    """What a benchmark folder says is right, and where its transcripts come from."""

    root: Path
    spliced: Mapping[str, list[int]]
    natural: Mapping[str, list[int]]
    projects: Mapping[str, frozenset[str]]  # of each transcript
    units: Mapping[str, list[str]]


def gold(root: Path) -> Gold:
    """Read the right answers of *root*."""
    with gzip.open(root / "gold" / "gold.json.gz", "rt", encoding="utf8") as stream:
        right: dict[str, Any] = json.load(stream)
    made = json.loads((root / "gold" / "manifest.json").read_text("utf8"))
    projects = {one["file"]: frozenset(one["repos"]) for one in made["files"]}
    natural = right["natural"]
    projects |= {name: frozenset([one["repo"]]) for name, one in natural.items()}
    both = {**right["files"], **natural}
    return Gold(
        root,
        {name: one["threads"] for name, one in right["files"].items()},
        {name: one["marks"] for name, one in natural.items()},
        projects,
        {name: one["units"] for name, one in both.items()},
    )


@cache
def _words(path: Path) -> tuple[frozenset[str], ...]:
    """Return the words of each turn of a transcript, none of them common."""
    lexicon = Lexicon()
    turns = transcript(facts(path), lexicon, begins).turns
    names = list(lexicon.words(range(len(lexicon))))
    return tuple(
        frozenset(names[word] for word in {*turn.words, *turn.asked, *turn.programs})
        for turn in turns
    )


def common(known: Gold, unseen: frozenset[str]) -> dict[str, float]:
    """Return the table of common words from the natural sessions of projects not *unseen*."""
    found: dict[str, list[frozenset[str]]] = {}
    for name in known.natural:
        for project in known.projects[name] - unseen:
            found.setdefault(project, []).extend(_words(known.root / name))
    return teach.common_words({name: one for name, one in found.items() if len(one) > 2})


def sources(known: Gold, turns: Mapping[str, Sequence[Turn]]) -> Iterator[splices.Source]:
    """Yield the stretches of natural sessions without a task start or an unclear turn."""
    for name, marks in known.natural.items():
        if name not in turns:
            continue
        cuts = [j for j, mark in enumerate(marks) if j == 0 or mark != 0]
        project = min(known.projects[name])
        for cut, end in zip(cuts, [*cuts[1:], len(marks)], strict=True):
            yield splices.Source(list(turns[name][cut:end]), name, project)


def lessons(known: Gold, turns: Mapping[str, Sequence[Turn]]) -> Iterator[teach.Lesson]:
    """Yield what the transcripts in *turns* teach."""
    for name, threads in known.spliced.items():
        if name in turns:
            yield teach.lesson(turns[name], threads)
    for name, marks in known.natural.items():
        if name in turns:
            begin = [False if mark == 0 else None for mark in marks]
            yield teach.Lesson(turns[name], begin, (), NATURAL)
    for stream in splices.splices(list(sources(known, turns)), SPLICED, SEED):
        yield teach.lesson(stream.turns, stream.threads)


def learn(known: Gold, unseen: frozenset[str]) -> Weights:
    """Return weights learnt without anything of the projects *unseen*."""
    table = common(known, unseen)
    names = [name for name, own in known.projects.items() if not own & unseen]
    turns = read(known, names, table)
    origin = f"{len(names)} transcripts of {len(_all(known) - unseen)} public projects, seed {SEED}"
    return teach.learn(
        teach.collect(lessons(known, turns)),
        common=table,
        settings=SETTINGS,
        origin=origin,
    )


def read(
    known: Gold, names: Iterable[str], table: Mapping[str, float]
) -> dict[str, Sequence[Turn]]:
    """Return the turns of the transcripts *names*."""
    lexicon = Lexicon(table)
    return {name: transcript(facts(known.root / name), lexicon, begins).turns for name in names}


def _all(known: Gold) -> frozenset[str]:
    return frozenset[str]().union(*known.projects.values())


def folds(known: Gold) -> dict[frozenset[str], list[str]]:
    """Return the transcripts to predict by the projects that must not have been seen.

    Where a stream mixes so many projects that nothing would be left to learn from, the
    three largest are kept apart as far as possible: see `main`'s note in the output.
    """
    found: dict[frozenset[str], list[str]] = {}
    sizes = {
        project: sum(project in own for own in known.projects.values()) for project in _all(known)
    }
    large = frozenset(sorted(sizes, key=lambda one: -sizes[one])[:3])
    for name, own in known.projects.items():
        unseen = own
        if len(own) == 1 and not own & large:
            unseen = _all(known) - large  # the small ones go together: one fit instead of many
        if large <= own:
            unseen = own - {max(large, key=lambda one: sizes[one])}
        found.setdefault(unseen, []).append(name)
    return found


def unseen(known: Gold) -> dict[str, object]:
    """Return predictions of every transcript by weights that saw nothing of its projects."""
    found: dict[str, object] = {}
    for without, names in folds(known).items():
        weights = learn(known, without)
        found |= predictions(known, names, weights)
        print(f"without {', '.join(sorted(without))}: {len(names)} transcripts", flush=True)
    return found


def predictions(known: Gold, names: Iterable[str], weights: Weights) -> dict[str, object]:
    """Return what *weights* say of the transcripts *names*, in the benchmark's form."""
    return {
        name: predicted(transcript(facts(known.root / name), weights.lexicon(), begins), weights)
        for name in names
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dev", type=Path)
    parser.add_argument("what", choices=("learn", "unseen"))
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    known = gold(given.dev)
    if given.what == "learn":
        given.out.write_text(dump(learn(known, frozenset())), "utf8")
    else:
        given.out.write_text(json.dumps(unseen(known)), "utf8")


if __name__ == "__main__":
    main()
