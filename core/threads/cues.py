"""The form of a prompt: does it go on, begin something, or go back? By its first words."""

import re
from dataclasses import dataclass

_BEGIN = r"^\W*(?:(?:ok(?:ay)?|so|now|alright|great|good|nice|perfect|thanks|thank you|cool)\b\W*)*"


def _at_start(words: str) -> re.Pattern[str]:
    return re.compile(_BEGIN + rf"(?:{words})\b", re.IGNORECASE)


GOES_ON = _at_start(
    r"yes|yep|yeah|no|nope|and|also|but|or|then|continue|go ahead|go on|do it|proceed|try|again|"
    r"still|it|that|this|these|those|they|why|what about|how about|hmm|wait|actually|instead|"
    r"both|all|sure|same|retry|you|your|did|does|is|are|was|should|which|correct|right|wrong|"
    r"don'?t|not|only|just|looks|works|commit|push|merge|undo|revert|as|since|because|[0-9abc]\b"
)
BEGINS = _at_start(
    r"implement|create|add|build|write|design|set ?up|i want|i need|i'?d like|we need|we want|"
    r"let'?s (?:work|start|add|move|create|implement|build|do|talk|look)|help me|new|next|"
    r"can you (?:add|create|write|implement|help|look|check|find|review|explain)|"
    r"please (?:add|create|write|implement|review|analy[sz]e|read)|"
    r"review|analy[sz]e|investigate|research|explore|"
    r"there'?s|there is|there are|when|in the|the|a|an|on|for|fix|update|refactor|read|look at|"
    r"what is|what are|how do|how does|how can|where|execute|run|plan|find|check|"
    r"implement the following plan"
)
GOES_BACK = re.compile(
    r"\b(?:back to|going back|return(?:ing)? to|earlier|as before|previous(?:ly)?|last time|"
    r"again|still|resume|continue|picking up|left off|remember|you (?:said|mentioned|suggested))\b",
    re.IGNORECASE,
)
MOVES_ON = re.compile(
    r"\b(?:new (?:task|topic|feature|issue)|move on|moving on|"
    r"next (?:task|up|phase|step|issue|item)|different|another|separate|unrelated|"
    r"switch(?:ing)? to|something else|instead of that|let'?s (?:start|begin|now|work))\b",
    re.IGNORECASE,
)
POINTS = re.compile(
    r"\b(?:it|that|this|these|those|them|they|above|same|the (?:first|second|third|last|other)"
    r"|you|your)\b",
    re.IGNORECASE,
)
PLAN = re.compile(r"^\W*(?:implement the following plan|# |## )", re.IGNORECASE)
ERROR = re.compile(
    r"\b(?:error|exception|traceback|failed|failing|doesn'?t work|not working|broken)\b",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"^\W*(?:thanks|thank you|great|perfect|awesome|nice|good|excellent|cool|lgtm)\b", re.IGNORECASE
)
CLOSES = re.compile(
    r"\b(?:thanks|thank you|good ?bye|bye|that['’]?s (?:all|it|everything)|"
    r"that (?:will|would) be all)\b",
    re.IGNORECASE,
)
_SHORT = 200  # letters; what is longer does more than end a talk


@dataclass(frozen=True, slots=True)
class Form:
    """What the wording of a prompt says; each 1.0 or 0.0."""

    goes_on: float = 0.0
    begins: float = 0.0
    goes_back: float = 0.0
    moves_on: float = 0.0
    points: float = 0.0
    plan: float = 0.0
    error: float = 0.0
    thanks: float = 0.0
    closes: float = 0.0  # it thanks or says goodbye, and asks for nothing


def form(said: str) -> Form:
    """Return the form of the prompt *said*."""
    return Form(
        goes_on=float(bool(GOES_ON.match(said[:200]))),
        begins=float(bool(BEGINS.match(said[:200]))),
        goes_back=float(bool(GOES_BACK.search(said[:300]))),
        moves_on=float(bool(MOVES_ON.search(said[:200]))),
        points=float(bool(POINTS.search(said[:120]))),
        plan=float(bool(PLAN.match(said[:60]))),
        error=float(bool(ERROR.search(said[:400]))),
        thanks=float(bool(THANKS.match(said[:40]))),
        closes=float(len(said) < _SHORT and "?" not in said and bool(CLOSES.search(said))),
    )
