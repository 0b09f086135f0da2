"""Logs of DeepSeek Harness counted with `json`: a reply for each step that has one."""

import json
from pathlib import Path
from typing import Any

from tests.independent import Count


def count(path: Path) -> Count:
    """Count one log. A step is told by its message, or by its stream where there is none."""
    prompts = others = dispatched = 0
    steps: dict[tuple[int, int], dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        data = record.get("data", {})
        typed = (data.get("source") or {}).get("kind") == "user"
        prompts += record["type"] == "user/message" and typed
        others += record["type"] == "command/run" or (
            record["type"] == "steering/message" and typed
        )
        dispatched += record["type"] == "tool/code-dispatch"
        if record["type"] in {"assistant/chunk", "assistant/message"}:
            step = steps.setdefault((data["turn"], data["step"]), {"calls": {}, "usage": {}})
            chunk = data.get("chunk") or {}
            inner = data.get("message") or data
            parts = [chunk["block"]] if "block" in chunk else inner.get("content") or []
            for part in parts:
                if part["type"] == "tool-call":
                    step["calls"][part["id"]] = 1
            step["usage"] = chunk.get("usage") or data.get("usage") or step["usage"]
    used = [
        sum(step["usage"].get(key, 0) for step in steps.values())
        for key in ("inputTokens", "outputTokens", "cacheReadTokens")
    ]
    calls = sum(len(step["calls"]) for step in steps.values()) + dispatched
    return Count(prompts + others + len(steps), prompts, calls, *used)
