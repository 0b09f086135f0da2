"""Copilot CLI events counted with `json`: messages, requested tools, the totals at the end."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    """Count one session of one run."""
    messages = prompts = calls = output = 0
    totals: list[dict[str, int]] = []
    seen: set[str] = set()
    started: set[str] = set()
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        event = json.loads(line)
        data = event.get("data") or {}
        match event.get("type"):
            case "user.message":
                messages += 1
                prompts += 1
            case "assistant.message":
                requests = [
                    request
                    for request in data.get("toolRequests") or []
                    if str(request.get("toolCallId")) not in started
                ]
                said = data.get("content") or data.get("reasoningText") or requests
                messages += bool(said)
                calls += len(requests)
                output += data.get("outputTokens") or 0
                seen.update(str(request.get("toolCallId")) for request in requests)
            case "tool.execution_start":
                if str(data.get("toolCallId")) not in seen:
                    started.add(str(data.get("toolCallId")))
                    messages += 1
                    calls += 1
            case "assistant.reasoning":
                messages += 1
            case "session.shutdown":
                totals = [
                    model["usage"]
                    for model in (data.get("modelMetrics") or {}).values()
                    if "usage" in model
                ]
            case _:
                pass
    read = sum(usage["cacheReadTokens"] for usage in totals)
    kept = sum(usage["cacheWriteTokens"] for usage in totals)
    given = sum(usage["inputTokens"] for usage in totals) - read - kept
    output = max(output, sum(usage["outputTokens"] for usage in totals))
    return Count(messages, prompts, calls, given, output, read, kept)
