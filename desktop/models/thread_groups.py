"""The recorded tree of a conversation with its prompts gathered into threads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.queries.structure import Node, NodeKind
from core.queries.threads import CutRow, ThreadRow
from desktop.models.thread_map import NO_COLOUR, ThreadMap

_LEVELS = {NodeKind.SESSION, NodeKind.BRANCH}


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadNode(Node):
    """Prompts next to each other that are about one thing, and why they are apart."""

    thread: ThreadRow
    cut: CutRow | None  # None: it begins its lane
    colour: int = NO_COLOUR
    again: bool = False  # the thread began earlier and is taken up again here


def grouped(tree: Sequence[Node], threads: ThreadMap) -> tuple[Node, ...]:
    """Return *tree* with a node for each stretch of a thread where a lane has several.

    Recorded nodes keep their order: a branch or a compaction stays with what it came after.
    """
    if len(threads.rows) < 2:
        return tuple(tree)
    return tuple(_level(node, threads) if node.kind in _LEVELS else node for node in tree)


def _level(node: Node, threads: ThreadMap) -> Node:
    inner = tuple(
        _level(child, threads) if child.kind in _LEVELS else child for child in node.children
    )
    stretches = _stretches(inner, threads)
    if len(set(stretches) - {("", 0)}) < 2:
        return replace(node, children=inner)
    made: list[Node] = []
    paired = zip(stretches, inner, strict=True)
    seen: set[str] = set()
    for (key, _), group in groupby(paired, key=lambda pair: pair[0]):
        members = tuple(child for _, child in group)
        made += [_thread(members, threads, again=key in seen)] if key else members
        seen.add(key)
    return replace(node, children=tuple(made))


def _stretches(children: Sequence[Node], threads: ThreadMap) -> list[tuple[str, int]]:
    """Return the stretch of each of *children*: that of the prompt it is or comes after."""
    found: list[tuple[str, int]] = []
    for child in children:
        own = threads.stretch_at(child.message) if child.kind is NodeKind.PROMPT else ("", 0)
        found.append(own if own[0] or not found else found[-1])
    return found


def _thread(members: tuple[Node, ...], threads: ThreadMap, *, again: bool) -> Node:
    first = next(one for one in members if one.kind is NodeKind.PROMPT)
    row = threads.thread_at(first.message)
    assert row is not None
    prompts = [one for one in members if one.kind is NodeKind.PROMPT]
    return ThreadNode(
        kind=NodeKind.THREAD,
        title=row.title,
        at=first.at,
        message=first.message,
        branch=first.branch,
        active=first.active,
        calls=sum(one.calls for one in prompts),
        errors=sum(one.errors for one in prompts),
        children=members,
        thread=row,
        cut=threads.cuts.get(first.message),
        colour=threads.colour_of(row.key),
        again=again,
    )
