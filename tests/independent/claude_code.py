"""Claude Code transcripts, counted by the rules of their records and nothing else.

A message is a user or assistant record, by uuid. A prompt is a user record that a person typed.
A reply is known by ``message.id`` and ``requestId``; of its lines the one with most output counts.
"""

import json
import re
from pathlib import Path
from typing import Any

from tests.independent import Count

_MARKS = (
    "[Request interrupted by user",
    "<command-name>",
    "<command-message>",
    "<local-command-",
    "<bash-",
    "<user-memory-input>",
    "<task-notification>",
    "<teammate-message",
    "<system-reminder>",
    "Stop hook feedback:",
    "Caveat: The messages below",
    "This session is being continued from a previous conversation",
)
_EVENT = re.compile(r"<[a-z-]+-event[ >]")
_EDITOR = re.compile(
    r"\s*<(ide_opened_file|ide_selection|ide_diagnostics|system-reminder)>.*?</\1>\s*", re.DOTALL
)


def count(path: Path) -> Count:
    """Count the transcript at *path*; every line of it has to be whole."""
    seen: dict[str, dict[str, Any]] = {}
    queue: list[dict[str, Any]] = []
    for line in path.read_bytes().splitlines():
        if not line.strip():
            continue
        record = json.loads(line)
        if record.get("type") in {"user", "assistant"} or _is_queued(record):
            seen.setdefault(record["uuid"], record)
        elif record.get("type") == "queue-operation":
            queue.append(record)
    records = list(seen.values())
    said = [one for one in records if one["type"] in {"user", "assistant"}]
    told = [one["attachment"].get("prompt") for one in records if _is_queued(one)]
    steered = _steered(queue, told)
    replies: dict[tuple[str, str], dict[str, int]] = {}
    for one in said:
        if one["type"] == "assistant":
            usage = one["message"].get("usage") or {}
            key = (one["message"].get("id") or one["uuid"], one.get("requestId") or "")
            best = replies.setdefault(key, usage)
            if usage.get("output_tokens", 0) > best.get("output_tokens", 0):
                replies[key] = usage
    return Count(
        messages=len(said),
        prompts=sum(_is_prompt(one) for one in records) + steered,
        tool_calls=sum(_calls(one) for one in said),
        input=sum(use.get("input_tokens", 0) for use in replies.values()),
        output=sum(use.get("output_tokens", 0) for use in replies.values()),
        cache_read=sum(use.get("cache_read_input_tokens", 0) for use in replies.values()),
        cache_creation=sum(use.get("cache_creation_input_tokens", 0) for use in replies.values()),
    )


def _steered(queue: list[dict[str, Any]], told: list[Any]) -> int:
    """Count prompts that were taken out of the queue while the agent worked, and stand nowhere."""
    waiting: list[str] = []
    found = 0
    for one in queue:
        said = one.get("content") or ""
        if one.get("operation") == "enqueue":
            waiting.append(said)
        elif waiting:
            text = said if said in waiting else waiting[0]
            waiting.remove(text)
            steering = one.get("operation") == "remove"
            found += steering and bool(text) and text not in told and _is_typed(text)
    return found


def _calls(record: dict[str, Any]) -> int:
    content = record["message"].get("content")
    blocks = content if isinstance(content, list) and record["type"] == "assistant" else []
    return sum(block.get("type") == "tool_use" for block in blocks)


def _is_queued(record: dict[str, Any]) -> bool:
    attached = record.get("attachment")
    return isinstance(attached, dict) and attached.get("type") == "queued_command"


def _is_prompt(record: dict[str, Any]) -> bool:
    if record.get("isSidechain"):
        return False
    if _is_queued(record):
        attached = record["attachment"]
        human = (attached.get("origin") or {}).get("kind", "human") == "human"
        content = attached.get("prompt")
        return human and attached.get("commandMode") in {None, "prompt"} and _is_typed(content)
    if record["type"] != "user" or record.get("isMeta") or record.get("isCompactSummary"):
        return False
    if (record.get("origin") or {}).get("kind", "human") != "human":
        return False
    if record.get("promptSource") == "system":
        return False
    return _is_typed(record["message"].get("content"))


def _is_typed(content: Any) -> bool:
    if isinstance(content, str):
        texts = [content]
    else:
        if any(block.get("type") == "tool_result" for block in content):
            return False
        texts = [block.get("text", "") for block in content if block.get("type") == "text"]
        if not texts:
            return any(block.get("type") == "image" for block in content)
    own = [text for text in texts if not _EDITOR.fullmatch(text)]
    if not own:
        return False
    begin = _EDITOR.sub("", own[0], count=1).lstrip()
    return not begin.startswith(_MARKS) and not _EVENT.match(begin)
