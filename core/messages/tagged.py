"""Pieces of a text between an opening and a closing mark, found in one pass.

A regular expression that looks for both marks needs a pass over the whole rest for each opening
that is never closed, and logs hold anything.
"""

import re
from collections.abc import Callable, Iterator


def spans(
    said: str, opening: re.Pattern[str], closing: Callable[[re.Match[str]], str]
) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield each opening in *said*, where its closing mark begins, and where that ends.

    *closing* tells the mark that closes an opening. What is inside a piece opens none.
    """
    missing: set[str] = set()  # marks that do not come any more
    at = 0
    while found := opening.search(said, at):
        at = found.end()
        mark = closing(found)
        if mark in missing:
            continue
        end = said.find(mark, at)
        if end < 0:
            missing.add(mark)
            continue
        at = end + len(mark)
        yield found, end, at
