"""Cuts long texts to what is shown at first, and no text to more than can be laid out at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from core.queries.transcript import BlockRow
from desktop.delegates import json_tree
from desktop.delegates.json_tree import Choice, Tree
from desktop.delegates.sections import Section, Style
from desktop.look import words
from desktop.look.words import translate

FOLDED_LINES: Final = 40
FOLDED_CHARACTERS: Final = 8_000
_SLACK: Final = 6  # so many lines more are shown rather than hidden
MOST_SHOWN: Final = 200_000  # characters of one text that are ever laid out
LONGEST_LINE: Final = 4_000  # characters; longer ones are broken with a mark
BREAK: Final = "\u21b5"  # the mark


class Density(StrEnum):
    """How much is shown."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"
    PROMPTS = "prompts"


@dataclass(frozen=True, slots=True)
class Around:
    """What a row's look depends on besides itself."""

    previous: BlockRow | None = None
    density: Density = Density.COMFORTABLE
    project: str = ""
    toggled: bool | None = None  # what the user said about this row
    everything: bool | None = None  # what the user said about all rows
    whole: frozenset[str] = frozenset()  # parts shown in full
    trees: Mapping[str, Choice] = field(default_factory=dict[str, Choice])  # by part
    depth: int = 0
    lane_open: bool = False
    cut: str = ""  # what thread begins here
    today: date = date(1970, 1, 2)


ReadText = Callable[[int], str]


def whole(  # noqa: PLR0913, PLR0917  where a text is, and how much of it is wanted
    start: str, size: int, block: int | None, around: Around, part: str, read: ReadText
) -> tuple[str, str]:
    """Return the text to show of *part* and, if that is not all of it though asked, a note."""
    text = start
    if part in around.whole and size > len(start) and block is not None:
        text = read(block)
    if len(text) <= MOST_SHOWN:
        return text, ""
    shown, total = words.size(MOST_SHOWN), words.size(len(text.encode(errors="replace")))
    note = translate("rows", "Shown: the first {0} of {1}. Copying the row takes all of it.")
    return text[:MOST_SHOWN], note.format(shown, total)


def folded(
    section: Section, around: Around, note: str = "", limit: int = FOLDED_LINES, missing: int = 0
) -> Section:
    """Return *section* cut to what is shown, with its longest lines broken."""
    if section.tree is not None:
        return _pruned(section, section.tree, around, limit)
    if section.part in around.whole or section.style is Style.PICTURE:
        return replace(broken(section), note=note)
    lines = section.text.split("\n")
    total = len(lines) + missing
    kept, size = 0, 0
    for line in lines[:limit]:
        size += len(line) + 1
        if size > FOLDED_CHARACTERS and kept:
            break
        kept += 1
    if total <= kept + _SLACK and len(section.text) <= 2 * FOLDED_CHARACTERS and not missing:
        return replace(broken(section), note=note)
    text = "\n".join(lines[:kept])
    hidden = total - kept
    if len(text) > FOLDED_CHARACTERS * 2:
        text, hidden = text[:FOLDED_CHARACTERS], max(1, hidden)
    if not hidden:
        return replace(broken(section), note=note)
    cut = replace(
        section, text=text, gutter=section.gutter[:kept], tints=section.tints[:kept], hidden=hidden
    )
    return broken(cut)


def _pruned(section: Section, tree: Tree, around: Around, limit: int) -> Section:
    seen = json_tree.shown(tree.value, around.trees.get(section.part, Choice()), limit)
    return replace(section, text=seen.text, tree=Tree(tree.value, seen), hidden=seen.more)


def broken(section: Section) -> Section:
    """Return *section* with lines that are too long to lay out broken in pieces."""
    if len(section.text) <= LONGEST_LINE or section.style is Style.PICTURE:
        return section
    lines = section.text.split("\n")
    if max(map(len, lines)) <= LONGEST_LINE:
        return section
    made: list[str] = []
    gutter: list[str] = []
    tints: list[str] = []
    for number, line in enumerate(lines):
        pieces = [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)] or [""]
        made += [piece + BREAK for piece in pieces[:-1]] + pieces[-1:]
        beside = section.gutter[number : number + 1] or ("",)
        gutter += [*beside, *[""] * (len(pieces) - 1)]
        tints += [(section.tints[number : number + 1] or " ") * len(pieces)]
    return replace(
        section,
        text="\n".join(made),
        gutter=tuple(gutter) if section.gutter else (),
        tints="".join(tints) if section.tints else "",
    )
