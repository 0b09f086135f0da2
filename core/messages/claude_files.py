"""The files that Claude Code writes: how each is recognised, and the rows of the format table.

Transcripts are told by the envelope of their records, never by a record's ``type`` alone:
other agents use the same words. Source: measured on public files, versions 1.0.17 to 2.1.222.
"""

from collections.abc import Sequence
from pathlib import PurePath
from zlib import crc32

from core.files.layout import Layout, layout
from core.messages import claude_code, claude_flat
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange
from core.model import Block, BlockKind, Facts, Kind, Message, Role, Setting
from core.records.decode import Record
from core.records.fields import JsonObject, dump, mapping, moment, text

_POINTERS = ("sessionId", "leafUuid", "messageId")
_COMMON = frozenset({"user", "assistant", "system", "tag"})  # words of many formats
_MOST_PASTED = 1000  # pieces pasted into one prompt that are looked at


def _is_transcript(data: JsonObject) -> bool:
    if not claude_code.is_known(text(data, "type")):
        return False
    linked = "parentUuid" in data and bool(text(data, "uuid"))
    return linked or any(isinstance(data.get(key), str) for key in _POINTERS)


def _transcript(sample: Sample) -> Score:
    path, records = sample.path, sample.records
    fits = [one for one in records if _is_transcript(one)]
    if fits and len(fits) * 2 >= len(records):
        return Score(90, "records with a type, a sessionId and a chain of uuids")
    if fits:
        return Score(60, "some records with a type, a sessionId and a chain of uuids")
    if _is_at_home(path) and not records:
        return Score(50, "its place, a folder of Claude Code's")
    if any(claude_flat.is_flat(one) or _is_bare(one) for one in records):
        return Score(20, "records of type user and assistant, without an envelope")
    if records and all(_is_latch(one) for one in records):
        return Score(15, "records of types that Claude Code writes beside messages")
    return Score(10, "its place, a folder of Claude Code's") if _is_at_home(path) else NO


def _is_bare(data: JsonObject) -> bool:
    return text(data, "type") in {"user", "assistant"} and bool(mapping(data.get("message")))


def _is_latch(data: JsonObject) -> bool:
    kind = text(data, "type")
    return claude_code.is_known(kind) and kind not in _COMMON


def _is_at_home(path: PurePath) -> bool:
    return "projects" in path.parts[:-1] or path.name.startswith("agent-")


def _read_transcript(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    if "message" not in record.data and claude_flat.is_flat(record.data):
        return (claude_flat.facts(record),), memory
    return claude_code.read(record, memory)


def _history(sample: Sample) -> Score:
    fits = sum(_is_typed(one) for one in sample.records)
    if fits and fits * 2 >= len(sample.records):
        return Score(
            95, "records of display, timestamp and project, which is Claude Code's history"
        )
    return NO


def _is_typed(data: JsonObject) -> bool:
    return isinstance(data.get("display"), str) and "project" in data and "timestamp" in data


def _read_history(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return the prompt of one line of ``history.jsonl``; it belongs to the session it names."""
    data = record.data
    said = text(data, "display")
    session = text(data, "sessionId")
    project = text(data, "project")
    if not said:
        return (strange(record, "history"),), memory
    pasted = [
        _pasted(one) for one in list(mapping(data.get("pastedContents")).values())[:_MOST_PASTED]
    ]
    blocks = (Block(BlockKind.PROMPT, said), *(Block(BlockKind.NOTE, one) for one in pasted if one))
    at = moment(data.get("timestamp"))
    # Lines without a session are from before versions that wrote one: a run for each project.
    part = session or f"history-{project or 'unknown'}"
    kind = Kind.COMMAND if said.startswith("/") else Kind.PROMPT
    # No place in the file lasts: people cut it, and a copy of it may hold other lines.
    said_at = dump(data.get("timestamp"))
    id_ = f"history/{part}/{said_at}-{crc32(said.encode('utf-8', 'replace')):08x}"
    message = Message(record.place, "user", id_, "", kind, Role.USER, at, blocks)
    fact = Facts(
        "history", known=True, place=record.place, message=message,
        setting=Setting(cwd=project) if project else None, part=part,
    )  # fmt: skip
    return (fact,), memory


def _pasted(value: object) -> str:
    return text(mapping(value), "content")


def _journal(sample: Sample) -> Score:
    fits = [one for one in sample.records if "agentId" in one and "key" in one and "type" in one]
    if fits and len(fits) * 2 >= len(sample.records):
        return Score(92, "records of started and finished agents, the journal of a workflow")
    return NO


def _read_journal(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    return (known(record, f"journal/{text(record.data, 'type')}"),), memory


def _workflow(sample: Sample) -> Score:
    named = sample.path.parent.name == "workflows"
    if named and any("phases" in one or "runId" in one for one in sample.records):
        return Score(92, "its place, and the phases of a workflow")
    return NO


def _read_workflow(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    return (known(record, "workflow"),), memory


def _desktop(sample: Sample) -> Score:
    named = sample.path.name.startswith("local_")
    if named and any("cliSessionId" in one or "sessionId" in one for one in sample.records):
        return Score(92, "its name, and the session it is about")
    return NO


def _read_desktop(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what the desktop app keeps beside a session: its title, for that session."""
    data = record.data
    session = text(data, "cliSessionId") or text(data, "sessionId")
    title = text(data, "title")
    setting = Setting(cwd=text(data, "cwd"), custom_title=title) if title else None
    return (
        Facts("desktop", known=True, place=record.place, setting=setting, part=session),
    ), memory


def _output(sample: Sample) -> Score:
    if sample.path.parent.name == "tool-results":
        return Score(92, "its place, where Claude Code keeps long outputs of tools")
    return NO


def _read_output(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    return (known(record, "tool-output"),), memory


def _history_place(path: PurePath) -> Layout:
    return Layout("history", folder=path.parent.name)


_MEASURED = "measured on public Claude Code transcripts, versions 1.0.17 to 2.1.222"
FORMATS = (
    Format(
        "claude-code", "Claude Code", 2, Framing.LINES, _transcript, _read_transcript, _MEASURED
    ),
    Format(
        "claude-history", "Claude Code prompt history", 1, Framing.LINES, _history, _read_history,
        "published readings of ~/.claude/history.jsonl", place=_history_place,
        aside=True,
    ),
    Format(
        "claude-journal", "Claude Code workflow journal", 1, Framing.LINES, _journal,
        _read_journal, "a public workflow run of 2026", place=layout,
    ),
    Format(
        "claude-workflow", "Claude Code workflow", 1, Framing.DOCUMENT, _workflow,
        _read_workflow, "published readings of workflow snapshots",
    ),
    Format(
        "claude-desktop", "Claude desktop session", 1, Framing.DOCUMENT, _desktop,
        _read_desktop, "published readings of the desktop app's session records", aside=True,
    ),
    Format(
        "claude-output", "Claude Code tool output", 1, Framing.DOCUMENT, _output, _read_output,
        "measured on public Claude Code transcripts that point to such files",
    ),
)  # fmt: skip
