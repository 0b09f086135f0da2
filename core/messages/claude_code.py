"""Claude Code transcripts: what each kind of record says.

The format is not documented by its maker and changes monthly, so every field is looked
at loosely, a missing one costs itself only, and kinds not in the tables below are kept.
Source: measured on public transcripts of versions 1.0.17 to 2.1.222.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.messages import (
    claude_cost,
    claude_links,
    claude_prompts,
    claude_queue,
    claude_results,
    claude_system,
)
from core.messages.claude_record import content, message, told, where
from core.messages.format import Memory
from core.model import (
    AgentLink,
    Block,
    BlockKind,
    Call,
    Facts,
    Kind,
    LeafSummary,
    Reply,
    Role,
    Setting,
    Usage,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, flat, items, mapping, text, truth

# Kinds that are understood but say nothing a reader has to see.
_SILENT = frozenset(
    {
        "agent-color", "agent-setting", "artifact-autoreact-ledger",
        "artifact-comment-monitor", "atis-latch", "attribution-snapshot",
        "bridge-session", "content-replacement", "file-history-delta",
        "file-history-snapshot", "fork-context-ref", "frame-link",
        "history-suppression", "mode", "permission-mode", "pr-link",
        "session-meta", "speculation-accept", "tag", "task-summary",
    }
)  # fmt: skip
_OFTEN = frozenset({"user", "assistant"})  # nothing is remembered of them


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says after the records of *memory*, and what is remembered now."""
    fact = facts(record)
    if "held" not in memory and fact.kind in _OFTEN:
        return (fact,), memory
    if text(record.data, "type") == "worktree-state":
        fact, memory = _worktree(record, fact, memory)
    return claude_queue.follow(record, fact, memory)


def facts(record: Record) -> Facts:
    """Return what *record* says by itself. Pure; never raises for any JSON object."""
    data = record.data
    kind = text(data, "type")
    build = _READERS.get(kind)
    return build(record) if build else told(record, kind or "(none)", known=kind in _SILENT)


def _user(record: Record) -> Facts:
    data = record.data
    said = content(data)
    results = claude_results.results(said, data)
    if results:
        rest = claude_prompts.pieces(said, BlockKind.NOTE)
        blocks = (*results, *rest)
        return told(record, "user", message=message(record, Kind.RESULT, Role.USER, blocks))
    kind, blocks, renamed = claude_prompts.prompt(said, data)
    setting = where(data)
    if renamed:
        setting = replace(setting or Setting(), renamed=renamed)
    who = claude_prompts.author(kind, said, data)
    found = message(record, kind, Role.USER, blocks, prompt=who)
    links = claude_links.of_notice(blocks[0].text) if kind is Kind.NOTICE and blocks else ()
    return told(record, "user", message=found, setting=setting, links=links)


def _assistant(record: Record) -> Facts:
    data = record.data
    body = mapping(data.get("message"))
    model = text(body, "model")
    failed = truth(data, "isApiErrorMessage")
    said = content(data)
    pieces: list[Block] = []
    if isinstance(said, str):
        pieces.append(Block(BlockKind.REPLY, said))
    for item in items(said):
        pieces.extend(_piece(item))
    if failed:
        pieces = [Block(BlockKind.NOTE, "\n".join(block.text for block in pieces))]
    used = mapping(body.get("usage"))
    reply = Reply(
        api_id=text(body, "id"),
        request=text(data, "requestId"),
        model="" if model == "<synthetic>" else model,
        usage=usage(used),
        final=bool(text(body, "stop_reason")),
        fast=used.get("speed") == "fast",
        searches=count(mapping(used.get("server_tool_use")), "web_search_requests"),
    )
    kind = Kind.FAILURE if failed else Kind.REPLY
    found = message(record, kind, Role.ASSISTANT, tuple(pieces), reply=reply)
    return told(record, "assistant", message=found)


def usage(data: JsonObject) -> Usage:
    """Return the token counts of *data*, a ``usage`` object of the Anthropic API."""
    split = mapping(data.get("cache_creation"))
    return Usage(
        input=count(data, "input_tokens"),
        output=count(data, "output_tokens"),
        cache_read=count(data, "cache_read_input_tokens"),
        cache_creation=count(data, "cache_creation_input_tokens"),
        cache_5m=count(split, "ephemeral_5m_input_tokens"),
        cache_1h=count(split, "ephemeral_1h_input_tokens"),
    )


def _piece(item: object) -> tuple[Block, ...]:  # noqa: PLR0911  one case for each type
    """Return the blocks of one content item of a reply."""
    if isinstance(item, str):
        return (Block(BlockKind.REPLY, item),)
    block = mapping(item)
    match text(block, "type"):
        case "text":
            return (Block(BlockKind.REPLY, text(block, "text")),)
        case "thinking":
            said = text(block, "thinking")
            return (Block(BlockKind.THINKING, said),) if said else ()
        case "redacted_thinking":
            return ()  # encrypted: there is nothing to read
        case "tool_use" | "server_tool_use" | "mcp_tool_use":
            given = block.get("input")
            call = Call(text(block, "id"), text(block, "name") or "(no name)", dump(given))
            return (Block(BlockKind.CALL, flat(given), call=call),)
        case "web_search_tool_result" | "mcp_tool_result":
            return (claude_results.result(block, {}),)
        case _:
            return claude_prompts.piece(item, BlockKind.REPLY)


def _progress(record: Record) -> Facts:
    data = record.data
    progress = mapping(data.get("data"))
    kind = f"progress/{text(progress, 'type')}"
    agent, call = text(progress, "agentId"), text(data, "parentToolUseID")
    links = (AgentLink(call, agent),) if agent and call else ()
    return told(record, kind, links=links)


def _summary(record: Record) -> Facts:
    said, leaf = text(record.data, "summary"), text(record.data, "leafUuid")
    summary = LeafSummary(leaf, said) if said and leaf else None
    return told(record, "summary", summary=summary)


def _queue(record: Record) -> Facts:
    enqueued = text(record.data, "operation") == "enqueue"
    links = claude_links.of_queue(text(record.data, "content")) if enqueued else ()
    return told(record, "queue-operation", links=links)


def _cost(record: Record) -> Facts:
    return told(record, "cost-state", cost=claude_cost.stated(record.data))


def _worktree(record: Record, fact: Facts, memory: Memory) -> tuple[Facts, Memory]:
    """Return *fact* with where the session works now: in a worktree, or back where it was."""
    state = mapping(record.data.get("worktreeSession"))
    home, path = text(state, "originalCwd"), text(state, "worktreePath")
    now = path or text(memory, "home")
    if now:
        fact = replace(fact, setting=replace(fact.setting or Setting(), moved_to=now))
    if home:
        memory = {**memory, "home": home}
    return fact, memory


def _latch(key: str, make: Callable[[str], Setting]) -> Callable[[Record], Facts]:
    """Return a reader for records that set one thing of the session; the last one wins."""

    def reader(record: Record) -> Facts:
        value = text(record.data, key)
        setting = make(value) if value else None
        return told(record, text(record.data, "type"), setting=setting)

    return reader


_READERS: dict[str, Callable[[Record], Facts]] = {
    "user": _user,
    "assistant": _assistant,
    "system": claude_system.system,
    "progress": _progress,
    "attachment": claude_system.attachment,
    "summary": _summary,
    "queue-operation": _queue,
    "cost-state": _cost,
    "worktree-state": lambda record: told(record, "worktree-state"),
    "custom-title": _latch("customTitle", lambda value: Setting(custom_title=value)),
    "agent-name": _latch("agentName", lambda value: Setting(agent_name=value)),
    "ai-title": _latch("aiTitle", lambda value: Setting(ai_title=value)),
    "last-prompt": _latch("leafUuid", lambda value: Setting(leaf=value)),
    "continued-in": _latch("continuedInSessionId", lambda value: Setting(continued_in=value)),
    "relocated": _latch("relocatedCwd", lambda value: Setting(moved_to=value)),
}


def is_known(kind: str) -> bool:
    """Tell whether records of type *kind* are understood."""
    return kind in _READERS or kind in _SILENT
