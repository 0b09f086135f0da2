"""What a thread is about, in words: its topic, what sets it apart, what was done in it.

Nothing is understood here: a topic is what a person typed or what the log itself calls it,
keywords are counted, a summary lists. So nothing is claimed that cannot be checked.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from core.measures.eliding import elided
from core.measures.titles import of_prompt

LONGEST = 60  # letters of a topic
_PLAIN = Path(__file__).with_name("plain_words.txt")
UNTITLED = "Without words"
TERMS = 40  # words that are kept of a thread
KEYWORDS = 6
ASKED = 100  # letters of the first prompt in a summary
NAMED = 3  # tools and files that a summary names

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_TAG = re.compile(
    r"<([a-zA-Z][\w-]*)\b[^>]{0,200}>.*?</\1>|</?[a-zA-Z][\w-]*(?:\s[^<>]{0,200})?/?>", re.DOTALL
)
_MARK = re.compile(r"\[(?:Image|Pasted text|Request interrupted|Attached)[^\]]{0,80}\]")
_LINK = re.compile(r"https?://\S+")
_TRACE = re.compile(
    r"^\s*(?:at \S+ \(|File \"|Traceback|[\w.]+(?:Error|Exception): |[>$%\u276f\u23fa\u23bf] ?\S|"
    r"\d+ ?[|│:]|[-+]{3} |@@ |[│┌└├╭╰─═]|\d{4}-\d\d-\d\d[T ]|"
    r"\[?(?:INFO|WARN|WARNING|ERROR|DEBUG)\b)"
)
_HEADING = re.compile(r"^\s*#+\s*|^\s*[-*•]\s+|\*\*|`")
_THIN = re.compile(
    r"^\W*(?:ok(?:ay)?|yes|yep|y|no|nope|n|continue|go|go ahead|go on|do it|proceed|next|thanks|"
    r"thank you|great|good|perfect|nice|sure|please|retry|try again|again|hi|hello|hey|done|"
    r"commit|push|resume|keep going|looks good|(?:seems )?fixed|works|clear|lgtm|warmup|"
    r"ja|nein|weiter|oui|non|si|sí|继续|好|是|[0-9a-c])\W*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|now|alright|great|good|nice|perfect|cool|please|well|yes|yeah|"
    r"(?:hi|hello|hey)(?: there)?|(?:thanks|thank you)(?: so much| very much| a lot)?"
    r"(?: for [^.!?\n]{1,40}(?=[.!?\n]))?|and then|then|also)\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_PLANNED = "Implement the following plan:"
_LINE = 240  # letters from which a line was pasted rather than typed
_WORD = re.compile(r"[^\W\d_][\w'’-]*[^\W_]", re.UNICODE)
_HUMP = re.compile(r"[a-z][A-Z]|_|\d{3}")


@cache
def plain_words() -> frozenset[str]:
    """Return the words, of several languages, that tell nothing about a topic."""
    return frozenset(_PLAIN.read_text("utf-8").split())


def topic(titles: Iterable[str], prompts: Iterable[str]) -> str:
    """Return what to call a thread, at most `LONGEST` letters.

    *titles* are what the log itself calls it, *prompts* its prompts in order: the first that
    says something once commands, pastes and markup are taken off gives the name.
    """
    for title in titles:
        if said := elided(title, LONGEST):
            return said
    return elided(_telling(prompts), LONGEST) or UNTITLED


def _telling(prompts: Iterable[str]) -> str:
    """Return the first of *prompts* that says something, cleaned; else what the first one is."""
    rest = ""
    for prompt in prompts:
        said = cleaned(prompt)
        if len(said) > 1 and not _THIN.match(said):
            return said
        rest = rest or said or " ".join(prompt[:400].split())
    return rest


def cleaned(prompt: str) -> str:
    """Return what of *prompt* a person typed as a sentence, on one line; "" if nothing."""
    if prompt.lstrip().startswith(_PLANNED):
        return of_prompt(prompt)
    said = _FENCE.sub(" ", prompt)
    said = _MARK.sub(" ", _TAG.sub(" ", said))
    kept: list[str] = []
    for line in said.splitlines():
        bare = _HEADING.sub("", _LINK.sub(" ", line)).strip()
        if bare and not _TRACE.match(line) and (len(bare) <= _LINE or " " in bare[:60]):
            kept.append(bare)
        if sum(map(len, kept)) > LONGEST * 4:
            break
    whole = " ".join(" ".join(kept).split())
    plain = _OPENING.sub("", whole)
    chosen = plain if len(plain) > 12 else whole
    return chosen[:1].upper() + chosen[1:]


def terms(text: str, into: Counter[str], weight: int = 1) -> None:
    """Count the telling words of *text* in *into*, lower case; code and markup do not count."""
    for word in _WORD.findall(text):
        if 2 < len(word) <= 24 and not _HUMP.search(word):
            plain = word.lower().replace("’", "'").removesuffix("'s")
            if plain not in plain_words():
                into[plain] += weight


def keywords(threads: Sequence[Sequence[tuple[str, int]]]) -> tuple[tuple[str, ...], ...]:
    """Return the words that set each thread apart from the others, the most telling first.

    *threads* are the words of each with how often they occur. Class-based TF-IDF: a word's
    share of the thread, times how few of the threads have it.
    """
    held = Counter(word for one in threads for word, _ in one)
    whole = len(threads)
    found: list[tuple[str, ...]] = []
    for one in threads:
        scores = {
            word: math.log1p(count) * math.log((1.0 + whole) / held[word]) for word, count in one
        }
        ranked = sorted(scores, key=lambda word: (-scores[word], word))
        chosen: list[str] = []
        for word in ranked:
            if not any(_akin(word, other) for other in chosen):
                chosen.append(word)
            if len(chosen) == KEYWORDS:
                break
        found.append(tuple(chosen))
    return tuple(found)


def _akin(word: str, other: str) -> bool:
    """Tell whether two words are forms of one, such as a plural."""
    short, long = sorted((word, other), key=len)
    return long.startswith(short[: max(4, len(short) - 1)]) and len(long) - len(short) <= 3


def summary(
    prompts: Sequence[str], tools: Mapping[str, int], files: Mapping[str, int], failed: int
) -> str:
    """Return what was asked and done, a fact a line: the first prompt, tools, files, failures."""
    asked = _telling(prompts)
    lines = [elided(asked, ASKED)] if asked else []
    if tools:
        lines.append(f"Tools: {_listed(tools)}")
    if files:
        named = Counter({path.replace("\\", "/").rpartition("/")[2]: 0 for path in files})
        for path, count in files.items():
            named[path.replace("\\", "/").rpartition("/")[2]] += count
        lines.append(f"Files: {_listed(named)}")
    if failed:
        lines.append("1 tool call failed" if failed == 1 else f"{failed} tool calls failed")
    return "\n".join(lines)


def _listed(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    told = [f"{name} ×{counts[name]}" if counts[name] > 1 else name for name in ranked[:NAMED]]
    rest = len(ranked) - NAMED
    return ", ".join(told) + (f" and {rest} more" if rest > 0 else "")
