"""Entire's compact transcripts counted."""

import json
from pathlib import Path
from typing import Any

from tests.independent import Count


def count(path: Path) -> Count:
    """Count the messages of *path*; the lines of one reply repeat its tokens."""
    records: list[dict[str, Any]] = [
        json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()
    ]
    replies = {one["id"]: one for one in records if one["type"] == "assistant"}
    return Count(
        messages=len(records),
        prompts=sum(one["type"] == "user" and not _is_written(one) for one in records),
        tool_calls=sum(
            block.get("type") == "tool_use" for one in records for block in one["content"]
        ),
        input=sum(one.get("input_tokens", 0) for one in replies.values()),
        output=sum(one.get("output_tokens", 0) for one in replies.values()),
    )


def _is_written(record: dict[str, Any]) -> bool:
    """Tell whether a program wrote a user line: it says so in how the text begins."""
    said = str(record["content"][0].get("text", ""))
    return said.startswith(("[Request interrupted", "This session is being continued", *_TAGS))


_TAGS = ("<task-notification>", "<ci-monitor-event>", "<command-", "<local-command-", "<bash-")
