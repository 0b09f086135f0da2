"""Words as a person wrote them: threading compares stems, which nobody likes to read."""

import re
from collections.abc import Iterable

from typing_extensions import override

from core.threads.words import Lexicon, stem

_WORD = re.compile(r"[^\W\d_]+")


class Spelt(Lexicon):
    """Another lexicon's words, spelt as in the text where they stand."""

    def __init__(self, lexicon: Lexicon, text: str) -> None:
        """Spell what *text* holds as it does, everything else as *lexicon* does."""
        super().__init__()
        self._lexicon = lexicon
        self._spelt: dict[str, str] = {}
        for word in _WORD.findall(text):
            lower = word.lower()
            self._spelt.setdefault(stem(lower), lower)

    @override
    def words(self, numbers: Iterable[int]) -> list[str]:
        return [self._spelt.get(word, word) for word in self._lexicon.words(numbers)]
