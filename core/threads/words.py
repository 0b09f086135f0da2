"""Texts to words that can be compared: split, shortened to a stem, counted, made one length.

The same word is the same small number everywhere in one `Lexicon`, so that a turn is kept
as numbers and not as texts.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

Vector = dict[int, float]  # word: weight, of length one

_TOKEN = re.compile(r"[^\W\d][\w]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+")
_HEX = frozenset("0123456789abcdef")
_ID_LENGTHS = frozenset({4, 8, 12, 32, 36, 40, 64})  # of the pieces that random ids are made of
_PLAIN = """
about above after again all also and any are been before being below both but can cannot
could did does doing don down during each few for from further get got had has have having
her here him his how into isn its itself just let like make may might more most much must
need not now off once one only other our out over own please same she should some still
such sure than thanks that the their them then there these they thing this those through
too under until use used using very want was way well were what when where which while who
why will with within without would yes yet you your ll ve re im ok okay see look looks try
true false null none self return import def class const var function new try except
file files line lines code run running command output input result results error errors
user assistant tool work working done check now first last next two back good great
path name type value text string number list data key set add added update updated change
changes changed create created read write show find test tests fix fixed app home usr bin
src dev tmp head tail grep echo cat sed cd ls git log http https com www github org
"""
_STOP = frozenset(_PLAIN.split())

RAREST = 0.006  # a word in no more turns than this share counts fully


class Lexicon:
    """Numbers for words, given out in the order in which the words are met.

    *common* tells in which share of all turns, of whatever project, a word occurs: what
    every session says ties no two turns together. *kept* tells of words which part of their
    worth they keep, 0 to 1, because more is known of them; other words keep all.
    """

    def __init__(
        self, common: Mapping[str, float] | None = None, kept: Mapping[str, float] | None = None
    ) -> None:
        self._common: Mapping[str, float] = common or {}
        self._kept: Mapping[str, float] = kept or {}
        self._numbers: dict[str, int] = {}
        self._memo: dict[str, tuple[int, ...]] = {}
        self._worth: list[float] = []  # of each number, 0 to 1
        self._parts: dict[int, float] = {}  # of the numbers that do not keep all of it
        self._names: list[str] = []  # of each number

    def __len__(self) -> int:
        return len(self._numbers)

    def count(self, tokens: Mapping[str, int], weight: float, into: dict[int, float]) -> None:
        """Add the words that *tokens* hold to *into*, each occurrence with *weight*.

        Takes time in proportion to the different tokens, however often they occur.
        """
        memo, get = self._memo, into.get
        for token, times in tokens.items():
            known = memo.get(token)
            if known is None:
                known = memo[token] = self._split(token)
            for number in known:
                into[number] = get(number, 0.0) + weight * times

    def numbers(self, text: str) -> set[int]:
        """Return the words of *text*."""
        found: dict[int, float] = {}
        self.count(Counter(tokens(text)), 1.0, found)
        return set(found)

    def number(self, word: str) -> int:
        """Return the number of *word*, which is taken as it is."""
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._numbers)
            kept = self._kept.get(word, 1.0)
            if kept < 1.0:
                self._parts[number] = kept
            self._worth.append(kept * worth(self._common.get(word, 0.0)))
            self._names.append(word)
        return number

    def vector(self, counts: Mapping[int, float], most: int) -> Vector:
        """Return *counts*, damped, as a vector of length one of the *most* telling words."""
        told = self._worth
        log = math.log1p
        weights = {word: log(count) * told[word] for word, count in counts.items()}
        if len(weights) > most:
            heavy = sorted([(-weight, word) for word, weight in weights.items()])[:most]
            weights = {word: -weight for weight, word in heavy}
        length = math.sqrt(sum([weight * weight for weight in weights.values()]))
        return {word: weight / length for word, weight in weights.items()} if length else {}

    def taken(self, vector: Vector) -> float:
        """Return which share of its length *vector* lost to words that keep a part, 0 to 1."""
        if not self._parts:
            return 0.0
        get = self._parts.get
        whole = sum([(weight / get(word, 1.0)) ** 2 for word, weight in vector.items()])
        return 1.0 - 1.0 / math.sqrt(whole) if whole > 1.0 else 0.0

    def words(self, numbers: Iterable[int]) -> list[str]:
        """Return the words of *numbers*, as stems."""
        return [self._names[number] for number in numbers]

    def _split(self, token: str) -> tuple[int, ...]:
        lower = token.lower()
        if lower in _STOP or len(token) > 60 or _is_id(lower):
            return ()
        parts = [part.lower() for part in _PART.findall(token)]
        stems = [stem(part) for part in parts if len(part) > 2 and part not in _STOP]
        if len(parts) > 1 or (
            not stems and any(letter.isdigit() for letter in lower)
        ):  # the identifier as a whole says more than its parts
            stems.append(lower)
        return tuple(self.number(word) for word in stems)


def tokens(text: str) -> list[str]:
    """Return the words and identifiers in *text*, as they stand there."""
    return _TOKEN.findall(text)


def _is_id(token: str) -> bool:
    """Tell whether *token* looks like a piece of a random id, which ties nothing to a task."""
    return len(token) in _ID_LENGTHS and _HEX.issuperset(token) and not token.isalpha()


def stem(word: str) -> str:
    """Return *word* without the commonest English endings."""
    for end, least in (("ing", 6), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(end) and len(word) >= least and not word.endswith("ss"):
            return word[: -len(end)]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def worth(share: float) -> float:
    """Return what a word tells that occurs in *share* of all turns: 1 for a rare one, 0 to 1."""
    return min(1.0, math.log(1.0 / (share + RAREST)) / math.log(1.0 / RAREST))


def dot(one: Vector, other: Vector) -> float:
    """Return the cosine of two vectors of length one."""
    return sum([one[word] * other[word] for word in one.keys() & other.keys()])


def covered(words: Vector, by: Vector) -> float:
    """Return how much of *words* is among *by*, 0 to 1."""
    if not words:
        return 0.0
    return sum([words[word] for word in words.keys() & by.keys()]) / sum(words.values())
