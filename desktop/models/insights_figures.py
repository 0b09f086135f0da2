"""The figures of a conversation's insights: value, definition, and the messages that made it."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.analysis.coherence import Coherence
from core.analysis.engagement import Engagement
from core.analysis.material import Spot
from desktop.look import words
from desktop.look.words import translate
from desktop.models.insights_reading import Insights
from desktop.models.insights_words import figure

_T = "insights"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it counts and what made it."""

    title: str
    value: str
    definition: str
    remark: str = ""
    evidence: tuple[int, ...] = ()  # row ids of messages


def figures(found: Insights) -> list[Figure]:
    """Return all figures of *found*, in reading order."""
    told = found.context.engagement
    return [*_pace(told), *_course(told), *_cohesion(found)]


def _pace(told: Engagement) -> list[Figure]:
    rate = told.prompts_per_hour
    wait = told.reply_wait_ms
    return [
        Figure(
            translate(_T, "Active time"),
            words.duration(told.active_ms),
            translate(
                _T,
                "What lies between two moments less than five minutes apart, and what tool calls "
                "took, an hour for each at most. Longer pauses count nothing.",
            ),
        ),
        Figure(
            translate(_T, "Prompts an hour"),
            words.NO_TIME if rate is None else f"{rate:.1f}".removesuffix(".0"),
            translate(
                _T, "Prompts that you typed, by active time. None below a minute of active time."
            ),
            words.plural(told.prompts, translate(_T, "prompt"), translate(_T, "prompts")),
        ),
        Figure(
            translate(_T, "Steps run alone"),
            words.count(told.longest_run),
            translate(
                _T,
                "A step is an API reply that called tools; calls at the same time are one step. "
                "The most steps after one prompt, and the median over all prompts.",
            ),
            _median(told),
            _spots([told.longest_at] if told.longest_at is not None and told.longest_run else []),
        ),
        Figure(
            translate(_T, "Wait for a reply"),
            words.NO_TIME if wait is None else words.duration(wait),
            translate(_T, "The median time from a prompt to the first word or call after it."),
            translate(_T, "median"),
        ),
    ]


def _course(told: Engagement) -> list[Figure]:
    taken = told.edits_taken, told.edits_offered
    return [
        Figure(
            translate(_T, "Corrections"),
            words.count(len(told.corrections)),
            translate(
                _T,
                "Prompts that find fault or ask for another try, in English. A guess that "
                "misses half of the complaints: read it as “at least”.",
            ),
            translate(_T, "at least") if told.corrections else "",
            _spots(told.corrections),
        ),
        Figure(
            translate(_T, "Interruptions"),
            words.count(len(told.interruptions)),
            translate(_T, "Where you stopped the agent, as the log records it."),
            evidence=_spots(told.interruptions),
        ),
        Figure(
            translate(_T, "Denied calls"),
            words.count(len(told.denied)),
            translate(_T, "Calls whose permission was refused, as the log records it."),
            evidence=_spots(told.denied),
        ),
        Figure(
            translate(_T, "Edits taken"),
            words.count(taken[0]),
            translate(_T, "Calls of editing tools that were carried out, of all of them."),
            translate(_T, "of {0}").format(words.count(taken[1])),
        ),
        Figure(
            translate(_T, "Given up"),
            translate(_T, "Yes") if told.abandoned else translate(_T, "No"),
            translate(
                _T,
                "Whether the last turn was interrupted, failed, was answered by nothing, or ended "
                "in a refused or open call. Leaving in mid-thought looks the same.",
            ),
            told.abandoned,
            _spots([told.abandoned_at] if told.abandoned_at is not None else []),
        ),
    ]


def _cohesion(found: Insights) -> list[Figure]:
    spread = found.context.topics.diversity
    flow = found.context.flow
    many = len(found.context.topics.dominant)
    return [
        Figure(
            translate(_T, "Topic diversity"),
            _short(spread),
            translate(
                _T,
                "Shannon entropy of the topics' shares of active time, divided by that of equal "
                "shares: 0 is one topic, 1 is many that had the same time.",
            ),
            words.plural(many, translate(_T, "topic"), translate(_T, "topics")) if many else "",
        ),
        Figure(
            translate(_T, "Stability"),
            _short(flow.stability),
            translate(
                _T,
                "1 minus the mean shift of the words. The baseline is the same for stretches that "
                "lie half a conversation apart; none below 24 prompts and replies.",
            ),
            _stability(found),
        ),
        _coherence(found.context.coherence),
    ]


def _coherence(told: Coherence) -> Figure:
    remark = told.reason
    if told.value is not None and told.random95 is not None:
        remark = translate(_T, "chance below {0}").format(figure(told.random95))
    return Figure(
        translate(_T, "Coherence"),
        _short(told.value),
        translate(
            _T,
            "How alike neighbouring turns are inside of threads, minus how alike they are where a "
            "thread ends. Beside it: what 95 in 100 random cuts stay below.",
        ),
        remark,
    )


def _median(told: Engagement) -> str:
    if told.steps_per_prompt is None:
        return ""
    return translate(_T, "median {0}").format(f"{told.steps_per_prompt:.1f}".removesuffix(".0"))


def _stability(found: Insights) -> str:
    flow = found.context.flow
    if flow.stability is None:
        return translate(_T, "not enough messages")
    if flow.baseline is None:
        return translate(_T, "too short for a baseline")
    return translate(_T, "baseline {0}").format(figure(1 - flow.baseline))


def _short(value: float | None) -> str:
    return words.NO_TIME if value is None else figure(value)


def _spots(spots: Iterable[Spot]) -> tuple[int, ...]:
    return tuple(spot.id for spot in spots)
