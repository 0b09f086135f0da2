"""Counts of an OpenCode export."""

import json
from pathlib import Path
from typing import Any

from tests.independent import Count

Messages = list[tuple[dict[str, Any], list[dict[str, Any]]]]


def tokens(said: dict[str, Any]) -> tuple[int, int, int, int]:
    found = said.get("tokens") or {}
    cache = found.get("cache") or {}
    out = found.get("output", 0) + found.get("reasoning", 0)
    counts = (found.get("input", 0), out, cache.get("read", 0), cache.get("write", 0))
    if 0 < found.get("total", 0) < sum(counts):
        counts = (counts[0], found["output"], counts[2], counts[3])
    return counts


def of(messages: Messages, *, child: bool) -> Count:
    prompts = calls = 0
    spent = (0, 0, 0, 0)
    for info, parts in messages:
        calls += sum(part["type"] == "tool" for part in parts)
        if info["role"] == "assistant":
            steps = [tokens(part) for part in parts if part["type"] == "step-finish"]
            whole = tuple(map(sum, zip(*steps, strict=True))) if steps else spent[:0]
            best = max(tokens(info), whole, key=sum)
            spent = tuple(a + b for a, b in zip(spent, best, strict=True))  # type: ignore[assignment]  # as long
            continue
        kinds = {part["type"] for part in parts if not part.get("synthetic")}
        typed = not parts or "text" in kinds
        prompts += typed and "subtask" not in kinds and not child
    return Count(len(messages), prompts, calls, *spent)


def count(path: Path) -> Count:
    data = json.loads(path.read_text(encoding="utf-8"))
    messages = [(one["info"], one["parts"]) for one in data["messages"]]
    return of(messages, child=bool(data["info"].get("parentID")))
