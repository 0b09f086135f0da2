"""Why a thread begins where it does, in words that a person can check at a glance.

The evidence is what pushed the cut's log-odds up most, compared with a usual turn inside
of a thread; the type of the switch is the kind of evidence that weighed most in all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.threads.boundaries import FEATURES, features, pause
from core.threads.cutting import posterior
from core.threads.evidence import Turn
from core.threads.threader import Threader
from core.threads.weights import Weights
from core.threads.words import Lexicon, Vector

SHOWN = 3  # pieces of evidence that are named at most
_NAMES = 3  # words or files of one piece that are named at most


class Switch(StrEnum):
    """What kind of change a cut is."""

    TIME = "time_gap"
    TOPIC = "topic_change"
    FILES = "file_change"
    TOOLS = "tool_change"
    PLACE = "place_change"  # another branch or folder
    CUE = "explicit_switch"


_SORTS = {
    "time": Switch.TIME,
    "topic": Switch.TOPIC,
    "files": Switch.FILES,
    "tools": Switch.TOOLS,
    "place": Switch.PLACE,
    "cue": Switch.CUE,
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a thread begins or is taken up again."""

    turn: str  # uuid of the prompt
    confidence: float  # 0 to 1: share of all ways to cut that cut here
    switch: Switch
    evidence: tuple[str, ...]  # strongest first
    returns: bool  # an earlier thread is taken up


def cuts(threader: Threader, weights: Weights, lexicon: Lexicon) -> list[Cut]:
    """Return every cut of a lane with its reasons."""
    sure = posterior(threader.begin, threader.sums)
    seen: set[int] = set()
    found: list[Cut] = []
    for part in threader.segments():
        if part.first:
            switch, why = reasons(threader, part.first, weights, lexicon)
            uuid = threader.turns[part.first].uuid
            found.append(Cut(uuid, sure[part.first], switch, why, part.thread in seen))
        seen.add(part.thread)
    return found


def reasons(
    threader: Threader, j: int, weights: Weights, lexicon: Lexicon
) -> tuple[Switch, tuple[str, ...]]:
    """Return what kind of change there is at turn *j* > 0, and what speaks for it."""
    row = features(threader.band, j)
    pushes = [
        weight * (value - usual)
        for weight, value, usual in zip(weights.boundary[:-1], row, weights.middle, strict=True)
    ]
    sums: dict[str, float] = {}
    for (_, sort), push in zip(FEATURES, pushes, strict=True):
        sums[sort] = sums.get(sort, 0.0) + push
    turns = threader.turns
    told: list[str] = []
    ranked = sorted(sums, key=lambda sort: (-sums[sort], sort))
    for sort in ranked:
        if sums[sort] > 0 and len(told) < SHOWN:
            told.extend(_TELL[sort](turns, j, lexicon)[: SHOWN - len(told)])
    return _SORTS[ranked[0]], tuple(told) or ("it has little in common with what came before",)


def _time(turns: Sequence[Turn], j: int, lexicon: Lexicon) -> list[str]:
    del lexicon
    minutes = pause(turns[j - 1], turns[j]) // 60_000
    if minutes < 10:
        return []
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return [f"{hours // 24} days after the last activity"]
    return [f"{hours} h {rest} min without activity" if hours else f"{rest} min without activity"]


def _topic(turns: Sequence[Turn], j: int, lexicon: Lexicon) -> list[str]:
    turn, before = turns[j], turns[max(0, j - 3) : j]
    if not turn.asked:
        return []
    known = set[int]().union(*(one.words for one in before))
    new = {word: weight for word, weight in turn.asked.items() if word not in known}
    if not new:
        return []
    told = f"{len(new)} of {len(turn.asked)} words of the prompt are new"
    named = _named(new, lexicon)
    return [f"{told}: {named}" if named else told]


def _files(turns: Sequence[Turn], j: int, lexicon: Lexicon) -> list[str]:
    before = set[int]().union(*(one.files for one in turns[max(0, j - 3) : j]))
    other = {path: weight for path, weight in turns[j].files.items() if path not in before}
    if not other or not before:
        return []
    return [f"other files: {_named(other, lexicon)}"]


def _tools(turns: Sequence[Turn], j: int, lexicon: Lexicon) -> list[str]:
    del lexicon
    new = sorted(turns[j].tools - turns[j - 1].tools)
    return [f"other tools: {', '.join(new[:_NAMES])}"] if new else []


def _place(turns: Sequence[Turn], j: int, lexicon: Lexicon) -> list[str]:
    del lexicon
    one, other = turns[j - 1], turns[j]
    told: list[str] = []
    if one.branch and other.branch and one.branch != other.branch:
        told.append(f"branch {one.branch} → {other.branch}")
    if one.cwd and other.cwd and one.cwd != other.cwd:
        told.append(f"folder {one.cwd} → {other.cwd}")
    return told


def _cue(turns: Sequence[Turn], j: int, lexicon: Lexicon) -> list[str]:
    del lexicon
    turn = turns[j]
    told: list[str] = []
    if turn.form.moves_on:
        told.append("the prompt says that it moves on")
    if turn.form.plan:
        told.append("the prompt hands over a plan")
    if turn.slash:
        told.append("the prompt is a slash command")
    if turn.form.begins and not told:
        told.append("the prompt asks for something of its own")
    if turns[j - 1].committed:
        told.append("work was committed just before")
    return told


_TELL: dict[str, Callable[[Sequence[Turn], int, Lexicon], list[str]]] = {
    "time": _time,
    "topic": _topic,
    "files": _files,
    "tools": _tools,
    "place": _place,
    "cue": _cue,
}


def _named(weights: Vector, lexicon: Lexicon) -> str:
    heavy = sorted(weights, key=lambda word: (-weights[word], word))[:_NAMES]
    return ", ".join(name.strip("/") for name in lexicon.words(heavy))
