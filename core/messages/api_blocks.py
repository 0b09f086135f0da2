"""The content of a message as the APIs of Anthropic and OpenAI write it, as blocks.

A text, or a list of typed items: texts, thoughts, pictures, tool calls and their results.
"""

from collections.abc import Callable

from core.messages import claude_prompts, claude_results
from core.messages.tooling import call_block, linked
from core.model import Block, BlockKind
from core.records.fields import JsonObject, items, mapping, text


def blocks(content: object, kind: BlockKind) -> tuple[Block, ...]:
    """Return the blocks of *content*; its plain texts are of *kind*."""
    if isinstance(content, str):
        return (Block(kind, content),) if content else ()
    found: list[Block] = []
    for item in (content,) if mapping(content) else items(content):
        found.extend(_item(item, kind))
    return tuple(found)


def _item(item: object, kind: BlockKind) -> tuple[Block, ...]:
    data = mapping(item)
    build = _BUILDERS.get(text(data, "type"))
    if build:
        return build(data, kind)
    if data and not text(data, "type") and text(data, "text"):
        return (Block(kind, text(data, "text")),)
    return claude_prompts.piece(item, kind)


def _text(data: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
    return _first(data, ("text", "content", "refusal"), kind)


def _thought(data: JsonObject, _: BlockKind) -> tuple[Block, ...]:
    return _first(data, ("thinking", "reasoning", "text", "content"), BlockKind.THINKING)


def _first(data: JsonObject, keys: tuple[str, ...], kind: BlockKind) -> tuple[Block, ...]:
    said = next((text(data, key) for key in keys if text(data, key)), "")
    return (Block(kind, said),) if said else ()


def _call(data: JsonObject, _: BlockKind) -> tuple[Block, ...]:
    given = next((data[key] for key in ("input", "arguments", "args") if key in data), None)
    return (call_block(text(data, "id"), text(data, "name"), given),)


def _result(data: JsonObject, _: BlockKind) -> tuple[Block, ...]:
    return claude_results.results([{**data, "type": "tool_result"}], {})


def _picture(data: JsonObject, _: BlockKind) -> tuple[Block, ...]:
    given = data.get("image_url")
    url = given if isinstance(given, str) else text(mapping(given), "url")
    return (linked(url, ""),) if url else ()


def _nothing(_: JsonObject, __: BlockKind) -> tuple[Block, ...]:
    return ()


_BUILDERS: dict[str, Callable[[JsonObject, BlockKind], tuple[Block, ...]]] = {
    "text": _text,
    "input_text": _text,
    "output_text": _text,
    "refusal": _text,
    "thinking": _thought,
    "reasoning": _thought,
    "redacted_thinking": _nothing,  # encrypted: there is nothing to read
    "token_budget": _nothing,  # how much the model may still write
    "tool_use": _call,
    "tool_call": _call,
    "server_tool_use": _call,
    "mcp_tool_use": _call,
    "tool_result": _result,
    "web_search_tool_result": _result,
    "mcp_tool_result": _result,
    "image_url": _picture,
    "input_image": _picture,
}
