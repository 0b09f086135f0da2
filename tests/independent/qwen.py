"""Qwen Code sessions counted with `json`: user records without a subtype, parts, usageMetadata."""

import json
from pathlib import Path

from tests.independent import Count

COMMAND = "slash_command"


def count(path: Path) -> Count:
    """Count one session; of the records of one uuid the fullest usage counts."""
    messages = prompts = calls = 0
    used: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        parts = (record.get("message") or {}).get("parts") or []
        sort, subtype = record["type"], record.get("subtype")
        typed = sort == "user" and subtype in {None, "mid_turn_user_message"}
        payload = record.get("systemPayload") or {}
        messages += (
            typed
            or sort == "assistant"
            or (subtype == COMMAND and payload.get("phase") != "result")
        )
        prompts += typed
        if sort == "assistant":
            calls += sum("functionCall" in part for part in parts)
            usage = record.get("usageMetadata") or {}
            if sum(usage.values()) >= sum(used.get(record["uuid"], {}).values()):
                used[record["uuid"]] = usage
    whole, output, thoughts, cached = (
        sum(usage.get(key, 0) for usage in used.values())
        for key in (
            "promptTokenCount",
            "candidatesTokenCount",
            "thoughtsTokenCount",
            "cachedContentTokenCount",
        )
    )
    return Count(messages, prompts, calls, whole - cached, output + thoughts, cached)
