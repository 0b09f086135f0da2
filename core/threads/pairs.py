"""How alike two turns near each other are: the measures that all decisions are made of.

Each turn is compared once with the few before it. Cosines are also put relative to what
is usual between turns of the same session that lie further apart, so that the shared
vocabulary of one project cancels out.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from core.threads.evidence import Turn
from core.threads.words import covered, dot

BAND = 8  # turns back that a turn is compared with
DECAY = tuple((k + 1) ** 1.5 for k in range(BAND))  # a pair further apart counts less
FAR = 3  # turns apart from which a pair counts as usual

NAMES = (
    "words", "words, relative", "known words of the prompt", "the same, relative", "beginning",
    "beginning, relative", "answer to the last reply", "prompts", "files", "other files",
    "folders", "programs", "same ticket", "other ticket", "branch", "folder of work",
    "next to it", "best of words and prompt", "short prompt", "short prompt, words",
    "contained", "size", "size, words", "size of the earlier",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a turn compares with one before it; parts are 0 to 1."""

    words: float  # cosine of all words
    asked: float  # how much of the later prompt is among the earlier turn's words
    begun: float  # cosine of the later turn's beginning with the earlier turn's words
    told: float  # how much of the later prompt is among the earlier turn's last reply
    prompts: float  # cosine of the two prompts
    files: float
    folders: float
    programs: float
    contained: float  # how much of the smaller turn is in the larger one
    tickets: int  # 1 the same, -1 others, 0 unknown


def likeness(earlier: Turn, later: Turn) -> Likeness:
    """Compare two turns."""
    small, large = sorted((earlier.words, later.words), key=len)
    return Likeness(
        contained=covered(small, large),
        words=dot(earlier.words, later.words),
        asked=covered(later.asked, earlier.words),
        begun=dot(earlier.words, later.begun),
        told=covered(later.asked, earlier.told),
        prompts=dot(earlier.asked, later.asked),
        files=dot(earlier.files, later.files),
        folders=dot(earlier.folders, later.folders),
        programs=dot(earlier.programs, later.programs),
        tickets=_tickets(earlier.tickets, later.tickets),
    )


def _tickets(one: frozenset[str], other: frozenset[str]) -> int:
    if not one or not other:
        return 0
    return 1 if one & other else -1


@dataclass(frozen=True, slots=True)
class Usual:
    """Mean and spread of a measure in this session so far, begun with what is usual elsewhere."""

    count: float
    total: float
    squares: float

    def with_one(self, value: float) -> "Usual":
        """Return the same with one more value."""
        return Usual(self.count + 1.0, self.total + value, self.squares + value * value)

    @property
    def mean(self) -> float:
        """The mean."""
        return self.total / self.count

    def relative(self, value: float) -> float:
        """Return how many spreads *value* lies above the mean, within bounds, a third of it."""
        mean = self.total / self.count
        spread = math.sqrt(max(self.squares / self.count - mean * mean, 1e-4))
        return max(-3.0, min(6.0, (value - mean) / spread)) / 3


def _everywhere(mean: float, spread: float, count: float = 12.0) -> Usual:
    return Usual(count, mean * count, (mean * mean + spread * spread) * count)


EVERYWHERE = (_everywhere(0.08, 0.08), _everywhere(0.18, 0.2), _everywhere(0.07, 0.07))


class Band:
    """All comparisons of one lane: `rows[j][k]` is turn j against turn j - 1 - k."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.rows: list[list[Likeness]] = []
        self.usual: list[tuple[Usual, Usual, Usual]] = []  # up to turn j: words, asked, begun

    def add(self, turn: Turn) -> None:
        """Compare *turn*, the next one, with those before it."""
        row = [likeness(other, turn) for other in self.turns[: -BAND - 1 : -1]]
        words, asked, begun = self.usual[-1] if self.usual else EVERYWHERE
        for like in row[FAR - 1 :]:
            words = words.with_one(like.words)
            asked = asked.with_one(like.asked)
            begun = begun.with_one(like.begun)
        self.turns.append(turn)
        self.rows.append(row)
        self.usual.append((words, asked, begun))

    def drop(self) -> None:
        """Take the last turn back."""
        self.turns.pop()
        self.rows.pop()
        self.usual.pop()


def band(turns: Iterable[Turn]) -> Band:
    """Compare each of *turns* with the `BAND` turns before it."""
    found = Band()
    for turn in turns:
        found.add(turn)
    return found


def measures(found: Band, i: int, j: int) -> list[float]:
    """Return what is measured of the pair of turns *i* and *j*, i before j; see `NAMES`."""
    one, other, like = found.turns[i], found.turns[j], found.rows[j][j - i - 1]
    usual = found.usual[j]
    both = bool(one.files) and bool(other.files)
    word = usual[0].relative(like.words)
    asked = usual[1].relative(like.asked)
    size = min(bulk(one), bulk(other))
    short = 1.0 if len(other.asked) < 3 else 0.0
    return [
        math.sqrt(max(like.words, 0.0)),
        word,
        like.asked,
        asked,
        math.sqrt(max(like.begun, 0.0)),
        usual[2].relative(like.begun),
        like.told,
        like.prompts,
        math.sqrt(like.files),
        1.0 if both and not like.files else 0.0,
        math.sqrt(like.folders),
        like.programs,
        1.0 if like.tickets > 0 else 0.0,
        1.0 if like.tickets < 0 else 0.0,
        _changed(one.branch, other.branch),
        _changed(one.cwd, other.cwd),
        1.0 if j - i == 1 else 0.0,
        max(word, asked),
        short,
        short * word,
        like.contained,
        size,
        (1.0 - size) * word,
        bulk(one),
    ]


def bulk(turn: Turn) -> float:
    """Return how much there is to compare of *turn*, 0 to 1."""
    return min(1.0, math.log1p(len(turn.words)) / 5.1)


def _changed(one: str, other: str) -> float:
    return 1.0 if one and other and one != other else 0.0
