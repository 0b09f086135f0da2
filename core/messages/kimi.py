"""Kimi Code: the wire log of an agent, and the state of its session.

A step of the model is told in pieces that share its ``stepUuid``: thoughts, texts and calls, then
its end with the token counts. Source: fixtures of protocol 1.4 and the maker's list of records.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath

from core.files.layout import Layout
from core.messages import api_blocks, wrapped
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.kimi_steps import EVENTS, call_of, counts, tell
from core.messages.telling import known, note, strange, with_
from core.messages.tooling import result_block, words
from core.model import Block, BlockKind, Facts, Kind, Message, Outcome, Reply, Role, Setting
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, text, truth

_SOURCE = "fixtures of Kimi Code, wire protocol 1.4, and the maker's list of its records"
_WIRE = "wire.jsonl"
_STATE = "state.json"
_MAIN = "main"
_MOST_DENIED = 200  # calls a person refused that are remembered until their result comes
_LOOP = "context.append_loop_event"
_SILENT_PREFIXES = (  # what changes the program's own state
    "cron.", "file_history.", "full_compaction.", "goal.", "interaction.", "llm.", "mcp.",
    "micro_compaction.", "permission.", "plan.", "plan_mode.", "plugin.", "prompt.", "runtime.",
    "staleGuard.", "swarm_mode.", "task.", "token_counting.", "tools.", "tower_mode.", "turn.",
)  # fmt: skip
_SILENT = frozenset(
    {
        "context.clear", "context.undo", "context.update_token_count", "forked",
        "interruptionReminder.recorded", "profile.bind",
    }
)  # fmt: skip


def place(path: PurePath) -> Layout:
    """Return the session and agent of *path*, ``<session>/agents/<agent>/wire.jsonl``."""
    if path.name == _STATE:
        return Layout(path.parent.name, folder=path.parent.parent.name)
    if path.name.endswith("." + _STATE):
        return Layout(path.name.removesuffix("." + _STATE), folder=path.parent.name)
    agents = path.parent.parent
    if path.name != _WIRE or agents.name != "agents":
        return Layout(path.stem, folder=path.parent.name)
    session, agent, folder = agents.parent.name, path.parent.name, agents.parent.parent.name
    if agent == _MAIN:
        return Layout(session, folder=folder)
    return Layout(f"{session}/{agent}", agent=agent, trunk=session, folder=folder)


# The wire log ---------------------------------------------------------------------------


def _detect(sample: Sample) -> Score:
    records = sample.records
    if any(text(one, "type") == "metadata" and "protocol_version" in one for one in records):
        if any(text(one, "type").startswith(("context.", "config.", "turn.")) for one in records):
            return Score(95, "the header of a wire protocol, and records of a context")
        return Score(60, "the header of a wire protocol")
    fits = sum(text(one, "type").startswith("context.append_") for one in records)
    return Score(85, "messages and events appended to a context") if fits else NO


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    kind = text(record.data, "type")
    build = _READERS.get(kind)
    if build:
        return build(record, memory)
    silent = kind in _SILENT or kind.startswith(_SILENT_PREFIXES)
    return (known(record, kind) if silent else strange(record, kind),), memory


def _header(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    version = text(record.data, "protocol_version")
    return (known(record, "metadata", version=version, setting=Setting(version=version)),), memory


def _config(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    model = text(data, "modelAlias")
    cwd, prompt = text(data, "cwd"), text(data, "systemPrompt")
    message = note(record, "", "", Kind.META, prompt, _at(record)) if prompt else None
    setting = Setting(cwd=cwd) if cwd else None
    fact = known(record, "config.update", message, setting=setting)
    return (fact,), with_(memory, model=model) if model else memory


def _at(record: Record) -> int | None:
    return when(record.data.get("time"))


def _appended(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return a message of the context: a prompt, or what the program put in."""
    inner = mapping(record.data.get("message"))
    role = text(inner, "role")
    kind = f"context.append_message/{role}"
    content = inner.get("content")
    if role == "assistant":
        blocks: list[Block] = [*api_blocks.blocks(content, BlockKind.REPLY)]
        blocks += [call_of(mapping(one)) for one in items(inner.get("toolCalls"))]
        reply = Reply("", "", text(memory, "model"), counts(mapping(None)), final=False)
        message = _message(record, "assistant", Kind.REPLY, Role.ASSISTANT, blocks, reply)
    elif role == "tool":
        outcome = Outcome.ERROR if truth(inner, "isError") else Outcome.OK
        blocks = [result_block(text(inner, "toolCallId"), outcome, words(content))]
        message = _message(record, "tool", Kind.RESULT, Role.USER, blocks)
    else:
        told = _origin(mapping(inner.get("origin"))) if role == "user" else Kind.META
        typed = told in {Kind.PROMPT, Kind.TASK}
        plain = BlockKind.PROMPT if typed else BlockKind.NOTE
        blocks = [*wrapped.unwrapped(api_blocks.blocks(content, plain))]
        speaker = Role.USER if role == "user" else Role.SYSTEM
        message = _message(record, "user" if typed else "system", told, speaker, blocks)
    return (known(record, kind, message),), memory


def _origin(origin: JsonObject) -> Kind:
    kind = text(origin, "kind")
    if kind in {"", "user"}:
        return Kind.PROMPT
    if kind == "injection":
        return Kind.META
    return Kind.TASK if text(origin, "name") == "subagent" else Kind.NOTICE


def _message(  # noqa: PLR0913, PLR0917  what every message has
    record: Record,
    told: str,
    kind: Kind,
    role: Role,
    blocks: Sequence[Block],
    reply: Reply | None = None,
) -> Message:
    at = _at(record)
    return Message(record.place, told, "", "", kind, role, at, tuple(blocks), reply)


def _looped(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    event = mapping(record.data.get("event"))
    sort = text(event, "type")
    kind = f"{_LOOP}/{sort}"
    if sort not in EVENTS:
        return (strange(record, kind),), memory
    denied = [key for key in items(memory.get("denied")) if isinstance(key, str)]
    return (tell(record, kind, text(memory, "model"), denied),), memory


def _approval(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    fact = known(record, text(data, "type"))
    decision = text(mapping(data.get("result")), "decision")
    if decision in {"", "approved"}:
        return (fact,), memory
    denied = [*items(memory.get("denied")), text(data, "toolCallId")][-_MOST_DENIED:]
    return (fact,), with_(memory, denied=denied)


def _compacted(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    said = text(data, "contextSummary") or text(data, "summary") or "Conversation compacted"
    detail = {
        "preTokens": count(data, "tokensBefore"),
        "postTokens": count(data, "tokensAfter"),
    }
    message = note(record, "", "", Kind.COMPACTION, said, _at(record))
    message = replace(message, detail=dump(detail))
    return (known(record, "context.apply_compaction", message),), memory


def _cancelled(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    message = note(record, "", "", Kind.INTERRUPT, "The turn was cancelled", _at(record))
    return (known(record, "turn.cancel", message),), memory


def _used(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what was used outside of steps, such as by a compaction; steps tell it themselves."""
    data = record.data
    kind = f"usage.record/{text(data, 'usageScope')}"
    if text(data, "usageScope") != "session":
        return (known(record, kind),), memory
    api_id = f"session-{record.place.offset}"
    model = text(data, "model") or text(memory, "model")
    reply = Reply(api_id, "", model, counts(mapping(data.get("usage"))), final=True)
    return (Facts(kind, known=True, place=record.place, reply=reply),), memory


_READERS: dict[str, Callable[[Record, Memory], tuple[Sequence[Facts], Memory]]] = {
    "metadata": _header,
    "config.update": _config,
    "context.append_message": _appended,
    _LOOP: _looped,
    "context.apply_compaction": _compacted,
    "permission.record_approval_result": _approval,
    "turn.cancel": _cancelled,
    "usage.record": _used,
}


# The state ------------------------------------------------------------------------------


def _detect_state(sample: Sample) -> Score:
    if sample.listed or len(sample.records) != 1 or not sample.path.name.endswith(_STATE):
        return NO
    data = sample.records[0]
    if mapping(data.get("agents")) and ("workDir" in data or "lastPrompt" in data):
        return Score(90, "the file's name, and the agents and working folder of a session")
    return NO


def _read_state(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    if not mapping(data.get("agents")):
        return (strange(record, "state"),), memory
    title, cwd = text(data, "title"), text(data, "workDir")
    if truth(data, "isCustomTitle"):
        setting = Setting(cwd=cwd, custom_title=title)
    else:
        setting = Setting(cwd=cwd, ai_title=title)
    return (known(record, "state", setting=setting),), memory


FORMATS = (
    Format(
        name="kimi",
        title="Kimi Code",
        revision=1,
        framing=Framing.LINES,
        detect=_detect,
        read=read,
        source=_SOURCE,
        place=place,
        local=True,
    ),
    Format(
        name="kimi-state",
        title="Kimi Code (state of a session)",
        revision=1,
        framing=Framing.DOCUMENT,
        detect=_detect_state,
        read=_read_state,
        source=_SOURCE,
        place=place,
        local=True,
        aside=True,
    ),
)
