"""Antigravity's transcripts counted with `json`: inputs, and responses with their calls."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    """Count one transcript; it names no tokens."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    prompts = sum(one["type"] == "USER_INPUT" for one in records)
    replies = [one for one in records if one["type"] == "PLANNER_RESPONSE"]
    calls = sum(len(one.get("tool_calls") or ()) for one in replies)
    return Count(prompts + len(replies), prompts, calls)
