"""Which lines of a JSON tree are shown: what the user opened, and of that a page."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

import orjson

from desktop.delegates.json_lines import (
    Line,
    Path,
    child,
    children,
    children_of,
    foldable,
    is_open,
    run,
    walk,
)

MOST_PARSED: Final = 1_000_000  # characters
PAGE_LINES: Final = 400  # the most that is laid out at once
PAGE_CHARACTERS: Final = 40_000
START_LINES: Final = 40  # before more is asked for
_START_CHARACTERS: Final = 8_000
_SLACK: Final = 6  # so many lines more are shown rather than hidden
_MOST_SEARCHED: Final = 100_000  # values
_ABOVE: Final = 10  # lines shown before one that was looked for


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user did to a tree."""

    flipped: frozenset[Path] = frozenset()  # opened if folded at first, folded if open
    first: int = 0  # line; those before are hidden
    page: bool = False  # whether more than the start is wanted

    def flip(self, path: Path) -> "Choice":
        """Return the choice after *path* was opened or closed."""
        return replace(self, flipped=self.flipped ^ {path})


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines of a tree that are shown, and what would be shown after them."""

    lines: tuple[Line, ...]
    first: int = 0  # lines hidden before
    more: int = 0  # lines after, `PAGE_LINES` at most

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A value, and as much of it as is shown."""

    value: object
    shown: Shown = field(default_factory=lambda: Shown(()))


def parsed(json: str) -> Tree | None:
    """Return the tree of the text *json*; None if that is no JSON, or too much of it."""
    if len(json) > MOST_PARSED:
        return None
    try:
        return Tree(orjson.loads(json))
    except orjson.JSONDecodeError:  # more than 1,024 levels are an error, too
        return None


def shown(value: object, choice: Choice, lines: int = START_LINES) -> Shown:
    """Return what there is to see of *value*; at first at most about *lines* lines."""
    found = _window(value, choice, lines)
    if not found.lines and choice.first:  # what was above it was folded
        return _window(value, replace(choice, first=0), lines)
    return found


def after(seen: Shown, choice: Choice) -> Choice:
    """Return the choice of who wants to see more than *seen*."""
    if not choice.page:
        return replace(choice, page=True)
    return replace(choice, first=seen.first + len(seen.lines))


def from_start(choice: Choice) -> Choice:
    """Return the choice of who wants to see the first lines again."""
    return replace(choice, first=0)


def holding(value: object, choice: Choice, wanted: Iterable[str]) -> Choice:
    """Return *choice* with the first value open and in view that holds any of *wanted*."""
    sought = [word.lower() for word in wanted if word.strip()]
    path = _path_of(value, sought) if sought else None
    if path is None:
        return choice
    opened = choice
    node = value
    for depth in range(len(path) + 1):
        if (
            (depth or isinstance(node, str))
            and foldable(node)
            and not is_open(node, path[:depth], opened.flipped)
        ):
            opened = opened.flip(path[:depth])
        if depth < len(path):
            node = child(node, path[depth])
    opened = replace(opened, first=0, page=True)
    size = 0
    for number, line in enumerate(walk(value, opened.flipped)):
        size += len(line.text)
        if any(word in line.text.lower() for word in sought):
            near = number < PAGE_LINES and size < PAGE_CHARACTERS
            return replace(opened, first=0 if near else number - _ABOVE)
    return opened


def _window(value: object, choice: Choice, lines: int) -> Shown:
    most = PAGE_LINES if choice.page else lines
    characters = PAGE_CHARACTERS if choice.page else _START_CHARACTERS
    found_lines = walk(value, choice.flipped)
    found: list[Line] = []
    rest: list[Line] = []
    size = 0
    for line in islice(found_lines, choice.first, None):
        size += sum(len(run.text) for run in line.runs) + 1
        if found and (len(found) >= most or size > characters):
            rest.append(line)
            break
        found.append(line)
    rest += islice(found_lines, PAGE_LINES - len(rest))
    if rest and len(rest) <= _SLACK and sum(len(line.text) for line in rest) < characters // 8:
        found, rest = found + rest, []
    return Shown(tuple(found), choice.first, len(rest))


def _path_of(value: object, sought: list[str]) -> Path | None:
    """Return where the first value is that holds one of *sought*, or whose key does."""
    if not children_of(value):
        return () if _holds(value, sought) else None
    path: list[int] = []  # of the container that is gone through: no copy for each level
    levels = [children(value)]
    looked = 0
    while levels and looked < _MOST_SEARCHED:
        following = next(levels[-1], None)
        if following is None:
            levels.pop()
            del path[-1:]
            continue
        looked += 1
        number, label, below = following
        if _holds(label.text, sought) or _holds(below, sought):
            return (*path, number)
        if children_of(below):
            path.append(number)
            levels.append(children(below))
    return None


def _holds(value: object, sought: list[str]) -> bool:
    if children_of(value):
        return False
    low = value.lower() if isinstance(value, str) else run(value).text
    return any(word in low for word in sought)
