"""The topics of a conversation as bands that widen and narrow as it goes on."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from core.analysis.topics import Point
from desktop.models import insights_words as words_
from desktop.models.insights_axis import Spread
from desktop.models.insights_marks import Mark
from desktop.models.insights_reading import Insights

BANDS: Final = 6  # topics with a band of their own
AROUND: Final = 2  # utterances on each side whose topics count
OTHER: Final = -1  # colour of all topics that have no band
SHADES: Final = (1.0, 0.62, 0.38)  # of a thread's colour, for its topics in turn


@dataclass(frozen=True, slots=True)
class Band:
    """One topic: how much it has, 0 to 1, at each place of the river."""

    topic: str  # "" for all that have no band
    shares: tuple[float, ...]
    colour: int  # of its thread, or its own where there is only one thread
    shade: float  # of the colour, 0 to 1


@dataclass(frozen=True, slots=True)
class River:
    """All bands from the bottom up, and what is talked about at each place."""

    bands: tuple[Band, ...] = ()
    marks: tuple[Mark, ...] = ()  # one for each prompt and reply: its places


def river(found: Insights) -> River:
    """Return the topics of *found* from one prompt or reply to the next. Linear."""
    told = found.context.topics
    placed = [
        (found.places[one.spot.id], one) for one in told.points if one.spot.id in found.places
    ]
    names = [share.topic for share in told.dominant[:BANDS]]
    if not placed or not names:
        return River()
    mixed = _mixed([point.topic.primary for _, point in placed])
    looks = _looks(found, names, placed)
    bands = [
        Band(name, tuple(share.get(name, 0.0) for share in mixed), *looks[name]) for name in names
    ]
    rest = tuple(
        sum(share for name, share in one.items() if name and name not in looks) for one in mixed
    )
    if any(rest):
        bands.append(Band("", rest, OTHER, 1.0))
    across = Spread().over(turn for turn, _ in placed)
    marks = tuple(
        Mark(at, at, point.spot.id, partial(words_.topic, found, turn, point), turn)
        for (turn, point), at in zip(placed, across, strict=True)
    )
    return River(tuple(bands), marks)


def _mixed(topics: Sequence[str]) -> list[dict[str, float]]:
    """Return for each utterance how much of it and its neighbours each topic has."""
    found: list[dict[str, float]] = []
    for at in range(len(topics)):
        near = topics[max(0, at - AROUND) : at + AROUND + 1]
        found.append({name: n / len(near) for name, n in Counter(near).items()})
    return found


def _looks(
    found: Insights, names: Sequence[str], placed: Sequence[tuple[int, Point]]
) -> dict[str, tuple[int, float]]:
    """Return colour and shade of each topic: those of the thread in which it is most often."""
    seen: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for turn, point in placed:
        seen[point.topic.primary][found.turns.turns[turn].colour] += 1
    used: Counter[int] = Counter()
    looks: dict[str, tuple[int, float]] = {}
    for number, name in enumerate(names):
        colour = max(sorted(seen[name]), key=lambda one: seen[name][one], default=OTHER)
        if colour < 0:  # one thread only: each topic has a colour of its own
            looks[name] = (number, 1.0)
            continue
        looks[name] = (colour, SHADES[used[colour] % len(SHADES)])
        used[colour] += 1
    return looks
