"""Grok's chat histories counted with `json`; they name no tokens."""

import json
from pathlib import Path

from tests.independent import Count

SPOKEN = {"assistant", "reasoning", "backend_tool_call"}


def count(path: Path) -> Count:
    """Count one history; a thought and a call that the provider ran are records of their own."""
    messages = prompts = calls = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        typed = record["type"] == "user" and "synthetic_reason" not in record
        messages += typed or record["type"] in SPOKEN
        prompts += typed
        calls += len(record.get("tool_calls") or ()) + (record["type"] == "backend_tool_call")
    return Count(messages, prompts, calls)
