"""The parts of an OpenCode message: what was said, thought and called, and what it cost."""

from collections.abc import Callable, Sequence

from core.messages.tooling import call_block, linked, result_block, words
from core.model import AgentLink, Block, BlockKind, Outcome, Usage
from core.records.fields import JsonObject, count, dump, items, mapping, moment, text, truth

_OUTCOMES = {"completed": Outcome.OK, "success": Outcome.OK, "error": Outcome.ERROR}
_DENIED = ("The user rejected permission", "The user has specified a rule which prevents")
_ABORTED = ("Tool execution aborted", "The operation was aborted")


def blocks(parts: Sequence[JsonObject], kind: BlockKind) -> tuple[Block, ...]:
    """Return the blocks of *parts*, of a message whose own words are of *kind*."""
    found: list[Block] = []
    for part in parts:
        build = _BUILDERS.get(text(part, "type"))
        found += build(part, kind) if build else [Block(BlockKind.OTHER, dump(part))]
    return tuple(found)


def links(parts: Sequence[JsonObject]) -> tuple[AgentLink, ...]:
    """Return which calls among *parts* started which sessions."""
    return tuple(
        AgentLink(_key(part), agent)
        for part in parts
        if text(part, "type") == "tool" and (agent := _agent(part))
    )


def usage(info: JsonObject, parts: Sequence[JsonObject]) -> Usage:
    """Return the tokens of a message: told by itself for its last step, and by every step."""
    steps = [_tokens(part) for part in parts if text(part, "type") == "step-finish"]
    whole = Usage(
        sum(step.input for step in steps),
        sum(step.output for step in steps),
        sum(step.cache_read for step in steps),
        sum(step.cache_creation for step in steps),
    )
    own = _tokens(info)
    return own if own.total >= whole.total else whole


def stated(info: JsonObject, parts: Sequence[JsonObject]) -> int | None:
    """Return the recorded cost in micro-dollars; 0 is written where no price was known."""
    steps = (_cost(part) for part in parts if text(part, "type") == "step-finish")
    return round((_cost(info) or sum(steps)) * 1_000_000) or None


def _cost(data: JsonObject) -> float:
    value = data.get("cost")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return value if 0 < value < 1_000_000 else 0


def _tokens(data: JsonObject) -> Usage:
    tokens = mapping(data.get("tokens"))
    cache = mapping(tokens.get("cache"))
    found = Usage(
        input=count(tokens, "input"),
        output=count(tokens, "output") + count(tokens, "reasoning"),
        cache_read=count(cache, "read"),
        cache_creation=count(cache, "write"),
    )
    # Where the total is smaller, the thoughts are in the output already.
    if 0 < count(tokens, "total") < found.total:
        return Usage(found.input, count(tokens, "output"), found.cache_read, found.cache_creation)
    return found


def _key(part: JsonObject) -> str:
    return text(part, "callID") or text(part, "id")


def _agent(part: JsonObject) -> str:
    state = mapping(part.get("state"))
    own = text(mapping(state.get("metadata")), "sessionId")
    return own or text(mapping(part.get("metadata")), "sessionId")


def _text(part: JsonObject, kind: BlockKind) -> list[Block]:
    # Synthetic text was put in by the program; ignored text is not sent to the model.
    aside = truth(part, "synthetic") or truth(part, "ignored")
    return [Block(BlockKind.NOTE if aside else kind, text(part, "text"))]


def _reasoning(part: JsonObject, _: BlockKind) -> list[Block]:
    said = text(part, "text")
    return [Block(BlockKind.THINKING, said)] if said else []


def _file(part: JsonObject, _: BlockKind) -> list[Block]:
    return [linked(text(part, "url"), text(part, "filename"))]


def _tool(part: JsonObject, _: BlockKind) -> list[Block]:
    state = mapping(part.get("state"))
    key = _key(part)
    asked = call_block(key, text(part, "tool"), state.get("input"))
    outcome = _OUTCOMES.get(text(state, "status"))
    if outcome is None:
        return [asked]  # not finished
    failed = outcome is Outcome.ERROR
    said = words(state.get("error") if failed else state.get("output"))
    if failed and said.startswith(_DENIED):
        outcome = Outcome.DENIED
    elif failed and said.startswith(_ABORTED):
        outcome = Outcome.INTERRUPTED
    answer = result_block(key, outcome, said, _agent(part), _detail(state))
    files = [mapping(item) for item in items(state.get("attachments"))]
    return [asked, answer, *(block for file in files for block in _file(file, BlockKind.NOTE))]


def _detail(state: JsonObject) -> str:
    facts: dict[str, object] = {}
    metadata, time = mapping(state.get("metadata")), mapping(state.get("time"))
    if isinstance(metadata.get("exit"), int):
        facts["exitCode"] = metadata["exit"]
    begin, end = moment(time.get("start")), moment(time.get("end"))
    if begin is not None and end is not None and end >= begin:
        facts["durationMs"] = end - begin
    return dump(facts) if facts else ""


def _compaction(_: JsonObject, __: BlockKind) -> list[Block]:
    return [Block(BlockKind.NOTE, "Conversation compacted")]


def _subtask(part: JsonObject, kind: BlockKind) -> list[Block]:
    command = text(part, "command")
    asked = text(part, "prompt") or text(part, "description")
    return [Block(kind, f"/{command} {asked}" if command else asked)]


def _named(part: JsonObject, _: BlockKind) -> list[Block]:
    return [Block(BlockKind.NOTE, f"@{text(part, 'name')}")]


def _retry(part: JsonObject, _: BlockKind) -> list[Block]:
    error = mapping(part.get("error"))
    said = text(mapping(error.get("data")), "message") or text(error, "name")
    return [Block(BlockKind.NOTE, f"Tried again: {said}" if said else "Tried again")]


def _nothing(_: JsonObject, __: BlockKind) -> list[Block]:
    return []


_BUILDERS: dict[str, Callable[[JsonObject, BlockKind], list[Block]]] = {
    "text": _text,
    "reasoning": _reasoning,
    "file": _file,
    "tool": _tool,
    "compaction": _compaction,
    "subtask": _subtask,
    "agent": _named,
    "retry": _retry,
    "step-start": _nothing,
    "step-finish": _nothing,  # its tokens and its cost are read with the message
    "snapshot": _nothing,  # states of the working tree, by their hashes
    "patch": _nothing,
}
