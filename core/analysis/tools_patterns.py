"""What follows what: sequences of steps, what comes after a failure, what stands in for what.

Each function counts one conversation into a tally; tallies of a library are added up, and the
readers below turn sums into figures. A step that holds several parallel calls is named by its
tools, "Read + Read" once as "Read".
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import log2
from typing import Final

from core.analysis.tools_registry import ToolClass
from core.analysis.tools_tally import Tally
from core.analysis.tools_work import Stint, Use, Work
from core.model import Outcome

LONGEST: Final = 4  # steps of a sequence
NEAR: Final = 5  # calls within which the same call again is a retry
LEAST: Final = 3  # times that something happens before it is told as a pattern
RERUN, CHANGED, ASKED = "rerun as it was", "same tool, other input", "nothing: the turn ends"
_ASKS_AGAIN: Final = ("BashOutput",)  # made to be called again with the same input
_OF_FILES: Final = (ToolClass.READ, ToolClass.EDIT)
_JOINED: Final = 0.5  # bits; groups whose mean PMI is above it are one
_REACH: Final = 3  # steps after a failure in which another tool may do the same thing
_TOKEN: Final = re.compile(r"[\w.-]{4,}")


@dataclass(frozen=True, slots=True)
class Sequence:
    """Steps that follow each other within a turn of one lane."""

    steps: tuple[str, ...]
    count: int
    chance: float  # P(last | those before it), of the times that anything followed them
    lift: float  # the chance against how often the last step follows anything
    examples: tuple[int, ...]  # row ids of its first calls


@dataclass(frozen=True, slots=True)
class Recovery:
    """What followed the failures of a tool, in the same lane and turn."""

    tool: str
    next: str
    count: int
    of: int  # failures of the tool
    examples: tuple[int, ...]  # row ids of the failed calls


@dataclass(frozen=True, slots=True)
class Cluster:
    """Tools that are used in the same turns more than chance would have it."""

    tools: tuple[str, ...]
    pmi: float  # mean over its pairs, bits


def label(step: tuple[Use, ...]) -> str:
    """Return the name of *step*: its tools, each once."""
    return " + ".join(sorted({use.tool for use in step}))


def count_sequences(work: Work, into: Tally) -> None:
    """Count the sequences of two to four steps of every turn."""
    for stint in work.stints:
        names = [label(step) for step in stint.steps]
        for first in range(len(names)):
            for length in range(2, LONGEST + 1):
                if first + length > len(names):
                    break
                into.add(tuple(names[first : first + length]), stint.steps[first][0].call.id)


def sequences(grams: Tally) -> list[Sequence]:
    """Return the sequences seen at least `LEAST` times, the most frequent first."""
    followed: defaultdict[tuple[str, ...], int] = defaultdict(int)
    lasts: defaultdict[str, int] = defaultdict(int)
    pairs = 0
    for gram, count in grams:
        followed[gram[:-1]] += count
        if len(gram) == 2:
            lasts[gram[-1]] += count
            pairs += count
    found: list[Sequence] = []
    for gram, count in grams:
        if count < LEAST:
            continue
        chance = count / followed[gram[:-1]]
        found.append(
            Sequence(
                gram,
                count,
                chance,
                chance * pairs / lasts[gram[-1]],
                tuple(grams.examples(gram)),
            )
        )
    return sorted(found, key=lambda one: (-one.count, one.steps))


def count_recoveries(work: Work, into: Tally) -> None:
    """Count what the step after each failed call is."""
    for stint in work.stints:
        for place, step in enumerate(stint.steps):
            for use in step:
                if use.call.outcome is Outcome.ERROR:
                    into.add((use.tool, _after(use, stint, place)), use.call.id)


def _after(failed: Use, stint: Stint, place: int) -> str:
    if place + 1 == len(stint.steps):
        return ASKED
    then = stint.steps[place + 1]
    same = [use for use in then if use.tool == failed.tool]
    if any(use.call.input == failed.call.input for use in same):
        return RERUN
    return CHANGED if same else label(then)


def recoveries(tally: Tally) -> list[Recovery]:
    """Return what followed failures, by tool with most failures, then by count."""
    failures: defaultdict[str, int] = defaultdict(int)
    for (tool, _), count in tally:
        failures[tool] += count
    found = [
        Recovery(tool, then, count, failures[tool], tuple(tally.examples((tool, then))))
        for (tool, then), count in tally
    ]
    return sorted(found, key=lambda one: (-one.of, one.tool, -one.count, one.next))


def count_substitutions(work: Work, into: Tally) -> None:
    """Count where another tool went well on what a failed call was about.

    About the same thing: the words of one call's key argument, four letters or longer, are
    found in the other's. Nothing is assumed about which tools may stand in for which.
    """
    for stint in work.stints:
        for place, step in enumerate(stint.steps):
            for use in step:
                if use.call.outcome is Outcome.ERROR and (other := _stand_in(use, stint, place)):
                    into.add((use.tool, other.tool, other.head), use.call.id)


def _stand_in(failed: Use, stint: Stint, place: int) -> Use | None:
    words = set(_TOKEN.findall(failed.target[:2000]))
    if not words:
        return None
    for step in stint.steps[place + 1 : place + 1 + _REACH]:
        for use in step:
            if use.tool == failed.tool:
                return None  # it was tried again: nothing stood in
            if use.call.outcome is Outcome.OK and use.target:
                theirs = set(_TOKEN.findall(use.target[:2000]))
                if theirs and len(words & theirs) * 2 >= min(len(words), len(theirs)):
                    return use
    return None


def count_company(work: Work, into: Tally) -> None:
    """Count in how many turns each tool, and each pair of tools, is used."""
    for stint in work.stints:
        tools = sorted({use.tool for use in stint.uses})
        if not tools:
            continue
        into.add(("",))
        for tool in tools:
            into.add((tool,))
        for one, other in combinations(tools, 2):
            into.add((one, other))


def clusters(company: Tally) -> list[Cluster]:
    """Return groups of tools, joined while the mean PMI between groups is above a half bit.

    Pairs seen together in fewer than `LEAST` turns say nothing. The same counts give the same
    groups: ties go by name.
    """
    turns = company[("",)]
    known: dict[tuple[str, str], float] = {}
    for key, count in company:
        if len(key) == 2 and count >= LEAST:
            expected = company[key[:1]] * company[key[1:]] / turns
            known[key[0], key[1]] = log2(count / expected)
    tools = sorted({tool for pair in known for tool in pair})
    groups: list[tuple[str, ...]] = [(tool,) for tool in tools]
    while len(groups) > 1:
        bond, one, two = min((-_bond(a, b, known), a, b) for a, b in combinations(groups, 2))
        if bond >= -_JOINED:
            break
        rest = [group for group in groups if group not in {one, two}]
        groups = sorted([*rest, tuple(sorted(one + two))])
    found = [
        Cluster(group, sum(_pairs(group, known)) / len(_pairs(group, known)))
        for group in groups
        if len(group) > 1
    ]
    return sorted(found, key=lambda one: (-one.pmi, one.tools))


def _bond(one: tuple[str, ...], two: tuple[str, ...], known: dict[tuple[str, str], float]) -> float:
    pmi = [known.get((min(a, b), max(a, b)), -1.0) for a in one for b in two]
    return sum(pmi) / len(pmi)


def _pairs(group: tuple[str, ...], known: dict[tuple[str, str], float]) -> list[float]:
    return [known.get(pair, -1.0) for pair in combinations(group, 2)]


def retried(stint: Stint) -> list[Use]:
    """Return the calls that repeat, input and all, one of the `NEAR` calls before them."""
    return [
        use
        for place, use in enumerate(stint.uses)
        if use.call.input
        and use.tool not in _ASKS_AGAIN
        and any(
            use.tool == one.tool and use.call.input == one.call.input
            for one in stint.uses[max(0, place - NEAR) : place]
        )
    ]


def count_runs(work: Work, into: Tally) -> None:
    """Count how many steps followed each prompt of the main line before the next one."""
    for stint in work.stints:
        prompt = stint.turn.prompt
        if prompt is not None and not stint.turn.lane:
            into.add((f"{len(stint.steps):05}",), prompt.spot.id)


def count_files(work: Work, into: Tally) -> None:
    """Count the readings and the edits of each file that went well."""
    for stint in work.stints:
        for use in stint.uses:
            if use.kind in _OF_FILES and use.target and use.call.outcome is Outcome.OK:
                into.add((use.target[:400], use.kind), use.call.id)


@dataclass(frozen=True, slots=True)
class FileUse:
    """How often a file was read and edited."""

    project: str
    path: str
    reads: int
    edits: int


def files(tally: Tally) -> list[FileUse]:
    """Return the files, the most read first."""
    found = [
        FileUse(
            project,
            path,
            tally[project, path, ToolClass.READ],
            tally[project, path, ToolClass.EDIT],
        )
        for project, path in sorted({(key[0], key[1]) for key, _ in tally})
    ]
    return sorted(found, key=lambda one: (-one.reads, -one.edits, one.project, one.path))


def runs(tally: Tally) -> list[tuple[int, int]]:
    """Return the numbers of steps that followed a prompt, and how often, in order."""
    return sorted((int(key[0]), count) for key, count in tally)
