"""Tool results in Claude Code records: what came back, and how the call ended."""

from core.messages import claude_facts, claude_links
from core.messages.claude_prompts import picture
from core.model import Block, BlockKind, Outcome, Result
from core.records.fields import JsonObject, dump, items, mapping, text, truth

_DENIED = (
    "The user doesn't want to proceed with this tool use",
    "The user doesn't want to take this action",
    "User rejected tool use",
    "Claude requested permissions to",
    "Permission to use ",
)
_INTERRUPTED = ("[Request interrupted by user", "Interrupted by user", "Request was aborted")


def results(content: object, data: JsonObject) -> tuple[Block, ...]:
    """Return the tool results of a user record, each followed by its pictures."""
    found = [mapping(item) for item in items(content)]
    found = [block for block in found if text(block, "type") == "tool_result"]
    blocks: list[Block] = []
    for block in found:
        # With several results in one record toolUseResult cannot be told to belong to one.
        blocks.append(result(block, data if len(found) == 1 else {}))
        blocks.extend(
            picture(mapping(item))
            for item in items(block.get("content"))
            if text(mapping(item), "type") == "image"
        )
    return tuple(blocks)


def result(block: JsonObject, data: JsonObject) -> Block:
    """Return one result. The longer of its own text and the tool's full output is kept."""
    content = block.get("content")
    said = _text(content)
    extra = data.get("toolUseResult")
    facts = mapping(extra)
    whole = claude_facts.full(extra)
    agent = text(facts, "agentId") or claude_links.of_result(content)
    if agent == text(data, "agentId"):
        agent = ""  # no agent starts itself
    answer = Result(
        key=text(block, "tool_use_id"),
        outcome=_outcome(block, data, said),
        agent=agent,
        detail=claude_facts.detail(facts),
        persisted=claude_facts.persisted(facts, said),
    )
    return Block(BlockKind.RESULT, whole if len(whole) > len(said) else said, result=answer)


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts: list[str] = []
    for item in items(content):
        block = mapping(item)
        kind = text(block, "type")
        if isinstance(item, str):
            parts.append(item)
        elif kind == "text":
            parts.append(text(block, "text"))
        elif kind != "image":
            parts.append(dump(item))
    if mapping(content):
        parts.append(dump(content))
    return "\n".join(parts)


def _outcome(block: JsonObject, data: JsonObject, said: str) -> Outcome:
    """Return how the call ended. All that is not well carries ``is_error``; the text tells why."""
    extra = data.get("toolUseResult")
    if truth(mapping(extra), "interrupted") or said.startswith(_INTERRUPTED):
        return Outcome.INTERRUPTED
    if not truth(block, "is_error"):
        return Outcome.OK
    if text(data, "toolDenialKind") or said.startswith(_DENIED):
        return Outcome.DENIED
    if isinstance(extra, str) and extra.startswith("User rejected"):
        return Outcome.DENIED
    return Outcome.ERROR
