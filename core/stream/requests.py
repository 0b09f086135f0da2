"""What a tool says to the stream, read strictly: anything else is an error with a sentence."""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import orjson
from typing_extensions import override

from core.model import Kind

UPDATES: Final = (
    "new_message",
    "message_updated",
    "conversation_updated",
    "thread_updated",
    "import_progress",
)
NOT_KEPT: Final = frozenset({"thread_updated", "import_progress"})  # told when it happens only
INCLUDES: Final = ("text",)
EVERYTHING: Final = "*"
PROJECT: Final = "project:"
CONVERSATION: Final = "conversation:"

_KINDS: Final = frozenset(str(kind) for kind in Kind)
_NAME: Final = 80  # characters
_TOPIC: Final = 4_096  # characters


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the stream: behind part *part* of event *event*."""

    event: int
    part: int  # 0: before its first part

    @override
    def __str__(self) -> str:
        return f"{self.event}.{self.part}"


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A tool wants to hear of *topic*."""

    topic: str
    updates: frozenset[str]
    kinds: frozenset[str] | None = None  # of messages; None: all
    text: bool = False
    since: Cursor | None = None
    request: object = None  # the tool's own name for this, given back as it is


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """A tool wants to hear of *topic* no more."""

    topic: str
    request: object = None


@dataclass(frozen=True, slots=True)
class Ping:
    """A tool wants to know that the stream is there."""

    request: object = None


@dataclass(frozen=True, slots=True)
class GetStatus:
    """A tool wants to know what it has asked for."""

    request: object = None


@dataclass(frozen=True, slots=True)
class Hello:
    """A tool says its name."""

    name: str
    request: object = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a tool said is not understood; it stays connected."""

    code: str
    sentence: str
    request: object = None


Request: TypeAlias = Subscribe | Unsubscribe | Ping | GetStatus | Hello | Wrong


def read(said: str) -> Request:  # noqa: PLR0911  one return for each verb
    """Return what *said* asks for."""
    try:
        value: object = orjson.loads(said)
    except orjson.JSONDecodeError:
        return Wrong("invalid_message", "A message has to be JSON.")
    if not isinstance(value, dict):
        return Wrong("invalid_message", "A message has to be a JSON object.")
    asked = cast("dict[str, object]", value)
    request = asked.get("request")
    if request is not None and not isinstance(request, str | int):
        return Wrong("invalid_message", "“request” has to be a text or a number.")
    match asked.get("type"):
        case "subscribe":
            return _subscribe(asked, request)
        case "unsubscribe":
            topic = _topic(asked)
            return topic if isinstance(topic, Wrong) else Unsubscribe(topic, request)
        case "ping":
            return Ping(request)
        case "get_status":
            return GetStatus(request)
        case "hello":
            return _hello(asked, request)
        case _:
            return Wrong(
                "unknown_type",
                "“type” is one of subscribe, unsubscribe, ping, get_status and hello.",
                request,
            )


def named(said: str) -> str:
    """Return *said* as the name of a tool: one short line that can be shown."""
    return "".join(char if char.isprintable() else " " for char in said).strip()[:_NAME]


def _hello(asked: dict[str, object], request: object) -> Request:
    name = asked.get("name")
    if not isinstance(name, str) or not named(name):
        return Wrong("invalid_message", "“name” has to be a text.", request)
    return Hello(named(name), request)


def _subscribe(asked: dict[str, object], request: object) -> Request:
    topic = _topic(asked)
    if isinstance(topic, Wrong):
        return topic
    updates = _some(asked, "updates", frozenset(UPDATES))
    if isinstance(updates, Wrong):
        return updates
    kinds = _some(asked, "kinds", _KINDS)
    if isinstance(kinds, Wrong):
        return kinds
    include = _some(asked, "include", frozenset(INCLUDES))
    if isinstance(include, Wrong):
        return include
    since = _since(asked)
    if isinstance(since, Wrong):
        return since
    text = include is not None and "text" in include
    wanted = frozenset(UPDATES) if updates is None else updates
    return Subscribe(topic, wanted, kinds, text, since, request)


def _topic(asked: dict[str, object]) -> str | Wrong:
    topic = asked.get("topic")
    if isinstance(topic, str) and len(topic) <= _TOPIC:
        if topic == EVERYTHING:
            return topic
        for prefix in (PROJECT, CONVERSATION):
            if topic.startswith(prefix) and len(topic) > len(prefix):
                return topic
    return Wrong(
        "invalid_topic",
        "“topic” is *, project: and a folder, or conversation: and an id.",
        asked.get("request"),
    )


def _some(
    asked: dict[str, object], key: str, known: frozenset[str]
) -> frozenset[str] | Wrong | None:
    given = asked.get(key)
    if given is None:
        return None
    items = cast("list[object]", given) if isinstance(given, list) else []
    found = frozenset(item for item in items if isinstance(item, str))
    if items and found <= known and all(isinstance(item, str) for item in items):
        return found
    words = ", ".join(sorted(known))
    return Wrong("invalid_filter", f"“{key}” is a list with some of {words}.", asked.get("request"))


def _since(asked: dict[str, object]) -> Cursor | Wrong | None:
    given = asked.get("since")
    if given is None:
        return None
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 1 << 53:
        # Behind all parts of that event.
        return Cursor(given + 1, 0)
    if isinstance(given, str):
        event, _, part = given.partition(".")
        short = len(given) <= 32 and given.isascii()
        if short and event.isdigit() and part.isdigit():
            return Cursor(int(event), int(part))
    return Wrong(
        "invalid_since",
        "“since” is an event_id, or a cursor as an update has it.",
        asked.get("request"),
    )
