"""What a person wants with a prompt: a guess, with how sure it is and what it rests on.

The classes, of which the first that fits what is wanted *now* is meant:

- question: to be told something; words are the answer
- request: something done, worded as a wish, politely or as "let's" and "can you"
- command: something done, worded as an order, a shell line or a slash command
- clarification: to explain, correct or complete what was said, or to answer the agent
- feedback: to say how the work turned out, or just yes
- exploration: to think aloud about what could be done
- none: none of these, such as a greeting, a paste or a machine's words

A log-linear model over the yes-or-no cues of `features`; its weights were learnt from the
labelled prompts that are not used to measure it. English only: of other prompts only a
question mark and a pasted or slash command is read, with low confidence.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from core.analysis import cues
from core.analysis.features import NAMES, Wording, features, wording
from core.analysis.features import REVISION as FEATURES
from core.analysis.prose import Prose
from core.analysis.reviving import revived
from core.records.fields import items, mapping

REVISION: Final = FEATURES
ALSO: Final = 0.25  # probability from which another class is named as well
_SHIPPED = Path(__file__).with_name("intents.json")
MEASURED: Final = Path(__file__).with_name("intents_measured.json")
_ABROAD: Final = 0.4  # confidence in what is read of another language


class Intent(StrEnum):
    """What a person wants with a prompt."""

    QUESTION = "question"
    REQUEST = "request"
    COMMAND = "command"
    CLARIFICATION = "clarification"
    FEEDBACK = "feedback"
    EXPLORATION = "exploration"
    NONE = "none"


APPROVE: Final = "approve"
CONTINUE: Final = "continue"


@dataclass(frozen=True, slots=True)
class Reading:
    """The guess for one prompt."""

    intent: Intent
    confidence: float  # calibrated: of those that say 0.8 about eight in ten are right
    also: tuple[str, ...]  # at most two more: approve, continue, or other classes
    cues: tuple[str, ...]  # what spoke for it, strongest first, in plain words
    english: bool  # False: guessed to be in another language, hardly read


@dataclass(frozen=True, slots=True)
class Weights:
    """One row of weights for each class, each with its constant last."""

    rows: tuple[tuple[float, ...], ...]


@cache
def shipped() -> Weights:
    """Return the weights that come with Clew."""
    return parse(_SHIPPED.read_text("utf-8"))


def parse(written: str) -> Weights:
    """Return the weights in *written*, JSON. Raises ValueError if they do not fit."""
    data = mapping(json.loads(written))
    if data.get("features") != FEATURES:
        raise ValueError("These weights are for other features.")
    table = mapping(data.get("weights"))
    rows = tuple(tuple(float(str(n)) for n in items(table.get(one))) for one in Intent)
    if any(len(row) != len(NAMES) + 1 for row in rows):
        raise ValueError("These weights have another number of features.")
    return Weights(rows)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of the labelled prompts that tuned nothing are read right."""

    right: int
    n: int

    @property
    def share(self) -> float:
        """The share of those that are read right, 0 to 1."""
        return self.right / self.n


@cache
def accuracy() -> Accuracy:
    """Return how well the weights that come with Clew read: `tests.bench.intents` wrote it."""
    return revived(Accuracy, json.loads(MEASURED.read_text("utf-8")))


def dump(rows: Sequence[Sequence[float]], origin: str) -> str:
    """Return weights as JSON, a line for each class; *origin* says what they come from."""
    lines = [
        f'"{one}": {json.dumps([round(weight, 3) for weight in row])}'
        for one, row in zip(Intent, rows, strict=True)
    ]
    body = ",\n".join(lines)
    return (
        f'{{"features": {FEATURES}, "origin": {json.dumps(origin)},\n"weights": {{\n{body}\n}}}}\n'
    )


def read(prompt: Prose, before: str = "", weights: Weights | None = None) -> Reading:
    """Return what *prompt* wants; *before* is the last reply before it."""
    one = wording(prompt, before)
    if one.words >= 4 and not prompt.language.english:
        return _abroad(one)
    held = features(one)
    chances = probabilities(held, weights or shipped())
    best = max(range(len(chances)), key=chances.__getitem__)
    ranked = sorted(range(len(chances)), key=lambda at: -chances[at])
    also = _manners(one) + [list(Intent)[at].value for at in ranked[1:] if chances[at] >= ALSO]
    told = _told(held, (weights or shipped()).rows[best])
    return Reading(list(Intent)[best], round(chances[best], 4), tuple(also[:2]), told, english=True)


def probabilities(held: Sequence[bool], weights: Weights) -> list[float]:
    """Return the probability of each class for a prompt with the features *held*."""
    places = [place for place, holds in enumerate(held) if holds]  # a few of many
    scores = [row[-1] + sum([row[place] for place in places]) for row in weights.rows]
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def _manners(one: Wording) -> list[str]:
    """Return whether *one* gives leave or asks to go on."""
    found: list[str] = []
    if cues.APPROVE.match(one.said) or cues.YES.match(one.said):
        found.append(APPROVE)
    if cues.CONTINUE.match(one.said):
        found.append(CONTINUE)
    return found


def _told(held: Sequence[bool], row: Sequence[float]) -> tuple[str, ...]:
    """Return the names of the features that spoke most for a class, at most three."""
    spoke = [(weight, name) for weight, name, holds in zip(row, NAMES, held, strict=False) if holds]
    return tuple(name for weight, name in sorted(spoke, reverse=True)[:3] if weight > 0.1)


def _abroad(one: Wording) -> Reading:
    if one.said.rstrip().endswith(("?", "\uff1f", "\u061f")):
        told = ("ends with a question mark",)
        return Reading(Intent.QUESTION, _ABROAD, (), told, english=False)
    return Reading(Intent.NONE, _ABROAD, (), (), english=False)
