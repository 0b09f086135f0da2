"""Why a thread begins where it does, in words that a person can check at a glance.

The evidence is what pushed the cut's log-odds up most, compared with a usual turn inside
of a thread. Words push most at nearly every cut, so the type of the switch is the kind of
evidence that the fewest cuts have as strongly: a change of branch says more of a cut than
that its words are new, which those of most cuts are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.threads.boundaries import FEATURES, features, pause
from core.threads.evidence import Turn
from core.threads.relinking import TAIL
from core.threads.threader import Threader
from core.threads.weights import Weights
from core.threads.words import Lexicon, Vector

SHOWN = 3  # pieces of evidence that are named at most
_NAMES = 3  # words or files of one piece that are named at most
_LONGEST = 60  # letters of such a name; longer ones are made by machines


class Switch(StrEnum):
    """What kind of change a cut is."""

    TIME = "time_gap"
    TOPIC = "topic_change"
    FILES = "file_change"
    TOOLS = "tool_change"
    PLACE = "place_change"  # another branch or folder
    CUE = "explicit_switch"


# How many of a hundred cuts have a kind of evidence at least as strongly: of 236 cuts in natural
# and spliced sessions of eight public projects.
_TOPICS = ((3.9, 1.0), (4.2, 0.9), (4.9, 0.75), (5.8, 0.5), (6.5, 0.3))  # new words are no event
_PAUSES = ((8 * 60, 0.02), (2 * 60, 0.07), (45, 0.12))  # minutes
_MOVED = 0.25  # another branch or folder
_SAID = 0.05  # the prompt says that it moves on, or hands over a plan
_SLASH = 0.11
_OTHER_FILES = 0.4  # none of those of the turns before
_OTHER_TOOLS = 0.05  # only other ones, and several calls with them
_SEVERAL = 3  # calls

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
    sure = threader.sure()
    last: dict[int, range] = {}
    found: list[Cut] = []
    for part in threader.segments():
        if part.first:
            switch, why = reasons(threader, part.first, weights, lexicon)
            uuid = threader.turns[part.first].uuid
            confidence = max(sure[part.first], part.sure)
            earlier = last.get(part.thread)
            if earlier is not None:
                why = (*resemblance(threader.turns, part.first, earlier, lexicon), *why)[:SHOWN]
            found.append(Cut(uuid, confidence, switch, why, earlier is not None))
        last[part.thread] = range(part.first, part.end)
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
    shares = _shares(turns, j, dict(zip(_NAMED_FEATURES, row, strict=True)), sums["topic"])
    kind = min(shares, key=lambda sort: shares[sort])
    told = _TELL[kind](turns, j, lexicon)
    for sort in sorted(sums, key=lambda sort: (-sums[sort], sort)):
        if sort != kind and sums[sort] > 0:
            told.extend(_TELL[sort](turns, j, lexicon))
    shown = tuple(told[:SHOWN])
    return _SORTS[kind], shown or ("it has little in common with what came before",)


_NAMED_FEATURES = tuple(name for name, _ in FEATURES)


def _shares(
    turns: Sequence[Turn], j: int, row: Mapping[str, float], topic: float
) -> dict[str, float]:
    """Return for each kind of evidence at turn *j* which share of cuts has it as strongly.

    *topic* is how much the words push.
    """
    turn, before = turns[j], turns[j - 1]
    shares = {"topic": next((share for push, share in _TOPICS[::-1] if topic >= push), 1.0)}
    minutes = pause(before, turn) / 60_000
    rare = next((share for least, share in _PAUSES if minutes >= least), None)
    if rare is not None:
        shares["time"] = rare
    if row["branch changed"] or row["folder changed"]:
        shares["place"] = _MOVED
    if turn.form.moves_on or turn.form.plan:
        shares["cue"] = _SAID
    elif turn.slash:
        shares["cue"] = _SLASH
    if row["other files"]:
        shares["files"] = _OTHER_FILES
    if row["other kinds of tools"] >= 1 and min(turn.calls, before.calls) >= _SEVERAL:
        shares["tools"] = _OTHER_TOOLS
    return shares


def resemblance(turns: Sequence[Turn], j: int, earlier: range, lexicon: Lexicon) -> tuple[str, ...]:
    """Return what turn *j* has in common with the *earlier* turns whose thread it takes up."""
    turn, late = turns[j], [turns[i] for i in earlier[-TAIL:]]
    known = set[int]().union(*(one.words for one in late))
    words = {word: weight for word, weight in turn.words.items() if word in known}
    held = set[int]().union(*(one.files for one in late))
    files = {path: weight for path, weight in turn.files.items() if path in held}
    paths = _named(files, lexicon)
    said = _named({word: weight for word, weight in words.items() if word not in files}, lexicon)
    told = (("files as before", paths), ("words as before", said))
    return tuple(f"{what}: {named}" for what, named in told if named)


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
    named = _named(other, lexicon)
    return [f"other files: {named}"] if named else []


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
    """Return the heaviest of *weights*; what reads like an id only where there is nothing else."""
    heavy = sorted(weights, key=lambda word: (-weights[word], word))
    names = [name.strip("/") for name in lexicon.words(heavy[: 8 * _NAMES])]
    names = [name for name in names if 0 < len(name) <= _LONGEST and name != "dev/null"]
    plain = [name for name in names if "/" in name or name.isalpha()]
    return ", ".join((plain or names)[:_NAMES])
