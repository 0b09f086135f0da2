"""Edits that a call was asked to make, in the notations that agent programs have for them."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from desktop.delegates import diff
from desktop.delegates.diff import Diff, Line, Sign

_FILE: Final = re.compile(r"\*\*\* (Update|Add|Delete) File: (.*)")
_MOVE: Final = "*** Move to: "
_END: Final = "*** End Patch"
_SIGNS: Final[dict[str, Sign]] = {"+": "+", "-": "-", " ": " "}
_MOST: Final = 20_000  # lines of a patch that are looked at
_SEARCH: Final = re.compile(
    r"^(?:<{5,}|-{5,}) ?SEARCH[^\n]*\n(.*?)\n?^={5,}[^\n]*\n(.*?)\n?^(?:>{5,}|\+{5,}) ?REPLACE",
    re.MULTILINE | re.DOTALL,
)


class Patched(NamedTuple):
    """What a patch does to one file."""

    action: str  # Update, Add, Delete
    path: str
    moved: str  # where it is after it; "" if it stays
    changes: Diff


def parsed(patch: str) -> tuple[Patched, ...]:
    """Return what *patch* does to each file; it begins with ``*** Begin Patch``.

    Its hunks carry no line numbers: only what is around them says where they belong.
    """
    return tuple(_parsed(patch))


def whole(patch: str) -> Diff:
    """Return the changes that *patch* makes to all files."""
    return diff.joined(each.changes for each in parsed(patch))


def blocks(text: str) -> Diff | None:
    """Return the changes that SEARCH/REPLACE blocks in *text* ask for; None without any."""
    found = _SEARCH.findall(text)
    return diff.joined(diff.between(old, new) for old, new in found) if found else None


def _parsed(patch: str) -> Iterator[Patched]:
    head: re.Match[str] | None = None
    held: list[str] = []
    for text in patch.split("\n")[1:_MOST]:
        after = _FILE.match(text)
        if after is None and not text.startswith(_END):
            held.append(text)
            continue
        if head is not None:
            yield _patched(head, held)
        head, held = after, []
        if after is None:
            return
    if head is not None:
        yield _patched(head, held)


def _patched(head: re.Match[str], held: list[str]) -> Patched:
    moved = ""
    lines: list[Line] = []
    for text in held:
        if text.startswith(_MOVE):
            moved = text.removeprefix(_MOVE).strip()
        elif text.startswith("@@"):
            where = text.removeprefix("@@").strip()
            if lines or where:
                lines.append(Line("@", 0, 0, where))
        elif (sign := _SIGNS.get(text[:1])) is not None:
            lines.append(Line(sign, 0, 0, text[1:]))
    return Patched(head[1], head[2].strip(), moved, diff.of_lines(lines, numbered=False))
