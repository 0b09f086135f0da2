"""What the wording of a prompt shows, each as a yes or no: the evidence for an intent.

English only, and lower case. The patterns look at whole words, and most of them at how a
sentence begins, so that "unknown option", "latest" or "prune" show nothing.
"""

import re
from typing import Final

_FILLER = (
    r"^\W*(?:(?:ok(?:ay)?|alright|all right|so|now|then|well|hm+|um+|oh|btw|by the way|also|and|"
    r"but|hi(?: there)?|hello(?: there)?|hey(?: there)?|great|good|nice|perfect|thanks|thank you|"
    r"cool|first|next|yes|yeah|yep|yup|sure|just|instead|claude|wow)\b[\s,.!:;-]*)*"
)
_VERBS = r"""
activate add adjust align allow analyse analyze append apply archive ask assume attach audit
bring build bump call change check clarify clean clear clone close collect combine commit
compare compile complete compute configure confirm connect consider continue convert copy count
create cut debug decide define delete deploy describe design detect determine develop disable
display document do(?!\s(?:you|we|i|they|u)\b) don't double-?check download draft draw drop dump
edit enable ensure evaluate examine execute exit expand explain explore export extend extract
fetch figure fill find finish fix focus follow force format generate get give go grab group
handle hide highlight identify ignore implement import improve include increase inspect install
integrate investigate invoke iterate keep label launch leave limit link list load log login look
make mark measure mention merge migrate mock modify monitor move name open optimi[sz]e order
output patch perform ping plan play point prepare prevent print proceed produce propose prove
provide publish pull push put raise read rebase rebuild recheck recommend record recreate redo
reduce refactor refresh reinstall release reload remind remember remove rename render
reorgani[sz]e replace reply report reproduce reread rerun research reset resolve respond restart
restore restructure resume retry return reuse revert review revise rewrite roll run save say
scan schedule search select send separate serve set setup share shorten show simplify sign skip
sort spawn specify split ssh start state stop store study submit suggest summari[sz]e switch
sync take teach tell test think translate troubleshoot try turn undo uninstall unify update
upgrade upload use validate verify view visit wait walk watch wire wrap write
"""
_IMPERATIVE = (
    r"(?:(?:please|pls|go ahead(?: and)?|carefully|quickly|simply|always|never|don'?t|do not)\s+)*"
    r"(?:" + "|".join(_VERBS.split()) + r")\b(?!\s+(?:is|are|was|were)\b)"
)
_BEING = (
    r"(?:is|are|am|was|were|do|does|did|has|have|had|isn'?t|aren'?t|doesn'?t|didn'?t|don'?t|"
    r"shouldn'?t|can'?t|couldn'?t|wouldn'?t|won'?t|should|will|would|any)\b"
)


def _start(words: str) -> re.Pattern[str]:
    return re.compile(_FILLER + rf"(?:{words})")


def _word(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b")


SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+|;\s+")
WH: Final = _start(r"(?:what|why|how|when|where|which|who|whose)(?:'?s|'?re|'?d)?\b")
BEING: Final = _start(_BEING)
CAN_YOU: Final = _word(r"(?:can|could|would|will) (?:you|u)")
INNER: Final = _word(
    r"how (?:to|do|does|can|would|should)|do (?:you|u) (?:know|think|believe|have|see)|does (?:a|"
    r"the|it|this|that)|is (?:it|there|that|this) (?:a|an|any|possible|ok|the)|any (?:reason|idea|"
    r"way|chance)|why (?:do|did|is|are|does)|what'?s the|wouldn'?t (?:it|that)|does ?n'?t it"
    r"|is ?n'?t (?:it|that|there)|would it|should (?:i|it)|right\?|what (?:about|is|"
    r"are)"
)
LEARN: Final = _word(
    r"(?:can|could|would) (?:you|u) (?:please )?(?:explain|tell|clarify|describe|help me "
    r"understand)|help me understand|do you know|want to (?:know|understand)"
)
RIGHT: Final = re.compile(r"\b(?:right|no|correct|yes|ok)\W*\?\W*$|\bright\W*$")
PLEASE_FIRST: Final = re.compile(r"^\W*(?:please|pls|plz|kindly)\b")
REQUIRED: Final = _word(
    r"should (?:be|have|appear|show|work|also|only|not|use|function)|must (?:be|have|not)|has to be"
)
CAN_WE: Final = _word(r"(?:can|could|may|shall) (?:we|i)|can'?t we")
IMPERATIVE: Final = _start(_IMPERATIVE)
LISTED: Final = re.compile(rf"^\W*(?:\d+[.)]\s*)?{_IMPERATIVE}")
PLEASE: Final = _word(r"please|pls|plz|kindly")
WANT: Final = _word(
    r"i (?:also )?(?:want|need|would like|wish|prefer|wanna)|i'?d (?:like|prefer|love)|"
    r"we (?:also |now )?(?:want|need|should|must|have) (?:to\b|a\b|the\b)?|want you to|"
    r"looking (?:to|for)|(?:this|that|it|they|there) (?:should|must|needs?)"
)
LETS: Final = _start(r"let'?s\b|let us\b")
HELP: Final = _word(r"help me|(?:can|could) you help|assist me|need (?:some )?help|your help")
TELL: Final = _start(r"(?:tell|show|explain|give|teach|walk)\b(?: me)?")
MEANT: Final = _word(
    r"i mean|i meant|what i meant|to clarify|to be clear|i was (?:referring|talking|asking)|"
    r"i didn'?t (?:say|mean|ask)|i forgot|sorry|specifically|i said|referring to"
)
NO: Final = re.compile(r"^\W*(?:no|nope|nah|not|wait|hm+ no)\b")
ANSWER: Final = re.compile(
    r"^\W*(?:option |number |#)?(?:\d{1,2}|[a-d])(?:\W|$)|^\W*(?:sure|both|neither|the (?:first|"
    r"second|third|last|latter|former|other)|all of|none of|i'?ll take)\b",
)
FACT: Final = re.compile(
    r"^\W*(?:sure\W+)?(?:it'?s|its|it is|i'?m|i am|my|the|that'?s|that is|here(?:'s| is| are)|"
    r"they|this|for|i have|i'?ve|i do|i don'?t|you can|yea)\b",
)
WHAT_IF: Final = _word(
    r"what if|i wonder|wondering|maybe|perhaps|alternatively|any thoughts|your thoughts|thoughts|"
    r"brainstorm\w*|step back|not sure (?:if|whether)|could we|should we|we could|might be (?:nice|"
    r"better|worth|possible)|would it (?:be|make)|wouldn'?t it|let'?s try|in theory|i suppose|"
    r"i'?m thinking|what about|how about|pros and cons|trade-?offs?|or should"
)
BROKEN: Final = _word(
    r"(?:doesn'?t|does not|didn'?t|did not|isn'?t|is not|not|won'?t|can'?t|cannot|never|no longer) "
    r"(?:\w+ ){0,2}(?:work\w*|see|show\w*|appear\w*|right|correct|what|there|run\w*|load\w*|quite|"
    r"fixed|found|exist\w*|render\w*|sound|good|open|display\w*|launch\w*|read)|broken|bugged|"
    r"wrong|fail(?:s|ed|ing)?|crash(?:es|ed|ing)?|errors?|hanging|hangs|stuck|missing|empty|"
    r"incorrect\w*|still|again|buggy|issues?|problems?|horrible|terrible|stupid|idiot|ugly|shit|"
    r"same (?:error|issue|problem|thing)|too \w+|undefined|404"
)
STATES: Final = _start(
    r"(?:it|this|that|there|they|the|all|i)\b|looks? like|seems?|still|same|nothing|i (?:still|see|"
    r"get|got|am|cannot|can'?t|dont|don'?t)"
)
PRAISE: Final = re.compile(
    r"^\W*(?:ok(?:ay)?\W+)?(?:thanks?|thank you|thx|ty|great|perfect|awesome|nice|excellent|cool|"
    r"lgtm|wow|amazing|brilliant|fantastic|beautiful|love it|well done|good(?: job| work)?|looks? "
    r"(?:good|great)|that works|works|it works|works now|seems? (?:fixed|good|to work)|this is "
    r"(?:really )?(?:good|great|helpful|perfect|awesome|nice))\b(?! (?:but|though))",
)
YES: Final = re.compile(
    r"^\W*(?:yes|yep|yup|yeah|yea|y|ok|okay|sure|sounds good|correct|right|agreed|exactly|"
    r"looks good|lgtm|perfect|fine|approved?)\W*(?:please|thanks?|thank you)?\W*$",
)
APPROVE: Final = re.compile(
    r"^\W*(?:(?:yes|yep|yup|yeah|yea|ok|okay|sure|sounds good|looks good|perfect|correct)\b\W*)*"
    r"(?:please )?(?:go ahead|do it|do that|proceed|go for it|ship it|make it so|let'?s do (?:it|"
    r"that))\b",
)
CONTINUE: Final = re.compile(
    r"^\W*(?:(?:ok|okay|yes|please|great|good|thanks|now)\b\W*)*(?:continue|go on|keep going|"
    r"carry on|resume|proceed)\b",
)
GREETING: Final = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|evening|afternoon)|test|testing|ping)\b[\s\w]{0,12}\W*$",
)
SHELL: Final = re.compile(
    r"^\s*(?:\$ ?)?(?:sudo|git|npm|npx|pnpm|yarn|bun|python3?|pip|uv|ls|cd|cat|ssh|docker|make|"
    r"cargo|go|node|curl|brew|conda|op|gh|kubectl|apt|pytest|grep|rm|mv|cp|pwd|sh|bash)"
    r" ?[^?]{0,80}$"
)
SLASH: Final = re.compile(r"(?:^|\s)/[a-z][\w:-]{3,}(?:\s|$)")
PLAN: Final = re.compile(
    r"^\W*(?:implement the following plan|# task|# plan|your task is)\b", re.IGNORECASE
)
