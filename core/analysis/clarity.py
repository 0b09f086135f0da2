"""What a prompt gives the agent to go by: a checklist of evidence, and explicit urgency.

The score of clarity is the share of the checklist: a path or an identifier, an example (code,
output or an error as it stands), the expected result, a constraint. It says what is there, not
how good a prompt is. Urgency is a flag and is set only by words that mean nothing else.
"""

import re
from dataclasses import dataclass
from typing import Final

from core.analysis.prose import Prose, fenced

REVISION: Final = 1

_PATH = re.compile(
    r"(?:~|\.{1,2}|@|[A-Za-z]:)?(?:[\w.@+-]*[\\/])+[\w.@+-]*\w|\b[\w-]+\.(?:py|pyi|tsx?|jsx?|mjs|"
    r"md|mdx?|rs|go|java|kt|rb|php|cs?|cpp|h|hpp|swift|json|ya?ml|toml|sh|sql|html|css|nix|ipynb)\b"
    r"|`[^`\n]{2,80}`|\b[a-z]+_[a-z_]+\b|\b[a-z]+[A-Z]\w+\b|\b[A-Z][a-z]+[A-Z]\w+\b|\w+\(\)"
)
_EXAMPLE = re.compile(
    r"\b(?:e\.g\.|for example|for instance|such as|like (?:this|so)|example:|i\.e\.)"
    r"|^[ \t]*(?:Traceback|\w*(?:Error|Exception):|at \S+ ?\(|[$>%\u276f\u279c] )",
    re.IGNORECASE | re.MULTILINE,
)
_EXPECTED = re.compile(
    r"\b(?:should (?:be|not|have|return|show|work|look|print|appear|only|also|function)|so that|"
    r"such that|expect(?:ed|s)?|in order to|make sure|ensure|must (?:be|have|return|show|work)|"
    r"instead of|acceptance|the (?:result|output|goal) (?:is|should|must)|reply with|"
    r"until (?:the|all|it)|exactly)\b",
)
_CONSTRAINT = re.compile(
    r"\b(?:don'?t|do not|never|without|only|except|at most|at least|no more than|must not|avoid|"
    r"keep (?:the|it|all)|not (?:the|in|on)|in full|using|use (?:the|only|a|an)|unless|before you|"
    r"limit|within)\b",
)
_URGENT = re.compile(
    r"\b(?:urgent(?:ly)?|asap|as soon as possible|immediately|right now|right away|hurry(?: up)?|"
    r"time[- ]critical|emergency|(?:need|want|have)(?: \w+){0,4} (?:by|before) (?:today|tonight|"
    r"tomorrow|noon|eod|end of day|monday|friday)|production is down|deadline is)\b",
)
CHECKLIST: Final = ("path", "example", "expected result", "constraint")


@dataclass(frozen=True, slots=True)
class Clarity:
    """Which points of the `CHECKLIST` a prompt has, and the words that show it."""

    evidence: tuple[tuple[str, str], ...]  # point: its words; code itself has none

    @property
    def score(self) -> float:
        """The share of the checklist, 0 to 1."""
        return len(self.evidence) / len(CHECKLIST)


def clarity(prompt: Prose) -> Clarity:
    """Return what *prompt* gives to go by."""
    text = prompt.text
    found: list[tuple[str, str]] = []
    path = _PATH.search(text)
    if path:
        found.append((CHECKLIST[0], _short(path.group())))
    example = _EXAMPLE.search(text)
    if example or fenced(text) or prompt.pasted > max(120, len(text) // 2):
        found.append((CHECKLIST[1], _short(example.group()) if example else ""))
    for point, pattern in ((CHECKLIST[2], _EXPECTED), (CHECKLIST[3], _CONSTRAINT)):
        words = pattern.search(prompt.low)
        if words:
            found.append((point, _short(prompt.said[slice(*words.span())])))
    return Clarity(tuple(found))


def urgency(prompt: Prose) -> str:
    """Return the words with which *prompt* says that it is urgent; "" if it does not."""
    words = _URGENT.search(prompt.low)
    return _short(prompt.said[slice(*words.span())]) if words else ""


def _short(words: str) -> str:
    return " ".join(words.split())[:80]
