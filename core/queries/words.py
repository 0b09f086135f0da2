"""What a person types into the search field, as a full-text query that cannot fail.

Words are all required; the last one may be unfinished. ``"a phrase"``, ``-without``,
``this OR that``, ``pre*``, ``in:prompt`` (or reply, thinking, input, output, note) and
``tool:Bash``, ``is:error`` narrow it. Everything else, whatever its characters, is words.
"""

import re
from dataclasses import dataclass

FIELDS = ("prompt", "reply", "thinking", "input", "output", "note")
# Two dashes begin an option of a program, which people look for; one excludes.
MOST_TERMS = 48  # of a pasted text that are looked for; each costs a pass over its index
_TOKEN = re.compile(r'(-(?!-))?((?:in|tool|is):)?(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True, slots=True)
class Words:
    """A search, understood."""

    match: str  # for FTS5; "" when there is nothing to look for
    fields: tuple[str, ...] = ()  # only in these; empty: everywhere
    tool: str = ""  # only calls of this tool and their results
    failed: bool = False  # only tool calls that failed, and their results
    plain: tuple[str, ...] = ()  # what was looked for, to mark it in a text


def understood(typed: str) -> Words:
    """Return what *typed* asks for. Never raises; control characters count as spaces."""
    text = "".join(char if char.isprintable() else " " for char in typed)
    asked = _Asked()
    tokens = list(_TOKEN.finditer(text))
    unfinished = bool(text) and not text[-1].isspace() and not text.endswith('"')
    for place, found in enumerate(tokens):
        minus, operator, phrase, word = found.groups()
        last = unfinished and place == len(tokens) - 1
        asked.token(minus or "", operator or "", phrase, word, last=last)
    return asked.words()


class _Asked:
    """Collects what the tokens of a search ask for."""

    def __init__(self) -> None:
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
        term = '"' + value.replace('"', '""') + '"' + ("*" if begun else "")
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

    def _narrows(self, operator: str, value: str) -> bool:
        if operator == "in:" and value in FIELDS:
            self._fields.append(value)
        elif operator == "tool:" and value:
            self._tool = value
        elif operator == "is:" and value == "error":
            self._failed = True
        else:
            return False
        return True

    def words(self) -> Words:
        match = " AND ".join("(" + " OR ".join(group) + ")" for group in self._wanted)
        if match and self._unwanted:
            match = f"({match}) NOT ({' OR '.join(self._unwanted)})"
        if match and self._fields:
            match = "{" + " ".join(self._fields) + "} : (" + match + ")"
        return Words(match, tuple(self._fields), self._tool, self._failed, tuple(self._plain))
