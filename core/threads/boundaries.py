"""What speaks for a new thread to begin at a turn, and what against: one row of numbers.

Only turns up to `AHEAD` after the place are looked at, so that a session that grows by a
turn changes nothing further back.
"""

import math
from collections.abc import Iterable, Sequence

from core.threads.evidence import Turn
from core.threads.pairs import Band, bulk
from core.threads.words import covered

AHEAD = 2  # turns after a place that are looked at

# Every measure with the type of context switch that it is evidence of.
FEATURES: tuple[tuple[str, str], ...] = (
    ("words as in the turn before", "topic"),
    ("words as in the turn before, relative", "topic"),
    ("words as in the three turns before", "topic"),
    ("the best of the turns before", "topic"),
    ("the best of the turns before, relative", "topic"),
    ("two turns on each side", "topic"),
    ("three turns on each side", "topic"),
    ("prompt known from the turn before", "topic"),
    ("prompt known from the three turns before", "topic"),
    ("prompt known from the last reply", "topic"),
    ("new words of the prompt", "topic"),
    ("beginning as in the turn before", "topic"),
    ("beginning, the best of the turns before, relative", "topic"),
    ("next turn goes with this and not with the one before", "topic"),
    ("next turn as in the turn before", "topic"),
    ("same files", "files"),
    ("other files", "files"),
    ("same folders", "files"),
    ("other folders", "files"),
    ("same programs", "tools"),
    ("other kinds of tools", "tools"),
    ("explores first", "tools"),
    ("same ticket", "topic"),
    ("other ticket", "topic"),
    ("pause", "time"),
    ("long pause", "time"),
    ("very long pause", "time"),
    ("branch changed", "place"),
    ("folder changed", "place"),
    ("length of the prompt", "cue"),
    ("short prompt", "cue"),
    ("goes on", "cue"),
    ("begins", "cue"),
    ("goes back", "cue"),
    ("moves on", "cue"),
    ("points at what was said", "cue"),
    ("plan", "cue"),
    ("slash command", "cue"),
    ("reports an error", "cue"),
    ("the last reply asked", "cue"),
    ("something was committed before", "cue"),
    ("interrupted before", "cue"),
    ("begins, with new words", "cue"),
    ("goes on, with known words", "cue"),
    ("committed before, with new words", "cue"),
    ("few words to go by", "topic"),
    ("turn known from the three turns before", "topic"),
    ("turn known from the eight turns before", "topic"),
    ("prompt known from the eight turns before", "topic"),
    ("contained in the turn before", "topic"),
    ("little to compare", "topic"),
    ("little before to compare", "topic"),
    ("little to compare, relative", "topic"),
    ("thanks", "cue"),
    ("makes a branch", "cue"),
    ("edits what only earlier turns have read", "files"),
    ("share of the edited files that is known", "files"),
    ("edits unknown files only", "files"),
)  # fmt: skip


def features(found: Band, j: int) -> list[float]:
    """Return the measures named in `FEATURES` for a new thread beginning at turn *j* > 0."""
    turns, row = found.turns, found.rows[j]
    turn, before = turns[j], turns[j - 1]
    usual = found.usual[j]
    like = row[0]
    near = row[:6]
    best = max(one.words for one in near)
    pre = range(max(0, j - 3), j)
    known = _union(turns[i] for i in pre)
    far = _union(turns[i] for i in range(max(0, j - 8), j))
    size = min(bulk(turn), bulk(before))
    new = 1.0 - covered(turn.asked, known) if turn.asked else 0.0
    ahead = j + 1 < len(turns)
    after = found.rows[j + 1] if ahead else []
    both = bool(turn.files) and any(turns[i].files for i in pre)
    file = max((one.files for one in row[:3]), default=0.0)
    folder = max((one.folders for one in row[:3]), default=0.0)
    idle = pause(before, turn)
    form = turn.form
    length = turn.length
    few = 1.0 if len(turn.asked) < 3 else 0.0
    return [
        math.sqrt(max(like.words, 0.0)),
        usual[0].relative(like.words),
        math.sqrt(max(window(found, pre, range(j, j + 1)), 0.0)),
        math.sqrt(max(best, 0.0)),
        usual[0].relative(best),
        window(found, range(max(0, j - 2), j), range(j, min(j + 2, len(turns)))),
        window(found, pre, range(j, min(j + 3, len(turns)))),
        like.asked,
        1.0 - new,
        max(one.told for one in row[:2]),
        new * math.log1p(len(turn.asked)) / 4,
        math.sqrt(max(like.begun, 0.0)),
        usual[2].relative(max(one.begun for one in near)),
        (after[0].words - after[1].words) * 3 if ahead else 0.0,
        math.sqrt(max(after[1].words, 0.0)) if ahead else 0.3,
        math.sqrt(file),
        1.0 if both and not file else 0.0,
        math.sqrt(folder),
        1.0 if both and not folder else 0.0,
        like.programs,
        _other_tools(before, turn),
        1.0 if turn.calls >= 3 and turn.edits == 0 and before.edits > 0 else 0.0,
        1.0 if any(one.tickets > 0 for one in row[:3]) else 0.0,
        1.0 if like.tickets < 0 else 0.0,
        math.log1p(idle / 60_000) / 4,
        1.0 if idle > 45 * 60_000 else 0.0,
        1.0 if idle > 6 * 3_600_000 else 0.0,
        _changed(before.branch, turn.branch),
        _changed(before.cwd, turn.cwd),
        math.log1p(length) / 6,
        1.0 if length < 40 else 0.0,
        form.goes_on,
        form.begins,
        form.goes_back,
        form.moves_on,
        form.points,
        form.plan,
        1.0 if turn.slash else 0.0,
        form.error,
        1.0 if before.question else 0.0,
        1.0 if before.committed else 0.0,
        1.0 if before.interrupted else 0.0,
        form.begins * new,
        form.goes_on * (1.0 - new),
        new if before.committed else 0.0,
        few,
        covered(turn.words, known),
        covered(turn.words, far),
        covered(turn.asked, far),
        like.contained,
        1.0 - size,
        1.0 - bulk(before),
        (1.0 - size) * usual[0].relative(like.words),
        form.thanks,
        1.0 if turn.branches else 0.0,
        *_edits(turn, turns[max(0, j - 8) : j]),
    ]


def _edits(turn: Turn, before: Sequence[Turn]) -> tuple[float, float, float]:
    """Return how the edits of *turn* go on from what the turns *before* worked with."""
    if not turn.edited:
        return 0.0, 0.0, 0.0
    known = frozenset[int]().union(*(one.edited | one.looked for one in before))
    again = turn.edited & known
    unread = 1.0 if again - turn.looked else 0.0
    return unread, len(again) / len(turn.edited), 0.0 if again else 1.0


def window(found: Band, left: range, right: range) -> float:
    """Return the cosine of the sums of two neighbouring runs of turns."""
    cross = sum(found.rows[b][b - a - 1].words for a in left for b in right)
    return cross / math.sqrt(_square(found, left) * _square(found, right))


def _square(found: Band, run: range) -> float:
    own = float(len(run))
    return own + 2 * sum(found.rows[b][b - a - 1].words for b in run for a in run if a < b)


def _union(turns: Iterable[Turn]) -> dict[int, float]:
    words: dict[int, float] = {}
    for turn in turns:
        words.update(turn.words)
    return words


def pause(before: Turn, turn: Turn) -> int:
    """Return how long nothing happened before *turn*, in milliseconds."""
    if turn.at is None or before.ended is None:
        return 60_000
    return max(0, turn.at - before.ended)


def _other_tools(before: Turn, turn: Turn) -> float:
    if not before.tools or not turn.tools:
        return 0.0
    return 1.0 - len(before.tools & turn.tools) / len(before.tools | turn.tools)


def _changed(one: str, other: str) -> float:
    return 1.0 if one and other and one != other else 0.0
