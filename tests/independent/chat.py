"""Role messages counted: JSONL of messages or of conversations, or one JSON document."""

import json
import re
from pathlib import Path
from typing import Any, cast

from tests.independent import Count

TURN = re.compile(r"^(user|assistant|system|tool): ?", re.MULTILINE)
SAID = {"user": "u", "human": "u", "assistant": "a", "gpt": "a"}


def count(path: Path) -> Count:
    """Count the messages of *path*."""
    written = path.read_text("utf-8")
    try:
        whole: Any = json.loads(written)
        records = cast("list[dict[str, Any]]", whole if isinstance(whole, list) else [whole])
    except json.JSONDecodeError:
        records = [json.loads(line) for line in written.splitlines() if line.strip()]
    said = [message for record in records for message in _messages(record)]
    used: list[dict[str, Any]] = [message.get("usage") or {} for message in said]
    return Count(
        messages=sum(_role(message) in SAID or _is_call(message) for message in said),
        prompts=sum(SAID.get(_role(message)) == "u" for message in said),
        tool_calls=sum(len(message.get("tool_calls") or ()) for message in said)
        + sum(_is_call(message) for message in said),
        input=sum(one.get("prompt_tokens", one.get("input_tokens", 0)) for one in used),
        output=sum(one.get("completion_tokens", one.get("output_tokens", 0)) for one in used),
    )


def _role(message: dict[str, Any]) -> str:
    return str(message.get("role") or message.get("from") or "")


def _is_call(message: dict[str, Any]) -> bool:
    return message.get("type") in {"tool_call", "function_call"}


def _messages(record: dict[str, Any]) -> list[dict[str, Any]]:
    if "messages_display" in record:
        turns = TURN.split(record["messages_display"])[1:]
        pairs = zip(turns[::2], turns[1::2], strict=True)
        return [
            {"role": role, "tool_calls": [{}] if (role, words.strip()) == _SILENT else []}
            for role, words in pairs
        ]
    for key in ("messages", "conversations", "history"):
        if key in record:
            return list(record[key])
    return [record]


_SILENT = ("assistant", "None")  # how a call looks when only the words were printed
