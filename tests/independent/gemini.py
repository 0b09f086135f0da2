"""Counts of a Gemini CLI document."""

import json
from pathlib import Path
from typing import Any

from tests.independent import Count

SAID = ("user", "gemini", "model", "assistant")


def of(messages: list[dict[str, Any]]) -> Count:
    who = [m.get("type") or m.get("role") for m in messages]
    tokens = [m.get("tokens") or {} for m in messages]
    cached = sum(t.get("cached", 0) for t in tokens)
    return Count(
        messages=sum(one in SAID for one in who),
        prompts=who.count("user"),
        tool_calls=sum(len(m.get("toolCalls") or []) for m in messages),
        input=sum(t.get("input", 0) + t.get("tool", 0) for t in tokens) - cached,
        output=sum(t.get("output", 0) + t.get("thoughts", 0) for t in tokens),
        cache_read=cached,
    )


def count(path: Path) -> Count:
    data = json.loads(path.read_text(encoding="utf-8"))
    return of([*data.get("messages", []), *data.get("history", [])])
