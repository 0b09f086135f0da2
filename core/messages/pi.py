"""pi and OpenClaw sessions: one envelope, messages of the pi agent library inside.

Since version 3 every entry has a short id and a parent: a tree in one file, in which a rewind
adds a sibling. Entries that say nothing are passed through. Built from measured sessions of
versions 1 to 3, and for OpenClaw from examples of version 3.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.messages import pi_blocks
from core.messages.file_keys import uuid_in, uuid_last
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange, with_
from core.model import (
    Block,
    BlockKind,
    Facts,
    Hop,
    Kind,
    Message,
    Reply,
    Role,
    Setting,
    Usage,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, mapping, moment, text, truth

_SILENT = frozenset({"model_change", "thinking_level_change", "custom", "label", "leaf"})
_OPENCLAW = re.compile(r"openclaw", re.IGNORECASE)


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    kind = text(data, "type")
    if kind == "session":
        return _session(record, memory)
    if kind == "message":
        body = mapping(data.get("message"))
        role = text(body, "role")
        speak = _ROLES.get(role)
        if speak is None:
            return (_hung(strange(record, f"message/{role}"), data),), memory
        return (known(record, f"message/{role}", speak(record, body, memory)),), memory
    if kind == "session_info":
        name = text(data, "name")
        setting = Setting(custom_title=name) if name else None
        return (_hung(known(record, kind, setting=setting), data),), memory
    entry = _ENTRIES.get(kind)
    if entry is None:
        found = known(record, kind) if kind in _SILENT else strange(record, kind)
        return (_hung(found, data),), memory
    return (known(record, kind, entry(record, data, memory)),), memory


def _hung(facts: Facts, data: JsonObject) -> Facts:
    """Return *facts* with the entry's place in the tree, for what hangs below it."""
    uuid = text(data, "id")
    return replace(facts, hop=Hop(uuid, text(data, "parentId"))) if uuid else facts


def _session(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    origin = text(data, "parentSession") or text(data, "branchedFrom")
    parent = uuid_in(origin) or origin
    if parent:
        memory = with_(memory, parent=parent, born=moment(data.get("timestamp")) or 0)
    setting = Setting(cwd=text(data, "cwd"), trunk=parent)
    version = str(count(data, "version") or 1)
    return (_hung(known(record, "session", version=version, setting=setting), data),), memory


# Messages -------------------------------------------------------------------------------


def _message(  # noqa: PLR0913, PLR0917  one for each thing that differs
    record: Record,
    memory: Memory,
    speaker: str,
    kind: Kind,
    role: Role,
    blocks: tuple[Block, ...],
    detail: str = "",
) -> Message:
    """Return a message. What is older than a session with a parent was copied from there."""
    data = record.data
    body = mapping(data.get("message"))
    at = moment(data.get("timestamp")) or moment(body.get("timestamp"))
    copied = at is not None and at < count(memory, "born")
    return Message(
        place=record.place,
        record=speaker,
        uuid=text(data, "id"),
        parent=text(data, "parentId"),
        kind=kind,
        role=role,
        at=at,
        blocks=blocks,
        forked_from=text(memory, "parent") if copied else "",
        detail=detail,
    )


def _made_up(record: Record) -> str:
    return text(record.data, "id") or str(record.place.offset)


def _user(record: Record, body: JsonObject, memory: Memory) -> Message:
    blocks = pi_blocks.pieces(body.get("content"), BlockKind.PROMPT, _made_up(record))
    return _message(record, memory, "user", Kind.PROMPT, Role.USER, blocks)


def _assistant(record: Record, body: JsonObject, memory: Memory) -> Message:
    blocks = pi_blocks.pieces(body.get("content"), BlockKind.REPLY, _made_up(record))
    stop, said = text(body, "stopReason"), text(body, "errorMessage")
    kind = _ENDS.get(stop, Kind.REPLY) if not blocks else Kind.REPLY
    if said or (kind is not Kind.REPLY):
        blocks = (*blocks, Block(BlockKind.NOTE, said or stop))
    message = _message(record, memory, "assistant", kind, Role.ASSISTANT, blocks)
    if message.forked_from:
        return message  # its tokens are counted in the session that it was copied from
    return replace(message, reply=_reply(record, body))


_ENDS = {"error": Kind.FAILURE, "aborted": Kind.INTERRUPT}


def _reply(record: Record, body: JsonObject) -> Reply:
    used = mapping(body.get("usage"))
    usage = Usage(
        input=count(used, "input"),
        output=count(used, "output"),
        cache_read=count(used, "cacheRead"),
        cache_creation=count(used, "cacheWrite"),
    )
    return Reply(
        api_id=text(record.data, "id"),
        request="",
        model=text(body, "model"),
        usage=usage,
        final=bool(text(body, "stopReason")),
        stated=_micro(mapping(used.get("cost")).get("total")),
    )


def _micro(dollars: object) -> int | None:
    """Return *dollars* as micro-dollars, if it is an amount at all."""
    if isinstance(dollars, bool) or not isinstance(dollars, int | float):
        return None
    return round(dollars * 1_000_000) if 0 <= dollars < 1_000_000 else None


def _result(record: Record, body: JsonObject, memory: Memory) -> Message:
    blocks = pi_blocks.result(body, f"{record.place.offset}")
    return _message(record, memory, "tool", Kind.RESULT, Role.USER, blocks)


def _shell(record: Record, body: JsonObject, memory: Memory) -> Message:
    """Read a line that the person ran in the shell, and its output."""
    line, output = text(body, "command"), text(body, "output")
    ran = (Block(BlockKind.PROMPT, line),)
    blocks = (*ran, Block(BlockKind.NOTE, output)) if output else ran
    code = count(body, "exitCode")
    detail = dump({"exitCode": code}) if code else ""
    return _message(record, memory, "user", Kind.SHELL, Role.USER, blocks, detail)


def _system(record: Record, body: JsonObject, memory: Memory) -> Message:
    blocks = pi_blocks.pieces(body.get("content"), BlockKind.NOTE, _made_up(record))
    return _message(record, memory, "system", Kind.META, Role.SYSTEM, blocks)


def _summed_up(record: Record, body: JsonObject, memory: Memory) -> Message:
    blocks = (Block(BlockKind.NOTE, text(body, "summary")),)
    return _message(record, memory, "system", Kind.SUMMARY, Role.SYSTEM, blocks)


_Speaks = Callable[[Record, JsonObject, Memory], Message]
_ROLES: dict[str, _Speaks] = {
    "user": _user,
    "assistant": _assistant,
    "toolResult": _result,
    "bashExecution": _shell,
    "system": _system,
    "custom": _system,
    "branchSummary": _summed_up,
    "compactionSummary": _summed_up,
}


# Entries that are not messages ----------------------------------------------------------


def _compaction(record: Record, data: JsonObject, memory: Memory) -> Message:
    blocks = (Block(BlockKind.NOTE, text(data, "summary") or "Conversation compacted"),)
    before = count(data, "tokensBefore")
    detail = dump({"preTokens": before}) if before else ""
    return _message(record, memory, "system", Kind.COMPACTION, Role.SYSTEM, blocks, detail)


def _custom(record: Record, data: JsonObject, memory: Memory) -> Message:
    """Read a text of an extension: shown to the person, or only to the model."""
    blocks = pi_blocks.pieces(data.get("content"), BlockKind.NOTE, _made_up(record))
    kind = Kind.NOTICE if truth(data, "display") else Kind.META
    return _message(record, memory, "system", kind, Role.SYSTEM, blocks)


_ENTRIES: dict[str, _Speaks] = {
    "compaction": _compaction,
    "branch_summary": _summed_up,
    "custom_message": _custom,
}


# How the files are known ----------------------------------------------------------------

_KINDS = frozenset({"session", "message", "session_info", *_SILENT, *_ENTRIES})


def _fits(sample: Sample) -> bool:
    """Tell whether most lines are of the envelope, with at least one that is only its own."""
    records = sample.records
    if sample.framing is not Framing.LINES or not records:
        return False
    fits = sum(
        text(record, "type") in _KINDS
        and bool(text(record, "timestamp"))
        and (text(record, "type") != "message" or bool(mapping(record.get("message"))))
        for record in records
    )
    first = records[0]
    header = text(first, "type") == "session" and bool(text(first, "id"))
    return header and fits * 2 > len(records)


def _claw(sample: Sample) -> bool:
    """Tell whether the place or the first entries name OpenClaw."""
    named = {"provider", "customType", "id"}
    return bool(_OPENCLAW.search(str(sample.path))) or any(
        _OPENCLAW.search(text(record, key)) for record in sample.records[:10] for key in named
    )


def detect(sample: Sample) -> Score:
    """Score pi's header and entries."""
    if not _fits(sample) or _claw(sample):
        return NO
    return Score(88, "the header and the entries of pi sessions")


def detect_openclaw(sample: Sample) -> Score:
    """Score the same header and entries where something names OpenClaw."""
    if not _fits(sample) or not _claw(sample):
        return NO
    return Score(90, "the entries of pi sessions, and the name of OpenClaw")


FORMATS = (
    Format(
        name="pi",
        title="pi",
        revision=1,
        framing=Framing.LINES,
        detect=detect,
        most=88,
        read=read,
        source="measured on public pi sessions, versions 1 to 3",
        place=uuid_last,
        local=True,
    ),
    Format(
        name="openclaw",
        title="OpenClaw",
        revision=1,
        framing=Framing.LINES,
        detect=detect_openclaw,
        most=90,
        read=read,
        source="examples of OpenClaw sessions, version 3, made by others",
        place=uuid_last,
        local=True,
    ),
)
