"""What each lane counts, and what there is to say of it in a few words."""

from collections.abc import Sequence
from statistics import mean

from core.analysis.clarity import CHECKLIST
from core.analysis.flow import Flow
from core.analysis.intents import accuracy
from core.analysis.progression import Progression
from core.analysis.topics import Evolution
from desktop.look import words
from desktop.look.words import translate
from desktop.models.insights_marks import Cell, Mark
from desktop.models.insights_words import figure
from desktop.views.insights import inks


def axis() -> str:
    """Return what the axis is."""
    return translate(
        "insights",
        "Every lane runs over the same turns: a prompt and all that follows until the next one, "
        "in the main lane, without what a rewind left behind. “Turns” gives each the same width, "
        "“Time” as much as it took; pauses count five minutes at most. Arrow keys walk, Return or "
        "a click goes to the message.",
    )


def marks() -> str:
    """Return what the marks on the axis are."""
    return translate(
        "insights",
        "◆ and a dashed line: the context switches, a thread begins or is taken up again. That is "
        "a guess; its tip says why. ▼ and a line: the context was compacted, as the log records.",
    )


def threads() -> str:
    """Return what a thread is."""
    return translate(
        "insights",
        "Stretches of the conversation about one thing, in the colours of the transcript's map. "
        "Where they begin is a guess.",
    )


def topics() -> str:
    """Return what the river shows."""
    return translate(
        "insights",
        "The topic of a prompt or reply is the heaviest term of the last six: how often it is "
        "said, how much it distinguishes this conversation from the others, in how many of the "
        "six it is. A band is as wide as its topic's share of five prompts and replies around. "
        "Topics have the colour of the thread they are most in.",
    )


def intents() -> str:
    """Return what intents are, and how good the guess is."""
    measured = accuracy()
    return translate(
        "insights",
        "What each prompt wants, read from its words: a guess, right in {0} of {1} labelled "
        "prompts ({2} %). Questions, requests and commands can be relied on; clarification, "
        "feedback and “none of these” are weak. Pale: less than 70 % sure. English only.",
    ).format(measured.right, measured.n, round(100 * measured.share))


def clarity() -> str:
    """Return what clarity counts."""
    return translate(
        "insights",
        "Which of four a prompt has: a path or identifier, an example, the expected result, a "
        "constraint. It says what is there, not how good a prompt is. An exclamation mark: the "
        "prompt says in so many words that it is urgent.",
    )


def shift() -> str:
    """Return what a shift is."""
    return translate(
        "insights",
        "How much the words turn over: 1 minus the likeness of the six prompts and replies before "
        "and the six from here on. Dashes: the baseline, the mean between stretches that lie half "
        "a conversation apart. Dots: major shifts, which stand out from what is around them.",
    )


def complexity() -> str:
    """Return what complexity counts."""
    return translate(
        "insights",
        "How large each turn's work was: the mean of seven counted parts, each on a logarithmic "
        "scale on which 1 is what 95 in 100 turns stay below. A scale, not a judgement. The axis "
        "ends at the largest turn.",
    )


def sentiment() -> str:
    """Return what sentiment is."""
    return translate(
        "insights",
        "How a prompt feels: by what it says of the work before it, else by a lexicon where that "
        "is sure. English prompts only; others have no mark. It misses half of the complaints, so "
        "it is off unless you ask for it.",
    )


def no_sentiment() -> str:
    """Return why there is no sentiment."""
    return translate("insights", "No sentiment: it is read of English prompts only.")


def summary(name: str, marks_: Sequence[Mark]) -> str:
    """Return in a sentence what a lane shows."""
    if not marks_:
        return translate("insights", "{0}: nothing to show").format(name)
    return translate("insights", "{0} marks from left to right; arrow keys walk them").format(
        words.count(len(marks_))
    )


def rules(turns: int, switches: int, compactions: int) -> str:
    """Return how many turns, context switches and compactions there are."""
    told = [words.plural(turns, translate("insights", "turn"), translate("insights", "turns"))]
    if switches:
        one, many = translate("insights", "switch"), translate("insights", "switches")
        told.append(f"◆ {words.plural(switches, one, many)}")
    if compactions:
        one, many = translate("insights", "compaction"), translate("insights", "compactions")
        told.append(f"▼ {words.plural(compactions, one, many)}")
    return " · ".join(told)


def distinct(found: Evolution) -> str:
    """Return how many topics there are and how often they change."""
    many = len(found.dominant)
    if not many:
        return translate("insights", "nothing distinctive was said")
    changes = sum(bool(one.of) for one in found.transitions)
    return ", ".join(
        (
            words.plural(many, translate("insights", "topic"), translate("insights", "topics")),
            words.plural(
                changes, translate("insights", "change"), translate("insights", "changes")
            ),
        )
    )


def sure(cells: Sequence[Cell]) -> str:
    """Return of how many prompts the intent is likely right."""
    many = sum(cell.confidence >= inks.SURE for cell in cells)
    return translate("insights", "{0} of {1} at least 70 % sure").format(
        words.count(many), words.count(len(cells))
    )


def clear(found: Progression) -> str:
    """Return how many points prompts have on average, and how many are urgent."""
    if not found.clarity:
        return ""
    points = f"{mean(found.clarity) * len(CHECKLIST):.1f}"
    said = translate("insights", "{0} of {1} on average").format(
        points, words.count(len(CHECKLIST))
    )
    urgent = sum(found.urgency)
    return said + (
        translate("insights", " · {0} urgent").format(words.count(urgent)) if urgent else ""
    )


def shifted(found: Flow) -> str:
    """Return the mean shift beside its baseline; or why there is none."""
    if found.stability is None:
        return translate("insights", "not enough messages")
    told = [translate("insights", "mean {0}").format(figure(1 - found.stability))]
    if found.baseline is not None:
        told.append(translate("insights", "baseline {0}").format(figure(found.baseline)))
    if found.major:
        told.append(translate("insights", "{0} major").format(words.count(len(found.major))))
    return " · ".join(told)
