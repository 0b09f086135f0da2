"""Cursor's transcripts counted with `json`: roles, and tool uses inside contents."""

import json
from pathlib import Path

from tests.independent import Count

RESULTS = {"tool_result", "tool-result"}
CALLS = {"tool_use", "tool_call"}


def count(path: Path) -> Count:
    """Count one transcript; a user's line of results was not typed."""
    messages = prompts = calls = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        sorts = [item["type"] for item in record.get("message", {}).get("content", [])]
        typed = record.get("role") == "user" and not RESULTS & set(sorts)
        said = record.get("role") == "assistant"
        messages += typed or said
        prompts += typed and path.parent.name != "subagents"
        calls += sum(sort in CALLS for sort in sorts)
    return Count(messages, prompts, calls)
