"""Unified diffs as lines with their numbers: from a recorded patch, else worked out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias, cast

Sign: TypeAlias = Literal["+", "-", " ", "@"]

CONTEXT: Final = 3  # unchanged lines kept around a change
_MOST_COMPARED: Final = 1_500  # lines: comparing costs their product in the worst case
_MOST_HUNKS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a diff. A number is 0 where the line is not in that version."""

    sign: Sign
    old: int
    new: int
    text: str


@dataclass(frozen=True, slots=True)
class Diff:
    """All lines of a diff; "@" lines separate hunks."""

    lines: tuple[Line, ...]
    added: int
    removed: int
    numbered: bool  # False: numbers count from the start of the passage, not of the file


def of_lines(lines: Iterable[Line], *, numbered: bool) -> Diff:
    """Return the diff that consists of *lines*."""
    kept = tuple(lines)
    added = sum(line.sign == "+" for line in kept)
    return Diff(kept, added, sum(line.sign == "-" for line in kept), numbered)


def from_patch(patch: object) -> Diff | None:
    """Return the diff that a recorded ``structuredPatch`` describes; None if it is none."""
    if not isinstance(patch, list) or not patch:
        return None
    lines: list[Line] = []
    for number, item in enumerate(cast("list[object]", patch)[:_MOST_HUNKS]):
        if not isinstance(item, Mapping):
            return None
        hunk = cast("Mapping[str, object]", item)
        if not isinstance(hunk.get("lines"), list):
            return None
        if number:
            lines.append(Line("@", 0, 0, ""))
        lines += _hunk(hunk)
    return of_lines(lines, numbered=True) if lines else None


def between(old: str, new: str) -> Diff:
    """Return what changes *old* into *new*, with three lines of context."""
    before, after = old.splitlines(), new.splitlines()
    if len(before) > _MOST_COMPARED or len(after) > _MOST_COMPARED:
        removed = [Line("-", at, 0, text) for at, text in enumerate(before, 1)]
        added = [Line("+", 0, at, text) for at, text in enumerate(after, 1)]
        return of_lines(removed + added, numbered=False)
    return of_lines(_compared(before, after), numbered=False)


def added(text: str) -> Diff:
    """Return a new file's diff."""
    lines = (Line("+", 0, at, line) for at, line in enumerate(text.splitlines(), 1))
    return of_lines(lines, numbered=True)


def joined(diffs: Iterable[Diff]) -> Diff:
    """Return *diffs* one after the other."""
    lines: list[Line] = []
    for each in diffs:
        if lines:
            lines.append(Line("@", 0, 0, ""))
        lines += each.lines
    return of_lines(lines, numbered=False)


def _hunk(hunk: Mapping[str, object]) -> Iterator[Line]:
    old, new = _start(hunk.get("oldStart")), _start(hunk.get("newStart"))
    for item in cast("list[object]", hunk["lines"]):
        text = str(item)
        match text[:1]:
            case "+":
                yield Line("+", 0, new, text[1:])
                new += 1
            case "-":
                yield Line("-", old, 0, text[1:])
                old += 1
            case "\\":  # "\ No newline at end of file"
                yield Line("@", 0, 0, text[2:])
            case _:
                yield Line(" ", old, new, text[1:])
                old, new = old + 1, new + 1


def _start(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 40 else 1


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(CONTEXT)
    for number, group in enumerate(groups):
        if number:
            yield Line("@", 0, 0, "")
        for tag, a, b, c, d in group:
            if tag == "equal":
                for step in range(b - a):
                    yield Line(" ", a + step + 1, c + step + 1, before[a + step])
                continue
            for at in range(a, b):
                yield Line("-", at + 1, 0, before[at])
            for at in range(c, d):
                yield Line("+", 0, at + 1, after[at])
