"""CodeBuddy and WorkBuddy sessions counted with `json`: messages by role, and function calls."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    """Count one session; a call is a message of the model's. Public ones name no tokens."""
    messages = prompts = calls = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        sort = record.get("type") or record.get("event_type") or record.get("kind")
        inner = record.get("message") or {}
        role = record.get("role") or inner.get("role") or record.get("author", {}).get("role")
        typed = sort == "message" and role in {"user", "human"}
        said = sort == "assistant_message" or (sort == "message" and role == "assistant")
        called = sort in {"function_call", "tool_use", "tool-call"}
        messages += typed or said or called
        prompts += typed
        calls += called
    return Count(messages, prompts, calls)
