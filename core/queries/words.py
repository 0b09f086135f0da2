"""What a person types into the search field, as a full-text query that cannot fail.

Words are all required; the last one may be unfinished. ``"a phrase"``, ``-without``,
``this OR that``, ``pre*``, ``in:prompt`` (or reply, thinking, input, output, note) and
``tool:Bash``, ``is:error``, ``project:part-of-its-folder`` narrow it; alone they list the newest.
Everything else, whatever its characters, is words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FIELDS = ("prompt", "reply", "thinking", "input", "output", "note")
# Two dashes begin an option of a program, which people look for; one excludes.
MOST_TERMS = 48  # of a pasted text that are looked for; each costs a pass over its index
_MOST_PIECES = 8  # of words without spaces; each costs a pass over all such words
# Kana, Han, Hangul, Thai, Lao, Khmer, Burmese: a word of the index there is a whole clause.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_TOKEN = re.compile(r'(-(?!-))?((?:in|tool|is|project):)?(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True, slots=True)
class Words:
    """A search, understood."""

    match: str  # for FTS5; "" when there is nothing to look for
    fields: tuple[str, ...] = ()  # only in these; empty: everywhere
    tool: str = ""  # only calls of this tool and their results
    failed: bool = False  # only tool calls that failed, and their results
    plain: tuple[str, ...] = ()  # what was looked for, to mark it in a text
    project: str = ""  # only where the project's folder has this in it, in lower case

    @property
    def narrows(self) -> bool:
        """Whether anything but words narrows the search."""
        return bool(self.fields or self.tool or self.failed or self.project)


def _itself(_piece: str) -> Sequence[str]:
    return ()


def understood(typed: str, within: Callable[[str], Sequence[str]] = _itself) -> Words:
    """Return what *typed* asks for. Never raises; control characters count as spaces.

    *within* returns the words of the index that hold a piece of one. It is asked where words
    stand without spaces between them, as in Chinese; without an answer the piece is a word.
    """
    text = "".join(char if char.isprintable() else " " for char in typed)
    asked = _Asked(within)
    tokens = list(_TOKEN.finditer(text))
    unfinished = bool(text) and not text[-1].isspace() and not text.endswith('"')
    for place, found in enumerate(tokens):
        minus, operator, phrase, word = found.groups()
        last = unfinished and place == len(tokens) - 1
        asked.token(minus or "", operator or "", phrase, word, last=last)
    return asked.words()


def is_unspaced(text: str) -> bool:
    """Tell whether *text* is in a script that sets no spaces between words."""
    return _UNSPACED.search(text) is not None


class _Asked:
    """Collects what the tokens of a search ask for."""

    def __init__(self, within: Callable[[str], Sequence[str]]) -> None:
        self._within = within
        self._project = ""
        self._fields: list[str] = []
        self._tool = ""
        self._failed = False
        self._wanted: list[list[str]] = []  # alternatives for each required thing
        self._unwanted: list[str] = []
        self._plain: list[str] = []
        self._either = False
        self._seen: set[str] = set()

    def token(
        self, minus: str, operator: str, phrase: str | None, word: str | None, *, last: bool
    ) -> None:
        value = (phrase if phrase is not None else word) or ""
        if self._narrows(operator, value):
            return
        if (value, minus, phrase) == ("OR", "", None) and self._wanted:
            self._either = True
            return
        value = operator + value
        begun = phrase is None and (value.endswith("*") or (last and len(value) > 1))
        value = value.rstrip("*") if begun else value
        if not any(char.isalnum() for char in value):
            return  # the index holds only letters and digits
        term = self._term(value) + ("*" if begun else "")
        if is_unspaced(value):
            term = " AND ".join(map(self._any, re.findall(r"[^\W_]+", value)))
        if minus:
            self._unwanted.append(term)
            return
        if term in self._seen or len(self._seen) >= MOST_TERMS:
            return
        self._seen.add(term)
        self._plain.append(value)
        if self._either:
            self._wanted[-1].append(term)
        else:
            self._wanted.append([term])
        self._either = False

    def _any(self, piece: str) -> str:
        """Return what finds *piece* anywhere in a word, or at its beginning if that is Latin."""
        if not is_unspaced(piece[0]):
            return self._term(piece) + "*"
        found = (self._within(piece) if len(self._seen) < _MOST_PIECES else ()) or (piece,)
        either = " OR ".join(map(self._term, found))
        return f"({either})" if len(found) > 1 else either

    @staticmethod
    def _term(word: str) -> str:
        return '"' + word.replace('"', '""') + '"'

    def _narrows(self, operator: str, value: str) -> bool:
        if operator == "in:" and value in FIELDS:
            self._fields.append(value)
        elif operator == "tool:" and value:
            self._tool = value
        elif operator == "is:" and value == "error":
            self._failed = True
        elif operator == "project:" and value:
            self._project = value.lower()
        else:
            return False
        return True

    def words(self) -> Words:
        match = " AND ".join("(" + " OR ".join(group) + ")" for group in self._wanted)
        if match and self._unwanted:
            match = f"({match}) NOT ({' OR '.join(self._unwanted)})"
        if match and self._fields:
            match = "{" + " ".join(self._fields) + "} : (" + match + ")"
        return Words(
            match, tuple(self._fields), self._tool, self._failed, tuple(self._plain), self._project
        )
