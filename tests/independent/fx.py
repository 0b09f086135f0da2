"""Counts of an fx session, by its ``session.json`` and the checkpoint beside it."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    head = json.loads(path.read_text(encoding="utf-8"))
    prompts = replies = calls = 0
    try:
        checkpoint = json.loads(path.with_name("checkpoint.json").read_text(encoding="utf-8"))
    except ValueError:
        checkpoint = {"state": {"history": []}}
    for turn in checkpoint["state"]["history"]:
        steps = (turn.get("execution") or {}).get("tool_steps", [])
        prompts += "user" in turn
        replies += len(steps) + bool(turn.get("assistant") or turn.get("tool_call"))
        calls += sum(len(step["tool_calls"]) for step in steps) + ("tool_call" in turn)
    return Count(
        messages=prompts + replies,
        prompts=prompts,
        tool_calls=calls,
        input=head["total_input_tokens"],
        output=head["total_output_tokens"],
    )
