"""A short piece of a text around what was looked for, with the matches marked."""

import re
import unicodedata
from collections.abc import Sequence

from core.queries.words import is_unspaced

OPEN, CLOSE = "\x02", "\x03"  # around what matched
LOOKED_AT = 400_000  # characters of a text in which a match is looked for
_NEAR = 4_000  # of them first
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_BEFORE, _AFTER = 60, 140  # characters of a snippet on each side of the first match


def snippet(text: str, words: Sequence[str]) -> str:
    """Return a piece of *text*, on one line, around the first of *words*.

    A word matches where one of the text begins with it, whatever the case and accents.
    When none is found, as beyond `LOOKED_AT`, the beginning of the text is returned.
    """
    text = text[:LOOKED_AT].replace(OPEN, " ").replace(CLOSE, " ")
    pattern = _pattern(words)
    found = _first(text, pattern) if pattern else None
    begin = max(0, found.start() - _BEFORE) if found else 0
    end = (found.end() if found else 0) + _AFTER
    piece = text[begin:end]
    if pattern:
        piece = _marked(piece, pattern)
    piece = " ".join(piece.split())
    return ("…" if begin else "") + piece + ("…" if end < len(text) else "")


def _first(text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    # Most matches are near the beginning, and to fold a long text costs more than to search it.
    for size in (_NEAR, len(text)):
        found = pattern.search(folded(text[:size]))
        if found is not None or size >= len(text):
            return found
    return None


def _marked(piece: str, pattern: re.Pattern[str]) -> str:
    parts: list[str] = []
    done = 0
    for match in pattern.finditer(folded(piece)):
        parts += [piece[done : match.start()], OPEN, piece[match.start() : match.end()], CLOSE]
        done = match.end()
    return "".join(parts) + piece[done:]


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds any of *words* at the beginning of a word of a folded text."""
    # The index splits at everything that is no letter or digit, so a word may be several.
    split = [re.findall(r"[^\W_]+", folded(word)) for word in words]
    found = [
        r"[\W_]+".join([_begins(one), *map(re.escape, more)]) for one, *more in filter(None, split)
    ]
    return re.compile("|".join(found)) if found else None


def _begins(part: str) -> str:
    """Return what finds *part* with no other letter before it, but where words have no spaces.

    What is to stand before it is looked for behind it: a pattern that begins with plain letters is
    searched several times as fast.
    """
    plain = re.escape(part)
    return plain if is_unspaced(part) else rf"{plain}(?<![^\W_]{plain})"


def folded(text: str) -> str:
    """Return *text* in lower case without accents, character for character."""
    if text.isascii():
        return text.lower()
    plain = _FOREIGN.sub(_fold_run, text)
    lower = plain.lower()
    return lower if len(lower) == len(text) else "".join(map(_fold, text))


def _fold_run(found: re.Match[str]) -> str:
    return "".join(map(_fold, found[0]))


def _fold(char: str) -> str:
    if char.isascii():
        return char.lower()
    lower = unicodedata.normalize("NFKD", char)[0].lower()
    return lower if len(lower) == 1 else char
