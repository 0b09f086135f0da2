"""Kiro CLI conversations (before: Amazon Q CLI), one JSON object of turns.

A turn is what went to the model (a prompt, or results of tools) and what came back (a response,
or calls of tools).
Source: measured on five public conversations, and descriptions of the format by other readers.
"""

from collections.abc import Sequence

from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange, with_
from core.messages.tooling import call_block, result_block
from core.model import (
    Block,
    BlockKind,
    Facts,
    Kind,
    Message,
    Outcome,
    Reply,
    Role,
    Setting,
    Usage,
)  # fmt: skip
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, moment, text

_ASKED = ("Prompt", "ToolUseResults", "CancelledToolUses")


def _detect(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT or sample.listed or not sample.records:
        return NO
    data = sample.records[0]
    turns = items(data.get("history"))
    turn = mapping(next(iter(turns), None))
    named = bool(text(data, "conversation_id"))
    if "user" in turn and "assistant" in turn and "kind" not in turn:
        return Score(93 if named else 65, "turns of a user and an assistant in a history")
    listed = isinstance(data.get("history"), list)
    return Score(60, "a conversation id and an empty history") if named and listed else NO


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    if record.section != "history":
        model = text(mapping(data.get("model_info")), "model_id")
        return (known(record, "conversation"),), with_(memory, model=model) if model else memory
    user, assistant = mapping(data.get("user")), mapping(data.get("assistant"))
    if not user and not assistant:
        return (strange(record, "turn"),), memory
    turn = count(memory, "turns")
    last = text(memory, "last")
    asked = _user(record, user, str(turn), last)
    last = asked.uuid if asked else last
    model = text(memory, "model")
    answered = _assistant(record, assistant, f"{turn}a", last, model)
    last = answered.uuid if answered else last
    cwd = text(_environment(user), "current_working_directory")
    facts = [known(record, "turn", asked, setting=Setting(cwd=cwd) if cwd else None)]
    if answered:
        facts.append(known(record, "", answered))
    return facts, with_(memory, turns=turn + 1, last=last)


def _environment(user: JsonObject) -> JsonObject:
    return mapping(mapping(user.get("env_context")).get("env_state"))


def _user(record: Record, user: JsonObject, uuid: str, parent: str) -> Message | None:
    content = mapping(user.get("content"))
    sort = next((key for key in _ASKED if key in content), "")
    inner = mapping(content.get(sort))
    found = [_result(mapping(item), sort) for item in items(inner.get("tool_use_results"))]
    said = text(inner, "prompt")
    kind = Kind.PROMPT if said else Kind.RESULT if found else Kind.NOTICE
    if said:
        found.append(Block(BlockKind.PROMPT, said))
    if aside := text(user, "additional_context"):
        found.append(Block(BlockKind.NOTE, aside))
    if content and not sort:
        found.append(Block(BlockKind.OTHER, dump(content)))
    if not found:
        return None
    who = {Kind.PROMPT: "user", Kind.RESULT: "tool"}.get(kind, "system")
    at = moment(user.get("timestamp")) or _began(record.data)
    return Message(record.place, who, uuid, parent, kind, Role.USER, at, tuple(found))


def _began(data: JsonObject) -> int | None:
    return moment(mapping(data.get("request_metadata")).get("request_start_timestamp_ms"))


def _result(result: JsonObject, sort: str) -> Block:
    parts = [_part(mapping(item)) for item in items(result.get("content"))]
    good = text(result, "status").lower() in {"", "success"}
    outcome = Outcome.OK if good else Outcome.ERROR
    if sort == "CancelledToolUses":
        outcome = Outcome.INTERRUPTED
    return result_block(text(result, "tool_use_id"), outcome, "\n".join(parts))


def _part(part: JsonObject) -> str:
    return text(part, "Text") or (dump(part["Json"]) if "Json" in part else dump(part))


def _assistant(
    record: Record, assistant: JsonObject, uuid: str, parent: str, model: str
) -> Message | None:
    inner = mapping(assistant.get("ToolUse")) or mapping(assistant.get("Response"))
    if not inner:
        return None
    found = [Block(BlockKind.REPLY, said)] if (said := text(inner, "content")) else []
    for place, item in enumerate(items(inner.get("tool_uses"))):
        call = mapping(item)
        given = call.get("args", call.get("orig_args"))
        key = text(call, "id") or f"{uuid}:{place}"
        found.append(call_block(key, text(call, "name") or text(call, "orig_name"), given))
    about = mapping(record.data.get("request_metadata"))
    usage = Usage(
        input=count(about, "uncached_input_tokens"),
        output=count(about, "output_tokens"),
        cache_read=count(about, "cache_read_input_tokens"),
        cache_creation=count(about, "cache_write_input_tokens"),
    )
    id_ = text(inner, "message_id") or uuid
    reply = Reply(id_, "", text(about, "model_id") or model, usage, final=True)
    at = moment(about.get("stream_end_timestamp_ms")) or _began(record.data)
    return Message(
        record.place, "assistant", id_, parent, Kind.REPLY, Role.ASSISTANT, at, tuple(found),
        reply=reply,
    )  # fmt: skip


FORMAT = Format(
    name="kiro",
    title="Kiro CLI",
    revision=1,
    framing=Framing.DOCUMENT,
    detect=_detect,
    read=read,
    source="measured on five public conversations, and descriptions by other readers",
    local=True,
    arrays=("history",),
)
