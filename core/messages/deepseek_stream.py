"""A reply of DeepSeek Harness, put together from the events of its stream.

Single pieces (``assistant/chunk``) or runs of them with the times between (``text-chunks`` and
others). What is not finished is remembered, up to a bound: longer replies are told whole later.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.messages import api_blocks
from core.messages.format import Memory
from core.messages.telling import with_
from core.messages.tooling import call_block
from core.model import Block, BlockKind, Usage
from core.records.fields import JsonObject, count, items, mapping, text

KINDS = frozenset({"assistant/chunk", "reasoning-chunks", "text-chunks", "tool-call-chunks"})
_GROWN = 50_000  # characters of one reply that are put together piece by piece
_MOST = 2_000_000  # characters of one reply that are remembered, where its parts are told whole
_PARTS = 500  # parts of one reply
_RUNS = {  # what a run is of, and where its pieces are
    "reasoning-chunks": ("reasoning", "texts"),
    "text-chunks": ("text", "texts"),
    "tool-call-chunks": ("tool-call", "args"),
}
_DELTAS = {
    "reasoning-delta": ("reasoning", "text"),
    "text-delta": ("text", "text"),
    "tool-call-delta": ("tool-call", "argumentsDelta"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A reply as far as it was streamed."""

    blocks: tuple[Block, ...]
    usage: Usage
    finished: bool


def add(data: JsonObject, memory: Memory) -> tuple[Said | None, Memory]:
    """Take one event of a stream; return the reply if it is finished, or another one begins."""
    body = mapping(data.get("data"))
    step = _step(body)
    done: Said | None = None
    if text(memory, "step") != step:
        done, memory = _taken(memory, finished=False)
        memory = with_(memory, step=step, parts={}, cut=[], size=0, used={})
    run = _RUNS.get(text(data, "type"))
    if run:
        sort, key = run
        said = "".join(one for one in items(body.get(key)) if isinstance(one, str))
        return done, _grown(memory, sort, body, said)
    chunk = mapping(body.get("chunk"))
    kind = text(chunk, "type")
    if kind in _DELTAS:
        sort, key = _DELTAS[kind]
        return done, _grown(memory, sort, chunk, text(chunk, key))
    if kind == "block-end":
        return done, _replaced(memory, chunk)
    if kind == "usage":
        return done, with_(memory, used=dict(mapping(chunk.get("usage"))))
    if kind == "finish" and not memory.get("cut"):
        finished, memory = _taken(memory, finished=True)
        return finished or done, with_(memory, told=step) if finished else memory
    return done, memory


def broken(data: JsonObject, memory: Memory) -> tuple[Said | None, Memory]:
    """Return the reply that was being streamed before the record *data*, if it cannot go on.

    A record that tells the same reply whole takes its place.
    """
    if not mapping(memory.get("parts")):
        return None, memory
    whole = text(data, "type") == "assistant/message"
    said, left = _taken(memory, finished=False)
    same = _step(mapping(data.get("data"))) == text(memory, "step")
    return (None if whole and same else said), left


def shown(body: JsonObject, memory: Memory) -> bool:
    """Tell whether the reply of the step that *body* names was shown when its stream ended."""
    return bool(text(memory, "told")) and text(memory, "told") == _step(body)


def block(part: JsonObject) -> tuple[Block, ...]:
    """Return one part of a reply's content."""
    if text(part, "type") == "tool-call":
        given = part.get("arguments")
        return (call_block(text(part, "id"), text(part, "name"), given),)
    return api_blocks.blocks([dict(part)], BlockKind.REPLY)


def usage(data: JsonObject) -> Usage:
    """Return the token counts of *data*; what was cached is told beside the other input."""
    return Usage(
        input=count(data, "inputTokens"),
        output=count(data, "outputTokens"),
        cache_read=count(data, "cacheReadTokens"),
        cache_creation=count(data, "cacheWriteTokens"),
    )


def _step(body: JsonObject) -> str:
    return f"{count(body, 'turn')}.{count(body, 'step')}"


def _taken(memory: Memory, *, finished: bool) -> tuple[Said | None, Memory]:
    """Return the reply that *memory* holds, and what is left without it."""
    parts = mapping(memory.get("parts"))
    found: list[Block] = []
    for key in sorted(parts, key=lambda name: (len(name), name)):
        found.extend(block(mapping(parts[key])))
    left = with_(memory, parts={}, cut=[], size=0, used={})
    if not found:
        return None, left if parts else memory
    return Said(tuple(found), usage(mapping(memory.get("used"))), finished), left


def _grown(memory: Memory, sort: str, chunk: JsonObject, said: str) -> Memory:
    """Return *memory* with *said* at the end of the part that *chunk* is of."""
    size = count(memory, "size") + len(said)
    index = str(count(chunk, "index"))
    if size > _GROWN or _is_cut(memory, index):
        return _cut(memory, index)
    part = dict(mapping(mapping(memory.get("parts")).get(index)))
    field = "arguments" if sort == "tool-call" else "text"
    part.update(type=sort)
    part[field] = text(part, field) + said
    for key in ("id", "name"):
        if text(chunk, key):
            part[key] = text(chunk, key)
    return _with_part(memory, index, part, size)


def _replaced(memory: Memory, chunk: JsonObject) -> Memory:
    """Return *memory* with a part as it is told whole at its end."""
    whole = mapping(chunk.get("block"))
    index = str(count(chunk, "index"))
    old = mapping(mapping(memory.get("parts")).get(index))
    size = count(memory, "size") + _length(whole) - _length(old)
    if not whole or size > _MOST:
        return _cut(memory, index) if whole else memory
    cut = [one for one in items(memory.get("cut")) if one != index]
    return _with_part(with_(memory, cut=cut), index, whole, max(size, 0))


def _is_cut(memory: Memory, index: str) -> bool:
    parts = mapping(memory.get("parts"))
    return index in items(memory.get("cut")) or (index not in parts and len(parts) >= _PARTS)


def _cut(memory: Memory, index: str) -> Memory:
    """Return *memory* with a note that the part *index* is not all there."""
    cut = items(memory.get("cut"))
    return memory if index in cut or len(cut) >= _PARTS else with_(memory, cut=[*cut, index])


def _length(part: JsonObject) -> int:
    return len(text(part, "text")) + len(text(part, "arguments"))


def _with_part(memory: Memory, index: str, part: Mapping[str, object], size: int) -> Memory:
    parts = {**mapping(memory.get("parts")), index: dict(part)}
    if len(parts) > _PARTS:
        return _cut(memory, index)
    return with_(memory, parts=parts, size=size)
