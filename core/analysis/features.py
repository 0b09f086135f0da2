"""A prompt as numbers: which cues it shows, where in it, and where it stands.

The order of `NAMES` is that of the learnt weights; `REVISION` is raised with it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.analysis import cues
from core.analysis.prose import Prose

REVISION: Final = 1
READ: Final = 1200  # letters of a prompt that are read
SENTENCES: Final = 24  # sentences of it


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt, prepared: its prose, its sentences, and what it follows."""

    raw: str
    said: str  # its prose, in lower case
    sentences: tuple[str, ...]
    first: str  # of them; "" where there is none
    last: str
    words: int
    pasted: float  # share that is code, paths and output
    follows: bool  # a reply stands before it
    asked: bool  # that reply ends by asking
    broken: bool  # it says that something is broken


def wording(prompt: Prose, before: str = "") -> Wording:
    """Return *prompt* prepared; *before* is the last reply before it."""
    said = prompt.low[:READ]
    parts = [part.strip() for part in cues.SENTENCE.split(said) if part.strip()]
    share = prompt.pasted / max(1, len(prompt.text))
    asked = "?" in before[-300:]
    sentences = tuple(parts[:SENTENCES])
    return Wording(
        prompt.text[:READ],
        said,
        sentences,
        sentences[0] if sentences else "",
        sentences[-1] if sentences else "",
        len(said.split()),
        share,
        bool(before.strip()),
        asked,
        bool(cues.BROKEN.search(said)),
    )


def _some(pattern: re.Pattern[str], one: Wording) -> bool:
    return any(pattern.match(sentence) for sentence in one.sentences)


def _clause(one: Wording) -> bool:
    """Tell whether an order follows a comma or a "then", as in "when done, commit"."""
    parts = [part for sentence in one.sentences for part in sentence.split(", ")[1:]]
    return any(cues.LISTED.match(part) for part in parts)


def _stated(one: Wording) -> bool:
    first = one.first
    return bool(first) and not (
        cues.IMPERATIVE.match(first) or cues.WH.match(first) or cues.BEING.match(first)
    )


_TESTS: Final[tuple[tuple[str, Callable[[Wording], bool]], ...]] = (
    ("opens with what, why, how", lambda one: bool(cues.WH.match(one.first))),
    ("a sentence opens with what, why, how", lambda one: _some(cues.WH, one)),
    ("opens with is, do, should", lambda one: bool(cues.BEING.match(one.first))),
    ("ends with a question mark", lambda one: one.last.endswith("?")),
    ("has a question mark", lambda one: "?" in one.said),
    ("all of it is one question", lambda one: len(one.sentences) == 1 and one.said.endswith("?")),
    ("asks you to", lambda one: bool(cues.CAN_YOU.search(one.said))),
    ("asks whether we can", lambda one: bool(cues.CAN_WE.search(one.said))),
    ("opens with an order", lambda one: bool(cues.IMPERATIVE.match(one.first))),
    ("a sentence is an order", lambda one: _some(cues.IMPERATIVE, one)),
    ("ends with an order", lambda one: bool(cues.IMPERATIVE.match(one.last))),
    ("a comma leads to an order", _clause),
    ("says please", lambda one: bool(cues.PLEASE.search(one.said))),
    ("says I want, we need", lambda one: bool(cues.WANT.search(one.said))),
    ("says let's", lambda one: _some(cues.LETS, one)),
    ("asks for help", lambda one: bool(cues.HELP.search(one.said))),
    ("opens with tell, show, give", lambda one: bool(cues.TELL.match(one.first))),
    ("says I meant, sorry", lambda one: bool(cues.MEANT.search(one.said))),
    ("opens with no, wait", lambda one: bool(cues.NO.match(one.said))),
    ("is a choice", lambda one: bool(cues.ANSWER.match(one.said)) and one.words < 12),
    ("opens with a fact", lambda one: bool(cues.FACT.match(one.said))),
    ("says what if, maybe", lambda one: bool(cues.WHAT_IF.search(one.said))),
    ("says it is broken", lambda one: one.broken),
    ("opens by stating", lambda one: bool(cues.STATES.match(one.first))),
    ("praises", lambda one: bool(cues.PRAISE.match(one.said))),
    ("is yes", lambda one: bool(cues.YES.match(one.said))),
    ("gives leave", lambda one: bool(cues.APPROVE.match(one.said))),
    ("says continue", lambda one: bool(cues.CONTINUE.match(one.said))),
    ("greets only", lambda one: bool(cues.GREETING.match(one.said))),
    ("is a shell line", lambda one: bool(cues.SHELL.match(one.raw))),
    ("is a slash command", lambda one: bool(cues.SLASH.search(one.raw))),
    ("is a plan", lambda one: bool(cues.PLAN.match(one.raw))),
    ("one or two words", lambda one: 0 < one.words <= 2),
    ("three to eight words", lambda one: 3 <= one.words <= 8),
    ("more than eighty words", lambda one: one.words > 80),
    ("no words", lambda one: one.words == 0),
    ("mostly pasted", lambda one: one.pasted > 0.6),
    ("asks in mid-sentence", lambda one: bool(cues.INNER.search(one.said))),
    ("asks to be told", lambda one: bool(cues.LEARN.search(one.said))),
    ("opens with please", lambda one: bool(cues.PLEASE_FIRST.match(one.said))),
    ("says it should", lambda one: bool(cues.REQUIRED.search(one.said))),
    ("ends with right", lambda one: bool(cues.RIGHT.search(one.said))),
    ("follows a reply", lambda one: one.follows),
    ("answers a question", lambda one: one.asked and one.words <= 20),
    ("opens a session by stating", lambda one: not one.follows and _stated(one)),
    ("states and is broken", lambda one: one.follows and one.broken and _stated(one)),
)
NAMES: Final = tuple(name for name, _ in _TESTS)


def features(one: Wording) -> tuple[bool, ...]:
    """Return which of `NAMES` hold for *one*."""
    return tuple(test(one) for _, test in _TESTS)
