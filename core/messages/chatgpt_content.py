"""The content of a message in ChatGPT's export, by its ``content_type``."""

from collections.abc import Callable

from core.messages.tooling import call_block, result_block
from core.model import Block, BlockKind, Outcome
from core.records.fields import JsonObject, dump, items, mapping, text


def blocks(message: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
    """Return the blocks of *message*; its plain texts are of *kind*."""
    content = mapping(message.get("content"))
    build = _BUILDERS.get(text(content, "content_type"), _other)
    return tuple(block for block in build(content, kind) if block.text)


def calls(message: JsonObject, uuid: str) -> tuple[Block, ...]:
    """Return the call that a reply is when it speaks to a tool and not to all."""
    words = "\n".join(block.text for block in blocks(message, BlockKind.REPLY))
    return (call_block(uuid, text(message, "recipient"), words),)


def results(message: JsonObject, call: str) -> tuple[Block, ...]:
    """Return what a tool said, as the result of the open *call*."""
    found = blocks(message, BlockKind.NOTE)
    pictures = tuple(block for block in found if block.kind is BlockKind.IMAGE)
    words = "\n".join(block.text for block in found if block.kind is not BlockKind.IMAGE)
    content = mapping(message.get("content"))
    ran = mapping(mapping(message.get("metadata")).get("aggregate_result"))
    failed = text(content, "content_type") == "system_error" or "exception" in text(ran, "status")
    return (result_block(call, Outcome.ERROR if failed else Outcome.OK, words), *pictures)


def _parts(content: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
    return tuple(_part(item, kind) for item in items(content.get("parts")))


def _part(item: object, kind: BlockKind) -> Block:
    if isinstance(item, str):
        return Block(kind, item)
    data = mapping(item)
    if text(data, "content_type") == "image_asset_pointer":
        return Block(BlockKind.IMAGE, text(data, "asset_pointer") or "image")
    if text(data, "content_type") == "audio_transcription":
        return Block(kind, text(data, "text"))
    if text(data, "content_type").endswith("asset_pointer"):
        return Block(BlockKind.NOTE, text(data, "asset_pointer") or text(data, "content_type"))
    return Block(BlockKind.OTHER, dump(item))


def _thoughts(content: JsonObject, _: BlockKind) -> tuple[Block, ...]:
    thoughts = [mapping(item) for item in items(content.get("thoughts"))]
    return tuple(
        Block(BlockKind.THINKING, text(thought, "content") or text(thought, "summary"))
        for thought in thoughts
    )


def _fields(*keys: str) -> Callable[[JsonObject, BlockKind], tuple[Block, ...]]:
    """Return a builder of one text from the named fields."""

    def build(content: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
        return (Block(kind, "\n".join(text(content, key) for key in keys if text(content, key))),)

    return build


def _recap(content: JsonObject, _: BlockKind) -> tuple[Block, ...]:
    return (Block(BlockKind.NOTE, text(content, "content")),)


def _other(content: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
    if items(content.get("parts")):
        return _parts(content, kind)
    return (Block(BlockKind.OTHER, dump(content)),) if content else ()


_BUILDERS: dict[str, Callable[[JsonObject, BlockKind], tuple[Block, ...]]] = {
    "text": _parts,
    "multimodal_text": _parts,
    "code": _fields("text"),
    "execution_output": _fields("text"),
    "system_error": _fields("name", "text"),
    "tether_browsing_display": _fields("result", "summary"),
    "tether_quote": _fields("title", "text", "url"),
    "thoughts": _thoughts,
    "reasoning_recap": _recap,
    "user_editable_context": _fields("user_profile", "user_instructions"),
}
