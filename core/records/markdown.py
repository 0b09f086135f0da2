"""A page of Markdown to records: one for each heading that names a speaker.

SpecStory saves a conversation as such a page. A heading inside a fenced block of code is part of
what was said: pages often quote other pages. Source: the pages and the program of SpecStory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.model import Place
from core.records.decode import Record

HEAD = "head"  # the section of what stands before the first heading
SAID = "message"  # the section of what a speaker said

_HEADING = re.compile(rb"_\*\*((?:User|Assistant|Agent)\b[^\r\n*]{0,300})\*\*_[ \t]*")
_FENCE = re.compile(rb" {0,3}(`{3,}|~{3,})([^\r\n]*)")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a piece begins: its line, the bytes of its heading, and the heading's words."""

    line: int  # from 1
    begin: int  # bytes
    end: int  # bytes, after the heading
    heading: str


def pieces(data: bytes) -> Iterator[Record]:
    """Yield the pieces of the page *data* in order, each with its line and its bytes.

    Each record holds ``heading`` and ``text``; of what stands before the first heading, only if
    there is any, the heading is empty and the section `HEAD`. Bytes that are no UTF-8 are replaced.
    """
    begin = len(_BOM) if data.startswith(_BOM) else 0
    cuts = [_Cut(1, begin, begin, ""), *_cuts(data, begin)]
    for at, cut in enumerate(cuts):
        end = cuts[at + 1].begin if at + 1 < len(cuts) else len(data)
        body = data[cut.end : end].decode("utf-8", "replace").strip("\r\n")
        if not cut.heading and not body.strip():
            continue
        length = len(data[cut.begin : end].rstrip())
        section = SAID if cut.heading else HEAD
        place = Place(cut.line, cut.begin, length)
        yield Record(place, {"heading": cut.heading, "text": body}, section)


def _cuts(data: bytes, begin: int) -> list[_Cut]:
    """Return the headings of *data* that stand outside of fenced blocks.

    A block that is never closed hides none: the page was cut off inside it, or a stray mark
    stands somewhere before.
    """
    found: list[_Cut] = []
    hidden: list[_Cut] = []  # inside the block that is open
    fence = b""  # the mark of that block
    line = 0
    while begin < len(data):
        line += 1
        after = data.find(b"\n", begin)
        after = len(data) if after < 0 else after + 1
        if mark := _FENCE.match(data, begin, after):
            if not fence:
                # Marks with more marks after them on the line are code inside a text.
                fence = mark.group(1) if mark.group(1)[:1] not in mark.group(2) else b""
            elif mark.group(1).startswith(fence) and not mark.group(2).strip():
                fence = b""
                hidden.clear()
        elif (said := _HEADING.match(data, begin, after)) and _is_alone(data, said.end(), after):
            words = said.group(1).decode("utf-8", "replace").strip()
            (hidden if fence else found).append(_Cut(line, begin, after, words))
        begin = after
    return found + hidden


def _is_alone(data: bytes, end: int, after: int) -> bool:
    """Tell whether nothing stands on the line after a heading."""
    return not data[end:after].strip()
