"""Codex rollouts counted with `json`: items, the events that repeat none, the last total."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.independent import Count

PROGRAM = (
    "<environment_context>",
    "<user_instructions>",
    "<INSTRUCTIONS>",
    "<permissions instructions>",
    "<skill>",
    "<turn_aborted>",
    "<user_action>",
    "<user_shell_command>",
    "<subagent_notification>",
    "# AGENTS.md instructions",
    "Another language model started to solve this problem",
)
CALLS = {
    "function_call",
    "custom_tool_call",
    "local_shell_call",
    "web_search_call",
    "tool_search_call",
    "image_generation_call",
}


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of *path*."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                data = json.loads(line)
            except ValueError:
                continue
            if isinstance(data, dict):
                yield data


def said(item: dict[str, Any]) -> str:
    """Return the text of a message item."""
    content = item.get("content")
    if isinstance(content, str):
        return content.strip()
    return "".join(part.get("text") or "" for part in content or []).strip()


def thoughts(items: list[dict[str, Any]], events: list[dict[str, Any]]) -> int:
    """Return how many thoughts are shown: each event, and each item that no event repeats."""
    shown = [event.get("text") for event in events if event.get("type") == "agent_reasoning"]
    number = len(shown)
    for item in items:
        if item.get("type") == "reasoning":
            content = item.get("content")
            parts = [part.get("text") for part in item.get("summary") or []]
            parts += [content] if isinstance(content, str) else []
            number += any(part and part not in shown for part in [*parts, item.get("text")])
    return number


def last_total(events: list[dict[str, Any]]) -> dict[str, int]:
    """Return the newest cumulative count of tokens."""
    totals = [
        event["info"]["total_token_usage"]
        for event in events
        if event.get("type") == "token_count"
        and event.get("info")
        and "total_token_usage" in event["info"]
    ]
    return totals[-1] if totals else {}


def split(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], bool]:
    """Return the items and the events of *path*, and whether an agent wrote it."""
    items: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    agent = False
    for data in lines(path):
        body = data.get("payload")
        if body is None:
            items.append(data)
        elif data.get("type") == "response_item":
            items.append(body)
        elif data.get("type") == "event_msg":
            events.append(body)
        elif data.get("type") == "session_meta":
            agent = "subagent" in (body.get("source") or {})
    return items, events, agent


def count(path: Path) -> Count:
    """Count one rollout that holds no copied history."""
    items, events, agent = split(path)
    told: Counter[tuple[str, str]] = Counter()
    for item in items:
        if item.get("type") == "message" and item.get("role") in {"user", "assistant"}:
            told[item["role"], said(item)] += 1
    copies: Counter[tuple[str, str]] = Counter()
    speakers = {"user_message": "user", "agent_message": "assistant"}
    for event in events:
        if event.get("type") in speakers and event.get("message"):
            copies[speakers[event["type"]], event["message"].strip()] += 1
    spoken = told | copies  # each as often as it stands on the side that has it more often
    prompts = sum(
        times
        for (role, words), times in spoken.items()
        if role == "user" and not words.startswith(PROGRAM)
    )
    calls = sum(item.get("type") in CALLS for item in items)
    last = last_total(events)
    cached = last.get("cached_input_tokens", 0)
    speech = sum(times for (_, words), times in spoken.items() if words)
    return Count(
        messages=speech + calls + thoughts(items, events),
        prompts=0 if agent else prompts,
        tool_calls=calls,
        input=last.get("input_tokens", 0) - cached,
        output=last.get("output_tokens", 0),
        cache_read=cached,
    )
