"""CodeBuddy and WorkBuddy sessions: a record for each message, call and result.

Both programs share one writer. Older versions give neither ids nor calls that can be paired by
id, so order decides. Source: fixtures of both, and descriptions by other readers.
"""

from collections.abc import Callable, Sequence

from core.messages import api_blocks, waiting, wrapped
from core.messages.api_usage import usage
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, note, strange, with_
from core.messages.tooling import call_block, result_block, words
from core.model import Block, BlockKind, Facts, Kind, Message, Outcome, Reply, Role, Setting, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, count, items, mapping, text

_KINDS = ("type", "event_type", "kind")
_SESSIONS = ("sessionId", "session_id", "conversation_id")
_TIMES = ("timestamp", "createdAt", "created_at", "updatedAt", "time")
_FOLDERS = ("cwd", "projectRoot")
_MODELS = ("model", "modelId")
_NAMES = {  # what other versions call a kind
    "metadata": "session_start",
    "conversation.created": "session_start",
    "user_message": "message",
    "assistant_message": "message",
    "tool_use": "function_call",
    "tool-call": "function_call",
    "tool_result": "function_call_result",
    "tool-result": "function_call_result",
}
_OWN = frozenset({"session_start", "message", "function_call", "function_call_result", "reasoning"})
_SILENT = frozenset({"file-history-snapshot", "turn-metrics"})
_OUTCOMES = {
    "failed": Outcome.ERROR,
    "error": Outcome.ERROR,
    "cancelled": Outcome.INTERRUPTED,
    "canceled": Outcome.INTERRUPTED,
    "rejected": Outcome.DENIED,
}
_ROLES = {"human": "user", "model": "assistant"}


def _detect(sample: Sample) -> Score:
    records = sample.records
    fits = [one for one in records if _first(one, _SESSIONS) and _kind(one) in _OWN]
    if not fits or len(fits) * 2 < len(records):
        return NO
    if any(_kind(one) == "function_call_result" or "providerData" in one for one in fits):
        named = all(text(one, "type") for one in fits)
        return Score(90 if named else 60, "messages, function calls and their results by session")
    return NO if any("message" in one for one in fits) else Score(45, "messages by session")


def _first(data: JsonObject, keys: tuple[str, ...]) -> str:
    return next((text(data, key) for key in keys if text(data, key)), "")


def _kind(data: JsonObject) -> str:
    kind = _first(data, _KINDS)
    # Under ``type`` the other names are those of other programs' formats.
    return kind if text(data, "type") else _NAMES.get(kind, kind)


def _at(data: JsonObject) -> int | None:
    value = next((data[key] for key in _TIMES if key in data), None)
    if isinstance(value, int) and value >= 10**17:  # nanoseconds
        value //= 1000
    return when(value)


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    kind = _kind(record.data)
    build = _READERS.get(kind)
    if build is None:
        fact = known(record, kind) if kind in _SILENT else strange(record, kind)
        return (fact,), memory
    facts, memory = build(record, memory)
    return (facts,), memory


def _start(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    model = _model(record.data)
    memory = with_(memory, model=model) if model else memory
    return known(record, "session_start", setting=_setting(record.data)), memory


def _setting(data: JsonObject) -> Setting | None:
    cwd = _first(data, _FOLDERS) or text(mapping(data.get("workspace")), "path")
    return Setting(cwd=cwd, version=text(data, "version")) if cwd else None


def _model(data: JsonObject) -> str:
    places = (mapping(data.get("providerData")), data, mapping(data.get("metadata")))
    return next((_first(one, _MODELS) for one in places if _first(one, _MODELS)), "")


def _spoken(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = record.data
    inner = mapping(data.get("message"))
    role = _role(data, inner)
    content = next((one["content"] for one in (data, inner) if one.get("content")), "")
    if role == "assistant":
        blocks = _content(content, BlockKind.REPLY)
        told = _message(record, "assistant", Kind.REPLY, blocks, _reply(data, memory))
    elif role == "user":
        blocks = wrapped.unwrapped(_content(content, BlockKind.PROMPT))
        kind = wrapped.kind_of(blocks)
        told = _message(record, "user" if kind is Kind.PROMPT else "system", kind, blocks)
    else:
        told = _message(record, "system", Kind.META, _content(content, BlockKind.NOTE))
    return known(record, "message", told, setting=_setting(data)), memory


def _role(data: JsonObject, inner: JsonObject) -> str:
    said = text(data, "role") or text(inner, "role") or text(mapping(data.get("author")), "role")
    said = said or _first(data, _KINDS).removesuffix("_message")
    return _ROLES.get(said, said)


def _content(content: object, kind: BlockKind) -> tuple[Block, ...]:
    """Return the blocks of *content*, whose texts may be one object deeper."""
    if mapping(content) or not isinstance(content, str):
        found = [content] if mapping(content) else items(content)
        content = [_plain(one) for one in found]
    return api_blocks.blocks(content, kind)


def _plain(item: object) -> object:
    inner = mapping(mapping(item).get("text"))
    return {"type": "text", "text": text(inner, "value")} if inner else item


def _called(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = record.data
    tool = _tool(data)
    key = _key(data)
    if not key:
        key = f"call-{record.place.offset}"
        memory = waiting.called(memory, key, tool)
    given = next((data[k] for k in ("arguments", "input", "parameters") if k in data), None)
    blocks = (call_block(key, tool, given),)
    told = _message(record, "assistant", Kind.REPLY, blocks, _reply(data, memory))
    return known(record, "function_call", told, setting=_setting(data)), memory


def _answered(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = record.data
    key = _key(data)
    if not key:
        key, memory = waiting.answered(memory, _tool(data))
    inner = mapping(data.get("message")).get("content")
    given = next((data[k] for k in ("output", "result") if k in data), inner)
    said = text(mapping(given), "text") or words(given)
    outcome = _OUTCOMES.get(text(data, "status"), Outcome.OK)
    told = _message(record, "tool", Kind.RESULT, (result_block(key, outcome, said),))
    return known(record, "function_call_result", told), memory


def _key(data: JsonObject) -> str:
    return text(data, "callId") or text(data, "call_id")


def _tool(data: JsonObject) -> str:
    named = _first(data, ("name", "toolName", "functionName"))
    inner = (mapping(data.get(key)) for key in ("tool", "function"))
    return named or next((text(one, "name") for one in inner if one), "")


def _thought(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = record.data
    said = words(data.get("rawContent") or data.get("content") or "")
    blocks = (Block(BlockKind.THINKING, said),) if said else ()
    told = _message(record, "assistant", Kind.REPLY, blocks, _reply(data, memory))
    return known(record, "reasoning", told if said else None), memory


def _reply(data: JsonObject, memory: Memory) -> Reply:
    """Return the API reply: records of one reply share ``messageId`` and repeat its counts."""
    provider = mapping(data.get("providerData"))
    counts = next(
        (
            mapping(one)
            for one in (
                provider.get("rawUsage"),
                provider.get("usage"),
                mapping(data.get("message")).get("usage"),
            )
            if mapping(one)
        ),
        mapping(None),
    )
    model = _model(data) or text(memory, "model")
    api_id = text(provider, "messageId")
    return Reply(api_id, "", model, _counts(counts), final=bool(counts))


def _counts(data: JsonObject) -> Usage:
    details = items(data.get("inputTokensDetails"))
    if details:  # this API lists the details of every request it made
        cached = sum(count(mapping(one), "cached_tokens") for one in details)
        whole = count(data, "inputTokens")
        cached = min(cached, whole)
        return Usage(whole - cached, count(data, "outputTokens"), cached)
    if "prompt_tokens" in data:
        # Zeros of another API's names stand beside these counts.
        data = {key: data[key] for key in data if not key.startswith("cache_")}
    return usage(data)


def _titled(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = record.data
    title = _first(data, ("aiTitle", "title", "topic", "summary"))
    setting = Setting(ai_title=title) if title else None
    return known(record, _kind(data), setting=setting), memory


def _failed(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = record.data
    said = _first(data, ("message", "error", "text")) or words(data.get("error")) or "Error"
    told = note(record, text(data, "id"), text(data, "parentId"), Kind.FAILURE, said, _at(data))
    return known(record, "error", told), memory


def _message(
    record: Record, told: str, kind: Kind, blocks: tuple[Block, ...], reply: Reply | None = None
) -> Message:
    data = record.data
    return Message(
        place=record.place,
        record=told,
        uuid=text(data, "id"),
        parent=text(data, "parentId"),
        kind=kind,
        role=Role.ASSISTANT if reply else Role.USER,
        at=_at(data),
        blocks=blocks,
        reply=reply,
        session=_first(data, _SESSIONS),
    )


_READERS: dict[str, Callable[[Record, Memory], tuple[Facts, Memory]]] = {
    "session_start": _start,
    "message": _spoken,
    "function_call": _called,
    "function_call_result": _answered,
    "reasoning": _thought,
    "summary": _titled,
    "ai-title": _titled,
    "topic": _titled,
    "error": _failed,
}

FORMAT = Format(
    name="buddy",
    title="CodeBuddy, WorkBuddy",
    revision=1,
    framing=Framing.LINES,
    detect=_detect,
    most=90,
    read=read,
    source="fixtures of CodeBuddy and WorkBuddy of 2026, and descriptions by other readers",
    local=True,
)
