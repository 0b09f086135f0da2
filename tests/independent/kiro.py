"""Counts of a Kiro CLI conversation."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    turns = json.loads(path.read_text(encoding="utf-8"))["history"]
    asked = [(turn.get("user") or {}).get("content") or {} for turn in turns]
    answers = [turn.get("assistant") or {} for turn in turns]
    about = [turn.get("request_metadata") or {} for turn in turns]
    prompts = sum(
        bool((one.get("Prompt") or one.get("CancelledToolUses") or {}).get("prompt"))
        for one in asked
    )
    return Count(
        messages=prompts + sum(bool(one) for one in answers),
        prompts=prompts,
        tool_calls=sum(len((one.get("ToolUse") or {}).get("tool_uses", [])) for one in answers),
        input=sum(one.get("uncached_input_tokens") or 0 for one in about),
        output=sum(one.get("output_tokens") or 0 for one in about),
        cache_read=sum(one.get("cache_read_input_tokens") or 0 for one in about),
        cache_creation=sum(one.get("cache_write_input_tokens") or 0 for one in about),
    )
