"""Alternatives after a rewind: which line of the session every message is on.

File order is the spine; parent links only tell where a person went back. A record with
two children is almost never a fork (parallel tool calls look the same), so a fork is
only where two or more *typed prompts* hang on one message. Each of them, the first
included, begins a branch; what comes before stays on branch 0.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One message of a session's main line, as far as branching is concerned."""

    id: int
    parent: int | None  # nearest message above
    hung_on: int | None  # the same, or what stands in its place before the first message
    typed: bool
    at: int | None = None
    digest: int = 0  # of what it says


@dataclass(frozen=True, slots=True)
class Branch:
    """One alternative. Branch 0 is not listed: it is where every session begins."""

    number: int  # from 1, in file order
    above: int  # the branch it left
    forked_at: int | None  # message after which it left; None: before the first
    first: int  # its first message, a prompt
    active: bool  # on the line that the session ended on


def branches(nodes: Sequence[Node]) -> tuple[dict[int, int], tuple[Branch, ...]]:
    """Return the branch of every node that is not on branch 0, and the branches.

    *nodes* are in file order. One pass; parents that are missing or come later (a cycle)
    are treated as if the record had named the message before it.
    """
    prompts = _prompts(nodes)
    on: dict[int, int] = {}
    found: list[Branch] = []
    before = 0
    left: dict[int, int] = {}  # place where prompts hang: the branch that it is on
    behind: dict[int, int | None] = {}  # and the first of its messages that one of them hangs on
    for node in nodes:
        here = on.get(node.parent, before) if node.parent is not None else before
        if node.typed and node.hung_on is not None and prompts[node.hung_on] > 1:
            number = len(found) + 1
            here = left.setdefault(node.hung_on, here)
            forked_at = behind.setdefault(node.hung_on, node.parent)
            found.append(Branch(number, here, forked_at, node.id, active=False))
            here = number
        on[node.id] = before = here
    line = lineage(before, {branch.number: branch.above for branch in found})
    marked = tuple(
        Branch(b.number, b.above, b.forked_at, b.first, active=b.number in line) for b in found
    )
    return {node: number for node, number in on.items() if number}, marked


def _prompts(nodes: Sequence[Node]) -> Counter[int]:
    """Count the prompts at each place. One that a compaction replayed, at one time, is one."""
    found = {
        (node.hung_on, node.digest, node.at is None, node.id if node.at is None else node.at)
        for node in nodes
        if node.typed and node.hung_on is not None
    }
    return Counter(place for place, *_ in found)


def lineage(number: int, above: dict[int, int]) -> set[int]:
    """Return *number* and every branch on the way from it down to branch 0."""
    line: set[int] = set()
    while number and number not in line:
        line.add(number)
        number = above.get(number, 0)
    return line
