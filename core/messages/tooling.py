"""Blocks of a tool call, of what it gave back, and of files, for logs of any agent."""

from typing import cast

from core.messages.claude_prompts import picture
from core.model import Block, BlockKind, Call, Outcome, Result
from core.records.fields import dump, flat, items, load, mapping, text


def call_block(key: str, tool: str, given: object) -> Block:
    """Return a call of *tool*; *given* may be JSON inside a string, as some APIs have it."""
    asked = arguments(given)
    return Block(BlockKind.CALL, flat(asked), call=Call(key, tool or "(no name)", dump(asked)))


def arguments(given: object) -> object:
    """Return what *given* holds, if it is the text of a JSON object or array, else itself."""
    if isinstance(given, str) and given.lstrip()[:1] in {"{", "["}:
        try:
            return cast("object", load(given))
        except ValueError:
            return given
    return given


def result_block(key: str, outcome: Outcome, said: str, agent: str = "", detail: str = "") -> Block:
    """Return what the call *key* gave back."""
    return Block(BlockKind.RESULT, said, result=Result(key, outcome, agent, detail))


def words(value: object) -> str:
    """Return *value* as text: a string as it is, content items by their text, else its JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if not items(value):
        return dump(value)
    return "\n".join(_words(item) for item in items(value))


def _words(item: object) -> str:
    if isinstance(item, str):
        return item
    return text(mapping(item), "text") or dump(item)


def image(media: str, encoded: str) -> Block:
    """Return a picture of type *media* from its base64."""
    return picture({"source": {"media_type": media, "data": encoded}})


def linked(url: str, name: str) -> Block:
    """Return a file by its address: a picture if it is inside the address, else its name."""
    head, _, encoded = url.partition(";base64,")
    if head.startswith("data:image/") and encoded:
        return image(head.removeprefix("data:"), encoded)
    return Block(BlockKind.NOTE, name or url[:200])
