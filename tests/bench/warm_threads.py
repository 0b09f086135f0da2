"""Measure what learning from a person's own library brings to threading.

    python -m tests.bench.train_threads DEV unseen cold.json
    python -m tests.bench.warm_threads DEV SESSIONS cold.json warm.json [FOLDS]

DEV is a benchmark folder, SESSIONS a folder with the whole sessions of some of its projects,
one folder `owner__name` each. Of every project with enough sessions the transcripts are
divided into FOLDS (10) parts. Those of a part are predicted by weights that saw nothing of
the project, after learning, without labels, from an archive: the project's other sessions,
in SESSIONS and among DEV's natural ones. Left out of it is each session that has a prompt of
a transcript in the part, and each that shares a prompt with a session so left out. All other
transcripts keep their prediction in `cold.json`.
"""

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from core.threads.adapting import Adapted, adapt
from core.threads.evaluation import begins
from core.threads.evidence import Turn
from core.threads.reading import facts
from core.threads.transcripts import transcript
from core.threads.words import Lexicon
from tests.bench.train_threads import Gold, gold, learn, predictions

PROMPT = 15  # letters above which a prompt tells which session a stretch is of
COPY = 40  # letters above which a prompt that two sessions share was copied
_WORD = re.compile(r"[^\W\d_]{3,}")


def said(turns: Sequence[Turn], least: int) -> frozenset[str]:
    """Return how the prompts of more than *least* letters begin, by their words alone.

    Folders, names and numbers that a benchmark made neutral do not count.
    """
    return frozenset(
        " ".join(_WORD.findall(turn.prompt.lower()))[:80]
        for turn in turns
        if len(turn.prompt) > least
    )


def archive(
    part: Sequence[Sequence[Turn]], sessions: Mapping[str, Sequence[Turn]]
) -> list[Sequence[Turn]]:
    """Return those of *sessions* that have nothing to do with the transcripts in *part*."""
    prompts = frozenset[str]().union(*(said(turns, PROMPT) for turns in part))
    copied = {name: said(turns, COPY) for name, turns in sessions.items()}
    own = {name for name, turns in sessions.items() if said(turns, PROMPT) & prompts}
    history = frozenset[str]().union(*(copied[name] for name in own))
    left: list[Sequence[Turn]] = []
    known: set[str] = set()
    for name, turns in sessions.items():
        if name in own or copied[name] & history:
            continue
        if name.startswith("natural/") and copied[name] & known:
            continue  # it is among the whole sessions
        known |= copied[name]
        left.append(turns)
    return left


def read(known: Gold, whole: Path, project: str, lexicon: Lexicon) -> dict[str, Sequence[Turn]]:
    """Return the sessions of *project* by name: the whole ones first, then the natural ones."""
    folder = whole / project.replace("+", "__")
    paths = {str(path): path for path in sorted(folder.rglob("*.jsonl"))}
    paths |= {name: known.root / name for name in known.natural if project in known.projects[name]}
    return {
        name: transcript(facts(path), lexicon, begins).turns
        for name, path in paths.items()
        if not path.name.startswith("agent-")
    }


def parts(names: Sequence[str], count: int) -> list[list[str]]:
    """Return *names* in *count* parts, drawn by their own letters."""
    drawn = sorted(names, key=lambda name: blake2b(name.encode()).digest())
    return [drawn[part::count] for part in range(count) if drawn[part::count]]


def warm(
    known: Gold, whole: Path, project: str, count: int
) -> Iterator[tuple[list[str], int, Adapted]]:
    """Yield the names of each part of *project*, its archive's sessions, and what was learnt."""
    weights = learn(known, frozenset([project]))
    lexicon = weights.lexicon()
    sessions = read(known, whole, project, lexicon)
    names = [name for name, own in known.projects.items() if own == {project}]
    turns = {name: transcript(facts(known.root / name), Lexicon(), begins).turns for name in names}
    for part in parts(names, count):
        others = archive([turns[name] for name in part], sessions)
        yield part, len(others), adapt(others, weights, lexicon)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dev", type=Path)
    parser.add_argument("sessions", type=Path)
    parser.add_argument("cold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("folds", type=int, nargs="?", default=10)
    parser.add_argument("--least", type=int, default=30, help="transcripts of a project")
    given = parser.parse_args()
    known = gold(given.dev)
    found: dict[str, object] = json.loads(given.cold.read_text("utf8"))
    for project in sorted(frozenset[str]().union(*known.projects.values())):
        if sum(own == {project} for own in known.projects.values()) < given.least:
            continue
        for part, size, learnt in warm(known, given.sessions, project, given.folds):
            print(
                f"{project}: {len(part)} transcripts, {size} sessions, "
                f"{learnt.before:.3f} → {learnt.after:.3f}{' kept' if learnt.kept else ''}",
                flush=True,
            )
            if learnt.kept:
                found |= predictions(known, part, learnt.weights)
    given.out.write_text(json.dumps(found), "utf8")


if __name__ == "__main__":
    main()
