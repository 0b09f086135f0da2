"""Is a text English? A guess, and told as one: by its letters and its commonest words."""

import re
from dataclasses import dataclass
from typing import Final

from core.analysis.stopwords import ENGLISH, OTHERS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
READ: Final = 1000  # letters that are looked at
_FEW: Final = 4  # words below which letters alone have to do
_LATIN: Final = 0.9  # share of plain letters from which a text may be English
_ABROAD = OTHERS - ENGLISH


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is guessed to be written in, with what the guess rests on."""

    english: bool
    words: int
    plain: float  # share of its letters that are a to z
    known: float  # share of its words that are common English ones


def guess(said: str) -> Language:
    """Return the guess for *said*, which should hold prose only (`core.analysis.prose`)."""
    words = _WORD.findall(said[:READ].lower().replace("’", "'"))
    letters = "".join(words)
    if not letters:
        return Language(english=False, words=0, plain=0.0, known=0.0)
    plain = (
        1.0 if letters.isascii() else sum(1 for letter in letters if letter <= "z") / len(letters)
    )
    own = len([word for word in words if word in ENGLISH])
    abroad = len([word for word in words if word in _ABROAD])
    english = plain >= _LATIN and own >= abroad and (abroad == 0 or own > 0)
    if len(words) > 3 * _FEW and own / len(words) < 0.05:
        english = False
    return Language(english, len(words), plain, own / len(words))
