"""Rows that are put below another row of a transcript, and where they end."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.queries.transcript import Spine


@dataclass(slots=True)
class Lane:
    """An agent's rows, put below the call that started it; or those that a session inherits."""

    agent: str
    call: int  # block
    depth: int
    spine: Spine
    copied: bool = False  # not an agent's, but what a session inherits: it does not grow


def depth(lane: Lane) -> int:
    """Return how deep *lane* is, to put the outer ones in first."""
    return lane.depth


def below(depths: "array[int]", row: int) -> int:
    """Return how deep rows are that are put below *row*."""
    return min(depths[row] + 1, 255)


def end(depths: "array[int]", row: int) -> int:
    """Return the first row behind those below *row*."""
    found = row + 1
    while found < len(depths) and depths[found] > depths[row]:
        found += 1
    return found


def agents(
    lanes: Mapping[int, Lane], ids: Sequence[int], depths: "array[int]", row: int
) -> set[str]:
    """Return the agents whose rows *row* is among, so that none is opened in itself."""
    found: set[str] = set()
    deep = depths[row]
    while row > 0 and deep:
        row -= 1
        if depths[row] < deep:
            deep = depths[row]
            lane = lanes.get(ids[row])
            if lane is not None:
                found.add(lane.agent)
    return found
