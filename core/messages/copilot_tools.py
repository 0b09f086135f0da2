"""Tools in Copilot CLI sessions: calls, what they gave back, and who refused them."""

from dataclasses import replace

from core.messages.copilot_event import CALLS, Read, hung, tell
from core.messages.format import Memory
from core.messages.telling import known, with_
from core.messages.tooling import call_block, result_block, words
from core.model import AgentLink, Kind, Outcome
from core.records.decode import Record
from core.records.fields import JsonObject, items, mapping, text, truth


def started(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Read the start of a call; shown only if no message has asked for it."""
    key = text(body, "toolCallId")
    if key in items(memory.get("announced")):
        return (hung(known(record, text(record.data, "type")), record.data),), memory
    if key:
        memory = with_(memory, started=[*items(memory.get("started")), key][-CALLS:])
    made_up = key or text(record.data, "id") or str(record.place.offset)
    block = call_block(made_up, text(body, "toolName"), body.get("arguments"))
    return (tell(record, "assistant", Kind.REPLY, (block,)),), memory


def ended(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Read what a call gave back."""
    given, error = body.get("result"), mapping(body.get("error"))
    facts = mapping(given)
    said = text(facts, "content") or text(facts, "detailedContent") or text(error, "message")
    said = said or ("" if facts else words(given))
    block = result_block(text(body, "toolCallId"), _outcome(body, error, memory), said)
    return (tell(record, "tool", Kind.RESULT, (block,)),), memory


_CODES = {
    "rejected": Outcome.DENIED,
    "denied": Outcome.DENIED,
    "aborted": Outcome.INTERRUPTED,
    "cancelled": Outcome.INTERRUPTED,
}


def _outcome(body: JsonObject, error: JsonObject, memory: Memory) -> Outcome:
    if truth(body, "success"):
        return Outcome.OK
    if text(body, "toolCallId") in items(memory.get("denied")):
        return Outcome.DENIED
    return _CODES.get(text(error, "code"), Outcome.ERROR)


def answered(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Remember which calls a person, or a rule, has refused."""
    key, answer = text(body, "toolCallId"), text(mapping(body.get("result")), "kind")
    if key and answer.startswith(("denied", "rejected")):
        memory = with_(memory, denied=[*items(memory.get("denied")), key][-CALLS:])
    return (hung(known(record, text(record.data, "type")), record.data),), memory


def agent_started(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Link an agent to the call that started it: its events carry the id of the call."""
    call = text(body, "toolCallId")
    agent = text(record.data, "agentId") or call
    found = hung(known(record, text(record.data, "type")), record.data)
    return (replace(found, links=(AgentLink(call, agent),)) if call else found,), memory
