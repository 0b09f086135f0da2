"""Blocks of pi's messages: what was said, called and given back."""

from core.messages.tooling import call_block, image, result_block, words
from core.model import Block, BlockKind, Outcome
from core.records.fields import JsonObject, dump, items, mapping, text, truth

_DENIED = ("user denied", "user rejected", "denied by user", "rejected by user", "blocked by")
_STOPPED = ("command aborted", "operation aborted", "request was aborted", "aborted")


def pieces(content: object, kind: BlockKind, made_up: str) -> tuple[Block, ...]:
    """Return the blocks of *content*; its texts are of *kind*."""
    if isinstance(content, str):
        return (Block(kind, content),) if content else ()
    return tuple(_block(made_up, place, item, kind) for place, item in enumerate(items(content)))


def _block(made_up: str, place: int, item: object, kind: BlockKind) -> Block:
    block = mapping(item)
    match text(block, "type"):
        case "text":
            return Block(kind, text(block, "text"))
        case "thinking":
            return Block(BlockKind.THINKING, text(block, "thinking"))
        case "toolCall":
            name, given = text(block, "name"), block.get("arguments")
            return call_block(text(block, "id") or f"{made_up}/{place}", name, given)
        case "image":
            return image(text(block, "mimeType") or "image", text(block, "data"))
        case _:
            return Block(BlockKind.OTHER, dump(item))


def _picture(item: object) -> bool:
    return text(mapping(item), "type") == "image"


def _pictures(body: JsonObject) -> list[object]:
    return [item for item in items(body.get("content")) if _picture(item)]


def result(body: JsonObject, made_up: str) -> tuple[Block, ...]:
    """Return what a tool gave back, and its pictures."""
    said = words([item for item in items(body.get("content")) if not _picture(item)])
    said = said if items(body.get("content")) else words(body.get("content"))
    pictures = tuple(_block(made_up, 0, item, BlockKind.NOTE) for item in _pictures(body))
    return (result_block(text(body, "toolCallId"), _outcome(body, said), said), *pictures)


def _outcome(body: JsonObject, said: str) -> Outcome:
    if not truth(body, "isError"):
        return Outcome.OK
    if said.lower().startswith(_DENIED):
        return Outcome.DENIED
    stopped = said[-100:].strip().lower().endswith(_STOPPED)
    return Outcome.INTERRUPTED if stopped else Outcome.ERROR
