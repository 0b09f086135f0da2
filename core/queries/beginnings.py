"""The words that are looked for in place of a beginning that very many words have.

FTS5 reads the lists of all words that begin so, and joins them, before it gives the first row: for
``re`` in a large library that takes a third of a second, whatever is to be shown. Such a beginning
is looked for by whole words instead, whose lists are read only as far as rows are wanted: those
that stand in the newest texts, which is where the hits that are shown first come from.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Final

from core.queries import at_once
from core.queries.candidates import NEWEST, OLDEST, Meant
from core.queries.snippet import folded
from core.queries.words import Term, Words

# Of the index, with words that begin so. Joining costs 30 to 100 µs for each: some 6 ms.
MOST_PAGES: Final = 120
MOST_PHRASES: Final = 16  # in place of one beginning; each costs a little for each row
_TEXTS: Final = (200, 1_600)  # newest ones at each end that are looked at: first, and if in vain
_LOOKED_AT: Final = 8_000  # characters of a text
_AT_ONCE: Final = 50  # texts that are read
_IN_ALL: Final = (300_000, 3_000_000)  # characters of texts, likewise: 10 and 100 ms

# FTS5's own list of its pages: the least word of each, behind the mark of the main index. A page
# without a beginning of a word, in the middle of a long list, is in no row, but has its number.
PAGES: Final = """
WITH RECURSIVE segment (id) AS (
    SELECT min(segid) FROM search_idx
    UNION ALL
    SELECT (SELECT min(segid) FROM search_idx WHERE segid > segment.id)
    FROM segment WHERE segment.id IS NOT NULL
)
SELECT coalesce(sum(
    coalesce((SELECT pgno >> 1 FROM search_idx
              WHERE segid = segment.id AND term > :last ORDER BY term LIMIT 1),
             (SELECT (pgno >> 1) + 1 FROM search_idx
              WHERE segid = segment.id ORDER BY term DESC LIMIT 1))
    - coalesce((SELECT pgno >> 1 FROM search_idx
                WHERE segid = segment.id AND term <= :first ORDER BY term DESC LIMIT 1), 1)), 0)
FROM segment WHERE segment.id IS NOT NULL
"""
_MAIN: Final = b"0"
_BEHIND: Final = b"\xff"  # no text has such a byte
LAST_BLOCKS: Final = "SELECT id AS rowid FROM block ORDER BY id DESC LIMIT :limit"
FIRST_BLOCKS: Final = "SELECT id AS rowid FROM block ORDER BY id LIMIT :limit"
TEXTS: Final = """
SELECT body.text
FROM json_each(:blocks) AS wanted CROSS JOIN body_kept AS body ON body.id = wanted.value
"""


def meant(db: Connection, words: Words) -> Meant:
    """Return what to ask for *words*, in which a beginning of too many words is written out.

    Costs 0.1 to 0.5 ms for each beginning, and some 10 ms for each that is too frequent.
    """
    phrases: dict[Term, Sequence[str]] = {}
    cut = joined = False
    for term in words.begun:
        found = None
        if pages(db, term) > MOST_PAGES:
            found = _phrases(db, words, term)
        if found is None:
            joined = True
        else:
            phrases[term] = found.phrases
            cut = cut or found.cut
    if not phrases:
        return Meant(words.match, joined=joined)
    return Meant(words.written_out(phrases), cut=cut, joined=joined)


def pages(db: Connection, term: Term) -> int:
    """Return how many pages of the index hold words that begin as *term* does; a few too many."""
    if not term.parts:
        return 0
    first = _MAIN + folded(term.parts[-1]).encode("utf-8", "surrogatepass")
    found = db.execute(PAGES, {"first": first, "last": first + _BEHIND}).fetchone()
    return int(found[0])


@dataclass(frozen=True, slots=True)
class _Found:
    phrases: tuple[str, ...]
    cut: bool


def _phrases(db: Connection, words: Words, term: Term) -> _Found | None:
    """Return what stands for *term* in the newest texts that the rest finds; None: nothing does."""
    rest = words.without_begun()
    itself = " ".join(map(folded, term.parts))
    for number, characters in zip(_TEXTS, _IN_ALL, strict=True):
        blocks, whole = _newest(db, rest, number)
        said, read = _said(db, blocks, term, characters)
        if said or (whole and read):
            others = sorted(said.items(), key=lambda one: (-one[1], one[0]))
            found = [itself, *(phrase for phrase, _ in others if phrase != itself)]
            cut = not (whole and read) or len(found) > MOST_PHRASES
            return _Found(tuple(found[:MOST_PHRASES]), cut)
    return None


def _newest(db: Connection, rest: str, number: int) -> tuple[list[int], bool]:
    """Return *number* blocks of each end of the index, and whether they are all that *rest* finds.

    An import begins with the newest files, and what grows comes last: they come in turns.
    """
    asked: Mapping[str, object] = {"match": rest, "limit": number}
    last = _ids(db, NEWEST if rest else LAST_BLOCKS, asked)
    if len(last) < number:
        return last, True
    first = _ids(db, OLDEST if rest else FIRST_BLOCKS, asked)
    return [block for both in zip(last, first, strict=False) for block in both], False


def _ids(db: Connection, sql: str, asked: Mapping[str, object]) -> list[int]:
    (found,) = at_once.columns(db, sql, ("rowid",), asked)
    return found


def _said(
    db: Connection, blocks: Sequence[int], term: Term, characters: int
) -> tuple[Counter[str], bool]:
    """Return in how many texts of *blocks* each phrase stands, and whether they were read whole.

    No more is read once *characters* were.
    """
    pattern = _pattern(term)
    said: Counter[str] = Counter()
    whole = True
    for text in _texts(db, blocks):
        whole = whole and len(text) <= _LOOKED_AT
        begins = folded(text[:_LOOKED_AT])
        said.update({" ".join(found.groups()) for found in pattern.finditer(begins)})
        characters -= len(begins)
        if characters < 0:
            return said, False
    return said, whole


def _texts(db: Connection, blocks: Sequence[int]) -> Iterator[str]:
    """Yield the beginnings of the texts of *blocks*, by a character longer than is looked at."""
    for at in range(0, len(blocks), _AT_ONCE):
        asked = {"blocks": json.dumps(blocks[at : at + _AT_ONCE])}
        for (text,) in at_once.rows(db, TEXTS, ("text",), asked, {"text": _LOOKED_AT + 1}):
            yield text


def _pattern(term: Term) -> re.Pattern[str]:
    """Return what finds *term* in a folded text, each of its words a group."""
    *before, last = (re.escape(folded(part)) for part in term.parts)
    said = [f"({part})" for part in before] + [rf"({last}[^\W_]*)"]
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(said))
