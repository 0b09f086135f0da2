"""Antigravity's transcripts: a step a line, of the person, the model or the program.

Steps of the model other than its replies are results of the calls in the reply before, in their
order; calls have no ids. Source: fixtures by another reader, and descriptions of the place.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from core.files.layout import Layout
from core.messages import waiting, wrapped
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, note, strange, with_
from core.messages.tooling import call_block, result_block
from core.model import Block, BlockKind, Facts, Kind, Message, Outcome, Reply, Role, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, items, load, mapping, text

_REPLIES = frozenset({"PLANNER_RESPONSE", "GENERATE_RESPONSE"})
_NOTES = {
    "CHECKPOINT": Kind.COMPACTION,
    "CONVERSATION_HISTORY": Kind.META,
    "EPHEMERAL_MESSAGE": Kind.META,
    "ERROR_MESSAGE": Kind.FAILURE,
    "KNOWLEDGE_ARTIFACTS": Kind.META,
    "SYSTEM_MESSAGE": Kind.META,
}
_OUTCOMES = {
    "ERROR": Outcome.ERROR,
    "FAILED": Outcome.ERROR,
    "CANCELED": Outcome.INTERRUPTED,
    "CANCELLED": Outcome.INTERRUPTED,
    "INTERRUPTED": Outcome.INTERRUPTED,
}
_MODEL = re.compile(r"`Model Selection` from [^\n]{0,200}? to ([^\n]{1,200}?)\.?\s{0,20}(?:\n|<|$)")
_FULL = "transcript_full"  # a longer copy that some versions write beside the transcript


def _detect(sample: Sample) -> Score:
    fits = sum(_fits(one) for one in sample.records)
    if fits and fits * 2 >= len(sample.records):
        return Score(95, "steps with an index, a source, a type and a status")
    return NO


def _fits(data: JsonObject) -> bool:
    return isinstance(data.get("step_index"), int) and bool(
        text(data, "source") and text(data, "type") and text(data, "status")
    )


def place(path: PurePath) -> Layout:
    """Return the session of *path*, ``brain/<id>/.system_generated/logs/transcript.jsonl``."""
    parts = path.parts
    if len(parts) < 4 or parts[-3] != ".system_generated":
        return Layout(path.stem, folder=path.parent.name)
    key = f"{parts[-4]}-full" if path.stem == _FULL else parts[-4]
    return Layout(key)


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    kind = text(data, "type")
    if kind in _REPLIES:
        return _reply(record, memory)
    if kind == "USER_INPUT":
        return _input(record, memory)
    if kind in _NOTES:
        said = text(data, "content")
        told = note(record, "", "", _NOTES[kind], said, _at(data)) if said else None
        return (known(record, kind, told),), memory
    # The names of tools are open, so whatever else the model's side did is a result.
    if (kind and text(data, "source") == "MODEL") or kind == "GENERIC":
        return _result(record, memory)
    return (strange(record, kind),), memory


def _at(data: JsonObject) -> int | None:
    return when(data.get("created_at"))


def _input(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    said = text(record.data, "content")
    chosen = _MODEL.search(said)
    if chosen:
        memory = with_(memory, model=chosen.group(1))
    blocks = wrapped.typed(said)
    kind = wrapped.kind_of(blocks)
    speaker = "user" if kind is Kind.PROMPT else "system"
    told = _message(record, speaker, kind, Role.USER, blocks)
    return (known(record, "USER_INPUT", told),), memory


def _reply(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    said = ((BlockKind.THINKING, "thinking"), (BlockKind.REPLY, "content"))
    blocks = [Block(kind, text(data, key)) for kind, key in said if text(data, key)]
    if memory.get("open"):
        memory = with_(memory, open=[])  # what the last reply called will not be answered
    for at, one in enumerate(items(data.get("tool_calls"))):
        call = mapping(one)
        key = f"call-{record.place.offset}-{at}"
        tool = text(call, "name")
        blocks.append(call_block(key, tool, _given(call.get("args"))))
        memory = waiting.called(memory, key, tool)
    reply = Reply("", "", text(memory, "model"), Usage(), final=True)
    told = _message(record, "assistant", Kind.REPLY, Role.ASSISTANT, tuple(blocks), reply)
    return (known(record, text(data, "type"), told),), memory


def _given(args: object) -> object:
    """Return the arguments of a call, each of which is JSON inside a string."""
    found = mapping(args)
    return {key: _value(one) for key, one in found.items()} if found else args


def _value(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        value: object = load(given)
    except ValueError:
        return given
    return value


def _result(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    key, memory = waiting.answered(memory)
    outcome = _OUTCOMES.get(text(data, "status"), Outcome.OK)
    blocks = (result_block(key, outcome, text(data, "content")),)
    told = _message(record, "tool", Kind.RESULT, Role.USER, blocks)
    return (known(record, text(data, "type"), told),), memory


def _message(  # noqa: PLR0913, PLR0917  what every message has
    record: Record,
    told: str,
    kind: Kind,
    role: Role,
    blocks: tuple[Block, ...],
    reply: Reply | None = None,
) -> Message:
    at = _at(record.data)
    return Message(record.place, told, "", "", kind, role, at, blocks, reply)


FORMAT = Format(
    name="antigravity",
    title="Antigravity",
    revision=1,
    framing=Framing.LINES,
    detect=_detect,
    read=read,
    source="fixtures of Antigravity transcripts of 2026, and descriptions by other readers",
    place=place,
)
