"""Hermes Agent sessions, one JSON object: a head, and messages as OpenAI's API has them.

Messages have neither ids nor times of their own: the head tells when the session began.
Source: fixtures of sessions of 2026.
"""

from collections.abc import Callable, Sequence

from core.messages.api_blocks import blocks
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, note, strange, with_
from core.messages.tooling import call_block, result_block, words
from core.model import Block, BlockKind, Facts, Kind, Message, Outcome, Reply, Role, Setting, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, count, items, mapping, text

_FAILED = frozenset({"error", "failed"})


def _detect(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT or sample.listed or not sample.records:
        return NO
    data = sample.records[0]
    named = text(data, "session_id") and "session_start" in data and "messages" in data
    if named and any(key in data for key in ("platform", "message_count", "last_updated")):
        return Score(90, "a head with a session's start and platform, then messages with roles")
    return NO


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    if record.section != "messages":
        return _head(record, memory)
    role = text(data, "role")
    if role == "session_meta":
        return (known(record, role),), memory
    build = _BUILDERS.get(role)
    if build is None:
        return (strange(record, role),), memory
    index = count(memory, "index")
    uuid, parent = str(index), text(memory, "last")
    at = when(data.get("timestamp")) or (None if index else when(memory.get("start")))
    message = build(record, memory, uuid, parent, at)
    return (known(record, role, message),), with_(memory, index=index + 1, last=uuid)


def _head(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    cwd = text(data, "cwd") or text(mapping(data.get("model_config")), "cwd")
    title = text(data, "title")
    trunk = text(data, "parent_session_id")
    setting = Setting(cwd=cwd, ai_title=title, trunk=trunk) if cwd or title or trunk else None
    facts = [known(record, "session", setting=setting)]
    memory = with_(memory, model=text(data, "model"), start=data.get("session_start"))
    if said := text(data, "system_prompt"):
        facts.append(known(record, "", note(record, "system", "", Kind.META, said, None)))
        memory = with_(memory, last="system")
    return facts, memory


def _user(record: Record, _: Memory, uuid: str, parent: str, at: int | None) -> Message:
    found = blocks(record.data.get("content"), BlockKind.PROMPT)
    return Message(record.place, "user", uuid, parent, Kind.PROMPT, Role.USER, at, found)


def _assistant(record: Record, memory: Memory, uuid: str, parent: str, at: int | None) -> Message:
    data = record.data
    thought = text(data, "reasoning") or text(data, "reasoning_content")
    found = [Block(BlockKind.THINKING, thought)] if thought else []
    found += blocks(data.get("content"), BlockKind.REPLY)
    for place, item in enumerate(items(data.get("tool_calls"))):
        found.append(_call(mapping(item), f"{uuid}:{place}"))
    ended = bool(text(data, "finish_reason"))
    reply = Reply(uuid, "", text(memory, "model"), Usage(), final=ended)
    return Message(
        record.place, "assistant", uuid, parent, Kind.REPLY, Role.ASSISTANT, at, tuple(found),
        reply=reply,
    )  # fmt: skip


def _call(call: JsonObject, made_up: str) -> Block:
    function = mapping(call.get("function"))
    key = text(call, "id") or text(call, "call_id") or made_up
    return call_block(key, text(function, "name"), function.get("arguments"))


def _tool(record: Record, _: Memory, uuid: str, parent: str, at: int | None) -> Message:
    data = record.data
    outcome = Outcome.ERROR if text(data, "finish_reason") in _FAILED else Outcome.OK
    result = result_block(text(data, "tool_call_id"), outcome, words(data.get("content")))
    return Message(record.place, "tool", uuid, parent, Kind.RESULT, Role.USER, at, (result,))


def _system(record: Record, _: Memory, uuid: str, parent: str, at: int | None) -> Message:
    return note(record, uuid, parent, Kind.META, words(record.data.get("content")), at)


_Builder = Callable[[Record, Memory, str, str, int | None], Message]
_BUILDERS: dict[str, _Builder] = {
    "user": _user,
    "assistant": _assistant,
    "tool": _tool,
    "system": _system,
    "developer": _system,
}
FORMAT = Format(
    name="hermes",
    title="Hermes Agent",
    revision=1,
    framing=Framing.DOCUMENT,
    detect=_detect,
    read=read,
    source="fixtures of sessions of 2026",
    local=True,
    arrays=("messages",),
)
