"""One Copilot CLI event as facts: its place in the chain, and its message."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from core.messages.format import Memory
from core.messages.telling import known
from core.model import Block, BlockKind, Facts, Hop, Kind, Message, Reply, Role
from core.records.decode import Record
from core.records.fields import JsonObject, mapping, moment, text

CALLS = 64  # calls that are remembered until they start or end
Read: TypeAlias = tuple[Sequence[Facts], Memory]
Reader: TypeAlias = Callable[[Record, JsonObject, Memory], Read]


def hung(facts: Facts, data: JsonObject) -> Facts:
    """Return *facts* with the event's place in the chain, for what comes after it."""
    uuid = text(data, "id")
    return replace(facts, hop=Hop(uuid, text(data, "parentId"))) if uuid else facts


def tell(  # noqa: PLR0913, PLR0917  one for each thing that differs
    record: Record,
    speaker: str,
    kind: Kind,
    blocks: tuple[Block, ...],
    reply: Reply | None = None,
    detail: str = "",
) -> Facts:
    """Return the facts of an event that is shown, or passed through if it says nothing."""
    data = record.data
    event = text(data, "type")
    if not blocks:
        return hung(known(record, event), data)
    body = mapping(data.get("data"))
    agent = text(data, "agentId") or text(body, "parentToolCallId")
    roles = {"assistant": Role.ASSISTANT, "system": Role.SYSTEM}
    message = Message(
        place=record.place,
        record=speaker,
        uuid=text(data, "id"),
        parent=text(data, "parentId"),
        kind=Kind.TASK if agent and kind is Kind.PROMPT else kind,
        role=roles.get(speaker, Role.USER),
        at=moment(data.get("timestamp")),
        blocks=blocks,
        reply=reply,
        sidechain=bool(agent),
        agent=agent,
        detail=detail,
    )
    return known(record, event, message)


def note(said: str) -> tuple[Block, ...]:
    """Return *said* as the blocks of a message of the program; none if it is empty."""
    return (Block(BlockKind.NOTE, said),) if said else ()
