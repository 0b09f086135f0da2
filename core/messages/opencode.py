"""OpenCode sessions: what ``opencode export`` writes, or the tree of files it keeps.

Both hold the same objects: a session, its messages, and the parts of each message. A session
with a parent is the work of an agent that a ``task`` call of the parent started. Of the tree a
message's parts are read before it, so that both give the same messages.
Source: measured on 439 public exports of versions 1.2.20 to 1.18.10, and fixtures of the tree.
"""

from collections.abc import Sequence

from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.opencode_parts import blocks, links, stated, usage
from core.messages.telling import known, note, strange, with_
from core.model import Block, BlockKind, Facts, Kind, Message, Reply, Role, Setting
from core.records.decode import Record
from core.records.fields import JsonObject, dump, items, mapping, moment, text

_LEFT = frozenset({"todo", "session_diff", "session_share", "project"})
_ABORTED = "MessageAbortedError"


def _is_session(data: JsonObject) -> bool:
    about = any(text(data, key) for key in ("projectID", "directory", "slug"))
    return bool(text(data, "id")) and about and "created" in mapping(data.get("time"))


def _detect_export(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT or sample.listed or not sample.records:
        return NO
    data = sample.records[0]
    first = mapping(next(iter(items(data.get("messages"))), None))
    if not _is_session(mapping(data.get("info"))):
        return NO
    if "parts" in first and "role" in mapping(first.get("info")):
        return Score(95, "an export with a session's info, and messages with info and parts")
    return Score(80, "an export with an OpenCode session's info") if "messages" in data else NO


def _detect_tree(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT:
        return NO
    folders = sample.path.parts[-3:-1]
    alone = mapping(sample.records[0] if sample.records and not sample.listed else None)
    if folders[:1] == ("session",) and _is_session(alone):
        return Score(93, "a session in OpenCode's folder of sessions")
    if _is_session(alone) and "projectID" in alone and "version" in alone:
        return Score(70, "the description of an OpenCode session")
    beside = "storage" in sample.path.parts[:-2] and folders[-1:]
    if beside and beside[0] in _LEFT:
        return Score(60, "its place among OpenCode's files")
    return NO


def read_export(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* of an export says. Pure; never raises for any JSON object."""
    data = record.data
    if record.section != "messages":
        return _session(record, mapping(data.get("info")), memory)
    parts = [mapping(part) for part in items(data.get("parts"))]
    return _message(record, mapping(data.get("info")), parts, memory)


def read_tree(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* of a file of the tree says; parts are kept for their message."""
    data = record.data
    if record.section == "part":
        held = mapping(memory.get("parts"))
        owner = text(data, "messageID")
        now = {**held, owner: [*items(held.get(owner)), data]}
        return (known(record, f"part/{text(data, 'type')}"),), with_(memory, parts=now)
    if record.section == "message":
        held = mapping(memory.get("parts"))
        owners = (text(data, "id"), "")  # a part without its message's id lies in its folder
        parts = [mapping(part) for owner in owners for part in items(held.get(owner))]
        rest = {owner: held[owner] for owner in held if owner not in owners}
        return _message(record, data, parts, with_(memory, parts=rest) if held else memory)
    if _is_session(data):
        return _session(record, data, memory)
    return (known(record, "companion"),), memory


def _session(record: Record, info: JsonObject, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    parent, version = text(info, "parentID"), text(info, "version")
    setting = Setting(
        cwd=text(info, "directory"), version=version, ai_title=text(info, "title"), trunk=parent
    )
    agent = text(info, "id") if parent else ""
    facts = known(record, "session", version=version, setting=setting)
    return (facts,), with_(memory, agent=agent) if agent else memory


def _message(
    record: Record, info: JsonObject, parts: Sequence[JsonObject], memory: Memory
) -> tuple[Sequence[Facts], Memory]:
    role = text(info, "role")
    if role not in _BUILDERS:
        return (strange(record, role),), memory
    last = memory.get("last")
    id_ = text(info, "id") or f"{last or ''}+"
    message = _BUILDERS[role](record, info, parts, text(memory, "agent"))
    placed = Message(
        record.place, role, id_, str(last or ""), message.kind, message.role, message.at,
        message.blocks, reply=message.reply, sidechain=message.sidechain, agent=message.agent,
    )  # fmt: skip
    facts = [
        Facts(role, known=True, place=record.place, message=placed, links=links(parts),
              setting=_where(info))
    ]  # fmt: skip
    failure = _failure(info)
    if failure and placed.kind not in {Kind.INTERRUPT, Kind.FAILURE}:
        kind, said = failure
        told = note(record, f"{id_}!", id_, kind, said, _ended(info))
        facts.append(known(record, "", told))
        id_ = told.uuid
    return facts, with_(memory, last=id_)


def _where(info: JsonObject) -> Setting | None:
    path = info.get("path")
    cwd = path if isinstance(path, str) else text(mapping(path), "cwd")
    return Setting(cwd=cwd) if cwd else None


def _ended(info: JsonObject) -> int | None:
    time = mapping(info.get("time"))
    return moment(time.get("completed")) or moment(time.get("created"))


def _failure(info: JsonObject) -> tuple[Kind, str] | None:
    """Return how the message came to a bad end, if it did, and what the log says of it."""
    error = mapping(info.get("error"))
    if not error:
        return None
    name = text(error, "name")
    said = text(mapping(error.get("data")), "message") or name or dump(error)
    return (Kind.INTERRUPT if name == _ABORTED else Kind.FAILURE), said


def _user(record: Record, info: JsonObject, parts: Sequence[JsonObject], agent: str) -> Message:
    found = blocks(parts, BlockKind.PROMPT)
    kinds = {text(part, "type") for part in parts}
    typed = any(block.kind is BlockKind.PROMPT or block.image for block in found)
    if "compaction" in kinds and not typed:
        kind = Kind.COMPACTION
    elif "subtask" in kinds:
        kind = Kind.COMMAND
    elif found and not typed:
        kind = Kind.META
    else:
        kind = Kind.TASK if agent else Kind.PROMPT
    at = moment(mapping(info.get("time")).get("created"))
    return Message(
        record.place, "user", "", "", kind, Role.USER, at, found,
        sidechain=bool(agent), agent=agent,
    )  # fmt: skip


def _assistant(
    record: Record, info: JsonObject, parts: Sequence[JsonObject], agent: str
) -> Message:
    found = blocks(parts, BlockKind.REPLY)
    kind = Kind.SUMMARY if info.get("summary") is True else Kind.REPLY
    failure = _failure(info)
    if failure and not found:
        kind, said = failure
        found = (Block(BlockKind.NOTE, said),)
    model = text(info, "modelID") or text(mapping(info.get("model")), "modelID")
    reply = Reply(
        api_id=text(info, "id"),
        request="",
        model=model,
        usage=usage(info, parts),
        final=bool(text(info, "finish")) or "completed" in mapping(info.get("time")),
        stated=stated(info, parts),
    )
    at = moment(mapping(info.get("time")).get("created"))
    return Message(
        record.place, "assistant", "", "", kind, Role.ASSISTANT, at, found,
        reply=reply, sidechain=bool(agent), agent=agent,
    )  # fmt: skip


_BUILDERS = {"user": _user, "assistant": _assistant}
FORMATS = (
    Format(
        name="opencode",
        title="OpenCode (export)",
        revision=1,
        framing=Framing.DOCUMENT,
        detect=_detect_export,
        read=read_export,
        source="measured on 439 public exports of versions 1.2.20 to 1.18.10",
        arrays=("messages",),
    ),
    Format(
        name="opencode-storage",
        title="OpenCode",
        revision=1,
        framing=Framing.DOCUMENT,
        detect=_detect_tree,
        read=read_tree,
        source="fixtures of the tree of files; the same objects as in an export",
    ),
)
