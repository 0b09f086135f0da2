"""What a prompt says about the work before it: good, bad, once more, or nothing.

English only. Bad outweighs good ("good, but the list is empty"); a wish to try again is told
apart. What is asked of the next step ("add error handling") says nothing of the last one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.analysis.prose import Prose, prose

REVISION: Final = 1
READ: Final = 600  # letters of a prompt that are read: what is felt is said at once


class Verdict(StrEnum):
    """How the person found what the agent did."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    RETRY = "retry"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict with the words that it rests on; "" for none."""

    verdict: Verdict
    quote: str


_RETRY = re.compile(
    r"^\W*(?:(?:ok|okay|please|no|hm+|can you|could you)\b\W*)*(?:try (?:it |that |this )?(?:again|"
    r"once more)|retry|again|re-?run(?: it| that)?|one more time|do (?:it|that) again|redo (?:it|"
    r"that|this))\W*(?:please|now)?\W*$"
)


def _any(written: str) -> re.Pattern[str]:
    """Return one pattern for the lines of *written*, any of which may be found.

    Those that begin at a word are tried at words only: this is read of every prompt.
    """
    lines = written.split("\n")[1:-1]
    at_words = [line.removeprefix(r"\b") for line in lines if line.startswith(r"\b")]
    others = [line for line in lines if not line.startswith(r"\b")]
    return re.compile("|".join([rf"\b(?:{'|'.join(at_words)})", *others]))


_NEGATIVE: Final = _any(
    r"""
\b(?:it|that|this|they|which|button|app|test|build|one)(?:'s)? (?:still )?is(?: ?n't|nt| not)\b
\b(?:it|that|this|they|which|button|app|test|build|one) (?:still )?does(?: ?n't|nt| not)\b
\b(?:it|that|this|they|which|button|app|test|build|one) (?:still )?(?:did|was|wo|ca|do)n'?t \w+
\b(?:does|did|is|are)(?: ?n'?t| not) (?:really |quite |even )?(?:work|working|right|correct|good)\b
\bnot (?:really |quite |even )?(?:work|working|right|correct|good)\b
\bnot (?:really |quite |even )?(?:what i|fixed|enough|there|readable)\b
\bi (?:still )?(?:do ?n'?t|cannot|can'?t|can not) (?:see|find|get)\b
\bi (?:did ?n'?t|never|did not) (?:ask|say|want|mean|tell)\b
\bi (?:only )?(?:asked|wanted|told) you\b
\bi'?ve reverted\b
\b(?:revert|undo) (?:that|this|it|your)\b
^\W*(?:no|nope)\b(?! (?:problem|worries|need|rush))[\s,.!]*(?=\w)
^\W*not (?!a problem|sure)\w+
^\W*(?:dont|don'?t|stop|wait)\b
\bstop \w+ing\b
\b(?:wrong|horrible|terrible|awful|useless|ridiculous|broken|bugged|worse)\b
\b(?:stupid|idiot|dumb|fuck\w*|omfg|wtf|shit|damn)\b
\bwhy (?:did|do|would|are|were|have|has) ?(?:you|u)\b
\bwhy (?:did|do|have|wo)n'?t\b
\byou (?:were|are|got|seem) (?:stuck|wrong|confused|missing)\b
\byou (?:missed|forgot|broke|ignored|skipped|hav(?:e not|en'?t|ne'?t) read)\b
\bdid you (?:forget|ignore|miss)\b
\bagain\b.{0,30}\b(?:error|fail\w*|broken|wrong|hang\w*|crash\w*)\b
\b(?:hanging|hangs|crash\w*|failing|fails|failed) again\b
\bsame (?:error|issue|problem)\b
\bstill (?:an? )?(?:error\w*|see|seeing|get|getting|have|having|not|in|on|shows?|fails?|the)\b
\btoo (?:long|short|slow|big|small|much|many|bright|dark|intense|complicated|verbose|wide)\b
\btoo (?:narrow|loud|simple|generic|similar|strict)\b
\bshould (?:be|have been) (?!able|fine|good|ok|enough)\w+(?:er|less|more)\b
\b(?:is|are) now \w+(?:er)? than\b
^\W*(?:(?:wow |an? )?errors?|\?{2,}|no \w+)\W*$
\b(?:good|nice|great|better|close|almost),? but\b
\bnot quite\b
\bthat'?s not\b
\b(?:looks|seems|appears) (?:like )?.{0,40}\b(?:empty|missing|broken|wrong|off|not|still)\b
"""
)
_FAILED: Final = re.compile(
    r"\b(?:\w*error|\w*exception|traceback|failed|invalid|denied)\b", re.IGNORECASE
)
_POSITIVE: Final = _any(
    r"""
^\W*(?:ok(?:ay)?|yes|oh|ah)?\W*(?:thanks?|thank you|thx|perfect|great|awesome|nice|excellent)\b
^\W*(?:ok(?:ay)?|yes|oh|ah)?\W*(?:amazing|brilliant|fantastic|beautiful|wonderful|lovely|cool|wow)\b
^\W*(?:ok(?:ay)?|yes|oh|ah)?\W*(?:lgtm|well done|good (?:job|work|catch|idea|point))\b
\b(?:thank you|thanks)\b.{0,30}\b(?:help|much|lot|great|done)\b
\b(?:looks|sounds|seems|works|working) (?:good|great|perfect|nice|fine|fixed|correct)\b
\b(?:it|that|this) works(?: now| great| well)?\W*$
^\W*works\b
\bworks now\b
\b(?:this|that|it)(?:'s| is) (?:really |very |much )?(?:good|great|perfect|helpful|awesome|nice)\b
\b(?:this|that|it)(?:'s| is) (?:much )?(?:better|exactly|correct)\b
\bi (?:really )?(?:like|love) (?:it|this|that|your|the|how)\b
"""
)


def opinion(prompt: Prose | str, *, follows: bool = True) -> Opinion:
    """Return what *prompt* says about the work before it.

    *follows*: there was any; the first prompt of a session cannot judge.
    """
    if not follows:
        return Opinion(Verdict.NEUTRAL, "")
    if isinstance(prompt, str):
        prompt = prose(prompt)
    said, low = prompt.said[:READ], prompt.low[:READ]
    found = _RETRY.match(low)
    if found:
        return Opinion(Verdict.RETRY, said[: found.end()].strip())
    for verdict, pattern in ((Verdict.NEGATIVE, _NEGATIVE), (Verdict.POSITIVE, _POSITIVE)):
        found = pattern.search(low)
        if found:
            return Opinion(verdict, _around(said, found.start(), found.end()))
    shown = _FAILED.search(prompt.text) if prompt.pasted > len(prompt.text) // 2 else None
    if shown:
        return Opinion(Verdict.NEGATIVE, _around(prompt.text, shown.start(), shown.end()))
    return Opinion(Verdict.NEUTRAL, "")


def _around(said: str, start: int, end: int) -> str:
    """Return the line of *said* from *start* to *end*, to the ends of its words, at most 120."""
    first = said.rfind("\n", 0, start) + 1
    last = said.find("\n", end)
    line = said[first : last if last >= 0 else len(said)].strip()
    return line if len(line) <= 120 else line[:119] + "\u2026"
