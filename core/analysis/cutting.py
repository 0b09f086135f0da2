"""Where a session is cut into pieces that are analysed by themselves.

A piece begins at a prompt of the session's own lane, where nothing hangs over: no turn of any
lane and branch, and no API reply, has messages on both sides. What comes last stays together
until enough has followed, because what is still going on may reach over a cut.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from core.analysis.material import Turn

LEAST: Final = 100  # messages of a piece, but of the last one
AFTER: Final = 50  # messages that have to follow a cut


def cuts(
    turns: Iterable[Turn], replies: Iterable[tuple[int, int]], ids: Sequence[int], lane: str
) -> list[int]:
    """Return the messages at which pieces begin but for the first one, by row id, in order.

    *turns* and *replies*, each with its first and last message, are all that there is from the
    first of *ids* on, the messages in order; *lane* is the session's own.
    """
    turns = list(turns)
    spans = sorted([*((turn.first, turn.last) for turn in turns), *replies])
    found: list[int] = []
    begun = seen = 0  # place of the piece's first message; spans that begin before a prompt
    reaches = 0  # the last message of any of them
    for turn in sorted(turns, key=lambda one: one.first):
        if turn.lane != lane or turn.prompt is None:
            continue
        while seen < len(spans) and spans[seen][0] < turn.first:
            reaches = max(reaches, spans[seen][1])
            seen += 1
        place = bisect_left(ids, turn.first)
        enough = place - begun >= LEAST and len(ids) - place >= AFTER
        if enough and reaches < turn.first:
            found.append(turn.first)
            begun = place
    return found
