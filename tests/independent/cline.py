"""Counts of a Cline task whose calls are the API's own, by the file of its conversation."""

import json
from pathlib import Path
from typing import Any

from tests.independent import Count


def blocks(message: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    content = message["content"]
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    return [one for one in content if one["type"] == kind]


def count(path: Path) -> Count:
    messages = json.loads(path.read_text(encoding="utf-8"))
    shown = json.loads(path.with_name("ui_messages.json").read_text(encoding="utf-8"))
    spent = [json.loads(one["text"]) for one in shown if one.get("say") == "api_req_started"]
    replies = [one for one in messages if one["role"] == "assistant"]
    tags = ("<task>", "<feedback>", "<answer>", "<user_message>")
    prompts = sum(
        one["role"] == "user"
        and any(tag in block["text"] for block in blocks(one, "text") for tag in tags)
        for one in messages
    )
    return Count(
        messages=len(replies) + prompts,
        prompts=prompts,
        tool_calls=sum(len(blocks(one, "tool_use")) for one in replies),
        input=sum(one.get("tokensIn", 0) for one in spent),
        output=sum(one.get("tokensOut", 0) for one in spent),
        cache_read=sum(one.get("cacheReads", 0) for one in spent),
        cache_creation=sum(one.get("cacheWrites", 0) for one in spent),
    )
