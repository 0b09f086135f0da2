"""Tasks of Cline, Roo Code and Kilo Code: a folder of three files for a task.

``api_conversation_history.json`` holds the messages as the API of Anthropic has them, without
times; ``ui_messages.json`` what was shown, with times and costs, which are read first and kept
until their messages come; ``task_metadata.json`` names the models.
Source: measured on two public tasks, and descriptions of the format by other readers.
"""

from collections.abc import Sequence
from pathlib import PurePath

from core.files.layout import Layout
from core.messages.api_blocks import blocks
from core.messages.cline_texts import folder, prompts, replies
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange, with_
from core.model import BlockKind, Facts, Kind, Message, Reply, Role, Setting, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, count, items, load, mapping, moment, text

_MAIN = "api_conversation_history.json"
_BESIDE = frozenset({"ui_messages.json", "claude_messages.json", "task_metadata.json"})
_SHOWN = frozenset({"ui_messages", "claude_messages"})
_SPENT = ("tokensIn", "tokensOut", "cacheWrites", "cacheReads")


def _detect(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT:
        return NO
    name = sample.path.name
    roles = all(text(data, "role") in _BUILDERS and "content" in data for data in sample.records)
    if name == _MAIN and sample.listed and roles:
        return Score(95, "the name of a task's conversation, and messages of roles and contents")
    return Score(70, "the name of a file beside a task's conversation") if name in _BESIDE else NO


def _place(path: PurePath) -> Layout:
    if path.name != _MAIN and path.name not in _BESIDE:
        return Layout(path.stem, folder=path.parent.name)
    return Layout(path.parent.name, folder=path.parent.parent.parent.name)


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* of a task's folder says. Pure; never raises for any JSON object."""
    data = record.data
    role = text(data, "role")
    if role in _BUILDERS:
        return _message(record, role, memory)
    shown = text(data, "type")
    if record.section in _SHOWN or (shown in {"say", "ask"} and "ts" in data):
        kind = f"ui/{shown}/{text(data, 'say') or text(data, 'ask')}"
        return (known(record, kind),), _shown(data, memory)
    if record.section == "task_metadata" or "model_usage" in data or "files_in_context" in data:
        used = [mapping(item) for item in items(data.get("model_usage"))]
        named = [text(item, "model_id") for item in used if text(item, "model_id")]
        facts = (known(record, "task_metadata"),)
        return facts, with_(memory, model=named[-1]) if named else memory
    return (strange(record, role or shown),), memory


def _shown(data: JsonObject, memory: Memory) -> Memory:
    """Return *memory* with the time and the cost of a shown message, for the messages to come.

    A request is shown before its prompt is in the history, so its index is that of the message
    before; all else that is shown of a reply has the index of its prompt.
    """
    index, at = data.get("conversationHistoryIndex"), moment(data.get("ts"))
    request = text(data, "say") == "api_req_started"
    spent = _spent(text(data, "text") if request else "")
    if isinstance(index, bool) or not isinstance(index, int):
        if not request:
            return memory
        asked = [*items(memory.get("asked")), {**spent, "at": at}]
        return with_(memory, asked=asked)
    times, costs = mapping(memory.get("times")), mapping(memory.get("costs"))
    prompt = str(index + 1)
    if not request:
        return with_(memory, times={prompt: at, **times}) if at else memory
    reply = str(index + 2)
    before = mapping(costs.get(reply))  # a request that was made again is paid for again
    total = {key: _number(before, key) + _number(spent, key) for key in (*_SPENT, "cost")}
    if at:
        times = {prompt: at, **times}
    return with_(memory, times=times, costs={**costs, reply: {**spent, **total}})


def _spent(said: str) -> JsonObject:
    try:
        return mapping(load(said))
    except ValueError:
        return {}


def _number(data: JsonObject, key: str) -> float:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return value if 0 <= value < 2**53 else 0


def _message(record: Record, role: str, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    index = count(memory, "index")
    turn = count(memory, "replies")
    asked = items(memory.get("asked"))
    spent = mapping(mapping(memory.get("costs")).get(str(index)))
    at = moment(record.data.get("ts")) or moment(mapping(memory.get("times")).get(str(index)))
    if "costs" not in memory and turn < len(asked):
        spent = mapping(asked[turn])
        at = at or moment(spent.get("at"))
    message, memory = _BUILDERS[role](record, index, memory, spent)
    placed = Message(
        record.place, message.record, str(index), str(index - 1) if index else "",
        message.kind, message.role, at, message.blocks, reply=message.reply,
    )  # fmt: skip
    cwd = folder(record.data.get("content")) if role == "user" else ""
    facts = known(record, role, placed, setting=Setting(cwd=cwd) if cwd else None)
    replied = turn + (role == "assistant")
    return (facts,), with_(memory, index=index + 1, replies=replied)


def _user(record: Record, index: int, memory: Memory, _: JsonObject) -> tuple[Message, Memory]:
    waiting = [str(key) for key in items(memory.get("open"))]
    found, left = prompts(blocks(record.data.get("content"), BlockKind.PROMPT), waiting)
    kinds = {block.kind for block in found}
    if record.data.get("isSummary") is True:
        kind = Kind.SUMMARY
    elif BlockKind.PROMPT in kinds:
        kind = Kind.PROMPT
    elif BlockKind.RESULT in kinds:
        kind = Kind.RESULT
    else:
        kind = Kind.PROMPT if BlockKind.IMAGE in kinds else Kind.NOTICE
    who = {Kind.PROMPT: "user", Kind.RESULT: "tool"}.get(kind, "system")
    message = Message(record.place, who, str(index), "", kind, Role.USER, None, found)
    return message, with_(memory, open=left) if left != waiting else memory


def _assistant(
    record: Record, index: int, memory: Memory, spent: JsonObject
) -> tuple[Message, Memory]:
    found, opened = replies(blocks(record.data.get("content"), BlockKind.REPLY), index)
    summary = record.data.get("isSummary") is True
    about = mapping(record.data.get("modelInfo"))
    reply = Reply(
        api_id=str(index),
        request="",
        model=text(about, "modelId") or text(memory, "model"),
        usage=_usage(record.data, spent),
        final=True,
        stated=_stated(record.data, spent),
    )
    kind = Kind.SUMMARY if summary else Kind.REPLY
    message = Message(
        record.place, "assistant", str(index), "", kind, Role.ASSISTANT, None, found, reply=reply
    )
    return message, with_(memory, open=opened) if opened else memory


def _usage(data: JsonObject, spent: JsonObject) -> Usage:
    fresh, out, write, cached = (int(_number(spent, key)) for key in _SPENT)
    if text(spent, "apiProtocol") == "openai":
        fresh = max(0, fresh - write - cached)  # there the input holds what was cached
    found = Usage(input=fresh, output=out, cache_read=cached, cache_creation=write)
    if found.total:
        return found
    tokens = mapping(mapping(data.get("metrics")).get("tokens"))
    return Usage(
        input=count(tokens, "prompt"),
        output=count(tokens, "completion"),
        cache_read=count(tokens, "cached"),
    )


def _stated(data: JsonObject, spent: JsonObject) -> int | None:
    cost = _number(spent, "cost") or _number(mapping(data.get("metrics")), "cost")
    return round(cost * 1_000_000) or None


_BUILDERS = {"user": _user, "assistant": _assistant}
FORMAT = Format(
    name="cline",
    title="Cline, Roo Code, Kilo Code",
    revision=1,
    framing=Framing.DOCUMENT,
    detect=_detect,
    read=read,
    source="measured on two public tasks, and descriptions of the files by other readers",
    local=True,
    place=_place,
)
