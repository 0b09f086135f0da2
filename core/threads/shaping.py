"""A person's splits and merges put over what the model found: they win wherever they speak.

The model's segments come in, the parts that are shown go out. Parts next to each other are
always of different threads: what a person has merged has no cut inside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.threads.threader import Segment
from core.threads.woven import Edit, EditKind


@dataclass(frozen=True, slots=True)
class Part:
    """Turns next to each other that are of one thread."""

    first: int
    end: int  # the turn after its last
    thread: int  # parts with the same number are of one thread
    by_person: bool = False  # a person had it begin here, or put it to its thread
    sure: float = 0.0  # that it is an aside, or what follows one; 0 for neither
    likely: float = 0.0  # that it takes up just this thread; 0 for a new one


def shaped(
    segments: Sequence[Segment], prompts: Sequence[str], edits: Mapping[str, Edit]
) -> list[Part]:
    """Return the parts of a lane whose turns begin with *prompts*, uuids, in order.

    *edits* are by prompt. Those of prompts that are not here say nothing.
    """
    parts = [
        Part(one.first, one.end, one.thread, sure=one.sure, likely=one.likely) for one in segments
    ]
    if edits:
        places = {uuid: at for at, uuid in enumerate(prompts) if uuid in edits}
        wanted = {one.target for one in edits.values() if one.target}
        targets = {uuid: at for at, uuid in enumerate(prompts) if uuid in wanted}
        for uuid, at in places.items():
            if edits[uuid].kind is EditKind.SPLIT:
                parts = _split(parts, at)
        for uuid, at in places.items():
            if edits[uuid].kind is EditKind.MERGE:
                parts = _merge(parts, at, targets.get(edits[uuid].target))
    return _joined(parts)


def _split(parts: Sequence[Part], at: int) -> list[Part]:
    """Let a thread of its own begin at turn *at*."""
    if at == 0:
        return list(parts)
    number = max(part.thread for part in parts) + 1
    found: list[Part] = []
    for part in parts:
        if part.first < at < part.end:
            found.append(replace(part, end=at))
            found.append(Part(at, part.end, number, by_person=True))
        elif part.first == at:
            found.append(Part(at, part.end, number, by_person=True))
        else:
            found.append(part)
    return found


def _merge(parts: Sequence[Part], at: int, target: int | None) -> list[Part]:
    """Put the thread that begins at turn *at* to that of turn *target*; None: the one before.

    Where none begins there, what goes to another thread is split off first.
    """
    if target is not None and all(part.first != at for part in parts):
        parts = _split(parts, at)
    this = next((i for i, part in enumerate(parts) if part.first <= at < part.end), None)
    other = at - 1 if target is None else target
    that = next((part for part in parts if part.first <= other < part.end), None)
    if this is None or that is None or parts[this].first != at:
        return list(parts)
    old, new = parts[this].thread, that.thread
    return [
        replace(part, thread=new, by_person=part.by_person or part.first == at)
        if part.thread == old
        else part
        for part in parts
    ]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Put parts of one thread together that are next to each other."""
    found: list[Part] = []
    for part in parts:
        if found and found[-1].thread == part.thread:
            found[-1] = replace(found[-1], end=part.end)
        else:
            found.append(part)
    return found
