"""Copilot CLI sessions (``session-state/<uuid>/events.jsonl``): what each event says.

Every event names the one before it. A tool's start repeats the request in the model's message,
so it is shown only where no message announced it. Output tokens stand on each message; the other
kinds only in the totals at the end, from which what the messages told is taken off.
Built from measured sessions of versions 1.0.12 to 1.0.77.
"""

from dataclasses import replace
from pathlib import PurePath

from core.files.layout import Layout
from core.messages import copilot_tools
from core.messages.copilot_event import CALLS, Read, Reader, hung, note, tell
from core.messages.file_keys import uuid_last
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange, with_
from core.messages.tooling import call_block
from core.model import (
    Block,
    BlockKind,
    Kind,
    Reply,
    Setting,
    Usage,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, text


def read(record: Record, memory: Memory) -> Read:
    """Return what *record* says. Pure; never raises for any JSON object."""
    kind = text(record.data, "type")
    reader = _READERS.get(kind)
    if reader is None:
        silent = kind in _SILENT or kind.partition(".")[0] == "hook"
        found = known(record, kind) if silent else strange(record, kind)
        return (hung(found, record.data),), memory
    return reader(record, mapping(record.data.get("data")), memory)


# What the session is --------------------------------------------------------------------


def _start(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Read the start or the resumption of a session; each run of the program counts anew."""
    context = mapping(body.get("context"))
    setting = Setting(
        cwd=text(context, "cwd"),
        git_branch=text(context, "branch"),
        version=text(body, "copilotVersion"),
    )
    version = setting.version
    found = known(record, text(record.data, "type"), version=version, setting=setting)
    model = text(body, "selectedModel") or text(memory, "model")
    return (hung(found, record.data),), with_(memory, model=model, told={})


def _model(record: Record, body: JsonObject, memory: Memory) -> Read:
    model = text(body, "newModel") or text(body, "chosenModel")
    found = hung(known(record, text(record.data, "type")), record.data)
    return (found,), with_(memory, model=model) if model else memory


def _shutdown(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Read the totals of each model, less the output that its messages have told already."""
    told = mapping(memory.get("told"))
    facts = [hung(known(record, text(record.data, "type")), record.data)]
    for model, metrics in mapping(body.get("modelMetrics")).items():
        used = mapping(mapping(metrics).get("usage"))
        cached, kept = count(used, "cacheReadTokens"), count(used, "cacheWriteTokens")
        usage = Usage(
            input=max(0, count(used, "inputTokens") - cached - kept),
            output=max(0, count(used, "outputTokens") - count(told, model)),
            cache_read=cached,
            cache_creation=kept,
        )
        if usage.total:
            name = f"{text(record.data, 'id') or record.place.offset}/{model}"
            reply = Reply(name, "", model, usage, final=True)
            facts.append(replace(known(record, ""), reply=reply))
    return facts, with_(memory, told={})


# What was said --------------------------------------------------------------------------


def _user(record: Record, body: JsonObject, memory: Memory) -> Read:
    said, sent = text(body, "content"), text(body, "transformedContent")
    source = text(body, "source")
    if source not in {"", "user"}:
        return (tell(record, "user", Kind.META, note(said or sent)),), memory
    names = [
        text(mapping(item), "path") or text(mapping(item), "displayName")
        for item in items(body.get("attachments"))
    ]
    attached = tuple(Block(BlockKind.NOTE, name) for name in names if name)
    typed = (Block(BlockKind.PROMPT, said or sent),) if said or sent else ()
    queued = text(body, "delivery") in {"queued", "steering"}
    kind = Kind.QUEUED if queued else Kind.PROMPT
    return (tell(record, "user", kind, (*typed, *attached)),), memory


def _assistant(record: Record, body: JsonObject, memory: Memory) -> Read:
    blocks: list[Block] = []
    said = text(body, "reasoningText")
    if said and said != text(memory, "thought"):
        blocks.append(Block(BlockKind.THINKING, said))
    if said := text(body, "content"):
        blocks.append(Block(BlockKind.REPLY, said))
    calls: list[str] = []
    for place, item in enumerate(items(body.get("toolRequests"))):
        asked = mapping(item)
        key = text(asked, "toolCallId") or f"{text(record.data, 'id')}/{place}"
        calls.append(key)
        blocks.append(call_block(key, text(asked, "name"), asked.get("arguments")))
    # A call may have started before its message was written.
    started = {key for key in items(memory.get("started")) if isinstance(key, str)}
    shown = [block for block in blocks if not (block.call and block.call.key in started)]
    if calls:
        known_ = [*items(memory.get("announced")), *calls][-CALLS:]
        memory = with_(memory, announced=known_)
    model = text(body, "model") or text(memory, "model")
    reply = Reply(
        api_id=_call_id(body) or text(record.data, "id"),
        request="",
        model=model,
        usage=Usage(output=count(body, "outputTokens")),
        final=True,
    )
    # A long message comes in several chunks, each with the tokens of the whole.
    if reply.usage.output and (not reply.api_id or reply.api_id != text(memory, "last")):
        told = mapping(memory.get("told"))
        more = count(told, model) + reply.usage.output
        memory = with_(memory, told={**told, model: more}, last=reply.api_id)
    found = tell(record, "assistant", Kind.REPLY, tuple(shown), reply)
    return (found if found.message else replace(found, reply=reply),), memory


def _call_id(body: JsonObject) -> str:
    """Return the id of one message's reply: the totals at the end add up by messages."""
    return text(body, "messageId") or text(body, "apiCallId")


def _reasoning(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Read a thought in an event of its own; the message that follows may repeat it."""
    said = text(body, "content")
    blocks = (Block(BlockKind.THINKING, said),) if said else ()
    memory = with_(memory, thought=said)
    return (tell(record, "assistant", Kind.REPLY, blocks),), memory


def _system(record: Record, body: JsonObject, memory: Memory) -> Read:
    said = text(body, "content")
    return (tell(record, "system", Kind.META, note(said)),), memory


def _notice(record: Record, body: JsonObject, memory: Memory) -> Read:
    said = text(body, "content") or text(body, "message")
    return (tell(record, "system", Kind.NOTICE, note(said)),), memory


def _error(record: Record, body: JsonObject, memory: Memory) -> Read:
    said = text(body, "message") or text(body, "errorType") or "Error"
    return (tell(record, "system", Kind.FAILURE, note(said)),), memory


def _abort(record: Record, body: JsonObject, memory: Memory) -> Read:
    said = "Interrupted: " + (text(body, "reason") or "user")
    return (tell(record, "system", Kind.INTERRUPT, note(said)),), memory


def _compaction(record: Record, body: JsonObject, memory: Memory) -> Read:
    """Read the end of a compaction, or a cut of the oldest messages."""
    if body.get("success") is False:
        return _error(record, mapping({"message": text(body, "error")}), memory)
    before = count(body, "preCompactionTokens") or count(body, "preTruncationTokensInMessages")
    detail = dump({"preTokens": before}) if before else ""
    said = text(body, "summaryContent") or "Conversation compacted"
    found = tell(record, "system", Kind.COMPACTION, note(said), detail=detail)
    return (found,), memory


_READERS: dict[str, Reader] = {
    "session.start": _start,
    "session.resume": _start,
    "session.model_change": _model,
    "session.auto_mode_resolved": _model,
    "session.shutdown": _shutdown,
    "session.compaction_complete": _compaction,
    "session.truncation": _compaction,
    "session.info": _notice,
    "session.warning": _notice,
    "session.error": _error,
    "user.message": _user,
    "assistant.message": _assistant,
    "assistant.reasoning": _reasoning,
    "system.message": _system,
    "system.notification": _notice,
    "tool.execution_start": copilot_tools.started,
    "tool.execution_complete": copilot_tools.ended,
    "permission.completed": copilot_tools.answered,
    "subagent.started": copilot_tools.agent_started,
    "abort": _abort,
}
KINDS = tuple(_READERS)  # the kinds of event that are read
_SILENT = frozenset(
    {
        "assistant.turn_end", "assistant.turn_start", "assistant.usage", "permission.requested",
        "session.compaction_start", "session.context_changed", "session.idle",
        "session.mode_changed", "session.permissions_changed", "session.usage_checkpoint",
        "session.usage_info", "subagent.completed", "subagent.failed", "subagent.selected",
    }
)  # fmt: skip


def place(path: PurePath) -> Layout:
    """Return the session of *path*: its folder's name, or the file's own in older versions."""
    if path.name == "events.jsonl":
        return Layout(path.parent.name or path.stem, folder=path.parent.name)
    return uuid_last(path)


def detect(sample: Sample) -> Score:
    """Score the share of lines that are chained events of a known name."""
    records = sample.records
    if sample.framing is not Framing.LINES or not records:
        return NO
    fits = sum(
        isinstance(record.get("data"), dict)
        and "parentId" in record
        and (text(record, "type") in _READERS or text(record, "type") in _SILENT
             or text(record, "type").startswith("hook."))
        for record in records
    )  # fmt: skip
    if fits * 2 <= len(records):
        return NO
    return Score(92, "the chained events of Copilot CLI sessions")


FORMAT = Format(
    name="copilot",
    title="Copilot CLI",
    revision=1,
    framing=Framing.LINES,
    detect=detect,
    read=read,
    source="measured on public Copilot CLI sessions, versions 1.0.12 to 1.0.77",
    place=place,
)
