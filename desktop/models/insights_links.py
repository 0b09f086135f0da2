"""Lines of a conversation's insights that lead to a message."""

from dataclasses import dataclass
from typing import Final

from desktop.look import words
from desktop.look.words import translate
from desktop.models import insights_words as words_
from desktop.models.insights_reading import Insights

_T = "insights"
MOST: Final = 8
_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Link:
    """One line: what it says, how much of a whole it is, and where it leads."""

    text: str
    value: str
    message: int  # row id; 0: nowhere
    share: float = 0.0  # 0 to 1
    tip: str = ""


def dominant(found: Insights) -> list[Link]:
    """Return the topics with the largest shares."""
    told = found.context.topics
    first: dict[str, int] = {}
    for point in told.points:
        first.setdefault(point.topic.primary, point.spot.id)
    links: list[Link] = []
    for one in told.dominant[:MOST]:
        value = words.percent(one.share)
        if told.by_time:
            value += f" · {words.duration(one.active_ms)}"
        tip = translate(_T, "Go to where it is first talked about")
        links.append(Link(one.topic, value, first.get(one.topic, 0), one.share, tip))
    return links


def topic_changes(found: Insights) -> list[Link]:
    """Return where one topic gives way to another, in order; not where the first begins."""
    links: list[Link] = []
    for one in found.context.topics.transitions:
        turn = found.places.get(one.spot.id)
        if not one.of or turn is None:
            continue
        text = f"{words.one_line(one.of, _NAME)} → {words.one_line(one.to, _NAME) or words.NO_TIME}"
        links.append(Link(text, words_.heading(found, turn), one.spot.id))
    return links


def sequences(found: Insights) -> list[Link]:
    """Return which steps follow each other."""
    tip = translate(
        _T, "Of the times that anything followed: {0}; {1} times as often as after anything"
    )
    return [
        Link(
            " → ".join(words.one_line(step, _NAME) for step in one.steps),
            translate(_T, "{0} times").format(words.count(one.count)),
            _first(found, one.examples),
            tip=tip.format(words.percent(one.chance), f"{one.lift:.1f}"),
        )
        for one in found.tools.sequences[:MOST]
    ]


def recoveries(found: Insights) -> list[Link]:
    """Return what came after failures."""
    return [
        Link(
            f"{words.one_line(one.tool, _NAME)} → {words.one_line(one.next, _NAME)}",
            translate(_T, "{0} of {1}").format(words.count(one.count), words.count(one.of)),
            _first(found, one.examples),
        )
        for one in found.tools.recoveries[:MOST]
    ]


def evidence(found: Insights, messages: tuple[int, ...]) -> list[Link]:
    """Return a line for each of *messages*."""
    links: list[Link] = []
    for message in messages[:MOST]:
        turn = found.places.get(message)
        where = "" if turn is None else words_.heading(found, turn)
        text = words.one_line(found.said.get(message, ""), _NAME)
        links.append(Link(text or where, where if text else "", message))
    return links


def _first(found: Insights, calls: tuple[int, ...]) -> int:
    return next((found.tools.messages[one] for one in calls if one in found.tools.messages), 0)
