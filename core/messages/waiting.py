"""Calls that wait for their result, for logs that tell the two apart by their order only."""

from core.messages.format import Memory
from core.messages.telling import with_
from core.records.fields import items

_MOST = 200  # calls that are remembered; of more the oldest are forgotten


def called(memory: Memory, key: str, tool: str) -> Memory:
    """Return *memory* with the call *key* of *tool* waiting."""
    return with_(memory, open=[*_waiting(memory), [key, tool]][-_MOST:])


def answered(memory: Memory, tool: str = "") -> tuple[str, Memory]:
    """Return the key of the oldest call of *tool* that waits, and *memory* without it.

    Without a *tool* the oldest of all; "" if there is none.
    """
    waiting = _waiting(memory)
    for at, (key, name) in enumerate(waiting):
        if not tool or name == tool:
            return key, with_(memory, open=waiting[:at] + waiting[at + 1 :])
    return "", memory


def settled(memory: Memory, key: str) -> Memory:
    """Return *memory* without the call *key*, whose result was found by its id."""
    waiting = _waiting(memory)
    left = [one for one in waiting if one[0] != key]
    return memory if len(left) == len(waiting) else with_(memory, open=left)


def _waiting(memory: Memory) -> list[list[str]]:
    return [[str(word) for word in items(one)[:2]] for one in items(memory.get("open"))]
