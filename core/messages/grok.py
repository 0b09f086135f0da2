"""Grok CLI: the history of a chat, and the small file beside it that sums the session up.

The history has no ids and no times. The journal ``updates.jsonl`` beside it repeats the same
conversation a thousand times larger and is not read. Source: fixtures by another reader.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from core.files.layout import Layout
from core.messages import api_blocks, wrapped
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange
from core.messages.tooling import call_block, linked, result_block, words
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
from core.records.fields import JsonObject, items, mapping, text

_LANES = "subagents"
_SOURCE = "fixtures of Grok CLI 4.5 by another reader"
_OWN = ("model_id", "prompt_index", "synthetic_reason", "tool_call_id", "model_fingerprint")
_FAILED = {"failed": Outcome.ERROR, "cancelled": Outcome.INTERRUPTED}


def place(path: PurePath) -> Layout:
    """Return the session of *path*: the name of its folder, for the history and its summary."""
    session = path.parent
    above = session.parent
    if above.name == _LANES:
        return Layout(session.name, session.name, above.parent.name, above.parent.parent.name)
    return Layout(session.name, folder=above.name)


# The history ----------------------------------------------------------------------------


def _detect(sample: Sample) -> Score:
    fits = [one for one in sample.records if _fits(one)]
    if not fits or len(fits) * 2 < len(sample.records):
        return NO
    own = any(key in one for one in fits for key in _OWN)
    if own and sample.path.name == "chat_history.jsonl":
        return Score(92, "the file's name, and messages with a type and content but no ids")
    named = any("model_fingerprint" in one or "synthetic_reason" in one for one in fits)
    return Score(75, "messages with a type and content but no ids") if named else NO


def _fits(data: JsonObject) -> bool:
    kind = text(data, "type")
    if kind not in _READERS or "message" in data or "uuid" in data:
        return False
    return any(key in data for key in ("content", "summary", "kind"))


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    kind = text(record.data, "type")
    build = _READERS.get(kind)
    if build is None:
        return (strange(record, kind),), memory
    return (known(record, kind, build(record)),), memory


def _message(
    record: Record, told: str, kind: Kind, role: Role, blocks: tuple[Block, ...]
) -> Message:
    reply: Reply | None = None
    if role is Role.ASSISTANT:
        reply = Reply("", "", text(record.data, "model_id"), Usage(), final=True)
    return Message(record.place, told, "", "", kind, role, None, blocks, reply)


def _system(record: Record) -> Message:
    blocks = api_blocks.blocks(record.data.get("content"), BlockKind.NOTE)
    return _message(record, "system", Kind.META, Role.SYSTEM, blocks)


def _user(record: Record) -> Message:
    data = record.data
    if text(data, "synthetic_reason"):
        blocks = _content(data, BlockKind.NOTE)
        return _message(record, "system", Kind.META, Role.USER, blocks)
    blocks = wrapped.unwrapped(_content(data, BlockKind.PROMPT))
    kind = wrapped.kind_of(blocks)
    return _message(record, "user" if kind is Kind.PROMPT else "system", kind, Role.USER, blocks)


def _content(data: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
    content = data.get("content")
    if isinstance(content, str):
        return (Block(kind, content),)
    found: list[Block] = []
    for item in items(content):
        url = text(mapping(item), "url")
        pictured = url and text(mapping(item), "type") == "image"
        found.extend([linked(url, "")] if pictured else api_blocks.blocks([item], kind))
    return tuple(found)


def _assistant(record: Record) -> Message:
    data = record.data
    blocks = list(api_blocks.blocks(data.get("content"), BlockKind.REPLY))
    for at, one in enumerate(items(data.get("tool_calls"))):
        call = mapping(one)
        key = text(call, "id") or f"call-{record.place.offset}-{at}"
        blocks.append(call_block(key, text(call, "name"), call.get("arguments")))
    return _message(record, "assistant", Kind.REPLY, Role.ASSISTANT, tuple(blocks))


def _reasoning(record: Record) -> Message | None:
    data = record.data
    said = words(data.get("summary") or data.get("content") or "")
    blocks = (Block(BlockKind.THINKING, said),)
    # Without a summary there is only encrypted text: nothing to read.
    return _message(record, "assistant", Kind.REPLY, Role.ASSISTANT, blocks) if said else None


def _result(record: Record) -> Message:
    data = record.data
    said = words(data.get("content"))
    blocks = (result_block(text(data, "tool_call_id"), Outcome.OK, said),)
    return _message(record, "tool", Kind.RESULT, Role.USER, blocks)


def _backend(record: Record) -> Message:
    """Return a call that the provider ran itself; its result, if any, is told with it."""
    data = mapping(record.data.get("kind"))
    key = text(data, "id") or f"call-{record.place.offset}"
    action = mapping(data.get("action"))
    asked = {name: value for name, value in action.items() if name != "sources"}
    sources = [text(mapping(one), "url") for one in items(action.get("sources"))]
    outcome = _FAILED.get(text(data, "status"), Outcome.OK)
    blocks = (
        call_block(key, text(data, "tool_type"), asked),
        result_block(key, outcome, "\n".join(url for url in sources if url)),
    )
    return _message(record, "assistant", Kind.REPLY, Role.ASSISTANT, blocks)


_READERS: dict[str, Callable[[Record], Message | None]] = {
    "system": _system,
    "user": _user,
    "assistant": _assistant,
    "reasoning": _reasoning,
    "tool_result": _result,
    "backend_tool_call": _backend,
}


# The summary ----------------------------------------------------------------------------


def _detect_summary(sample: Sample) -> Score:
    if sample.listed or len(sample.records) != 1:
        return NO
    data = sample.records[0]
    info = mapping(data.get("info"))
    if text(info, "id") and ("num_chat_messages" in data or "chat_format_version" in data):
        return Score(92, "a session's id and folder, and a count of chat messages")
    return NO


def _read_summary(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    info = mapping(data.get("info"))
    if not info:
        return (strange(record, "summary"),), memory
    setting = Setting(
        cwd=text(info, "cwd"),
        git_branch=text(data, "head_branch"),
        ai_title=text(data, "generated_title") or text(data, "session_summary"),
    )
    return (known(record, "summary", setting=setting),), memory


FORMATS = (
    Format(
        name="grok",
        title="Grok CLI",
        revision=1,
        framing=Framing.LINES,
        detect=_detect,
        read=read,
        source=_SOURCE,
        place=place,
        local=True,
    ),
    Format(
        name="grok-summary",
        title="Grok CLI (summary of a session)",
        revision=1,
        framing=Framing.DOCUMENT,
        detect=_detect_summary,
        read=_read_summary,
        source=_SOURCE,
        place=place,
        local=True,
        aside=True,
    ),
)
