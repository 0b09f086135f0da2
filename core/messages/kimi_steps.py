"""One event of a step of Kimi Code's model: a thought, a text, a call, a result, or its end."""

import re
from collections.abc import Callable, Collection

from core.messages import api_blocks
from core.messages.clock import when
from core.messages.telling import known
from core.messages.tooling import call_block, result_block, words
from core.model import (
    AgentLink,
    Block,
    BlockKind,
    Facts,
    Kind,
    Message,
    Outcome,
    Reply,
    Role,
    Usage,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, mapping, text, truth

_AGENT = re.compile(r"agent_id: (\S{1,200})")


def tell(record: Record, kind: str, model: str, denied: Collection[str]) -> Facts:
    """Return what the event of *record* says; *denied* are the calls that a person refused."""
    event = mapping(record.data.get("event"))
    build = EVENTS.get(text(event, "type"))
    return build(record, event, kind, model, denied) if build else known(record, kind)


def counts(data: JsonObject) -> Usage:
    """Return the token counts of *data*; what was cached is told beside the other input."""
    return Usage(
        input=count(data, "inputOther"),
        output=count(data, "output"),
        cache_read=count(data, "inputCacheRead"),
        cache_creation=count(data, "inputCacheCreation"),
    )


def call_of(data: JsonObject) -> Block:
    """Return the call that a message of the context holds, in the newer shape or the older."""
    inner = mapping(data.get("function"))
    given = data.get("args", data.get("arguments", inner.get("arguments")))
    key = text(data, "toolCallId") or text(data, "id")
    return call_block(key, text(data, "name") or text(inner, "name"), given)


def _piece(record: Record, event: JsonObject, model: str, blocks: tuple[Block, ...]) -> Message:
    reply = Reply(text(event, "stepUuid"), "", model, Usage(), final=False)
    return Message(
        record.place, "assistant", "", "", Kind.REPLY, Role.ASSISTANT,
        when(record.data.get("time")), blocks, reply,
    )  # fmt: skip


def _part(record: Record, event: JsonObject, kind: str, model: str, _: Collection[str]) -> Facts:
    part = mapping(event.get("part"))
    said = text(part, "think")
    blocks = api_blocks.blocks([event.get("part")], BlockKind.REPLY)
    if text(part, "type") == "think":
        blocks = (Block(BlockKind.THINKING, said),) if said else ()
    return known(record, kind, _piece(record, event, model, blocks) if blocks else None)


def _call(record: Record, event: JsonObject, kind: str, model: str, _: Collection[str]) -> Facts:
    return known(record, kind, _piece(record, event, model, (call_of(event),)))


def _result(record: Record, event: JsonObject, kind: str, _: str, denied: Collection[str]) -> Facts:
    result = mapping(event.get("result"))
    key = text(event, "toolCallId") or text(event, "parentUuid")
    said = words(result.get("output"))
    outcome = Outcome.ERROR if truth(result, "isError") else Outcome.OK
    found = _AGENT.match(said)
    agent = found.group(1) if found else ""
    if key in denied:
        outcome = Outcome.DENIED
    beside = text(result, "note")
    blocks = [result_block(key, outcome, said, agent)]
    if beside:
        blocks.append(Block(BlockKind.NOTE, beside))
    message = Message(
        record.place, "tool", "", "", Kind.RESULT, Role.USER, when(record.data.get("time")),
        tuple(blocks),
    )  # fmt: skip
    links = (AgentLink(key, agent),) if agent else ()
    return Facts(kind, known=True, place=record.place, message=message, links=links)


def _end(record: Record, event: JsonObject, kind: str, model: str, _: Collection[str]) -> Facts:
    usage = mapping(event.get("usage"))
    api_id = text(event, "uuid")
    if not usage or not api_id:
        return known(record, kind)
    reply = Reply(api_id, "", model, counts(usage), final=True)
    return Facts(kind, known=True, place=record.place, reply=reply)


def _silent(record: Record, _: JsonObject, kind: str, __: str, ___: Collection[str]) -> Facts:
    return known(record, kind)


EVENTS: dict[str, Callable[[Record, JsonObject, str, str, Collection[str]], Facts]] = {
    "step.begin": _silent,
    "content.part": _part,
    "tool.call": _call,
    "tool.result": _result,
    "step.end": _end,
}
