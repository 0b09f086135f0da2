"""DeepSeek Harness: a log of events, in which a reply is streamed and then told whole.

A reply is shown once: when its stream is finished, else when the log goes on to something else,
else from the record that tells it whole. Source: measured on 21 public session files.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from core.files.layout import Layout
from core.messages import api_blocks, deepseek_stream
from core.messages.clock import when
from core.messages.deepseek_stream import Said
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
)
from core.records.decode import Record
from core.records.fields import JsonObject, items, mapping, text, truth

_Read = Callable[[Record, Memory], tuple[Facts, Memory]]
_MOST_ASKED = 200  # calls that wait for a person's leave, and calls that were refused
_SILENT = frozenset(
    {
        "agent/inbox/spliced", "approval/policy", "goal/change", "permission/preset", "plan/mode",
        "request/context", "sandbox/mode", "step/end", "step/start", "tool/call", "turn/start",
    }
)  # fmt: skip
_ENDS = frozenset({"step/end", "step/start", "tool/call", "turn/end", "turn/start", "session"})
_NAMELESS = frozenset({"session", "seed"})
_STOPPED = frozenset({"aborted", "cancelled", "canceled", "interrupted"})


def _detect(sample: Sample) -> Score:
    fits = sum(_fits(one) for one in sample.records)
    if fits and fits * 2 >= len(sample.records):
        return Score(92, "events of turns and steps with a sequence number, a time and data")
    if len(sample.records) == 1 and _starts(sample.records[0]):
        return Score(70, "the first event of a session with an id and a folder")
    return NO


def _fits(data: JsonObject) -> bool:
    counted = ("seq" in data and "time" in data) or ("seq0" in data and "time0" in data)
    return counted and isinstance(data.get("data"), dict) and bool(text(data, "type"))


def _starts(data: JsonObject) -> bool:
    return text(data, "type") == "session" and "createdAt" in data and "seq" not in data


def place(path: PurePath) -> Layout:
    """Return the session of *path*; the name of its folder where the file's says nothing."""
    if path.stem in _NAMELESS:
        return Layout(path.parent.name, folder=path.parent.parent.name)
    return Layout(path.stem, folder=path.parent.name)


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    kind = text(data, "type")
    if kind in deepseek_stream.KINDS:
        said, memory = deepseek_stream.add(data, memory)
        fact = known(record, kind, _told(record, said, memory) if said else None)
        return (fact,), memory
    said = None
    if kind in _ENDS or kind in _READERS:
        said, memory = deepseek_stream.broken(data, memory)
    build = _READERS.get(kind)
    if build:
        fact, memory = build(record, memory)
    else:
        fact = known(record, kind) if kind in _SILENT else strange(record, kind)
    if said is None:
        return (fact,), memory
    # What was streamed and never finished comes before what this record says.
    left = _told(record, said, memory, "stream")
    return (fact, known(record, "", left)), memory


def _told(record: Record, said: Said, memory: Memory, name: str = "") -> Message:
    """Return the reply that was put together from its stream."""
    uuid = f"{record.place.offset}-{name}" if name else ""
    model = text(memory, "model")
    reply = Reply(_api_id(record, name), "", model, said.usage, final=said.finished)
    return Message(
        record.place, "assistant", uuid, "", Kind.REPLY, Role.ASSISTANT, _at(record),
        said.blocks, reply,
    )  # fmt: skip


def _api_id(record: Record, name: str = "") -> str:
    """Return an id for a reply: the log has none for those that were only streamed."""
    return f"reply-{record.place.offset}{name}"


def _at(record: Record) -> int | None:
    return when(record.data.get("time", record.data.get("time0")))


def _body(record: Record) -> JsonObject:
    return mapping(record.data.get("data"))


def _session(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = record.data
    setting = Setting(cwd=text(data, "cwd"))
    return known(record, "session", setting=setting), memory


def _header(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    header = mapping(_body(record).get("header"))
    model = text(mapping(header.get("config")), "model")
    system = text(header, "system")
    told = note(record, "", "", Kind.META, system, _at(record)) if system else None
    memory = with_(memory, model=model) if model else memory
    return known(record, "request/header", told), memory


def _titled(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = _body(record)
    title = text(data, "title")
    typed = text(mapping(data.get("source")), "kind") == "user"
    setting = Setting(custom_title=title) if typed else Setting(ai_title=title)
    return known(record, "session/title", setting=setting if title else None), memory


_SOURCES = {"": Kind.PROMPT, "user": Kind.PROMPT, "plugin": Kind.META}


def _user(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = _body(record)
    source = text(mapping(data.get("source")), "kind")
    kind = _SOURCES.get(source, Kind.NOTICE)
    if kind is Kind.PROMPT and text(record.data, "type") == "steering/message":
        kind = Kind.QUEUED
    typed = kind in {Kind.PROMPT, Kind.QUEUED}
    blocks = api_blocks.blocks(data.get("content"), BlockKind.PROMPT if typed else BlockKind.NOTE)
    told = Message(
        record.place, "user" if typed else "system", text(data, "id"), "", kind, Role.USER,
        _at(record), blocks,
    )  # fmt: skip
    return known(record, text(record.data, "type"), told), memory


def _assistant(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    """Return a reply that is told whole, unless its stream has been shown."""
    data = _body(record)
    if deepseek_stream.shown(data, memory):
        return known(record, "assistant/message"), with_(memory, told="")
    inner = mapping(data.get("message"))
    content = inner.get("content", data.get("content"))
    blocks = [one for part in items(content) for one in deepseek_stream.block(mapping(part))]
    named = (mapping(data.get("provenance")), mapping(inner.get("source")), memory)
    model = next((text(one, "model") for one in named if text(one, "model")), "")
    counts = deepseek_stream.usage(mapping(data.get("usage")))
    told = Message(
        record.place, "assistant", text(inner, "id"), "", Kind.REPLY, Role.ASSISTANT,
        _at(record), tuple(blocks), Reply(_api_id(record), "", model, counts, final=True),
    )  # fmt: skip
    return known(record, "assistant/message", told), memory


def _result(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = _body(record)
    inner = mapping(data.get("message"))
    refused = items(memory.get("refused"))
    blocks: list[Block] = []
    for item in items(inner.get("content")) if inner else (data,):
        part = mapping(item)
        key = text(part, "toolCallId") or text(part, "callId")
        outcome = Outcome.ERROR if truth(part, "isError") else Outcome.OK
        if key in refused:
            outcome = Outcome.DENIED
        blocks.append(result_block(key, outcome, words(part.get("content"))))
    told = Message(
        record.place, "tool", text(inner, "id"), "", Kind.RESULT, Role.USER, _at(record),
        tuple(blocks),
    )  # fmt: skip
    return known(record, "tool/result", told), memory


def _dispatched(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    """Return a call that the model's own program made, with what it gave back."""
    data = _body(record)
    key = text(data, "subCallId") or f"call-{record.place.offset}"
    outcome = Outcome.ERROR if truth(data, "isError") else Outcome.OK
    blocks = (
        call_block(key, text(data, "name"), data.get("arguments")),
        result_block(key, outcome, words(data.get("content"))),
    )
    told = Message(record.place, "tool", "", "", Kind.RESULT, Role.USER, _at(record), blocks)
    return known(record, "tool/code-dispatch", told), memory


def _run(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = _body(record)
    said = f"/{text(data, 'name')} {text(data, 'args').strip()}".strip()
    blocks = (Block(BlockKind.PROMPT, said),)
    told = Message(record.place, "user", "", "", Kind.COMMAND, Role.USER, _at(record), blocks)
    return known(record, "command/run", told), memory


def _done(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    said = text(_body(record), "text")
    told = note(record, "", "", Kind.COMMAND, said, _at(record)) if said else None
    return known(record, "command/done", told), memory


def _asked(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = _body(record)
    pair = [text(data, "id"), text(data, "callId")]
    asked = [*items(memory.get("asked")), pair][-_MOST_ASKED:]
    return known(record, "approval/asked"), with_(memory, asked=asked)


def _decided(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    data = _body(record)
    fact = known(record, "approval/decided")
    asked = [items(one) for one in items(memory.get("asked"))]
    mine = [one[1] for one in asked if len(one) == 2 and one[0] == data.get("id")]
    left = [list(one) for one in asked if len(one) == 2 and one[0] != data.get("id")]
    memory = with_(memory, asked=left)
    if text(data, "outcome").startswith("allow"):
        return fact, memory
    refused = [*items(memory.get("refused")), *mine][-_MOST_ASKED:]
    return fact, with_(memory, refused=refused)


def _ended(record: Record, memory: Memory) -> tuple[Facts, Memory]:
    reason = mapping(_body(record).get("reason"))
    kind = text(reason, "kind")
    if kind in {"", "completed"}:
        return known(record, "turn/end"), memory
    cause = words(reason.get("message") or reason.get("error")) or f"The turn ended: {kind}"
    told = Kind.INTERRUPT if kind in _STOPPED else Kind.FAILURE
    message = note(record, "", "", told, cause, _at(record))
    return known(record, "turn/end", message), memory


_READERS: dict[str, _Read] = {
    "session": _session,
    "request/header": _header,
    "session/title": _titled,
    "user/message": _user,
    "steering/message": _user,
    "assistant/message": _assistant,
    "tool/result": _result,
    "tool/code-dispatch": _dispatched,
    "command/run": _run,
    "command/done": _done,
    "approval/asked": _asked,
    "approval/decided": _decided,
    "turn/end": _ended,
}

FORMAT = Format(
    name="deepseek",
    title="DeepSeek Harness",
    revision=1,
    framing=Framing.LINES,
    detect=_detect,
    read=read,
    source="measured on 21 public session files of DeepSeek Harness of 2026",
    place=place,
    local=True,
)
