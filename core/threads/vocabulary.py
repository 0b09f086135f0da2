"""What words tell in one person's library: little where many of its sessions have them.

The words, files and commands that a project's sessions share tie no two of its turns
together, and nobody but the library knows which these are. Counting is all that is learnt.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core.threads.evidence import Turn
from core.threads.words import Vector

POWER = 0.3  # how strongly being common counts: 0 not at all, 1 as a plain inverse frequency
GROUP = 12  # sessions of one folder from which what is common there counts on its own
LEAST = 1e-3  # of what a word tells that all sessions have; nothing would be left of some turns
_FEW = 5  # sessions from which a count says something


class Vocabulary:
    """In how many sessions each word occurs: of the whole library, and of each larger folder."""

    def __init__(self, sessions: Sequence[Sequence[Turn]]) -> None:
        """Count the words of *sessions*, which share one lexicon."""
        self._words = [words(turns) for turns in sessions]
        folders: dict[str, list[int]] = {}
        for at, turns in enumerate(sessions):
            folders.setdefault(turns[0].cwd, []).append(at)
        groups = [own for own in folders.values() if GROUP <= len(own) < len(sessions)]
        self._groups = [frozenset(own) for own in (range(len(sessions)), *groups)]
        self._counts = [
            Counter(word for at in sorted(group) for word in self._words[at])
            for group in self._groups
        ]

    def parts(self, of: Iterable[int], without: Collection[int] = ()) -> dict[int, float]:
        """Return the part of its worth, 0 to 1, that each word of *of* keeps; others keep all.

        *without* are the places of sessions that are left out, so that a session can be tried
        with what the others teach.
        """
        wanted = set(of)
        found: dict[int, float] = {}
        for group, counts in zip(self._groups, self._counts, strict=True):
            left = [self._words[at] for at in without if at in group]
            whole = len(group) - len(left)
            if whole < _FEW:
                continue
            for word in wanted & counts.keys():
                count = counts[word] - sum(word in words for words in left)
                if count > 1:
                    found[word] = min(found.get(word, 1.0), part(count, whole))
        return found

    def known(self) -> dict[int, float]:
        """Return the part of its worth that every word keeps which two sessions have."""
        return self.parts(self._counts[0])


def part(count: int, whole: int) -> float:
    """Return the part of its worth that a word keeps which *count* of *whole* sessions have."""
    share = math.log((whole + 1) / (count + 0.5)) / math.log((whole + 1) / 1.5)
    return math.pow(max(LEAST, min(1.0, share)), POWER)


def words(turns: Iterable[Turn]) -> frozenset[int]:
    """Return the numbers of all words, files, folders and commands in *turns*."""
    return frozenset(word for turn in turns for vector in _vectors(turn) for word in vector)


def told(turns: Sequence[Turn], parts: Mapping[int, float]) -> list[Turn]:
    """Return *turns* with each word weighing only the part in *parts* of what it did."""
    return [
        replace(
            turn,
            words=_weighed(turn.words, parts),
            taken=1.0 - _length(turn.words, parts),
            asked=_weighed(turn.asked, parts),
            begun=_weighed(turn.begun, parts),
            told=_weighed(turn.told, parts),
            files=_weighed(turn.files, parts),
            folders=_weighed(turn.folders, parts),
            programs=_weighed(turn.programs, parts),
        )
        for turn in turns
    ]


def _vectors(turn: Turn) -> tuple[Vector, ...]:
    return (
        turn.words, turn.asked, turn.begun, turn.told, turn.files, turn.folders, turn.programs,
    )  # fmt: skip


def _length(vector: Vector, parts: Mapping[int, float]) -> float:
    """Return the length that *vector*, of length one, has by *parts*; 1 for an empty one."""
    squares = [(weight * parts.get(word, 1.0)) ** 2 for word, weight in vector.items()]
    return math.sqrt(sum(squares)) if squares else 1.0


def _weighed(vector: Vector, parts: Mapping[int, float]) -> Vector:
    length = _length(vector, parts)
    return {word: weight * parts.get(word, 1.0) / length for word, weight in vector.items()}
