"""Builders of Claude Code records: small, readable, and the same bytes for the same arguments.

A record is a dict, so that a test can change or drop any key; `write` makes a file of them.
Uuids are what a test calls them, times are counted from `START` in seconds.
"""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]
Line: TypeAlias = Record | bytes | str

SESSION = "11111111-aaaa-4bbb-8ccc-000000000001"
START = datetime(2026, 1, 1, tzinfo=UTC)
CWD = "/home/ada/clew"
PNG = (  # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def moment(seconds: float) -> str:
    """Return the time *seconds* after `START` as Claude Code writes it."""
    at = START + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def record(
    type_: str, uuid: str, parent: str | None = None, *, at: float | None = 0, **more: Any
) -> Record:
    """Return a record of the parent chain with all keys that every such record has."""
    made: Record = {
        "parentUuid": parent,
        "isSidechain": False,
        "userType": "external",
        "cwd": CWD,
        "sessionId": SESSION,
        "version": "2.1.50",
        "gitBranch": "main",
        "type": type_,
        "uuid": uuid,
    }
    if at is not None:
        made["timestamp"] = moment(at)
    return made | more


def prompt(uuid: str, said: object = "hello", parent: str | None = None, **more: Any) -> Record:
    """Return what a person typed; *said* may be a list of content blocks."""
    return record("user", uuid, parent, message={"role": "user", "content": said}, **more)


def reply(uuid: str, content: object, parent: str | None = None, **more: Any) -> Record:
    """Return a line of an API reply. *api*, *request*, *usage*, *model*, *stop* describe it."""
    api = more.pop("api", f"msg_{uuid}")
    request = more.pop("request", f"req_{api}")
    message: Record = {
        "id": api,
        "type": "message",
        "role": "assistant",
        "model": more.pop("model", "claude-opus-4-6"),
        "content": content,
        "stop_reason": more.pop("stop", None),
        "usage": more.pop("usage", usage()),
    }
    made = record("assistant", uuid, parent, message=message, **more)
    return made | ({"requestId": request} if request is not None else {})


def says(uuid: str, said: str = "Sure.", parent: str | None = None, **more: Any) -> Record:
    """Return a line with a text of the model."""
    return reply(uuid, [{"type": "text", "text": said}], parent, **more)


def thinks(uuid: str, said: str = "Hmm.", parent: str | None = None, **more: Any) -> Record:
    """Return a line with a thought of the model."""
    block = {"type": "thinking", "thinking": said, "signature": "c2ln"}
    return reply(uuid, [block], parent, **more)


def calls(
    uuid: str,
    key: str,
    tool: str = "Bash",
    given: object = None,
    parent: str | None = None,
    **more: Any,
) -> Record:
    """Return a line with a tool call *key*."""
    given = {"command": "ls"} if given is None else given
    block = {"type": "tool_use", "id": key, "name": tool, "input": given}
    return reply(uuid, [block], parent, **more)


def answers(
    uuid: str, key: str, said: object = "done", parent: str | None = None, **more: Any
) -> Record:
    """Return the result of the call *key*. *error* sets ``is_error``."""
    block: Record = {"type": "tool_result", "tool_use_id": key, "content": said}
    if "error" in more:
        block["is_error"] = more.pop("error")
    return record("user", uuid, parent, message={"role": "user", "content": [block]}, **more)


def usage(given: int = 10, output: int = 5, read: int = 100, made: int = 20) -> Record:
    """Return the ``usage`` of a reply."""
    return {
        "input_tokens": given,
        "output_tokens": output,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": made,
        "cache_creation": {"ephemeral_5m_input_tokens": made, "ephemeral_1h_input_tokens": 0},
        "service_tier": "standard",
    }


def boundary(uuid: str, after: str, **more: Any) -> Record:
    """Return the mark of a compaction that continues the message *after*."""
    return record(
        "system",
        uuid,
        None,
        subtype="compact_boundary",
        content="Conversation compacted",
        logicalParentUuid=after,
        compactMetadata={"trigger": "auto", "preTokens": 155_000},
        **more,
    )


def compacted(uuid: str, parent: str, said: str | None = None, **more: Any) -> Record:
    """Return the summary that follows `boundary`."""
    words = said or "This session is being continued from a previous conversation. We did things."
    return prompt(
        uuid, words, parent, isCompactSummary=True, isVisibleInTranscriptOnly=True, **more
    )


def progress(uuid: str, parent: str | None, **data: Any) -> Record:
    """Return a progress record: in the parent chain, but not shown."""
    data.setdefault("type", "hook_progress")
    call = data.pop("call", "")
    return record("progress", uuid, parent, data=data, parentToolUseID=call, toolUseID=call)


def attachment(uuid: str, parent: str | None = None, **attached: Any) -> Record:
    """Return an attachment record; by default what a hook gave at the session's start."""
    attached.setdefault("type", "hook_success")
    at = attached.pop("at", 0)
    return record("attachment", uuid, parent, at=at, attachment=attached)


def queued(uuid: str, said: object, parent: str | None = None, **attached: Any) -> Record:
    """Return a prompt that was typed while the agent was busy."""
    return attachment(uuid, parent, type="queued_command", prompt=said, **attached)


def title(kind: str, said: str, session: str = SESSION) -> Record:
    """Return a record that names its session: custom-title, ai-title or agent-name."""
    key = {"custom-title": "customTitle", "ai-title": "aiTitle", "agent-name": "agentName"}[kind]
    return {"type": kind, key: said, "sessionId": session}


def summary(said: str, leaf: str) -> Record:
    """Return a title for whichever session holds *leaf*."""
    return {"type": "summary", "summary": said, "leafUuid": leaf}


def of(session: str, *records: Record) -> list[Record]:
    """Return *records* as they stand in the file of *session*."""
    return [one | {"sessionId": session} if "sessionId" in one else one for one in records]


def lane(agent: str, *records: Record) -> list[Record]:
    """Return *records* as they stand in the file of sub-agent *agent*."""
    return [one | {"isSidechain": True, "agentId": agent} for one in records]


def line(one: Line) -> bytes:
    """Return *one* as a line with its end; text and bytes are taken as they are."""
    if isinstance(one, dict):
        return json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return one.encode() if isinstance(one, str) else one


def data(lines: Iterable[Line]) -> bytes:
    """Return the bytes of a file of *lines*."""
    return b"".join(map(line, lines))


def write(path: Path, *lines: Line) -> Path:
    """Write *lines* to *path*, replacing what is there in place; return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data(lines))
    return path


def append(path: Path, *lines: Line) -> Path:
    """Append *lines* to *path*; return it."""
    with path.open("ab") as stream:
        stream.write(data(lines))
    return path


def agent_file(root: Path, trunk: str, agent: str, *records: Record, nested: bool = True) -> Path:
    """Write the transcript of sub-agent *agent* where its version of Claude Code has it."""
    name = f"agent-{agent}.jsonl"
    path = root / trunk / "subagents" / name if nested else root / name
    return write(path, *of(trunk, *lane(agent, *records)))


def agent_note(transcript: Path, **said: str) -> Path:
    """Write the ``.meta.json`` beside an agent's *transcript*."""
    path = transcript.with_name(transcript.stem + ".meta.json")
    path.write_text(json.dumps(said))
    return path


def older(path: Path, seconds: int) -> Path:
    """Set the time of *path* to *seconds* after `START`: imports read the newest file first."""
    at = (START + timedelta(seconds=seconds)).timestamp()
    os.utime(path, (at, at))
    return path
