"""Streams made of stretches of real sessions, whose threads are known because they were made.

This is how threading is learnt without labels: where two sessions that have nothing to do
with each other are put one after the other, a thread begins. Stretches of one session are
taken to be one thread. Everything is drawn from a seeded generator and is the same again.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.threads.evidence import Turn
from core.threads.words import dot

DAY = 86_400_000  # milliseconds
ALIKE = 0.5  # cosine of two first prompts from which they may be about the same
_WORD = re.compile(r"[a-z]{4,}|\d{2,}")
_COMMON = frozenset(
    {"main", "master", "feat", "feature", "head", "develop", "fix", "chore", "docs"}
)


@dataclass(frozen=True, slots=True)
class Stream:
    """Turns one after another, and the thread that each is of."""

    turns: list[Turn]
    threads: list[int]


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of a session without a known change of task. All share one lexicon."""

    turns: list[Turn]
    session: str  # which session it is of
    project: str
    dated: bool = True  # its times tell when it was


# How often each sort of stream is made, and how: (share, keeps its branches, begins in the
# middle of sessions, comes back to threads, is one stretch only, mixes projects).
_SORTS = (
    (0.15, True, False, False, False, False),
    (0.25, False, False, False, False, False),
    (0.22, False, True, False, False, False),
    (0.22, False, False, True, False, False),
    (0.08, False, False, False, True, False),
    (0.08, True, False, False, False, True),
)


def splices(
    sources: Sequence[Source], count: int, seed: int, *, long: bool = False
) -> list[Stream]:
    """Return up to *count* streams made of *sources*; *long* ones more often than others."""
    draw = random.Random(seed)  # noqa: S311  a generator to repeat, nothing to keep secret
    usable = [source for source in sources if source.turns]
    if long:
        usable = [source for source in usable for _ in source.turns]
    made: list[Stream] = []
    pauses = _pauses(usable)
    shares = [sort[0] for sort in _SORTS]
    for _ in range(count * 3):
        if len(made) >= count or not usable:
            break
        sort = draw.choices(_SORTS, shares)[0]
        stream = _stream(usable, pauses, sort, draw)
        if stream is not None:
            made.append(stream)
    return made


def _pauses(sources: Sequence[Source]) -> list[int]:
    """Return the pauses inside of sessions: cuts get pauses that prove nothing."""
    found = [
        max(0, later.at - earlier.ended)
        for source in sources
        for earlier, later in zip(source.turns, source.turns[1:], strict=False)
        if later.at is not None and earlier.ended is not None
    ]
    return found or [60_000]


def _stream(
    sources: Sequence[Source],
    pauses: Sequence[int],
    sort: tuple[float, bool, bool, bool, bool, bool],
    draw: random.Random,
) -> Stream | None:
    _, keeps, middle, returns, single, mixes = sort
    if single:
        source = _long(sources, draw)
        if len(source.turns) < 3:
            return None
        turns = source.turns[: draw.randint(2, 12)]
        return _timed([(turns, 0)], pauses, draw, keeps=keeps)
    chosen = _chosen(
        sources, draw, 3 if returns else draw.randint(2, 6), mixes=mixes, middle=middle
    )
    if len(chosen) < 2:
        return None
    parts: list[tuple[list[Turn], int]] = []
    if returns:
        return _timed(_returning(chosen, draw), pauses, draw, keeps=keeps)
    for thread, source in enumerate(chosen):
        begin = draw.randint(1, len(source.turns) - 1) if middle and len(source.turns) > 1 else 0
        parts.append((source.turns[begin : begin + _length(draw)], thread))
    return _timed(parts, pauses, draw, keeps=keeps)


def _returning(chosen: Sequence[Source], draw: random.Random) -> list[tuple[list[Turn], int]]:
    """Return A-B-A, sometimes with C after it, before it, or another A behind it."""
    first = max(chosen, key=lambda source: len(source.turns))
    others = [source for source in chosen if source is not first]
    at = 0
    parts: list[tuple[list[Turn], int]] = []
    plan = draw.choice(([0, 1, 0], [0, 1, 0], [0, 1, 0, 2], [0, 1, 2, 0], [0, 1, 0, 2, 0]))
    for thread in plan:
        if thread == 0:
            length = min(_length(draw), max(1, len(first.turns) // 2))
            turns = first.turns[at : at + length]
            at += length
        elif thread <= len(others):
            turns = others[thread - 1].turns[: _length(draw)]
        else:
            turns = []
        if turns:
            parts.append((turns, thread))
    return parts


def _length(draw: random.Random) -> int:
    return draw.choice((1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7))


def _long(sources: Sequence[Source], draw: random.Random) -> Source:
    """Draw a source, longer ones more often."""
    return draw.choices(sources, [len(source.turns) for source in sources])[0]


def _chosen(
    sources: Sequence[Source],
    draw: random.Random,
    count: int,
    *,
    mixes: bool,
    middle: bool,
) -> list[Source]:
    """Return sources that may meet: of one project unless *mixes*, near each other in time."""
    first = draw.choice(sources)
    if mixes:
        pool = [s for s in sources if s.project != first.project]
    else:
        pool = [s for s in sources if s.project == first.project and s.session != first.session]
        pool.sort(key=lambda s: abs((s.turns[0].at or 0) - (first.turns[0].at or 0)))
        pool = pool[:30]
    draw.shuffle(pool)
    if middle:
        pool.sort(key=lambda s: len(s.turns) < 2)
    chosen = [first]
    for source in pool:
        if len(chosen) == count:
            break
        if all(may_meet(source, other) for other in chosen):
            chosen.append(source)
    draw.shuffle(chosen)
    return chosen


def may_meet(one: Source, other: Source) -> bool:
    """Tell whether two sources surely are about different things."""
    if one.session == other.session:
        return False
    if one.project != other.project:
        return True
    if _shares_words(one, other):
        return False
    here, there = _branches(one), _branches(other)
    if here & there or _words(here) & _words(there):
        return False
    if (here and there) or not (one.dated and other.dated):
        return True
    return abs((one.turns[0].at or 0) - (other.turns[0].at or 0)) > DAY


def _shares_words(one: Source, other: Source) -> bool:
    """Tell whether two sources share a prompt or a ticket, or begin alike."""
    prompts = {turn.prompt for turn in one.turns}
    if any(turn.prompt in prompts for turn in other.turns if len(turn.prompt) > 20):
        return True
    if dot(one.turns[0].asked, other.turns[0].asked) > ALIKE:
        return True
    return bool(_tickets(one) & _tickets(other))


def _tickets(source: Source) -> set[str]:
    return {ticket for turn in source.turns for ticket in turn.tickets}


def _branches(source: Source) -> set[str]:
    return {turn.branch for turn in source.turns if turn.branch and turn.branch not in _COMMON}


def _words(branches: set[str]) -> set[str]:
    found = {word for branch in branches for word in _WORD.findall(branch.lower())}
    return found - _COMMON


def _timed(
    parts: Sequence[tuple[list[Turn], int]],
    pauses: Sequence[int],
    draw: random.Random,
    *,
    keeps: bool,
) -> Stream | None:
    """Put *parts* on one clock; pauses between them are drawn, and some inside are decoys."""
    turns: list[Turn] = []
    threads: list[int] = []
    clock = 1_700_000_000_000
    for part, thread in parts:
        last: Turn | None = None
        for turn in part:
            if last is None:
                pause = draw.choice(pauses)
                if keeps and draw.random() < 0.35:
                    pause = draw.randint(1, 14) * 3_600_000
            elif draw.random() < 0.1:
                pause = draw.randint(1, 14) * 3_600_000
            else:
                pause = max(0, (turn.at or 0) - (last.ended or turn.at or 0))
            clock += pause
            took = max(0, (turn.ended or 0) - (turn.at or 0)) if turn.at and turn.ended else 0
            changed = replace(turn, at=clock, ended=clock + took)
            if not keeps:
                changed = replace(changed, branch="", cwd="")
            clock += took
            last = turn
            turns.append(changed)
            threads.append(thread)
    return Stream(turns, threads) if len(turns) > 1 else None
