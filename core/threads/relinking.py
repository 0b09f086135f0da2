"""Threads that are taken up again: a new segment held against the threads touched last.

A segment is linked when it is like one thread and less like the others; a false merge
hurts more than a return that is missed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.threads.evidence import Turn
from core.threads.words import Vector, covered, dot

KEPT = 10  # threads that can be taken up again
HEAD = 4  # turns of a new segment that are looked at
TAIL = 4  # last turns of a thread that are looked at one by one

NAMES = (
    "words", "words, above the others", "words, above the usual", "closest turns",
    "closest turns, above the others", "known words of the prompt", "the same, above the others",
    "beginning", "beginning, above the others", "files", "files, above the others",
    "folders", "folders, above the others", "programs", "same ticket", "branch changed",
    "goes back", "begins", "points", "only segment between", "threads to choose from",
    "above the segment before", "short prompt",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bag:
    """Words and the like of several turns, the newer ones weighing more, and their length."""

    weights: Vector = field(default_factory=dict[int, float])
    length: float = 0.0
    gain: float = 1.0  # of the next turn: growing it is the same as fading what is there

    def plus(self, vectors: Sequence[Vector], most: int) -> "Bag":
        """Return a bag with *vectors* added, of about *most* words."""
        weights, gain = dict(self.weights), self.gain
        for vector in vectors:
            for word, weight in vector.items():
                weights[word] = weights.get(word, 0.0) + weight * gain
            gain /= _FADE
        if len(weights) > most * 1.25:
            heavy = sorted([(-weight, word) for word, weight in weights.items()])[:most]
            weights = {word: -weight for weight, word in heavy}
        if gain > _HIGH:
            weights = {word: weight / gain for word, weight in weights.items()}
            gain = 1.0
        return Bag(weights, math.sqrt(sum([w * w for w in weights.values()])), gain)


def likely(found: float) -> float:
    """Return how likely a segment takes up the thread that it has the log-odds *found* for."""
    return 1.0 / (1.0 + math.exp(-found))


_FADE = 0.9  # what a turn weighs once another one has come
_HIGH = 1e100


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as far as it is remembered."""

    number: int
    words: Bag = field(default_factory=Bag)
    files: Bag = field(default_factory=Bag)
    folders: Bag = field(default_factory=Bag)
    programs: Bag = field(default_factory=Bag)
    tickets: frozenset[str] = frozenset()
    tail: tuple[Turn, ...] = ()
    touched: int = 0  # number of the segment that was last of it

    def plus(self, turns: Sequence[Turn], segment: int) -> "Thread":
        """Return the thread with a segment added; only its last turns can still count."""
        late = turns[-_KEPT_TURNS:]
        return Thread(
            self.number,
            self.words.plus([turn.words for turn in late], 600),
            self.files.plus([turn.files for turn in late], 120),
            self.folders.plus([turn.folders for turn in late], 120),
            self.programs.plus([turn.programs for turn in late], 80),
            self.tickets.union(*(turn.tickets for turn in turns)),
            (*self.tail, *turns)[-TAIL:],
            segment,
        )


_KEPT_TURNS = 40  # of a segment; what came before them weighs less than a hundredth


def candidates(
    turns: Sequence[Turn], known: Sequence[Thread], last: int, segment: int, usual: float
) -> list[tuple[Thread, list[float]]]:
    """Return the threads that *turns* may take up again, each with the measures in `NAMES`.

    *last* is the thread of the segment before, which is only compared with. *usual* is the
    mean likeness of the words of turns in this session.
    """
    head = turns[:HEAD]
    bag = Thread(-1).plus(head, segment)
    table = [_alike(head, bag, thread) for thread in known]
    found: list[tuple[Thread, list[float]]] = []
    for at, thread in enumerate(known):
        if thread.number == last:
            continue
        own = table[at]
        others = [row for other, row in enumerate(table) if other != at]
        best = [max(column) for column in zip(*others, strict=True)] if others else [0.0] * 8
        before = next((r for t, r in zip(known, table, strict=True) if t.number == last), own)
        form = head[0].form
        found.append(
            (
                thread,
                [
                    own[0], own[0] - best[0], own[0] - usual, own[1], own[1] - best[1], own[2],
                    own[2] - best[2], own[3], own[3] - best[3], own[4], own[4] - best[4], own[5],
                    own[5] - best[5], own[6], own[7],
                    _changed(thread.tail[-1].branch, head[0].branch),
                    form.goes_back,
                    form.begins,
                    form.points,
                    1.0 if segment - thread.touched == 2 else 0.0,
                    math.log(len(known)),
                    own[0] - before[0],
                    1.0 if len(head[0].asked) < 3 else 0.0,
                ],
            )
        )  # fmt: skip
    return found


def _alike(head: Sequence[Turn], bag: Thread, thread: Thread) -> list[float]:
    begun = Bag(head[0].begun, 1.0)
    return [
        _cosine(bag.words, thread.words),
        max(dot(new.words, old.words) for new in head[:2] for old in thread.tail),
        covered(head[0].asked, thread.words.weights),
        _cosine(begun, thread.words),
        math.sqrt(_cosine(bag.files, thread.files)),
        math.sqrt(_cosine(bag.folders, thread.folders)),
        _cosine(bag.programs, thread.programs),
        1.0 if bag.tickets & thread.tickets else 0.0,
    ]


def _cosine(one: Bag, other: Bag) -> float:
    ours, theirs = one.weights, other.weights
    both = ours.keys() & theirs.keys()
    if not both:
        return 0.0
    return sum([ours[word] * theirs[word] for word in both]) / (one.length * other.length)


def _changed(one: str, other: str) -> float:
    return 1.0 if one and other and one != other else 0.0
