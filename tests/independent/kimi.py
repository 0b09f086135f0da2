"""Kimi Code's wire logs counted with `json`: messages of the context, and events of steps."""

import json
from collections import Counter
from pathlib import Path

from tests.independent import Count

PIECES = {"content.part", "tool.call"}
COUNTS = ("inputOther", "output", "inputCacheRead", "inputCacheCreation")


def count(path: Path) -> Count:
    """Count one log; a step tells its usage at its end, a compaction in a record of its own."""
    messages = prompts = calls = 0
    used: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        event = record.get("event") or {}
        origin = (record.get("message") or {}).get("origin") or {}
        typed = record["type"] == "context.append_message" and origin.get("kind") == "user"
        task = origin.get("name") == "subagent"
        messages += typed or task or event.get("type") in PIECES
        prompts += typed
        calls += event.get("type") == "tool.call"
        if event.get("type") == "step.end" or record.get("usageScope") == "session":
            used.update(event.get("usage") or record.get("usage") or {})
    return Count(messages, prompts, calls, *(used[key] for key in COUNTS))
