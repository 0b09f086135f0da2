"""Claude.ai's and ChatGPT's ``conversations.json`` counted."""

import json
from pathlib import Path
from typing import Any, cast

from tests.independent import Count


def count(path: Path) -> Count:
    """Count the messages of *path* on all branches of all conversations."""
    whole: Any = json.loads(path.read_text("utf-8"))
    records = cast("list[dict[str, Any]]", whole if isinstance(whole, list) else [whole])
    claude = [message for one in records for message in one.get("chat_messages", ())]
    nodes = [node for one in records for node in one.get("mapping", {}).values()]
    chatgpt = [node["message"] for node in nodes if node.get("message")]
    typed = sum(message["sender"] == "human" for message in claude)
    asked = sum(message["author"]["role"] == "user" for message in chatgpt)
    answered = sum(message["author"]["role"] == "assistant" for message in chatgpt)
    calls = sum(
        block["type"] == "tool_use" for message in claude for block in message.get("content", ())
    )
    calls += sum(
        message["author"]["role"] == "assistant" and message.get("recipient", "all") != "all"
        for message in chatgpt
    )
    return Count(len(claude) + asked + answered, typed + asked, calls)
