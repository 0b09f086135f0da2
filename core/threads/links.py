"""Relations that the log itself records: what answers which prompt, which result which call."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.model import Kind, Role
from core.threads.events import Event
from core.threads.lanes import Lanes


class Tie(StrEnum):
    """How two messages belong together."""

    TOOL_CONTINUATION = "tool_continuation"  # a result, and the message that made the call
    RESPONSE = "response"  # a reply, and the prompt it answers, over compactions
    REFERENCE = "reference"  # a prompt, and the earlier message it speaks of
    TOPIC_FOLLOW_UP = "topic_follow_up"  # a later part of a thread, and the part before
    ATTACH = "attach"  # an agent's first message, and the tool call that started it
    DUPLICATE = "duplicate"  # a copied message, and the one it was copied from
    CONTINUES = "continues"  # a session, and the session it goes on from


@dataclass(frozen=True, slots=True)
class Relation:
    """One tie. *method* tells how it was found; ``recorded`` means the log says so."""

    tie: Tie
    source: str
    target: str
    confidence: float = 1.0
    method: str = "recorded"


def links(events: Sequence[Event], lanes: Lanes) -> list[Relation]:
    """Return which reply answers which prompt, and which result which call."""
    caller = {key: event.uuid for event in events for key in event.calls}
    found: list[Relation] = []
    for i, event in enumerate(events):
        found.extend(
            Relation(Tie.TOOL_CONTINUATION, event.uuid, caller[key])
            for key in dict.fromkeys(event.answers)
            if key in caller
        )
        at = lanes.turn[i]
        if at is not None and event.role is Role.ASSISTANT and event.kind is not Kind.RESULT:
            found.append(Relation(Tie.RESPONSE, event.uuid, events[at].uuid))
    return found
