"""Which tool call started which agent: agents' runs attached to the session above them.

First what the log states (an agent's id in a result or in progress notes), then an equal
prompt, each call once and nearest in time, then the nearest call that is still free.
"""

from collections.abc import Mapping, Sequence

from core.threads.events import Event
from core.threads.links import Relation, Tie

_GUESS = 0.4  # confidence where only time speaks for an attachment


def attach(events: Sequence[Event], runs: Mapping[str, Sequence[Event]]) -> list[Relation]:
    """Return the call that started each of *runs*, which are named by agent or first uuid.

    *events* are all of a session family: runs may start further runs.
    """
    stated = {agent: call for event in events for call, agent in event.agents}
    askers: dict[int, list[tuple[int, str]]] = {}
    starters: list[tuple[int, str]] = []
    for event in events:
        for call, prompt in event.asked:
            askers.setdefault(prompt, []).append((event.at or 0, call))
            starters.append((event.at or 0, call))
    used: set[str] = set()
    found: list[Relation] = []
    open_runs: list[tuple[int, str, Event]] = []
    ordered = sorted((run[0].at or 0, name, run[0]) for name, run in runs.items() if run)
    for at, name, first in ordered:
        told = stated.get(name) or stated.get(first.agent)
        if told and told not in used:
            used.add(told)
            found.append(Relation(Tie.ATTACH, first.uuid, told))
        else:
            open_runs.append((at, name, first))
    for equal in (True, False):
        still: list[tuple[int, str, Event]] = []
        for at, name, first in open_runs:
            free = [
                (abs(at - when), call)
                for when, call in (askers.get(first.said, []) if equal else starters)
                if call not in used and (equal or when <= at)
            ]
            if not free:
                still.append((at, name, first))
                continue
            call = min(free)[1]
            used.add(call)
            how = (1.0, "same prompt") if equal else (_GUESS, "nearest call")
            found.append(Relation(Tie.ATTACH, first.uuid, call, *how))
        open_runs = still
    return found
