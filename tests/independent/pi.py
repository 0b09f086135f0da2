"""pi sessions counted with `json`: roles, tool calls in contents, usage of each reply."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    """Count one session; what is older than a session with a parent has no tokens of its own."""
    messages = prompts = calls = 0
    tokens = [0, 0, 0, 0]
    born = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.strip():
            continue
        entry = json.loads(line)
        if entry.get("type") == "session" and (
            entry.get("branchedFrom") or entry.get("parentSession")
        ):
            born = entry["timestamp"]
        if entry.get("type") != "message":
            continue
        message = entry["message"]
        role = message.get("role")
        content = message.get("content")
        if role in {"user", "assistant", "bashExecution"}:
            empty = role == "assistant" and not content and message.get("stopReason") == "stop"
            messages += not empty
        prompts += role == "user"
        if role == "assistant":
            calls += sum(item.get("type") == "toolCall" for item in content or [])
            if entry["timestamp"] >= born:
                used = message.get("usage") or {}
                for place, key in enumerate(("input", "output", "cacheRead", "cacheWrite")):
                    tokens[place] += used.get(key, 0)
    return Count(messages, prompts, calls, *tokens)
