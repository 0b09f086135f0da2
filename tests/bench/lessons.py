"""Streams whose threads are known to weights: what every decision looks like, then a fit."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.threads import boundaries, pairs, relinking
from core.threads.evidence import Turn
from core.threads.weights import Weights
from tests.bench.newton import Examples, fit

RIDGE = (15.0, 15.0, 3.0)  # of the boundary, pair and link models


@dataclass(frozen=True, slots=True)
class Lesson:
    """Turns and what is known of them.

    *begins* says of each turn whether a new segment begins there: True, False, or None
    where nobody knows. *threads* is empty where it is unknown which thread is taken up.
    """

    turns: Sequence[Turn]
    begins: Sequence[bool | None]
    threads: Sequence[int] = ()
    count: float = 1.0  # how much it counts


def lesson(turns: Sequence[Turn], threads: Sequence[int], count: float = 1.0) -> Lesson:
    """Return a lesson of turns whose threads are all known."""
    begins = [j > 0 and threads[j] != threads[j - 1] for j in range(len(turns))]
    return Lesson(turns, begins, threads, count)


@dataclass(slots=True)
class Collected:
    """The examples of the three models."""

    boundary: Examples
    pair: Examples
    link: Examples


def collect(lessons: Iterable[Lesson]) -> Collected:
    """Return what *lessons* teach."""
    found = Collected(Examples(), Examples(), Examples())
    for one in lessons:
        band = pairs.band(one.turns)
        for j in range(1, len(one.turns)):
            known = one.begins[j]
            if known is not None:
                found.boundary.add(boundaries.features(band, j), float(known), one.count)
            for k in range(len(band.rows[j])):
                together = _together(one, j - 1 - k, j)
                if together is not None:
                    row = pairs.measures(band, j - 1 - k, j)
                    found.pair.add(row, float(together), one.count / pairs.DECAY[k])
        if one.threads:
            _links(one, band, found.link)
    return found


def _together(one: Lesson, i: int, j: int) -> bool | None:
    if one.threads:
        return one.threads[i] == one.threads[j]
    between = one.begins[i + 1 : j + 1]
    if any(between):
        return False
    return None if None in between else True


def _links(one: Lesson, band: pairs.Band, into: Examples) -> None:
    """Add for each segment the threads it could take up, and which it does."""
    cuts = [j for j in range(len(one.turns)) if j == 0 or one.begins[j]]
    known: list[relinking.Thread] = []
    last = -1
    for number, (cut, end) in enumerate(zip(cuts, [*cuts[1:], len(one.turns)], strict=True)):
        turns = one.turns[cut:end]
        usual = band.usual[min(end - 1, cut + relinking.HEAD - 1)][0].mean
        right = one.threads[cut]
        for thread, row in relinking.candidates(turns, known, last, number, usual):
            into.add(row, float(thread.number == right), one.count)
        old = next((thread for thread in known if thread.number == right), relinking.Thread(right))
        others = [thread for thread in known if thread is not old]
        known = [*others, old.plus(turns, number)][-relinking.KEPT :]
        last = right


def learn(
    collected: Collected,
    *,
    common: Mapping[str, float],
    settings: tuple[float, float, float],
    origin: str,
) -> Weights:
    """Return the weights that fit *collected* best; *settings*: share, shift and least."""
    inner = [
        row
        for row, answer in zip(collected.boundary.rows, collected.boundary.answers, strict=True)
        if not answer
    ]
    middle = [sum(column) / len(inner) for column in zip(*inner, strict=True)]
    models = (collected.boundary, collected.pair, collected.link)
    boundary, pair, link = (
        fit(examples, ridge) for examples, ridge in zip(models, RIDGE, strict=True)
    )
    return Weights(boundary, pair, link, tuple(middle), *settings, common, origin)


def common_words(
    projects: Mapping[str, Sequence[frozenset[str]]], *, most: int = 150, least: float = 0.005
) -> dict[str, float]:
    """Return the share of turns that each common word occurs in, over projects alike.

    *projects* holds the words of each turn. A word has to occur in two projects, so that
    the table holds no one's names, and may not be a path; a project counts as at most *most*
    turns.
    """
    shares: dict[str, float] = {}
    places: Counter[str] = Counter()
    whole = 0
    for turns in projects.values():
        if not turns:
            continue
        count = min(len(turns), most)
        whole += count
        times = Counter(word for words in turns for word in words)
        places.update(times.keys())
        for word, number in times.items():
            shares[word] = shares.get(word, 0.0) + count * number / len(turns)
    kept = {
        word: round(share / whole, 4)
        for word, share in shares.items()
        if places[word] > 1 and "/" not in word
    }
    return {word: share for word, share in kept.items() if share >= least}
