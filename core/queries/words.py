"""What a person types into the search field, as a full-text query that cannot fail.

Words are all required; the last one may be unfinished. ``"a phrase"``, ``-without``,
``this OR that``, ``pre*``, ``in:prompt`` (or reply, thinking, input, output, note) and
``tool:Bash``, ``is:error``, ``project:part-of-its-folder`` narrow it; alone they list the newest.
Everything else, whatever its characters, is words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

FIELDS = ("prompt", "reply", "thinking", "input", "output", "note")
# Two dashes begin an option of a program, which people look for; one excludes.
MOST_TERMS = 48  # of a pasted text that are looked for; each costs a pass over its index
_MOST_PIECES = 8  # of words without spaces; each costs a pass over all such words
# Kana, Han, Hangul, Thai, Lao, Khmer, Burmese: a word of the index there is a whole clause.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_PART = re.compile(r"[^\W_]+")  # the index splits at everything that is no letter or digit
_TOKEN = re.compile(r'(-(?!-))?((?:in|tool|is|project):)?(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for."""

    value: str  # as it was typed
    match: str  # for FTS5
    begun: bool = False  # words that begin so are meant, too

    @property
    def parts(self) -> tuple[str, ...]:
        """The words of the index that it is made of; of one that is begun the last is so."""
        return tuple(_PART.findall(self.value))


@dataclass(frozen=True, slots=True)
class Words:
    """A search, understood."""

    match: str  # for FTS5; "" when there is nothing to look for
    fields: tuple[str, ...] = ()  # only in these; empty: everywhere
    tool: str = ""  # only calls of this tool and their results
    failed: bool = False  # only tool calls that failed, and their results
    plain: tuple[str, ...] = ()  # what was looked for, to mark it in a text
    project: str = ""  # only where the project's folder has this in it, in lower case
    wanted: tuple[tuple[Term, ...], ...] = field(default=(), compare=False)  # one of each
    unwanted: tuple[str, ...] = field(default=(), compare=False)  # for FTS5

    @property
    def narrows(self) -> bool:
        """Whether anything but words narrows the search."""
        return bool(self.fields or self.tool or self.failed or self.project)

    @property
    def begun(self) -> tuple[Term, ...]:
        """The terms that stand for all words that begin so."""
        return tuple(term for group in self.wanted for term in group if term.begun)

    def without_begun(self) -> str:
        """Return `match` with what stands before a beginning only; "" if nothing else is there."""
        whole = [group for group in map(_before, self.wanted) if group]
        return _match(whole, self.unwanted, self.fields)

    def written_out(self, phrases: Mapping[Term, Sequence[str]]) -> str:
        """Return `match` with *phrases*, one or more, in place of the terms they are said for."""
        wanted = [[one for term in group for one in _said(term, phrases)] for group in self.wanted]
        return _match(wanted, self.unwanted, self.fields)


def _said(term: Term, phrases: Mapping[Term, Sequence[str]]) -> list[Term]:
    if term not in phrases:
        return [term]
    return [Term(phrase, _quoted(phrase)) for phrase in phrases[term]]


def _before(group: Sequence[Term]) -> Sequence[Term]:
    """Return what has to be there whatever the beginnings in *group* stand for."""
    if not any(term.begun for term in group):
        return group
    if len(group) > 1 or len(group[0].parts) == 1:
        return ()
    phrase = " ".join(group[0].parts[:-1])
    return (Term(phrase, _quoted(phrase)),)


def _match(wanted: Sequence[Sequence[Term]], unwanted: Sequence[str], fields: Sequence[str]) -> str:
    """Return for FTS5: one of each of *wanted*, none of *unwanted*, in *fields* if any."""
    match = " AND ".join("(" + " OR ".join(one.match for one in group) + ")" for group in wanted)
    if match and unwanted:
        match = f"({match}) NOT ({' OR '.join(unwanted)})"
    if match and fields:
        match = "{" + " ".join(fields) + "} : (" + match + ")"
    return match


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


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
        self._wanted: list[list[Term]] = []  # alternatives for each required thing
        self._unwanted: list[str] = []
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
        # What is left out is a whole word: what begins so would be more than anybody has in mind.
        begun = phrase is None and (value.endswith("*") or (last and len(value) > 1 and not minus))
        value = value.rstrip("*") if begun else value
        if not any(char.isalnum() for char in value):
            return  # the index holds only letters and digits
        match = _quoted(value) + ("*" if begun else "")
        if is_unspaced(value):
            match = " AND ".join(map(self._any, _PART.findall(value)))
        if minus:
            self._unwanted.append(match)
            return
        if match in self._seen or len(self._seen) >= MOST_TERMS:
            return
        self._seen.add(match)
        term = Term(value, match, begun and not is_unspaced(value))
        if self._either:
            self._wanted[-1].append(term)
        else:
            self._wanted.append([term])
        self._either = False

    def _any(self, piece: str) -> str:
        """Return what finds *piece* anywhere in a word, or at its beginning if that is Latin."""
        if not is_unspaced(piece[0]):
            return _quoted(piece) + "*"
        found = (self._within(piece) if len(self._seen) < _MOST_PIECES else ()) or (piece,)
        either = " OR ".join(map(_quoted, found))
        return f"({either})" if len(found) > 1 else either

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
        return Words(
            _match(self._wanted, self._unwanted, self._fields),
            tuple(self._fields),
            self._tool,
            self._failed,
            tuple(term.value for group in self._wanted for term in group),
            self._project,
            tuple(map(tuple, self._wanted)),
            tuple(self._unwanted),
        )
