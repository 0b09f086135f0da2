"""What has been learnt: a small versioned file of numbers, and the words that prove nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import mul
from pathlib import Path

from core.records.fields import items, mapping
from core.threads import boundaries, pairs, relinking
from core.threads.words import Lexicon

REVISION = 2  # of the measures; weights of another revision do not fit them
_SHIPPED = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """The three log-linear models, each with its constant last, and what goes with them."""

    boundary: tuple[float, ...]  # a thread begins at this turn
    pair: tuple[float, ...]  # two turns near each other are of one thread
    link: tuple[float, ...]  # a segment takes up this thread again
    middle: tuple[float, ...]  # mean of each boundary measure, against which cuts are explained
    share: float = 1.2  # how much the pairs inside of a segment count
    shift: float = -1.0  # added to each cut's log-odds: more is more threads
    least: float = 0.2  # log-odds from which a segment takes up a thread again
    common: Mapping[str, float] = field(
        default_factory=dict[str, float]
    )  # word: share of all turns
    origin: str = ""  # what they were learnt from
    own: Mapping[str, float] = field(default_factory=dict[str, float])  # what the library taught:
    # the part of its worth, 0 to 1, that a word keeps which many of its sessions have
    slack: float = 0.0  # added to a cut's log-odds for what these words took from both turns

    def lexicon(self) -> Lexicon:
        """Return an empty lexicon in which words are worth what these weights know of them."""
        return Lexicon(self.common, self.own)


@cache
def shipped() -> Weights:
    """Return the weights that come with Clew."""
    return parse(_SHIPPED.read_text("utf-8"))


def parse(written: str) -> Weights:
    """Return the weights in *written*, JSON. Raises ValueError if they do not fit."""
    data = mapping(json.loads(written))
    if data.get("revision") != REVISION:
        raise ValueError("These weights are for other measures.")
    models = [_numbers(data.get(name)) for name in ("boundary", "pair", "link", "middle")]
    counts = (len(boundaries.FEATURES), len(pairs.NAMES), len(relinking.NAMES))
    wanted = (counts[0] + 1, counts[1] + 1, counts[2] + 1, counts[0])
    if tuple(len(model) for model in models) != wanted:
        raise ValueError("These weights have another number of measures.")
    share, shift, least = _numbers([data.get(name) for name in ("share", "shift", "least")])
    (slack,) = _numbers([data.get("slack", 0.0)])
    common, own = (
        {word: float(str(part)) for word, part in mapping(data.get(name)).items()}
        for name in ("common", "own")
    )
    if not all(0 < part <= 1 for part in own.values()):
        raise ValueError("These weights have words that keep nothing of their worth.")
    boundary, pair, link, middle = models
    origin = str(data.get("origin", ""))
    return Weights(boundary, pair, link, middle, share, shift, least, common, origin, own, slack)


def dump(weights: Weights) -> str:
    """Return *weights* as JSON, a line for each model."""
    parts: dict[str, object] = {
        "revision": REVISION,
        "origin": weights.origin,
        **{name: getattr(weights, name) for name in ("share", "shift", "least")},
        **{
            name: [round(value, 4) for value in getattr(weights, name)]
            for name in ("boundary", "pair", "link", "middle")
        },
        "common": dict(sorted(weights.common.items())),
    }
    if weights.own:
        parts |= {"slack": weights.slack, "own": dict(sorted(weights.own.items()))}
    lines = [f"{json.dumps(name)}: {json.dumps(part)}" for name, part in parts.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _numbers(value: object) -> tuple[float, ...]:
    numbers = [float(item) for item in items(value) if isinstance(item, int | float)]
    if len(numbers) != len(items(value)):
        raise ValueError("A model holds something that is no number.")
    return tuple(numbers)


def odds(model: tuple[float, ...], measures: list[float]) -> float:
    """Return the log-odds that *model* gives to *measures*."""
    return sum(map(mul, model, measures), model[-1])
