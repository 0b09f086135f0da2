"""Sessions and streams of droid counted with `json`: roles, contents, and what runs used."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    """Count one file; last words are a message unless the message before was the same."""
    messages = prompts = calls = fed = made = 0
    last = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        record = json.loads(line)
        inner = record.get("message")
        if record["type"] == "message":
            body = inner if isinstance(inner, dict) else record
            content = body.get("content") or [{"type": "text", "text": body.get("text")}]
            sorts = [item["type"] for item in content]
            typed = body["role"] == "user" and "tool_result" not in sorts
            messages += typed or body["role"] == "assistant"
            prompts += typed
            calls += sorts.count("tool_use")
            last = body.get("text", "") if body["role"] == "assistant" else last
        elif record["type"] == "tool_call":
            messages += 1
            calls += 1
        elif record["type"] == "completion":
            messages += record["finalText"] != last
            fed += record.get("usage", {}).get("input_tokens", 0)
            made += record.get("usage", {}).get("output_tokens", 0)
    return Count(messages, prompts, calls, fed, made)
