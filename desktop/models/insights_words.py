"""What the marks of a conversation's insights say: plain text, a line for each fact."""

import math
from collections.abc import Mapping
from dataclasses import astuple
from typing import Final

from core.analysis.clarity import CHECKLIST
from core.analysis.complexity import USUAL, Parts, Piece
from core.analysis.flow import Move
from core.analysis.intents import Intent
from core.analysis.progression import Asked
from core.analysis.sentiment import Feeling
from core.analysis.switches import Switch
from core.analysis.topics import Point
from core.queries.threads import ThreadRow
from core.threads.explaining import Switch as Kind
from desktop.look import words
from desktop.look.words import translate
from desktop.models import thread_words
from desktop.models.insights_reading import Insights

_SAID: Final = 90  # letters of a prompt
_TERM: Final = 40
_DECIMALS: Final = 2


def lines(*parts: str) -> str:
    """Return *parts* below each other; empty ones are left out."""
    return "\n".join(part for part in parts if part)


def figure(value: float) -> str:
    """Return a number between 0 and 1 as it is shown: "0.42"."""
    return f"{value:.{_DECIMALS}f}"


def heading(found: Insights, turn: int) -> str:
    """Return which turn it is, of how many, and when: "Turn 3 of 61, 14:02"."""
    one = found.turns.turns[turn]
    said = translate("insights", "Turn {0} of {1}").format(
        words.count(turn + 1), words.count(len(found.turns))
    )
    return said if one.at is None else f"{said}, {words.clock(one.at)}"


def said(found: Insights, message: int) -> str:
    """Return how *message* begins, in quotation marks; "" if nothing is said there."""
    text = words.one_line(found.said.get(message, ""), _SAID)
    return f"“{text}”" if text else ""


def intent(kind: Intent) -> str:
    """Return what *kind* is called."""
    return {
        Intent.QUESTION: translate("insights", "question"),
        Intent.REQUEST: translate("insights", "request"),
        Intent.COMMAND: translate("insights", "command"),
        Intent.CLARIFICATION: translate("insights", "clarification"),
        Intent.FEEDBACK: translate("insights", "feedback"),
        Intent.EXPLORATION: translate("insights", "exploration"),
        Intent.NONE: translate("insights", "none of these"),
    }[kind]


def also(name: str) -> str:
    """Return what a further intent is called; unknown names as they are."""
    known = {
        "approve": translate("insights", "approval"),
        "continue": translate("insights", "go on"),
    }
    if name in known:
        return known[name]
    return intent(Intent(name)) if name in set(Intent) else name


def asked(found: Insights, turn: int, one: Asked) -> str:
    """Return what is known of a prompt's intent."""
    reading = one.reading
    guess = translate("insights", "{0}, a guess that is right {1} of the time").format(
        intent(reading.intent).capitalize(), words.percent(reading.confidence)
    )
    more = ", ".join(also(name) for name in reading.also)
    return lines(
        heading(found, turn),
        said(found, one.spot.id),
        guess,
        translate("insights", "Also: {0}").format(more) if more else "",
        translate("insights", "Because: {0}").format(", ".join(reading.cues))
        if reading.cues
        else "",
        "" if reading.english else translate("insights", "Not English: hardly read"),
        urgent(one),
        checklist(one),
    )


def urgent(one: Asked) -> str:
    """Return with which words a prompt says that it is urgent; "" if it does not."""
    return translate("insights", "Urgent: “{0}”").format(one.urgent) if one.urgent else ""


def checklist(one: Asked) -> str:
    """Return which points of the checklist a prompt has, with the words that show it."""
    names = {
        "path": translate("insights", "path"),
        "example": translate("insights", "example"),
        "expected result": translate("insights", "expected result"),
        "constraint": translate("insights", "constraint"),
    }
    there = dict(one.clarity.evidence)
    told: list[str] = []
    for point in CHECKLIST:
        if point in there:
            quote = words.one_line(there[point], _TERM)
            told.append(f"✓ {names[point]}" + (f": “{quote}”" if quote else ""))
        else:
            told.append(f"– {names[point]}")
    return "\n".join(told)


def clear(found: Insights, turn: int, one: Asked) -> str:
    """Return what a prompt gives to go by."""
    has = translate("insights", "Gives {0} of {1} points to go by").format(
        len(one.clarity.evidence), len(CHECKLIST)
    )
    return lines(heading(found, turn), said(found, one.spot.id), has, checklist(one), urgent(one))


def felt(found: Insights, turn: int, one: Asked) -> str:
    """Return what a prompt feels like, and why."""
    names = {
        Feeling.POSITIVE: translate("insights", "Positive"),
        Feeling.NEGATIVE: translate("insights", "Negative"),
        Feeling.NEUTRAL: translate("insights", "Neutral"),
    }
    told = one.sentiment
    quote = f"“{words.one_line(told.reason, _SAID)}”" if told.reason else ""
    score = "" if told.score is None else f"{told.score:+.2f}"
    return lines(
        heading(found, turn),
        said(found, one.spot.id),
        names[told.feeling] if told.feeling is not None else "",
        translate("insights", "Decided by what it says of the work: {0}").format(quote)
        if quote
        else translate("insights", "Score of the lexicon, -1 to 1: {0}").format(score),
    )


def moved(found: Insights, turn: int, one: Move, *, major: bool) -> str:
    """Return how far the words move at an utterance."""
    shift = translate("insights", "Shift {0}").format(figure(one.shift))
    if major:
        shift = translate("insights", "Major shift, {0}").format(figure(one.shift))
    alike = translate("insights", "{0} like what was said before").format(figure(one.similarity))
    return lines(heading(found, turn), said(found, one.spot.id), shift, alike)


def topic(found: Insights, turn: int, point: Point) -> str:
    """Return what is talked about at a prompt or reply."""
    told = point.topic
    if not told.primary:
        return lines(heading(found, turn), translate("insights", "Nothing distinctive was said"))
    about = translate("insights", "{0}, {1} of the weight of its keywords").format(
        words.one_line(told.primary, _TERM), words.percent(told.confidence)
    )
    keys = ", ".join(words.one_line(one, _TERM) for one in told.keywords)
    return lines(
        heading(found, turn),
        said(found, point.spot.id),
        about,
        translate("insights", "Keywords: {0}").format(keys),
    )


def threaded(found: Insights, first: int, end: int, thread: ThreadRow) -> str:
    """Return what a stretch of turns is, from *first* to before *end*."""
    span = translate("insights", "Turns {0} to {1}").format(
        words.count(first + 1), words.count(end)
    )
    if end == first + 1:
        span = heading(found, first)
    sure = translate("insights", "A guess: {0} ({1})").format(
        thread_words.sureness(thread.confidence), words.percent(thread.confidence)
    )
    return lines(words.one_line(thread.title, _SAID), span, ", ".join(thread.keywords[:8]), sure)


def switched(found: Insights, turn: int, one: Switch, titles: Mapping[str, str]) -> str:
    """Return why the context switches at a turn."""
    begins = (
        translate("insights", "Back to: {0}")
        if one.returns
        else translate("insights", "New thread: {0}")
    )
    kind = thread_words.switch(Kind(one.type)) if one.type in set(Kind) else one.type
    return lines(
        heading(found, turn),
        begins.format(words.one_line(titles.get(one.to, ""), _SAID)),
        f"{kind} · {thread_words.sureness(one.confidence)} ({words.percent(one.confidence)})",
        *(f"• {reason}" for reason in one.evidence),
    )


def compacted(found: Insights, turn: int) -> str:
    """Return that the context was compacted in a turn."""
    return lines(heading(found, turn), translate("insights", "The context was compacted"))


PARTS: Final = ("tools", "calls", "failed", "files", "lines", "tokens", "branches")


def part(name: str) -> str:
    """Return what a part of the complexity is called."""
    return {
        "tools": translate("insights", "kinds of tools"),
        "calls": translate("insights", "calls"),
        "failed": translate("insights", "failed calls"),
        "files": translate("insights", "files"),
        "lines": translate("insights", "lines changed"),
        "tokens": translate("insights", "tokens"),
        "branches": translate("insights", "other versions"),
    }[name]


def complex_(found: Insights, turn: int, piece: Piece) -> str:
    """Return how large a turn's work was, in its parts."""
    told = [
        f"{part(name)}: {words.short_count(number)}"
        for name, number in zip(PARTS, astuple(piece.parts), strict=True)
        if number
    ]
    return lines(
        heading(found, turn),
        said(found, piece.spot.id),
        translate("insights", "Complexity {0} of 1").format(figure(piece.level)),
        *told,
    )


def scaled(parts: Parts) -> tuple[float, ...]:
    """Return what each part adds to the level of *parts*; together they are the level."""
    counted = zip(astuple(parts), astuple(USUAL), strict=True)
    share = [min(1.0, math.log1p(n) / math.log1p(usual)) if n else 0.0 for n, usual in counted]
    return tuple(one / len(share) for one in share)
