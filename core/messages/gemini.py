"""Gemini CLI sessions: one JSON document, or the lines of a log that is replayed.

The document is rewritten whole. In the log a message is written again, under the same id, when
it has grown; ``$set`` changes what the header said, or replaces what the model still sees, which
takes nothing away from what was said; ``$rewindTo`` drops a message and all after it, so that
the next one hangs on the one before.
Source: measured on public sessions of 2025 and 2026, and the fixtures of other readers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.gemini_parts import answer, contents, thought
from core.messages.telling import known, note, strange, with_
from core.messages.tooling import call_block
from core.model import (
    AgentLink,
    Block,
    BlockKind,
    Facts,
    Kind,
    Message,
    Reply,
    Role,
    Setting,
    Usage,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, moment, text

_REPLIES = frozenset({"gemini", "model", "assistant"})
_NOTES = {"info": Kind.NOTICE, "warning": Kind.NOTICE, "error": Kind.FAILURE}
_TYPES = frozenset({"user", *_REPLIES, *_NOTES})
_MARKS: tuple[tuple[str, Kind], ...] = (  # how a user's text begins, what it then is
    ("<state_snapshot>", Kind.SUMMARY),
    ("<session_context>", Kind.META),
    ("This is the Gemini CLI. We are setting up the context", Kind.META),
)
_SLASH = re.compile(r"/[a-z][a-z:-]*( .*)?")
_HEADER = ("sessionId", "projectHash")


def _detect_document(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT or sample.listed or not sample.records:
        return NO
    data = sample.records[0]
    if "messages" in data and all(text(data, key) for key in _HEADER):
        return Score(92, "a document with a session id, a project hash and Gemini's messages")
    first = mapping(next(iter(items(data.get("history"))), None))
    if text(first, "role") in {"user", *_REPLIES} and "parts" in first:
        return Score(60, "a history of contents with roles and parts")
    return NO


def _detect_lines(sample: Sample) -> Score:
    if sample.framing is not Framing.LINES or not sample.records:
        return NO
    fits = sum(1 for data in sample.records if _kind(data))
    if all(text(sample.records[0], key) for key in _HEADER) and fits * 2 > len(sample.records):
        return Score(92, "a header with a project hash, then Gemini's messages and changes")
    if fits == len(sample.records) and any("$set" in data for data in sample.records):
        return Score(75, "Gemini's messages and changes to a header")
    return NO


def _kind(data: JsonObject) -> str:
    """Return what sort of line *data* is; empty if it is none of Gemini's."""
    for key in ("$set", "$rewindTo"):
        if key in data:
            return key
    if text(data, "type") in _TYPES:
        return text(data, "type")
    if text(data, "role") in _TYPES and "parts" in data:
        return text(data, "role")
    return "header" if "type" not in data and text(data, "sessionId") else ""


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record*, of a document or of a log, says. Pure; never raises."""
    data = record.data
    kind = "header" if _is_top(record) else _kind(data)
    if kind == "header":
        return (known(record, kind, setting=_setting(data)),), _agent(data, memory)
    if kind == "$rewindTo":
        return (known(record, kind),), _rewound(text(data, kind), memory)
    if kind == "$set":
        return _changed(record, mapping(data.get(kind)), memory)
    if not kind:
        return (strange(record, text(data, "type")),), memory
    messages, links, memory = _upsert(record, data, kind, memory)
    first = Facts(kind, known=True, place=record.place, links=links)
    if not messages:
        return (first,), memory
    facts = [known(record, "", message) for message in messages]
    facts[0] = Facts(kind, known=True, place=record.place, message=messages[0], links=links)
    return facts, memory


def _is_top(record: Record) -> bool:
    """Tell the fields of a document from a message; both have section "" in a log."""
    return not record.section and any(key in record.data for key in ("startTime", "start_time"))


def _setting(data: JsonObject) -> Setting | None:
    cwd = next((item for item in items(data.get("directories")) if isinstance(item, str)), "")
    title = text(data, "summary")
    trunk = text(data, "parentSessionId")
    return Setting(cwd=cwd, ai_title=title, trunk=trunk) if cwd or title or trunk else None


def _agent(data: JsonObject, memory: Memory) -> Memory:
    if text(data, "kind") == "subagent" and text(data, "sessionId"):
        return with_(memory, agent=text(data, "sessionId"))
    return memory


def _changed(record: Record, changes: JsonObject, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what a ``$set`` says: about the session, and messages that no line had before."""
    facts = [known(record, "$set", setting=_setting(changes))]
    for item in items(changes.get("messages")):
        data = mapping(item)
        kind = _kind(data)
        if kind in _TYPES and text(data, "id"):
            messages, _, memory = _upsert(record, data, kind, memory)
            facts += [known(record, "", message) for message in messages]
    return facts, memory


def _chain(memory: Memory) -> list[tuple[str, str]]:
    """Return the messages that are still in the conversation: id, and the last piece's uuid."""
    pairs = (items(pair) for pair in items(memory.get("chain")))
    return [(str(pair[0]), str(pair[1])) for pair in pairs if len(pair) == 2]


def _rewound(target: str, memory: Memory) -> Memory:
    chain = _chain(memory)
    at = next((place for place, (id_, _) in enumerate(chain) if id_ == target), 0)
    return with_(memory, chain=[list(pair) for pair in chain[:at]])


def _upsert(
    record: Record, data: JsonObject, kind: str, memory: Memory
) -> tuple[list[Message], tuple[AgentLink, ...], Memory]:
    """Return the pieces of the message *data* that were not told before."""
    number = count(memory, "count")
    id_ = text(data, "id") or (str(number) if record.section else "")
    told = mapping(mapping(memory.get("told")).get(id_))
    chain = _chain(memory)
    parent = chain[-1][1] if chain else ""
    pieces = count(told, "pieces")
    uuid = f"{id_}~{pieces}" if pieces else id_
    agent = text(memory, "agent")
    blocks, now = _blocks(data, kind, id_ or str(record.place.offset), told)
    if pieces and not blocks and now.pop("usage") == told.get("usage"):
        return [], (), memory
    now["usage"] = crc32(dump(data.get("tokens")).encode())
    piece = _Piece(data, id_, uuid, parent, agent, first=not pieces)
    message = _message(record, kind, piece, blocks)
    links = tuple(
        AgentLink(text(call, "id"), text(call, "agentId"))
        for call in map(mapping, items(data.get("toolCalls")))
        if text(call, "id") and text(call, "agentId")
    )
    if not id_:
        return [message], links, memory
    if pieces:
        chain[-1:] = [(chain[-1][0], uuid)] if chain else []
    else:
        chain.append((id_, uuid))
    known_now = {**mapping(memory.get("told")), id_: {**now, "pieces": pieces + 1}}
    changed = with_(memory, count=number + 1, told=known_now, chain=[list(pair) for pair in chain])
    return [message], links, changed


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the message *id*, which is *data*, and where it stands."""

    data: JsonObject
    id: str
    uuid: str
    parent: str
    agent: str
    first: bool


def _message(record: Record, kind: str, piece: _Piece, blocks: list[Block]) -> Message:
    data, uuid, parent, agent = piece.data, piece.uuid, piece.parent, piece.agent
    at = moment(data.get("timestamp") or data.get("ts"))
    said = "\n".join(block.text for block in blocks)
    if kind in _NOTES:
        told = Kind.INTERRUPT if said.startswith("Request cancelled") else _NOTES[kind]
        return note(record, uuid, parent, told, said, at)
    results = bool(blocks) and all(b.kind is BlockKind.RESULT or b.image for b in blocks)
    if kind == "user":
        told = Kind.RESULT if results else _typed(said, agent)
        reply = None
    else:
        told = Kind.RESULT if results else Kind.REPLY
        tokens = mapping(data.get("tokens"))
        reply = Reply(piece.id, "", text(data, "model"), _usage(tokens), final=bool(tokens))
    # Later pieces of a message are none of their own: they are not counted as said.
    who = "tool" if results or not piece.first else "user" if kind == "user" else "assistant"
    role = Role.USER if kind == "user" or results else Role.ASSISTANT
    return Message(
        record.place, who, uuid, parent, told, role, at, tuple(blocks),
        reply=reply, sidechain=bool(agent), agent=agent,
    )  # fmt: skip


def _typed(said: str, agent: str) -> Kind:
    for mark, kind in _MARKS:
        if said.lstrip().startswith(mark):
            return kind
    if agent:
        return Kind.TASK
    return Kind.COMMAND if _SLASH.fullmatch(said.strip()) else Kind.PROMPT


def _usage(tokens: JsonObject) -> Usage:
    cached = count(tokens, "cached")
    return Usage(
        input=max(0, count(tokens, "input") - cached) + count(tokens, "tool"),
        output=count(tokens, "output") + count(tokens, "thoughts"),
        cache_read=cached,
    )


def _blocks(
    data: JsonObject, kind: str, id_: str, told: JsonObject
) -> tuple[list[Block], dict[str, object]]:
    """Return the blocks that *told* does not have yet, and what has been told after them."""
    said_kind = BlockKind.PROMPT if kind == "user" else BlockKind.REPLY
    content = data.get("content") if "content" in data else data.get("parts")
    said = contents(content, BlockKind.NOTE if kind in _NOTES else said_kind, id_)
    texts = "".join(block.text for block in said)
    thoughts = items(data.get("thoughts"))
    blocks = [thought(mapping(item)) for item in thoughts[count(told, "thoughts") :]]
    blocks += _rest(said, texts, told)
    calls, results = list(items(told.get("calls"))), list(items(told.get("results")))
    for place, item in enumerate(items(data.get("toolCalls"))):
        call = mapping(item)
        key = text(call, "id") or f"{id_}:{place}"
        if key not in calls:
            calls.append(key)
            blocks.append(call_block(key, text(call, "name"), call.get("args")))
        if key not in results and (given := answer(call, key)):
            results.append(key)
            blocks += given
    now: dict[str, object] = {
        "thoughts": len(thoughts), "said": len(texts), "sum": crc32(_bytes(texts)),
        "calls": calls, "results": results, "usage": crc32(dump(data.get("tokens")).encode()),
    }  # fmt: skip
    return blocks, now


def _rest(said: list[Block], texts: str, told: JsonObject) -> list[Block]:
    """Return what of *said* is new: the end of a text that grew, or all of another one."""
    length = count(told, "said")
    same = crc32(_bytes(texts[:length])) == count(told, "sum")
    if not told or not (same or not length):
        return [block for block in said if block.text or block.image]
    if len(texts) == length:
        return []
    if len(said) == 1:
        return [Block(said[0].kind, texts[length:])]
    return said


def _bytes(said: str) -> bytes:
    return said.encode("utf-8", "surrogatepass")


FORMATS = (
    Format(
        name="gemini",
        title="Gemini CLI",
        revision=1,
        framing=Framing.DOCUMENT,
        detect=_detect_document,
        read=read,
        source="measured on public Gemini CLI sessions of 2025 and 2026",
        local=True,
        arrays=("messages", "history"),
    ),
    Format(
        name="gemini-lines",
        title="Gemini CLI (log)",
        revision=1,
        framing=Framing.LINES,
        detect=_detect_lines,
        read=read,
        source="fixtures of Gemini CLI logs of 2026, and descriptions by other readers",
        local=True,
    ),
)
