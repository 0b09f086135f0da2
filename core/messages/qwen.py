"""Qwen Code sessions: Claude Code's envelope, with bodies of the Gemini API inside.

Records are a tree by ``uuid`` and ``parentUuid``, as in Claude Code, and a rewind goes on from an
older record. Source: fixtures of version 0.21 and the maker's own reader of these files.
"""

from collections.abc import Callable, Sequence

from core.messages import gemini_parts, wrapped
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import strange
from core.messages.tooling import result_block, words
from core.model import (
    Block,
    BlockKind,
    Facts,
    Hop,
    Kind,
    Message,
    Outcome,
    Reply,
    Role,
    Setting,
    Usage,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, moment, text

_MACHINE = {  # user records that no person typed
    "notification": Kind.NOTICE,
    "cron": Kind.NOTICE,
    "realtime_message": Kind.NOTICE,
    "goal_runtime": Kind.META,
}
_STATUS = {
    "success": Outcome.OK,
    "error": Outcome.ERROR,
    "cancelled": Outcome.INTERRUPTED,
    "canceled": Outcome.INTERRUPTED,
}


def _detect(sample: Sample) -> Score:
    fits = sum(_fits(one) for one in sample.records)
    if fits and fits * 2 >= len(sample.records):
        return Score(95, "records with a chain of uuids whose messages are made of parts")
    return NO


def _fits(data: JsonObject) -> bool:
    if not (text(data, "uuid") and text(data, "sessionId") and "parentUuid" in data):
        return False
    parts = mapping(data.get("message")).get("parts")
    return isinstance(parts, list) or isinstance(data.get("systemPayload"), dict)


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    kind = text(record.data, "type")
    build = _READERS.get(kind)
    return (build(record) if build else strange(record, kind),), memory


def _facts(
    record: Record, kind: str, message: Message | None = None, setting: Setting | None = None
) -> Facts:
    data = record.data
    uuid = text(data, "uuid")
    return Facts(
        kind=kind,
        known=True,
        place=record.place,
        version=text(data, "version"),
        message=message,
        hop=Hop(uuid, text(data, "parentUuid")) if uuid and not message else None,
        setting=setting or _setting(data),
    )


def _setting(data: JsonObject) -> Setting | None:
    cwd, branch, version = text(data, "cwd"), text(data, "gitBranch"), text(data, "version")
    return (
        Setting(cwd=cwd, git_branch=branch, version=version) if cwd or branch or version else None
    )


def _message(  # noqa: PLR0913  one keyword for each thing that differs
    record: Record,
    told: str,
    kind: Kind,
    role: Role,
    blocks: Sequence[Block],
    *,
    reply: Reply | None = None,
    detail: str = "",
) -> Message:
    data = record.data
    agent = text(data, "agentId")
    return Message(
        place=record.place,
        record=told,
        uuid=text(data, "uuid"),
        parent=text(data, "parentUuid"),
        kind=kind,
        role=role,
        at=moment(data.get("timestamp")),
        blocks=tuple(blocks),
        reply=reply,
        sidechain=bool(agent),
        agent=agent,
        session=text(data, "sessionId"),
        detail=detail,
    )


def _parts(data: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
    parts = mapping(data.get("message")).get("parts")
    return tuple(gemini_parts.contents(parts, kind, text(data, "uuid")))


def _user(record: Record) -> Facts:
    data = record.data
    subtype = text(data, "subtype")
    kind = f"user/{subtype}" if subtype else "user"
    if subtype in _MACHINE:
        shown = text(mapping(data.get("systemPayload")), "displayText")
        blocks = (Block(BlockKind.NOTE, shown),) if shown else _parts(data, BlockKind.NOTE)
        message = _message(record, "system", _MACHINE[subtype], Role.USER, blocks)
        return _facts(record, kind, message)
    blocks = wrapped.unwrapped(_parts(data, BlockKind.PROMPT))
    told = wrapped.kind_of(blocks)
    if told is Kind.PROMPT and text(data, "agentId"):
        told = Kind.TASK
    elif told is Kind.PROMPT and subtype == "mid_turn_user_message":
        told = Kind.QUEUED
    elif told is Kind.PROMPT and text(data, "provenance") not in {"", "real_user"}:
        told = Kind.NOTICE
    speaker = "system" if told in {Kind.META, Kind.NOTICE} else "user"
    return _facts(record, kind, _message(record, speaker, told, Role.USER, blocks))


def _assistant(record: Record) -> Facts:
    data = record.data
    reply = Reply(
        api_id=text(data, "uuid"),
        request="",
        model=text(data, "model"),
        usage=_usage(mapping(data.get("usageMetadata"))),
        final="usageMetadata" in data,
    )
    blocks = [one for one in _parts(data, BlockKind.REPLY) if one.text or one.call or one.image]
    message = _message(record, "assistant", Kind.REPLY, Role.ASSISTANT, blocks, reply=reply)
    return _facts(record, "assistant", message)


def _usage(data: JsonObject) -> Usage:
    """Return the counts of a Gemini API reply: what was cached is told inside the prompt's."""
    whole = count(data, "promptTokenCount")
    cached = min(count(data, "cachedContentTokenCount"), whole)
    output = count(data, "candidatesTokenCount") + count(data, "thoughtsTokenCount")
    return Usage(input=whole - cached, output=output, cache_read=cached)


def _result(record: Record) -> Facts:
    data = record.data
    told = mapping(data.get("toolCallResult"))
    outcome = _STATUS.get(text(told, "status"))
    blocks: list[Block] = []
    for block in _parts(data, BlockKind.NOTE):
        if block.result is None:
            blocks.append(block)
            continue
        key = block.result.key or text(told, "callId")
        said = block.text if block.text not in {"", "{}"} else words(told.get("resultDisplay"))
        blocks.append(result_block(key, outcome or block.result.outcome, said))
    if not any(block.result for block in blocks):
        said = words(told.get("resultDisplay"))
        blocks.insert(0, result_block(text(told, "callId"), outcome or Outcome.OK, said))
    return _facts(record, "tool_result", _message(record, "tool", Kind.RESULT, Role.USER, blocks))


def _system(record: Record) -> Facts:
    data = record.data
    subtype = text(data, "subtype")
    payload = mapping(data.get("systemPayload"))
    kind = f"system/{subtype}" if subtype else "system"
    if subtype == "custom_title":
        title = text(payload, "customTitle")
        given = text(payload, "titleSource") == "auto"
        setting = Setting(ai_title=title) if given else Setting(custom_title=title)
        return _facts(record, kind, setting=setting if title else None)
    build = _SYSTEM.get(subtype)
    return _facts(record, kind, build(record, payload) if build else None)


def _command(record: Record, payload: JsonObject) -> Message | None:
    """Return a slash command, or what it printed."""
    if text(payload, "phase") == "result":
        shown = [text(mapping(one), "text") for one in items(payload.get("outputHistoryItems"))]
        said = "\n".join(line for line in shown if line)
        return _said(record, Kind.COMMAND, said) if said else None
    said = text(payload, "rawCommand")
    blocks = (Block(BlockKind.PROMPT, said),)
    return _message(record, "user", Kind.COMMAND, Role.USER, blocks) if said else None


def _compression(record: Record, payload: JsonObject) -> Message:
    info = mapping(payload.get("info"))
    facts = {
        "preTokens": count(info, "originalTokenCount"),
        "postTokens": count(info, "newTokenCount"),
    }
    return _said(record, Kind.COMPACTION, "Conversation compacted", dump(facts))


def _telemetry(record: Record, payload: JsonObject) -> Message | None:
    """Return an error of the API, the one thing in telemetry that is told nowhere else."""
    event = mapping(payload.get("uiEvent"))
    cause = text(event, "error_message")
    failed = cause and text(event, "event.name").endswith("api_error")
    return _said(record, Kind.FAILURE, cause) if failed else None


def _said(record: Record, kind: Kind, said: str, detail: str = "") -> Message:
    blocks = (Block(BlockKind.NOTE, said),)
    return _message(record, "system", kind, Role.SYSTEM, blocks, detail=detail)


_SYSTEM: dict[str, Callable[[Record, JsonObject], Message | None]] = {
    "slash_command": _command,
    "chat_compression": _compression,
    "ui_telemetry": _telemetry,
}
_READERS: dict[str, Callable[[Record], Facts]] = {
    "user": _user,
    "assistant": _assistant,
    "tool_result": _result,
    "system": _system,
}

FORMAT = Format(
    name="qwen",
    title="Qwen Code",
    revision=1,
    framing=Framing.LINES,
    detect=_detect,
    read=read,
    source="fixtures of Qwen Code 0.21 and the maker's own reader",
)
