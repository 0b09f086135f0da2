"""Texts cut to a length without cutting what a reader sees as one sign.

A sign is a letter with its accents, an emoji with its skin and its joined parts, a flag.
"""

import unicodedata

_JOINER = "\u200d"
_FLAGS = range(0x1F1E6, 0x1F200)  # regional indicators: two are a flag
_SKINS = range(0x1F3FB, 0x1F400)
_LOOK = 16  # letters back from the end in which a space is looked for


def elided(text: str, most: int) -> str:
    """Return *text* on one line in at most *most* letters, the last "…" if it was longer.

    Ends between words where one ends near by.
    """
    line = " ".join(text[: most * 40].split())
    if len(line) <= most:
        return line
    at = most - 1
    space = line.rfind(" ", at - _LOOK, at + 1)
    if space > 0:
        at = space
    while at > 0 and not _between(line, at):
        at -= 1
    return line[:at].rstrip(" ,;:–-") + "…"


def _between(line: str, at: int) -> bool:
    """Tell whether *line* may be cut before letter *at*: no sign goes on there."""
    this, last = line[at], line[at - 1]
    if _JOINER in {this, last} or unicodedata.combining(this):
        return False
    if unicodedata.category(this) in {"Mn", "Me", "Mc"} or ord(this) in _SKINS:
        return False
    if ord(this) in _FLAGS and ord(last) in _FLAGS:
        before = 0
        while before < at and ord(line[at - 1 - before]) in _FLAGS:
            before += 1
        return before % 2 == 0
    return True
