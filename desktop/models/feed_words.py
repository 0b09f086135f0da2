"""The local feed in plain words: its numbers, its connected tools, and what they asked for."""

from typing import Final

from core.stream.metrics import Metrics
from core.stream.state import FeedState, ToolRow
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column, Value

_ERRORS: Final = {  # by kind: what happened
    "origin": "web pages refused",
    "host": "wrong addresses refused",
    "token": "wrong or missing tokens",
    "path": "unknown paths",
    "full": "refused because 32 were connected",
    "crowd": "closed because too many said nothing",
    "invalid_message": "messages not understood",
    "unknown_type": "unknown commands",
    "invalid_topic": "unknown topics",
    "invalid_filter": "unknown filters",
    "invalid_since": "unknown events",
    "not_found": "topics not in the library",
    "too_many": "too many subscriptions",
    "gap": "events no longer kept",
    "protocol": "broken protocol",
    "binary": "binary messages",
    "bad_utf8": "text that is not UTF-8",
    "too_big": "messages over 64 KB",
    "no_pong": "tools that stopped answering",
}


def columns() -> list[Column]:
    """Return the columns of the table of connected tools."""
    return [
        Column(translate("feed", "Tool"), tip=translate("feed", "What it calls itself.")),
        Column(translate("feed", "Address"), words=True),
        Column(translate("feed", "Connected for"), words=True),
        Column(translate("feed", "Hears of"), words=True),
        Column(translate("feed", "Updates sent")),
    ]


def cells(tool: ToolRow) -> tuple[Value, ...]:
    """Return the row of *tool*."""
    return (
        words.one_line(tool.name, 80) or translate("feed", "A tool without a name"),
        tool.address,
        words.duration(round(tool.since_s) * 1000),
        ", ".join(topic(one) for one in tool.topics) or translate("feed", "nothing yet"),
        tool.sent,
    )


def topic(said: str) -> str:
    """Return what a subscription *said* is of."""
    if said == "*":
        return translate("feed", "everything")
    return words.one_line(said.partition(":")[2], 60)


def numbers(metrics: Metrics) -> str:
    """Return *metrics* as sentences, a line each."""
    one, many = translate("feed", "connection"), translate("feed", "connections")
    hour = words.plural(metrics.per_hour, one, many)
    copy, copies = translate("feed", "copy"), translate("feed", "copies")
    lines = [
        translate("feed", "On for {0}. {1} in the last hour, {2} in all, {3} ended.").format(
            words.duration(round(metrics.uptime_s) * 1000),
            hour,
            words.count(metrics.connections_total),
            words.count(metrics.disconnections),
        ),
        translate("feed", "{0} now. {1} sent as {2}; {3} could not be delivered.").format(
            words.plural(
                metrics.subscriptions,
                translate("feed", "subscription"),
                translate("feed", "subscriptions"),
            ),
            words.plural(
                metrics.broadcasts, translate("feed", "update"), translate("feed", "updates")
            ),
            words.plural(metrics.delivered, copy, copies),
            words.count(metrics.failed),
        ),
        translate("feed", "{0} dropped for not reading, {1} for saying too much.").format(
            words.plural(metrics.dropped, translate("feed", "tool"), translate("feed", "tools")),
            words.count(metrics.rate_limited),
        ),
    ]
    if metrics.errors:
        told = (f"{words.count(n)} {_error(kind)}" for kind, n in metrics.errors)
        lines.append(translate("feed", "Errors: {0}.").format(", ".join(told)))
    return "\n".join(lines)


def status(state: FeedState, *, wanted: bool) -> str:
    """Return in one line whether the feed is on, and where."""
    if state.trouble:
        return state.trouble
    if state.on:
        return translate("feed", "On at {0}").format(translate("feed", " and ").join(state.urls))
    return translate("feed", "Starting…") if wanted else translate("feed", "Off. Nothing listens.")


def _error(kind: str) -> str:
    return translate("feed", _ERRORS.get(kind, kind))
