"""Tells which Markdown is safe to lay out.

Qt's layout of nested tables and lists is exponential in their depth, and a file of a few hundred
bytes can hold a window for minutes.
"""

import re
from typing import Final

LARGEST: Final = 200_000  # characters
MOST_LINES: Final = 2_000
MOST_CELLS: Final = 3_000
DEEPEST: Final = 8  # quotes and lists inside each other

_MARKERS: Final = re.compile(r"(?:\s*(?:>|[-*+](?=\s|$)|\d{1,9}[.)](?=\s|$)))+")
_MARKER: Final = re.compile(r">|[-*+]|\d+[.)]")
_FENCE: Final = re.compile(r"\s{0,3}(```|~~~)")
_ITEM: Final = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s")


def harmless(text: str) -> bool:
    """Return whether *text* may be given to Qt as Markdown."""
    if len(text) > LARGEST or text.count("\n") > MOST_LINES or text.count("|") > MOST_CELLS:
        return False
    fenced = False
    indents: list[int] = []
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        if fenced or not line:
            continue
        head = line[:400]
        if (markers := _MARKERS.match(head)) and len(_MARKER.findall(markers[0])) > DEEPEST:
            return False
        if item := _ITEM.match(head):
            indent = len(item[1].expandtabs(4))
            while indents and indents[-1] >= indent:
                indents.pop()
            indents.append(indent)
            if len(indents) > DEEPEST:
                return False
        elif not line[0].isspace():
            indents.clear()
    return True
