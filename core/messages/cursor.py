"""Cursor's agent transcripts: a role and a content a line; no ids, no times, no token counts.

Order is all there is. Source: public transcripts of 2026 and fixtures by another reader.
"""

from collections.abc import Sequence
from pathlib import PurePath

from core.files.layout import Layout
from core.messages import api_blocks, waiting, wrapped
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange
from core.messages.tooling import call_block, result_block, words
from core.model import Block, BlockKind, Facts, Kind, Message, Outcome, Reply, Role, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, items, mapping, text, truth

_LANES = "subagents"
_RESULTS = frozenset({"tool_result", "tool-result"})
_CALLS = frozenset({"tool_use", "tool_call", "tool-call"})
_ENDED = "turn_ended"


def _detect(sample: Sample) -> Score:
    fits = sum(_fits(one) for one in sample.records)
    ends = sum(text(one, "type") == _ENDED for one in sample.records)
    if not fits or (fits + ends) * 2 < len(sample.records):
        return NO
    at_home = "agent-transcripts" in sample.path.parts
    points = 90 if at_home or ends else 65
    return Score(points, "lines of a role and a message of content, without ids or times")


def _fits(data: JsonObject) -> bool:
    if text(data, "role") not in {"user", "assistant"} or "type" in data or "id" in data:
        return False
    inner = mapping(data.get("message"))
    return isinstance(inner.get("content"), list) and "role" not in inner


def place(path: PurePath) -> Layout:
    """Return the session of *path*; a sub-agent's lies in a folder of the one that started it."""
    parent = path.parent
    if parent.name == _LANES:
        trunk = parent.parent.name
        return Layout(path.stem, agent=path.stem, trunk=trunk, folder=_folder(parent.parent))
    return Layout(path.stem, folder=_folder(path))


def _folder(path: PurePath) -> str:
    """Return the name that Cursor made of the working folder."""
    parts = path.parts
    if "agent-transcripts" in parts[1:]:
        return parts[parts.index("agent-transcripts", 1) - 1]
    return path.parent.name


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    role = text(data, "role")
    if role in {"user", "assistant"}:
        message, memory = _message(record, memory, role)
        return (known(record, role, message),), memory
    if text(data, "type") == _ENDED:
        return (_end(record),), memory
    return (strange(record, text(data, "type") or role),), memory


def _end(record: Record) -> Facts:
    data = record.data
    cause = text(data, "error") or text(mapping(data.get("error")), "message")
    if text(data, "status") != "error" and not cause:
        return known(record, _ENDED)
    blocks = (Block(BlockKind.NOTE, cause or "The turn ended with an error"),)
    message = Message(record.place, "system", "", "", Kind.FAILURE, Role.SYSTEM, None, blocks)
    return known(record, _ENDED, message)


def _message(record: Record, memory: Memory, role: str) -> tuple[Message, Memory]:
    data = record.data
    content = mapping(data.get("message")).get("content")
    plain = BlockKind.REPLY if role == "assistant" else BlockKind.PROMPT
    blocks: list[Block] = []
    for at, item in enumerate([content] if isinstance(content, str) else items(content)):
        kind = text(mapping(item), "type")
        if kind in _CALLS:
            block, memory = _call(mapping(item), f"call-{record.place.offset}-{at}", memory)
            blocks.append(block)
        elif kind in _RESULTS:
            block, memory = _result(mapping(item), memory)
            blocks.append(block)
        else:
            blocks.extend(api_blocks.blocks([item], plain))
    if role == "assistant":
        reply = Reply("", "", text(data, "model"), Usage(), final=True)
        return _built(record, role, Kind.REPLY, Role.ASSISTANT, tuple(blocks), reply), memory
    found = wrapped.unwrapped(tuple(blocks))
    if any(block.result for block in found):
        return _built(record, "tool", Kind.RESULT, Role.USER, found), memory
    told = wrapped.kind_of(found)
    speaker = role if told is Kind.PROMPT else "system"
    return _built(record, speaker, told, Role.USER, found), memory


def _call(item: JsonObject, made: str, memory: Memory) -> tuple[Block, Memory]:
    tool = text(item, "name")
    key = text(item, "id") or made
    given = item.get("input", item.get("arguments"))
    return call_block(key, tool, given), waiting.called(memory, key, tool)


def _result(item: JsonObject, memory: Memory) -> tuple[Block, Memory]:
    """Return what came back for the call it names, else for the first that waits."""
    key = text(item, "tool_use_id")
    left = waiting.settled(memory, key)
    if left is memory:
        made, left = waiting.answered(memory, text(item, "name"))
        key = made or key
    failed = truth(item, "is_error") or truth(item, "isError")
    outcome = Outcome.ERROR if failed else Outcome.OK
    return result_block(key, outcome, words(item.get("content"))), left


def _built(  # noqa: PLR0913, PLR0917  what every message has
    record: Record,
    told: str,
    kind: Kind,
    role: Role,
    blocks: tuple[Block, ...],
    reply: Reply | None = None,
) -> Message:
    return Message(record.place, told, "", "", kind, role, None, blocks, reply)


FORMAT = Format(
    local=True,
    name="cursor",
    title="Cursor",
    revision=1,
    framing=Framing.LINES,
    detect=_detect,
    read=read,
    source="two public Cursor transcripts of 2026, and fixtures by another reader",
    place=place,
)
