"""One line of a Codex rollout as facts: its message, unless it repeats another."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.messages.format import Memory
from core.messages.telling import known, with_
from core.model import AgentLink, Block, Facts, Kind, Message, Reply, Role
from core.records.decode import Record
from core.records.fields import JsonObject, items, text, truth

SEEN = 32  # texts that are remembered to tell a repetition


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its envelope."""

    record: Record
    kind: str
    body: JsonObject
    at: int | None


Told: TypeAlias = tuple[Sequence[Facts], Memory]
Reader: TypeAlias = Callable[[Line, Memory], Told]


def message(  # noqa: PLR0913, PLR0917  one for each thing that differs
    line: Line,
    memory: Memory,
    record: str,
    kind: Kind,
    blocks: tuple[Block, ...],
    reply: Reply | None = None,
) -> Message:
    """Return the message of *line*; one of a copied history names where it comes from."""
    agent, copying = text(memory, "agent"), truth(memory, "copying")
    roles = {"assistant": Role.ASSISTANT, "system": Role.SYSTEM}
    return Message(
        place=line.record.place,
        record=record,
        uuid="",
        parent="",
        kind=Kind.TASK if agent and kind is Kind.PROMPT else kind,
        role=roles.get(record, Role.USER),
        at=line.at,
        blocks=blocks,
        reply=None if copying else reply,
        sidechain=bool(agent),
        agent=agent,
        forked_from=text(memory, "parent") if copying else "",
    )


def tell(  # noqa: PLR0913, PLR0917  one for each thing a message needs
    line: Line,
    memory: Memory,
    record: str,
    kind: Kind,
    blocks: tuple[Block, ...],
    reply: Reply | None = None,
    links: tuple[AgentLink, ...] = (),
) -> Told:
    """Return a message. What an agent was given of its parent's history stays with the parent."""
    inherited = truth(memory, "copying") and text(memory, "agent")
    if inherited or not blocks:
        return (known(line.record, line.kind),), memory
    said = message(line, memory, record, kind, blocks, reply)
    return (replace(known(line.record, line.kind, said), links=links),), memory


def repeats(memory: Memory, side: str, speaker: str, said: str) -> tuple[bool, Memory]:
    """Tell whether *said* was told by the other *side*, "item" or "copy", a moment ago."""
    mark = hashlib.blake2b(
        f"{speaker}\n{said.strip()}".encode("utf-8", "replace"), digest_size=8
    ).hexdigest()
    other = ("copy" if side == "item" else "item") + mark
    seen = [entry for entry in items(memory.get("seen")) if isinstance(entry, str)]
    if other in seen:
        seen.remove(other)
        return True, with_(memory, seen=seen)
    return False, with_(memory, seen=[*seen[1 - SEEN :], side + mark])
