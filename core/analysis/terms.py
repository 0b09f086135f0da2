"""The terms of a text that can name a topic, and how common each one is in the library.

Words are folded to lower case and the plainest plural; identifiers are taken apart and kept
whole as well; of a path its last name counts. Where a script has no blanks between words
(Chinese, Japanese, Thai), pairs of letters stand in for them.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.analysis.prose import unfenced
from core.analysis.stopwords import SILENT

Counts = dict[str, int]
Vector = dict[str, float]  # term: weight, of length one

MOST: Final = 200  # terms kept of one vector
_TOKEN = re.compile(r"[^\W\d_][\w'’-]*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_HEX = frozenset("0123456789abcdef")
_KNOWN: Final = 200_000  # tokens remembered: about 50 MB
_LONGEST: Final = 40  # letters of a word; what is longer is no word


class Terms:
    """Finds terms; remembers each token it has split, so that most cost one look-up."""

    def __init__(self) -> None:
        self._memo: dict[str, tuple[str, ...]] = {}

    def count(self, text: str, into: Counts | None = None, weight: int = 1) -> Counts:
        """Return *into* with the terms of *text* added, each occurrence *weight* times."""
        counts: Counts = {} if into is None else into
        if len(self._memo) > _KNOWN:
            self._memo.clear()
        memo, get = self._memo, counts.get
        for token, number in Counter(_TOKEN.findall(unfenced(text))).items():
            known = memo.get(token)
            if known is None:
                known = memo[token] = _split(token)
            for term in known:
                counts[term] = get(term, 0) + number * weight
        return counts


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many conversations of a library each term occurs."""

    documents: int = 0
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    def rarity(self, term: str) -> float:
        """Return how much *term* distinguishes, 0 to 1: 1 for one that no other one has.

        The inverse document frequency, as a share of the largest one that this library
        allows. Without a library every term counts the same.
        """
        if self.documents < 2:
            return 1.0
        return max(
            0.0,
            math.log((self.documents + 1) / (self.counts.get(term, 0) + 1))
            / math.log(self.documents + 1),
        )


def vector(counts: Mapping[str, int], rarities: Mapping[str, float]) -> Vector:
    """Return *counts*, damped and weighed by *rarities*, as a vector of length one."""
    weights = {term: math.log1p(n) * rarities[term] for term, n in counts.items()}
    if len(weights) > MOST:
        heavy = sorted([(-weight, term) for term, weight in weights.items()])[:MOST]
        weights = {term: -weight for weight, term in heavy}
    length = math.sqrt(sum([weight * weight for weight in weights.values()]))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """Return how alike two vectors of length one are, 0 to 1."""
    return sum([one[term] * other[term] for term in one.keys() & other.keys()])


def _split(token: str) -> tuple[str, ...]:
    """Return the terms of *token*; none if it tells nothing."""
    word = token.rstrip("'’-").replace("’", "'").removesuffix("'s")
    lower = word.lower()
    if lower in SILENT or len(word) > _LONGEST or _is_id(lower):
        return ()
    if _UNSPACED.search(word):
        return tuple(word[at : at + 2] for at in range(len(word) - 1)) or (word,)
    parts = [part for part in _PART.findall(word) if len(part) > 1]
    if len(parts) > 1 and lower.isascii():
        found = [singular(part.lower()) for part in parts if part.lower() not in SILENT]
        found = [part for part in found if len(part) > 2]
        return (*found, lower) if lower not in found else tuple(found)
    lower = singular(lower)
    return (lower,) if len(lower) > 2 and lower not in SILENT else ()


def singular(word: str) -> str:
    """Return *word* without a plain English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")):
        return word[:-1]
    return word


def _is_id(word: str) -> bool:
    """Tell whether *word* looks like a piece of a random id, or like an order's number."""
    if len(word) < 4 or word.isalpha():
        return False
    return _HEX.issuperset(word) or sum(map(str.isdigit, word)) * 2 > len(word)
