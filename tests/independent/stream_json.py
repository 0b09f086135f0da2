"""Claude Code's stream-json counted: lines, or one array."""

import json
from pathlib import Path

from tests.independent import Count


def count(path: Path) -> Count:
    """Count the messages of *path*; user records count, results inside them too."""
    written = path.read_text("utf-8")
    if written.lstrip().startswith("["):
        records = json.loads(written)
    else:
        records = [json.loads(line) for line in written.splitlines() if line.strip()]
    said = [record for record in records if record["type"] in {"user", "assistant"}]
    usage = {
        record["message"]["id"]: record["message"].get("usage", {})
        for record in said
        if record["type"] == "assistant"
    }
    blocks = [
        (record["type"], block["type"])
        for record in said
        if isinstance(record["message"]["content"], list)
        for block in record["message"]["content"]
    ]
    answers = sum(block == ("user", "tool_result") for block in blocks)
    return Count(
        messages=len(said),
        prompts=sum(record["type"] == "user" for record in said) - answers,
        tool_calls=blocks.count(("assistant", "tool_use")),
        input=sum(one.get("input_tokens", 0) for one in usage.values()),
        output=sum(one.get("output_tokens", 0) for one in usage.values()),
        cache_read=sum(one.get("cache_read_input_tokens", 0) for one in usage.values()),
        cache_creation=sum(one.get("cache_creation_input_tokens", 0) for one in usage.values()),
    )
