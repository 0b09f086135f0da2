"""Counts of a Hermes Agent session, which records no tokens."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    messages = json.loads(path.read_text(encoding="utf-8"))["messages"]
    roles = [one["role"] for one in messages]
    return Count(
        messages=roles.count("user") + roles.count("assistant"),
        prompts=roles.count("user"),
        tool_calls=sum(len(one.get("tool_calls") or []) for one in messages),
    )
