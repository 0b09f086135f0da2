"""Sessions that were taken up again in a new file, which begins with a copy of the old one.

A message is a copy when another file holds it too: with the same uuid, or with the same
role, time and content. Of two files that share messages, the one that ends later goes on
from the other.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from core.threads.events import Event
from core.threads.links import Relation, Tie

_SHARED = 0.5  # part of the older file that the newer one has to hold


def copies(files: Mapping[str, Sequence[Event]]) -> list[Relation]:
    """Return the copied messages of *files* and which session continues which.

    *files* are the main transcripts of one project by session id.
    """
    holders: dict[str, dict[str, str]] = defaultdict(dict)  # mark: {file: uuid}
    for name, events in files.items():
        times: Counter[str] = Counter()  # equal messages of one file are told apart by their order
        for event in events:
            if event.role is None:
                continue
            for mark in _marks(event):
                times[mark] += 1
                holders[f"{mark}|{times[mark]}"].setdefault(name, event.uuid)
    shared: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    last = {name: _end(events) for name, events in files.items()}
    for held in holders.values():
        names = sorted(held, key=lambda name: (last[name], name))
        for older, newer in pairwise(names):
            shared[newer, older].setdefault(held[newer], held[older])
    found: list[Relation] = []
    for (newer, older), pairs in shared.items():
        size = sum(1 for event in files[older] if event.role is not None)
        if len(pairs) < max(2, _SHARED * size):
            continue
        found.append(Relation(Tie.CONTINUES, newer, older, len(pairs) / size))
        found.extend(Relation(Tie.DUPLICATE, new, old) for new, old in pairs.items())
    return found


def _marks(event: Event) -> list[str]:
    marks = [event.uuid] if event.uuid else []
    if event.at is not None:
        marks.append(f"{event.role}|{event.at}|{event.said}")
    return marks


def _end(events: Sequence[Event]) -> int:
    return max((event.at for event in events if event.at is not None), default=0)
