"""The shapes in which lists of role messages are kept: one a line, or a conversation a line."""

import re
from collections.abc import Sequence

from core.records.fields import JsonObject, items, mapping, text

# Where a conversation has its messages. A trajectory tells a history again, so it comes last.
LISTS = ("messages", "conversations", "conversation", "history", "traj", "trajectory")
ROLES = {  # as written, and what it is to Clew
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "system": "system",
    "developer": "system",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
    "function_call": "call",
    "tool_call": "call",
}
_TYPES = {  # of records that have a ``type`` where others have a role
    "tool_call": "call",
    "function_call": "call",
    "tool_result": "tool",
    "function_call_result": "tool",
    "function_call_output": "tool",
    "error": "error",
}
_GROUPS = (  # ids of conversations, which differ between files
    "conversation_id", "conversationId", "session_id", "sessionId", "thread_id", "chat_id",
)  # fmt: skip
_UNIQUE = 20  # characters from which on a plain ``id`` is taken to differ between files
_DISPLAYED = re.compile(r"^(user|assistant|system|tool|developer|function): ?", re.MULTILINE)


def role(data: JsonObject) -> str:
    """Return who speaks in *data*: user, assistant, system, tool; call or error; "" if untold."""
    if "function_call_result" in data:
        return "tool"
    for key in ("role", "from", "sender", "author"):
        told = text(data, key) or text(mapping(data.get(key)), "role")
        if told:
            return ROLES.get(told.lower(), "")
    if answered(data):
        return "tool"
    return _TYPES.get(text(data, "type"), "")


def answered(data: JsonObject) -> str:
    """Return the id of the call that *data* answers, if it answers one."""
    inner = mapping(data.get("function_call_result"))
    result = _TYPES.get(text(data, "type")) == "tool" or text(data, "role") in ("tool", "function")
    keys = ("tool_call_id", "tool_use_id", *(("call_id", "callId") if result else ()))
    found = [text(data, key) for key in keys]
    found += [text(inner, key) for key in ("call_id", "callId", "tool_call_id", "id")]
    found += [item for item in items(data.get("tool_call_ids"))[:1] if isinstance(item, str)]
    return next((key for key in found if key), "")


def said(data: JsonObject) -> object:
    """Return the content of a message, under whichever name it is."""
    for key in ("content", "value", "text", "parts"):
        if data.get(key) is not None:
            return data[key]
    message = data.get("message")
    return message if isinstance(message, str) else mapping(message).get("content")


def conversation(data: JsonObject) -> Sequence[JsonObject] | None:
    """Return the messages of a whole conversation; None if *data* is none."""
    if text(data, "role"):
        return None
    for key in LISTS:
        found = [mapping(item) for item in items(data.get(key))]
        if any(role(item) for item in found):
            return found
    shown = text(data, "messages_display")
    return _displayed(shown) if _DISPLAYED.match(shown) else None


def _displayed(shown: str) -> Sequence[JsonObject]:
    """Return the messages of a printed conversation, in which each begins with its role."""
    marks = list(_DISPLAYED.finditer(shown))
    ends = [mark.start() for mark in marks[1:]] + [len(shown)]
    found: list[JsonObject] = []
    for mark, end in zip(marks, ends, strict=True):
        words = shown[mark.end() : end].removesuffix("\n")
        told: dict[str, object] = {"role": mark.group(1), "content": words}
        if words == "None" and mark.group(1) == "assistant":
            # The printer had no words to print: the model called a tool, and nothing of it is left.
            told |= {"content": None, "tool_calls": [{}]}
        found.append(told)
    return found


def group(data: JsonObject) -> str:
    """Return the key of the conversation that *data* names, "" if it names none."""
    return next((text(data, key) for key in _GROUPS if text(data, key)), "")


def own_key(data: JsonObject, number: int) -> str:
    """Return a key for a whole conversation, the *number*-th of its file.

    A key that begins with ``#`` means something in its file only.
    """
    given = group(data)
    plain = next((text(data, key) for key in ("uuid", "id") if text(data, key)), "")
    return given or (plain if len(plain) >= _UNIQUE else f"#{number}")
