"""What a person or a model says in a text, without the code, paths and tags around it."""

import re
from dataclasses import dataclass
from typing import Final

from core.analysis.language import Language, guess

LONGEST: Final = 6000  # letters read of one text; a longer one is told by its beginning
READ: Final = 3000  # letters read of a prompt

_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]{1,300}`")
_ADDRESS = re.compile(r"\b(?:https?|ftp|file|ssh)://\S+|\bwww\.\S+")
_TAG = re.compile(r"</?[a-zA-Z][\w:-]*(?:\s[^<>\n]{0,200})?/?>")
_PATH = re.compile(
    r"(?:~|\.{1,2}|@|[A-Za-z]:)?(?:[\\/][\w.@+-]+)+[\\/]?|(?:[\w.@+-]+[\\/]){1,}[\w.@+-]*"
)
_PASTED = re.compile(
    r"^[ \t]*(?:at [\w.$<>]+ ?\(.*|File \".*|\d+ ?[|:].*|[\u276f\u279c$%#>⏺⎿│╭╰├└+|].*"
    r"|\S*(?:Error|Exception): .*|\w+@[\w-]+[: ].*[$%#] .*)$",
    re.MULTILINE,
)
_SPACE = re.compile(r"\s+")


def fenced(text: str) -> bool:
    """Tell whether *text* holds a block of code."""
    return "```" in text or "~~~" in text


def unfenced(text: str) -> str:
    """Return *text*, cut at `LONGEST`, without its blocks of code and addresses."""
    text = text[:LONGEST]
    if fenced(text):
        text = _FENCE.sub(" ", text)
    return _ADDRESS.sub(" ", text) if "://" in text or "www." in text else text


def spoken(text: str) -> str:
    """Return what *text* says in sentences: no code, addresses, paths, tags, pasted lines.

    Line ends are kept, other white space is one blank.
    """
    said = unfenced(text)
    if "`" in said:
        said = _CODE.sub(" ", said)
    if "<" in said:
        said = _TAG.sub(" ", said)
    said = _PASTED.sub(" ", said)
    if "/" in said or "\\" in said:
        said = _PATH.sub(" ", said)
    lines = (_SPACE.sub(" ", line).strip() for line in said.splitlines())
    return "\n".join(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Prose:
    """A prompt, taken apart once for all that is read from it."""

    text: str  # as it is, cut at `READ`
    said: str  # what of it is prose
    low: str  # the same in lower case, letter by letter: patterns find it twice as fast
    pasted: int  # letters of it that are code, paths, tags and pasted lines
    language: Language  # of what is said, as guessed


def prose(text: str) -> Prose:
    """Return *text*, a prompt, taken apart."""
    text = text[:READ].strip().replace("\u2019", "'")
    said = spoken(text)
    low = said.lower()
    if len(low) != len(said):  # some letters of other scripts become two
        low = said
    return Prose(text, said, low, max(0, len(text) - len(said)), guess(said))
