"""The lines of a JSON tree, one after the other, as they are asked for.

Nothing here recurses and nothing is looked at before its turn: a value may be a million items
long and a thousand deep.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple, TypeAlias, cast

from desktop.look import words
from desktop.look.words import translate

Path: TypeAlias = tuple[int, ...]  # which child of the top, which child of that, and so on

_OPEN_LEVELS: Final = 2
_MOST_OPEN: Final = 50  # children; what has more is folded, but not at the top
_LONGEST_TEXT: Final = 400  # characters beside a key; a longer text stands below it
_LONGEST_KEY: Final = 300
_PIECE: Final = 2_000  # characters of a line; longer ones are broken with a mark
_MOST_TEXT: Final = 400_000  # characters of one text that are ever shown
_GLIMPSE_LINES: Final = 8  # of a long text that is folded
_GLIMPSE: Final = 800  # characters
_BREAK: Final = "\u21b5"
_SLACK: Final = 6  # lines: so many are no reason to fold


class Ink(StrEnum):
    """What a run of characters is; values of each type have their colour."""

    KEY = "key"
    INDEX = "index"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"  # true, false, null
    MARK = "mark"  # not in the value: colons, counts
    LINK = "link"  # what stands for the rest of a text


class Run(NamedTuple):
    """Characters of one colour."""

    text: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tree. *path* names what it opens and closes; None if nothing."""

    depth: int
    runs: tuple[Run, ...]
    path: Path | None = None
    open: bool = False

    @property
    def text(self) -> str:
        """The line's characters."""
        return "".join(run.text for run in self.runs)


class _Frame(NamedTuple):
    """A container that is being gone through."""

    path: Path
    children: Iterator[tuple[int, Run, object]]


def walk(value: object, flipped: frozenset[Path]) -> Iterator[Line]:
    """Yield all lines of *value* that no fold hides."""
    if not children_of(value):
        yield from _leaf((), 0, (), value, flipped)
        return
    frames = [_Frame((), children(value))]
    while frames:
        path, rest = frames[-1]
        following = next(rest, None)
        if following is None:
            frames.pop()
            continue
        number, label, below = following
        here, depth = (*path, number), len(frames) - 1
        head = (label, Run(": ", Ink.MARK))
        count = children_of(below)
        if not count:
            yield from _leaf(here, depth, head, below, flipped)
        elif is_open(below, here, flipped):
            yield Line(depth, (label, Run(":", Ink.MARK)), here, open=True)
            frames.append(_Frame(here, children(below)))
        else:
            yield Line(depth, (*head, Run(_counted(below, count), Ink.MARK)), here)


def _leaf(
    path: Path, depth: int, head: tuple[Run, ...], value: object, flipped: frozenset[Path]
) -> Iterator[Line]:
    if isinstance(value, str):
        yield from _text(path, depth, head, value, flipped)
    else:
        yield Line(depth, (*head, run(value)))


def _text(
    path: Path, depth: int, head: tuple[Run, ...], value: str, flipped: frozenset[Path]
) -> Iterator[Line]:
    if len(value) <= _LONGEST_TEXT and "\n" not in (line := words.visible(value)):
        yield Line(depth, (*head, Run(f'"{line}"', Ink.TEXT)))
        return
    folds, opened = foldable(value), is_open(value, path, flipped)
    if head:
        yield Line(depth, (head[0], Run(":", Ink.MARK)), path if folds else None, open=opened)
        depth += 1
    elif folds:
        quoted = Run(_size(value), Ink.MARK)
        yield Line(depth, (quoted,), path, open=opened)
    start = value[:_MOST_TEXT] if opened or not folds else _glimpse(value)
    for line in _lines(words.visible(start)):
        yield Line(depth, (Run(line, Ink.TEXT),))
    if len(start) < len(value):
        yield Line(
            depth,
            (Run(f"… {_size(value)}", Ink.MARK if opened else Ink.LINK),),
            None if opened else path,
        )


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        for at in range(0, len(line) or 1, _PIECE):
            piece = line[at : at + _PIECE]
            yield piece + _BREAK if at + _PIECE < len(line) else piece


def _glimpse(value: str) -> str:
    return "\n".join(words.visible(value[:_GLIMPSE]).split("\n")[:_GLIMPSE_LINES])


def _size(value: str) -> str:
    return words.plural(
        len(value), translate("json_tree", "character"), translate("json_tree", "characters")
    )


def run(value: object) -> Run:
    """Return what stands for a *value* that is no text and has no children."""
    if value is None or isinstance(value, bool):
        return Run({None: "null", True: "true", False: "false"}[value], Ink.WORD)
    if isinstance(value, dict):
        return Run("{}", Ink.MARK)
    if isinstance(value, list):
        return Run("[]", Ink.MARK)
    return Run(repr(value), Ink.NUMBER)


def _counted(value: object, count: int) -> str:
    if isinstance(value, dict):
        pair = translate("json_tree", "key"), translate("json_tree", "keys")
        return f"{{{words.plural(count, *pair)}}}"
    pair = translate("json_tree", "item"), translate("json_tree", "items")
    return f"[{words.plural(count, *pair)}]"


def children_of(value: object) -> int:
    """Return how many children *value* has."""
    if isinstance(value, dict):
        return len(cast("dict[str, object]", value))
    return len(cast("list[object]", value)) if isinstance(value, list) else 0


def children(value: object) -> Iterator[tuple[int, Run, object]]:
    """Yield number, key or index, and value of each child of *value*."""
    if isinstance(value, dict):
        for number, (key, below) in enumerate(cast("dict[str, object]", value).items()):
            yield number, Run(_key(key), Ink.KEY), below
    else:
        for number, below in enumerate(cast("list[object]", value)):
            yield number, Run(str(number), Ink.INDEX), below


def _key(key: str) -> str:
    line = words.visible(key[:_LONGEST_KEY]).replace("\n", "␊").replace("\t", "␉")
    return (line if len(key) <= _LONGEST_KEY else line + "…") or '""'


def child(value: object, number: int) -> object:
    """Return child *number* of *value*."""
    if isinstance(value, dict):
        return next(islice(cast("dict[str, object]", value).values(), number, None))
    return cast("list[object]", value)[number]


def foldable(value: object) -> bool:
    """Return whether *value* is opened and folded: containers and long texts are."""
    if isinstance(value, str):
        return len(value) > _GLIMPSE or value.count("\n") >= _GLIMPSE_LINES + _SLACK
    return bool(children_of(value))


def is_open(value: object, path: Path, flipped: frozenset[Path]) -> bool:
    """Return whether *value* at *path* is open if the user turned what is *flipped*."""
    if isinstance(value, str):
        return path in flipped
    at_first = len(path) < _OPEN_LEVELS and (not path or children_of(value) <= _MOST_OPEN)
    return at_first != (path in flipped)
