"""Factory's droid: the sessions it stores, and the stream of JSON that `droid exec` writes.

Source: two public sessions and fixtures by another reader, versions 0.81 and 2 of the store.
"""

from collections.abc import Callable, Sequence
from zlib import crc32

from core.messages import api_blocks, wrapped
from core.messages.api_usage import usage
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, note, strange, with_
from core.messages.tooling import call_block, result_block, words
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
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, mapping, text, truth

_SOURCE = "two public sessions of droid, and fixtures by another reader"
_Read = Callable[[Record, Memory], tuple[Sequence[Facts], Memory]]


# The session store ----------------------------------------------------------------------


def _detect_store(sample: Sample) -> Score:
    records = sample.records
    starts = any(text(one, "type") == "session_start" and text(one, "id") for one in records)
    fits = sum(_is_stored(one) for one in records)
    if starts and (fits or len(records) == 1):
        return Score(92, "a session start with an id, and messages that name their parents")
    if fits and fits * 2 >= len(records) and ".factory" in sample.path.parts:
        return Score(80, "its place, a folder of droid's, and records of messages")
    return NO


def _is_stored(data: JsonObject) -> bool:
    typed = text(data, "type") == "message" and bool(text(data, "id"))
    return typed and bool(mapping(data.get("message"))) and "sessionId" not in data


def _read_store(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    kind = text(record.data, "type")
    build = _STORED.get(kind)
    if build:
        return build(record, memory)
    return (known(record, kind) if kind in _SILENT else strange(record, kind),), memory


def _start(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    version = text(data, "version")
    setting = Setting(
        cwd=text(data, "cwd"),
        version=version,
        ai_title=text(data, "sessionTitle") or text(data, "title"),
    )
    memory = with_(memory, session=text(data, "id"))
    return (known(record, "session_start", version=version, setting=setting),), memory


def _stored(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    inner = mapping(data.get("message"))
    role = text(inner, "role")
    uuid = text(data, "id")
    # The first message names the session as its parent; some name none, and go on from the last.
    parent = text(data, "parentId") if "parentId" in data else text(memory, "last")
    parent = "" if parent == text(memory, "session") else parent
    at = when(data.get("timestamp"))
    content = inner.get("content")
    reply: Reply | None = None
    if role == "assistant":
        model = text(inner, "model") or text(data, "model")
        reply = Reply(uuid, "", model, usage(mapping(inner.get("usage"))), final=True)
        blocks = api_blocks.blocks(content, BlockKind.REPLY)
        told, kind, speaker = "assistant", Kind.REPLY, Role.ASSISTANT
    elif role == "user":
        blocks = wrapped.unwrapped(api_blocks.blocks(content, BlockKind.PROMPT))
        told, kind, speaker = _user(blocks)
    else:
        blocks = api_blocks.blocks(content, BlockKind.NOTE)
        told, kind, speaker = "system", Kind.META, Role.SYSTEM
    message = Message(
        record.place, told, uuid, parent, kind, speaker, at, blocks, reply,
        session=text(memory, "session"),
    )  # fmt: skip
    return (known(record, "message", message),), with_(memory, last=uuid) if uuid else memory


def _user(blocks: tuple[Block, ...]) -> tuple[str, Kind, Role]:
    if any(block.result for block in blocks):
        return "tool", Kind.RESULT, Role.USER
    kind = wrapped.kind_of(blocks)
    return "user" if kind is Kind.PROMPT else "system", kind, Role.USER


def _compaction(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    said = text(data, "summaryText") or "Conversation compacted"
    message = note(
        record,
        text(data, "id"),
        text(memory, "last"),
        Kind.COMPACTION,
        said,
        when(data.get("timestamp")),
    )
    return (known(record, "compaction_state", message),), memory


_STORED: dict[str, _Read] = {
    "session_start": _start,
    "message": _stored,
    "compaction_state": _compaction,
}
_SILENT = frozenset({"todo_state", "session_end"})


# The stream -----------------------------------------------------------------------------


def _detect_stream(sample: Sample) -> Score:
    records = sample.records
    fits = sum(_is_streamed(one) for one in records)
    if not fits or fits * 2 < len(records):
        return NO
    if any(text(one, "type") in {"tool_call", "completion"} for one in records):
        return Score(88, "a stream of messages, tool calls and a completion, by session")
    return NO


def _is_streamed(data: JsonObject) -> bool:
    kind = text(data, "type")
    if not (text(data, "session_id") or text(data, "sessionId")):
        return False
    if kind == "message":
        return isinstance(data.get("text"), str) and bool(text(data, "role"))
    if kind == "tool_call":
        return "parameters" in data or "toolName" in data
    if kind == "completion":
        return "finalText" in data
    return kind in {"system", "tool_result", "error"} and "message" not in data


def _read_stream(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    kind = text(record.data, "type")
    build = _STREAMED.get(kind)
    return build(record, memory) if build else ((strange(record, kind),), memory)


def _init(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    model = text(data, "model")
    setting = Setting(cwd=text(data, "cwd"), version=text(data, "version"))
    return (known(record, "system", setting=setting),), with_(memory, model=model)


def _text(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    said = text(data, "text")
    if text(data, "role") == "assistant":
        return _replied(record, with_(memory, said=crc32(said.encode("utf-8", "replace"))), said)
    blocks = wrapped.typed(said)
    told, kind, role = _user(blocks)
    return (known(record, "message", _told(record, told, kind, role, blocks)),), memory


def _replied(record: Record, memory: Memory, said: str) -> tuple[Sequence[Facts], Memory]:
    blocks = (Block(BlockKind.REPLY, said),)
    message = _told(record, "assistant", Kind.REPLY, Role.ASSISTANT, blocks, memory)
    return (known(record, "message", message),), memory


def _asked(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    tool = text(data, "toolName") or text(data, "toolId")
    blocks = (call_block(_key(data), tool, data.get("parameters")),)
    message = _told(record, "assistant", Kind.REPLY, Role.ASSISTANT, blocks, memory)
    return (known(record, "tool_call", message),), memory


def _answered(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    value = data.get("value", data.get("error"))
    facts = mapping(value)
    shown = "\n".join(part for key in ("stdout", "stderr") if (part := text(facts, key)))
    failed = truth(data, "isError") or count(facts, "exitCode") > 0
    outcome = Outcome.ERROR if failed else Outcome.OK
    detail = dump({"exitCode": facts["exitCode"]}) if "exitCode" in facts else ""
    blocks = (result_block(_key(data), outcome, shown or words(value), detail=detail),)
    message = _told(record, "tool", Kind.RESULT, Role.USER, blocks)
    return (known(record, "tool_result", message),), memory


def _key(data: JsonObject) -> str:
    return text(data, "toolCallId") or text(data, "id")


def _completed(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return the last words of a run, if no message has told them, and what the run used."""
    data = record.data
    said = text(data, "finalText")
    counts = usage(mapping(data.get("usage")))
    # Its id is the same in every run, so the place in the file tells runs apart.
    api_id = f"{_session(data)}:{record.place.offset}"
    reply = Reply(api_id, "", text(memory, "model"), counts, final=True)
    if not said or memory.get("said") == crc32(said.encode("utf-8", "replace")):
        fact = Facts("completion", known=True, place=record.place, reply=reply)
        return (fact,), memory
    blocks = (Block(BlockKind.REPLY, said),)
    message = Message(
        record.place, "assistant", "", "", Kind.REPLY, Role.ASSISTANT,
        when(data.get("timestamp")), blocks, reply, session=_session(data),
    )  # fmt: skip
    return (known(record, "completion", message),), memory


def _failed(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    said = text(data, "message") or words(data.get("error")) or "Error"
    message = note(record, "", "", Kind.FAILURE, said, when(data.get("timestamp")))
    return (known(record, "error", message),), memory


def _session(data: JsonObject) -> str:
    return text(data, "session_id") or text(data, "sessionId")


def _told(  # noqa: PLR0913, PLR0917  what every message has
    record: Record,
    told: str,
    kind: Kind,
    role: Role,
    blocks: tuple[Block, ...],
    memory: Memory | None = None,
) -> Message:
    """Return a message of the stream; its ids are steps of a run, so none is kept."""
    data = record.data
    model = "" if memory is None else text(memory, "model")
    reply = None if memory is None else Reply("", "", model, Usage(), final=False)
    return Message(
        record.place, told, "", "", kind, role, when(data.get("timestamp")), blocks, reply,
        session=_session(data),
    )  # fmt: skip


_STREAMED: dict[str, _Read] = {
    "system": _init,
    "message": _text,
    "tool_call": _asked,
    "tool_result": _answered,
    "completion": _completed,
    "error": _failed,
}

FORMATS = (
    Format(
        name="droid",
        title="Factory droid",
        revision=1,
        framing=Framing.LINES,
        detect=_detect_store,
        read=_read_store,
        source=_SOURCE,
        local=True,
    ),
    Format(
        name="droid-stream",
        title="Factory droid (stream)",
        revision=1,
        framing=Framing.LINES,
        detect=_detect_stream,
        most=88,
        read=_read_stream,
        source=_SOURCE,
        local=True,
    ),
)
