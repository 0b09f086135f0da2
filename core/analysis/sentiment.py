"""How a person's prompt feels, by a lexicon of English words: VADER, patched for developers.

Read on prompts only, on their prose only, and only where the text is guessed to be English.
"Kill the process", "abort", "error", "failed" and their like are a developer's daily words
and feel of nothing here; a prompt that is an order about such things stays neutral.

The lexicon was made for short social posts, and most of what annoys in this work is said
without a word that feels: "no bar". So what a person says of the work
(`core.analysis.satisfaction`) comes first, and the lexicon decides only where that is nothing,
and only when it is sure. docs/analysis.md has the measured accuracy of both.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from vader import SentimentIntensityAnalyzer

from core.analysis.prose import Prose
from core.analysis.satisfaction import Opinion, Verdict

REVISION: Final = 1
READ: Final = 300  # letters of a prompt: the score saturates on longer ones
POSITIVE: Final = 0.7  # compound score from which a prompt feels good
NEGATIVE: Final = -0.6  # and down from which it feels bad
NOT_ENGLISH: Final = "not English, as far as can be guessed"
NO_PROSE: Final = "no words of the person's own"
_NEUTRAL = """
abort aborted aborting alert alone argue argument arguments attack authority block blocked
blocking break breaks bug bugs build catch challenge chance cheap clean clear clearly close
comedy compliance conflict conflicts confront crash create created cut dead deadlock debug
defect delay demand deny denied destroy detached dirty disable disabled drop dump easier easily
easy effective efficient empty enable ensure ensuring error errors escape exploit expose fail
failed failing fails failure failures fatal fault feature fine fire force forced free fresh gain
gracious grant greater growing hard help helpful helping hide hung ignore ignored illegal
important improve improved improvement improvements improves injection interest interested
interrupt invalid invalidate isolate isolated issue join justify kill killed killing kills kind
leak limit limited like list lock master matter natural no-op optimal original pay play please
popular positive promise promises propagate protect pull push ready reject rejected resolve
resolved restore restrict retry reward rich risk robust safe safely secure security share shared
shares sharing significant smart solid solution solutions solve solved special stall stop
stopped stopping stops strict strong success successful successfully suggest support supported
supporting supports suspend terminate terminated terminating threat threats threshold top true
undefined undo united unresolved useful validate value values vulnerability vulnerable want warn
warning warnings wrap yes
"""


class Feeling(StrEnum):
    """How a prompt feels."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Sentiment:
    """A feeling with its score; None where it cannot be told."""

    feeling: Feeling | None
    score: float | None  # of the lexicon alone: compound, -1 to 1
    reason: str = ""  # why it cannot be told, or the words about the work that decided


def sentiment(prompt: Prose, said: Opinion) -> Sentiment:
    """Return how *prompt* feels; *said* is what it says of the work before it."""
    if not prompt.language.words:
        return Sentiment(None, None, NO_PROSE)
    if not prompt.language.english:
        return Sentiment(None, None, NOT_ENGLISH)
    score = _analyser().polarity_scores(prompt.said[:READ])["compound"]
    if said.verdict in _OF_WORK:
        return Sentiment(_OF_WORK[said.verdict], score, said.quote)
    return Sentiment(_feeling(score), score)


_OF_WORK: Final = {Verdict.POSITIVE: Feeling.POSITIVE, Verdict.NEGATIVE: Feeling.NEGATIVE}


def _feeling(score: float) -> Feeling:
    if score >= POSITIVE:
        return Feeling.POSITIVE
    return Feeling.NEGATIVE if score <= NEGATIVE else Feeling.NEUTRAL


@cache
def _analyser() -> SentimentIntensityAnalyzer:
    patched: dict[str, float] = dict.fromkeys(_NEUTRAL.split(), 0.0)
    return SentimentIntensityAnalyzer(extra_lexicon=patched)
