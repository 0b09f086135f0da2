"""What an earlier message a prompt speaks of: quoted words, a numbered item, shared words.

A reference needs evidence in the earlier message, and a sign in the prompt that it looks
back at all; the weaker the sign, the more has to match. Where that is not given, nothing
is said.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.threads.kinship import KIN
from core.threads.links import Relation, Tie
from core.threads.words import stem, worth

LEAST = 0.75  # score from which a reference is named
LOOK = 400  # earlier messages that are searched
NEAR = 60  # earlier messages in which a numbered item is looked for
MANY = 200  # messages with a word from which it says nothing
TEXT = 1200  # letters of a message that are read

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-_'’][^\W\d_]+)*|[^\W\d_]\w+")
_QUOTE = re.compile(r'["“”„«»]([^"“”„«»]{8,300})["“”„«»]|^>\s*(.{8,300})$', re.MULTILINE)
_ITEM = re.compile(r"(?:^|[\s(])(\d{1,2})[.)]\s|(?:^|\n)\s*[-*•]\s|\b(first|second|third|then)\b")
_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "last": 2, "latter": 2, "former": 1, "next": 2,
}  # fmt: skip
_LISTED = (
    r"(?:option|step|point|item|way|idea|suggestion|approach|choice|alternative|one|thing|issue|"
    r"problem|question|task|phase|bug)"
)
_ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)})\s+(?:\w+\s+)?{_LISTED}s?\b|"
    rf"\b{_LISTED}\s+(?:#|no\.?\s*)?(\d{{1,2}})\b",
    re.IGNORECASE,
)
_YOU = re.compile(
    r"\b(?:you(?:'ve|’ve| have| had)?\s+(?:just\s+|already\s+|also\s+)?(?:said|say|wrote|"
    r"mention\w*|found|suggest\w*|told|kept|picked|chose|used|made|add\w*|fix\w*|did|show\w*|propos\w*|turned|"
    r"listed|recommend\w*|claim\w*|change\w*|put|set|emit|measured|note\w*|described|explained|gave|"
    r"clean\w*|remov\w*|creat\w*|ran|got|saw|built|counted|reported|went|decided|skipped|left|named)"
    r"|did you|have you|had you|were you|your\s+(?:\w+\s+)?(?:answer|reply|list|plan|suggestion|"
    r"message|fix|change|analysis|proposal|explanation|table|point|number|estimate|summary))\b",
    re.IGNORECASE,
)
_ME = re.compile(
    r"\b(?:(?:as |like )?i (?:said|told|asked|mentioned|wrote)|"
    r"my (?:first|earlier|previous|original) \w+)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:remind me|go(?:ing)? back to|back to the|coming back|come back to|"
    r"about (?:the|that|those)|that \w+(?:\s\w+)? (?:thing|one|issue|bug|error|problem|part)|"
    r"earlier (?:you|we|i)|(?:is|are|happen\w*|came|comes) (?:back|again)|from before|as before|"
    r"at the (?:beginning|start)|after all|in your|"
    r"we (?:said|agreed|discussed|talked|had|decided|saw)|previously,|last time|the other \w+|"
    r"still \w+)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"^\W*(?:actually|instead|no,|wait|hmm|put the|undo|revert)|\binstead of\b|\bback to\b|"
    r"\btoo\b|\balso (?:happens?|cover|work|apply|affect)|\bdo the same\b",
    re.IGNORECASE,
)
_ASKS_PAST = re.compile(
    r"\b(?:did|was|were|had)\b[^.]*\?|,\s*right\?|\bdoes (?:it|that|this)\b.*\?|"
    r"^\W*(?:why|how long|how many|how much|which|what was|where did)\b.*\?",
    re.IGNORECASE | re.DOTALL,
)
_COUNTING = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {name: str(number) for number, name in enumerate(_COUNTING.split())}
_PLAIN = """
a about after again all also am an and any are as at back be been before being but by can
could did do does doing don't down each earlier else even ever every few first for from further
get give go going got had has have having he her here him his how i i'm if in instead into is it
it's its just last later let let's like made make makes many me might more most much must my
need next no not now of off ok okay on one only or other our out over own please previous put
really right said same say see she should show so some something still such sure take tell than
thank thanks that that's the their them then there these they thing this those through to too
under until up us use used using very want was way we were what when where which while who why
will with without would write wrote yes yet you your yours mentioned mention actually remind
"""
_EMPTY = frozenset(_PLAIN.split())


@dataclass(frozen=True, slots=True)
class Said:
    """A message's text, as far as references are concerned."""

    uuid: str
    text: str
    prompt: bool  # typed by a person; otherwise what the model answered


class Conversation:
    """The messages so far, and what a new prompt refers to among them."""

    def __init__(self, common: Mapping[str, float]) -> None:
        self._common = common
        self._past: list[Said] = []
        self._damp: list[float] = []  # of each message: long ones hold any word
        self._in: dict[str, list[int]] = {}  # word: the messages with it
        self._memo: dict[str, tuple[str, ...]] = {}

    def add(self, said: Said) -> None:
        """Take in the next message."""
        words = self._words(said.text[:TEXT])
        for word in words:
            self._in.setdefault(word, []).append(len(self._past))
        self._past.append(said)
        if len(self._past) > LOOK:  # nobody looks that far back for a quotation
            old = self._past[-LOOK - 1]
            self._past[-LOOK - 1] = Said(old.uuid, "", old.prompt)
        self._damp.append(1.0 + 0.25 * math.log1p(len(words) / 30))

    def refers(self, prompt: Said) -> Relation | None:
        """Return what *prompt* refers to; None where nothing speaks for it enough."""
        past = self._past
        text = prompt.text[:1500]
        if quoted := _quoted(text, past):
            return Relation(Tie.REFERENCE, prompt.uuid, quoted, 0.97, "quotation")
        sign = _sign(text[:600])
        if sign == _NO_SIGN:
            return None
        scores = self._scores(text)
        if numbered := _numbered(text, past, scores):
            return Relation(Tie.REFERENCE, prompt.uuid, numbered, 0.85, "numbered item")
        if not scores:
            return None
        best = max(scores, key=lambda at: (scores[at], at))
        strength = scores[best] * sign
        if strength < LEAST:
            return None
        target = _answer(past, scores, best, me=bool(_ME.search(text)))
        confidence = min(0.95, strength / (strength + LEAST))
        return Relation(Tie.REFERENCE, prompt.uuid, past[target].uuid, confidence, "words")

    def _scores(self, text: str) -> dict[int, float]:
        """Return how much of *text* is in earlier messages, rare words most."""
        whole = len(self._past)
        scores: dict[int, float] = {}
        for word in self._words(text):
            held = self._in.get(word)
            if not held or len(held) > MANY:
                continue
            rare = math.log(1.0 + whole / len(held)) / math.log(1.0 + whole)
            weight = rare * min(1.0, worth(self._common.get(word, 0.0)) + 0.35)
            if word[0].isdigit():
                weight *= 0.7
            for at in held:
                if at >= whole - LOOK:
                    scores[at] = scores.get(at, 0.0) + weight
        return {at: own / self._damp[at] * (1.0 + 0.06 * at / whole) for at, own in scores.items()}

    def _words(self, text: str) -> set[str]:
        """Return the words of *text* in the form in which they are compared."""
        found: set[str] = set()
        for token in set(_WORD.findall(text.lower())):
            known = self._memo.get(token)
            if known is None:
                known = self._memo[token] = tuple(_forms(token))
            found.update(known)
        return found


def _answer(past: Sequence[Said], scores: Mapping[int, float], best: int, *, me: bool) -> int:
    """Return the message meant: the model's own words unless the person speaks of theirs."""
    one = past[best]
    if me:
        mine = [at for at in scores if past[at].prompt]
        return max(mine, key=lambda at: (scores[at], at)) if mine else best
    if not one.prompt:
        return best
    answers: list[int] = []
    for at in range(best + 1, len(past)):
        if past[at].prompt:
            break
        answers.append(at)
    return max(answers, key=lambda at: (scores.get(at, 0.0), at)) if answers else best


def _sign(text: str) -> float:
    """Return how much *text* looks back: above 1 it surely does, below 1 it hardly does."""
    sign = _NO_SIGN
    if _YOU.search(text) or _ME.search(text):
        sign += 0.5
    if _BACK.search(text):
        sign += 0.45
    if _ASKS_PAST.search(text):
        sign += 0.35
    if _CHANGES.search(text):
        sign += 0.35
    if _ORDINAL.search(text):
        sign += 0.1
    return sign


_NO_SIGN = 0.42


def _quoted(text: str, past: Sequence[Said]) -> str:
    """Return the message that holds what *text* quotes."""
    for one, other in _QUOTE.findall(text):
        wanted = " ".join((one or other).lower().split())
        if wanted.count(" ") < 2:
            continue
        for said in reversed(past[-LOOK:]):
            if wanted in " ".join(said.text[:TEXT].lower().split()):
                return said.uuid
    return ""


def _numbered(text: str, past: Sequence[Said], scores: Mapping[int, float]) -> str:
    """Return the list whose item *text* names by its number."""
    found = _ORDINAL.search(text)
    if not found:
        return ""
    number = _ORDINALS.get((found.group(1) or "").lower()) or int(found.group(2) or 1)
    lists = [
        at
        for at in range(max(0, len(past) - NEAR), len(past))
        if not past[at].prompt and _items(past[at].text[:TEXT]) >= max(2, number)
    ]
    if not lists:
        return ""
    return past[max(lists, key=lambda at: (scores.get(at, 0.0) + 0.3 * at / len(past), at))].uuid


def _items(text: str) -> int:
    """Return how many items *text* lists."""
    return len(_ITEM.findall(text))


def _forms(token: str) -> list[str]:
    """Return the forms of a word, lower case, in which it is compared."""
    if token in _EMPTY:
        return []
    if token[0].isdigit():
        return [token.replace(",", "").rstrip(".")]
    if token in _NUMBERS:
        return [_NUMBERS[token]]
    found: list[str] = []
    for part in dict.fromkeys((token, *_INNER.split(token))):
        if len(part) > 2 and part not in _EMPTY:
            root = stem(part)
            found.append(root)
            found.extend(KIN.get(root, ()))
    return found


_INNER = re.compile(r"[-_'’]")
