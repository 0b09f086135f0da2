"""What a conversation was about, as it went on: its most distinctive terms, in a window.

A window is the last six utterances, and moves by one. A term weighs
log(1 + occurrences) × rarity in the library × share of the window's utterances that have it;
what a person says counts twice. The primary topic is the heaviest term; it is kept for as
long as it weighs at least half of what the heaviest does, so that a topic does not flicker. Its
confidence is its share of the weight of the window's eight heaviest terms.

A point depends on what came before it only, so appending never changes an earlier one.
"""

import math
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise
from typing import Final

from core.analysis.activity import Activity
from core.analysis.material import Spot
from core.analysis.utterances import Rarities, Utterance

REVISION: Final = 3
WINDOW: Final = 6  # utterances
PROMPT: Final = 2  # how often a person's words count
KEPT: Final = 0.5  # of the heaviest term, what a topic has to weigh to go on
KEYWORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its heaviest term, the next three, and all keywords, heaviest first."""

    primary: str  # "" where nothing distinctive was said
    related: tuple[str, ...]
    keywords: tuple[str, ...]
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Point:
    """The topic of the window that ends with one utterance."""

    spot: Spot
    at: int | None
    topic: Topic


@dataclass(frozen=True, slots=True)
class Transition:
    """One topic gives way to another at a message."""

    spot: Spot
    at: int | None
    of: str
    to: str


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a conversation a topic had."""

    topic: str
    share: float  # 0 to 1, of all topics
    active_ms: int


@dataclass(frozen=True, slots=True)
class Evolution:
    """The topics of one conversation over time."""

    points: tuple[Point, ...]
    transitions: tuple[Transition, ...]
    dominant: tuple[Share, ...]  # largest first
    diversity: float | None  # normalised Shannon entropy of the shares; None without topics
    by_time: bool  # False: no times are told, the shares are of utterances


NOTHING: Final = Topic("", (), (), 0.0)


def evolution(
    said: Sequence[Utterance], rarities: Rarities, active: Activity | None = None
) -> Evolution:
    """Return the topics of *said*, and their shares of the time *active*."""
    found = points(said, rarities)
    changes = tuple(
        Transition(after.spot, after.at, before.topic.primary, after.topic.primary)
        for before, after in pairwise(found)
        if before.topic.primary != after.topic.primary
    )
    spent = _spent(found, active) if active else Counter[str]()
    by_time = sum(spent.values()) > 0
    weights = spent if by_time else Counter(point.topic.primary for point in found)
    weights.pop("", None)
    whole = sum(weights.values())
    shares = [
        Share(topic, weight / whole, weight if by_time else 0)
        for topic, weight in sorted(weights.items(), key=lambda one: (-one[1], one[0]))
        if weight
    ]
    return Evolution(
        found, changes, tuple(shares), diversity([one.share for one in shares]), by_time
    )


def points(said: Sequence[Utterance], rarities: Rarities) -> tuple[Point, ...]:
    """Return the topic at each utterance. Linear: a window is carried on, not counted anew."""
    window: deque[Utterance] = deque()
    terms = _Terms(rarities)
    found: list[Point] = []
    last = ""
    for one in said:
        window.append(one)
        terms.carry(one, 1)
        if len(window) > WINDOW:
            terms.carry(window.popleft(), -1)
        topic = terms.topic(last)
        found.append(Point(one.spot, one.at, topic))
        last = topic.primary
    return tuple(found)


def of_stretch(said: Sequence[Utterance], rarities: Rarities) -> Topic:
    """Return the topic of *said* as a whole, such as of one thread."""
    terms = _Terms(rarities)
    for one in said:
        terms.carry(one, 1)
    return terms.topic("")


def diversity(shares: Sequence[float]) -> float | None:
    """Return the normalised Shannon entropy of *shares*: 0 for one topic, 1 for all alike."""
    told = [share for share in shares if share > 0]
    if not told:
        return None
    if len(told) == 1:
        return 0.0
    return min(1.0, -sum(share * math.log(share) for share in told) / math.log(len(told)))


class _Terms:
    """The terms of a window with their weights, of which only those are worked out that change.

    All weights lack the same factor, the number of utterances: what is said of them is relative.
    """

    def __init__(self, rarities: Rarities) -> None:
        self._rarities = rarities
        self._counts: dict[str, int] = {}
        self._spread: dict[str, int] = {}
        self._weights: dict[str, float] = {}  # the other way round: the heaviest is the smallest

    def carry(self, one: Utterance, way: int) -> None:
        """Add *one* to the window, or with *way* -1 take it out."""
        weight = way * (PROMPT if one.prompt else 1)
        counts, spread, weights = self._counts, self._spread, self._weights
        log, rare = math.log1p, self._rarities
        for term, number in one.counts.items():
            among = spread.get(term, 0) + way
            if not among:
                del counts[term], spread[term], weights[term]
                continue
            spread[term] = among
            heavy = counts[term] = counts.get(term, 0) + weight * number
            weights[term] = -log(heavy) * rare[term] * among

    def topic(self, last: str) -> Topic:
        """Return the topic of the window; *last* was that of the one before."""
        heavy = nsmallest(KEYWORDS, zip(self._weights.values(), self._weights, strict=True))
        terms = [term for weight, term in heavy if weight < 0]
        if not terms:
            return NOTHING
        weights = {term: -weight for weight, term in heavy}
        stays = weights.get(last, 0.0) >= KEPT * weights[terms[0]]
        primary = last if stays else terms[0]
        related = tuple(term for term in terms if term != primary)[:3]
        confidence = weights[primary] / sum(weights.values())
        return Topic(primary, related, tuple(terms), round(confidence, 4))


def _spent(found: Sequence[Point], active: Activity) -> Counter[str]:
    """Return the active time, ms, that followed the points of each topic until the next one."""
    spent: Counter[str] = Counter()
    dated = [point for point in found if point.at is not None]
    for point, after in pairwise([*dated, None]):
        if point is None or point.at is None:
            continue
        end = after.at if after and after.at is not None else None
        passed = active.total if end is None else active.until(end)
        spent[point.topic.primary] += max(0, passed - active.until(point.at))
    return spent
