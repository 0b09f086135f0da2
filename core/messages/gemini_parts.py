"""Blocks of a Gemini message: its parts as the Gemini API has them, its thoughts and calls."""

from core.messages.tooling import call_block, image, result_block, words
from core.model import Block, BlockKind, Outcome
from core.records.fields import JsonObject, dump, items, mapping, text

_OUTCOMES = {
    "success": Outcome.OK,
    "error": Outcome.ERROR,
    "cancelled": Outcome.INTERRUPTED,
}


def thought(data: JsonObject) -> Block:
    """Return one of the thoughts that are told beside what was said."""
    parts = (text(data, "subject"), text(data, "description"))
    return Block(BlockKind.THINKING, "\n".join(part for part in parts if part))


def contents(content: object, kind: BlockKind, id_: str) -> list[Block]:
    """Return what was said in the message *id_*: a text, or parts of the Gemini API."""
    if isinstance(content, str):
        return [Block(kind, content)]
    parts = items(content) or ([content] if mapping(content) else [])
    return [block for n, part in enumerate(parts) for block in _part(part, kind, f"{id_}:p{n}")]


def _part(item: object, kind: BlockKind, key: str) -> list[Block]:  # noqa: PLR0911  one a kind
    """Return the blocks of one part of a content of the Gemini API."""
    if isinstance(item, str):
        return [Block(kind, item)]
    part = mapping(item)
    if isinstance(part.get("text"), str):
        thought = part.get("thought") is True
        return [Block(BlockKind.THINKING if thought else kind, text(part, "text"))]
    if data := mapping(part.get("inlineData")):
        return [image(text(data, "mimeType") or "image", text(data, "data"))]
    if asked := mapping(part.get("functionCall")):
        key = text(asked, "id") or key
        return [call_block(key, text(asked, "name"), asked.get("args"))]
    if result := mapping(part.get("functionResponse")):
        said, outcome = _response(mapping(result.get("response")))
        return [result_block(text(result, "id"), outcome, said)]
    if data := mapping(part.get("fileData")):
        return [Block(BlockKind.NOTE, text(data, "fileUri"))]
    return [Block(BlockKind.OTHER, dump(item))]


def _response(response: JsonObject) -> tuple[str, Outcome]:
    if "error" in response:
        return words(response.get("error")), Outcome.ERROR
    return words(response.get("output", response)), Outcome.OK


def answer(asked: JsonObject, key: str) -> list[Block]:
    """Return the result of the call *asked*, with its pictures; empty while there is none."""
    found: list[str] = []
    pictures: list[Block] = []
    outcome = _OUTCOMES.get(text(asked, "status"))
    given = asked.get("result")
    for item in items(given) or ([given] if given else []):
        part = mapping(item)
        if "functionResponse" in part:
            response = mapping(mapping(part.get("functionResponse")).get("response"))
            said, how = _response(response)
            outcome = outcome or how
            found.append(said)
        elif data := mapping(part.get("inlineData")):
            pictures.append(image(text(data, "mimeType") or "image", text(data, "data")))
        else:
            found.append(words([item]))
    if outcome is None and not found and not pictures:
        return []
    shown = "\n".join(found) or words(asked.get("resultDisplay"))
    if outcome is Outcome.INTERRUPTED and "did not allow" in shown:
        outcome = Outcome.DENIED
    return [result_block(key, outcome or Outcome.OK, shown, text(asked, "agentId")), *pictures]
