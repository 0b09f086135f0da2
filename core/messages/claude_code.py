"""Claude Code transcripts: what each kind of record says.

The format is not documented by its maker and changes monthly, so every field is looked
at loosely, a missing one costs itself only, and kinds not in the tables below are kept.
Source: measured on public transcripts of versions 1.0.17 to 2.1.222.
"""

from collections.abc import Callable

from core.messages import claude_prompts, claude_results
from core.model import (
    AgentLink,
    Block,
    BlockKind,
    Call,
    Facts,
    Hop,
    Kind,
    LeafSummary,
    Message,
    Reply,
    Role,
    Setting,
    Unknown,
    Usage,
)
from core.records.decode import Record
from core.records.fields import (
    JsonObject,
    count,
    dump,
    flat,
    items,
    mapping,
    moment,
    text,
    truth,
)

# Kinds that are understood but say nothing a reader has to see.
_SILENT = frozenset(
    {
        "agent-color", "agent-setting", "artifact-autoreact-ledger",
        "artifact-comment-monitor", "atis-latch", "attachment", "attribution-snapshot",
        "bridge-session", "content-replacement", "continued-in", "cost-state",
        "file-history-delta", "file-history-snapshot", "fork-context-ref", "frame-link",
        "history-suppression", "last-prompt", "mode", "permission-mode", "pr-link",
        "progress", "queue-operation", "relocated", "session-meta", "speculation-accept",
        "system", "tag", "task-summary", "worktree-state",
    }
)  # fmt: skip


def read(record: Record) -> Facts:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    kind = text(data, "type")
    build = _READERS.get(kind)
    return build(record) if build else _silent(record, known=kind in _SILENT)


def _facts(  # noqa: PLR0913  one keyword for each thing a record can say
    record: Record,
    kind: str,
    *,
    known: bool = True,
    message: Message | None = None,
    setting: Setting | None = None,
    summary: LeafSummary | None = None,
    links: tuple[AgentLink, ...] = (),
) -> Facts:
    data = record.data
    uuid = text(data, "uuid")
    return Facts(
        kind=kind,
        known=known,
        place=record.place,
        version=text(data, "version"),
        message=message,
        hop=Hop(uuid, text(data, "parentUuid")) if uuid and not message else None,
        setting=setting or _setting(data),
        summary=summary,
        links=links,
        unknown=None if known else Unknown(record.place, dump(data)),
    )


def _setting(data: JsonObject) -> Setting | None:
    cwd, branch, version = text(data, "cwd"), text(data, "gitBranch"), text(data, "version")
    if not (cwd or branch or version):
        return None
    return Setting(cwd=cwd, git_branch=branch, version=version)


def _silent(record: Record, *, known: bool) -> Facts:
    return _facts(record, text(record.data, "type") or "(none)", known=known)


def _message(  # noqa: PLR0913  one keyword for each thing that differs
    record: Record,
    kind: Kind,
    role: Role,
    blocks: tuple[Block, ...],
    *,
    reply: Reply | None = None,
    detail: str = "",
) -> Message:
    data = record.data
    return Message(
        place=record.place,
        record=text(data, "type"),
        uuid=text(data, "uuid"),
        parent=text(data, "parentUuid"),
        kind=kind,
        role=role,
        at=moment(data.get("timestamp")),
        blocks=blocks,
        reply=reply,
        sidechain=truth(data, "isSidechain"),
        agent=text(data, "agentId"),
        session=text(data, "sessionId"),
        forked_from=text(mapping(data.get("forkedFrom")), "sessionId"),
        logical_parent=text(data, "logicalParentUuid"),
        detail=detail,
    )


def _content(data: JsonObject) -> object:
    """Return what was said, wherever an odd writer has put it."""
    message = data.get("message")
    if isinstance(message, str):
        return message
    return items(message) or mapping(message).get("content")


def _user(record: Record) -> Facts:
    data = record.data
    content = _content(data)
    results = claude_results.results(content, data)
    if results:
        rest = claude_prompts.pieces(content, BlockKind.NOTE)
        blocks = (*results, *rest)
        return _facts(record, "user", message=_message(record, Kind.RESULT, Role.USER, blocks))
    kind, blocks, renamed = claude_prompts.prompt(content, data)
    setting = _setting(data)
    if renamed:
        setting = Setting(
            cwd=text(data, "cwd"),
            git_branch=text(data, "gitBranch"),
            version=text(data, "version"),
            renamed=renamed,
        )
    message = _message(record, kind, Role.USER, blocks)
    return _facts(record, "user", message=message, setting=setting)


def _assistant(record: Record) -> Facts:
    data = record.data
    body = mapping(data.get("message"))
    model = text(body, "model")
    failed = truth(data, "isApiErrorMessage")
    content = _content(data)
    pieces: list[Block] = []
    if isinstance(content, str):
        pieces.append(Block(BlockKind.REPLY, content))
    for item in items(content):
        pieces.extend(_piece(item))
    if failed:
        pieces = [Block(BlockKind.NOTE, "\n".join(block.text for block in pieces))]
    reply = Reply(
        api_id=text(body, "id"),
        request=text(data, "requestId"),
        model="" if model == "<synthetic>" else model,
        usage=usage(mapping(body.get("usage"))),
        final=bool(text(body, "stop_reason")),
    )
    kind = Kind.FAILURE if failed else Kind.REPLY
    message = _message(record, kind, Role.ASSISTANT, tuple(pieces), reply=reply)
    return _facts(record, "assistant", message=message)


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


def _system(record: Record) -> Facts:
    data = record.data
    subtype = text(data, "subtype")
    kind = f"system/{subtype}" if subtype else "system"
    said = text(data, "content")
    message: Message | None = None
    if subtype in {"compact_boundary", "microcompact_boundary"}:
        facts = mapping(data.get("compactMetadata") or data.get("microcompactMetadata"))
        kept = {key: facts[key] for key in _COMPACTION if key in facts}
        if subtype == "microcompact_boundary":
            kept["trigger"] = "micro"
        blocks = (Block(BlockKind.NOTE, said or "Conversation compacted"),)
        message = _message(record, Kind.COMPACTION, Role.SYSTEM, blocks, detail=dump(kept))
    elif subtype == "api_error":
        error = mapping(data.get("error"))
        cause = text(error, "message") or text(mapping(error.get("error")), "message")
        blocks = (Block(BlockKind.NOTE, cause or said or flat(error) or "API error"),)
        message = _message(record, Kind.FAILURE, Role.SYSTEM, blocks)
    elif subtype == "local_command" and said:
        told, pieces, _ = claude_prompts.prompt(said, data)
        message = _message(record, told, Role.SYSTEM, pieces)
    return _facts(record, kind, message=message)


_COMPACTION = ("trigger", "preTokens", "postTokens", "durationMs")


def _progress(record: Record) -> Facts:
    data = record.data
    progress = mapping(data.get("data"))
    kind = f"progress/{text(progress, 'type')}"
    agent, call = text(progress, "agentId"), text(data, "parentToolUseID")
    links = (AgentLink(call, agent),) if agent and call else ()
    return _facts(record, kind, links=links)


def _attachment(record: Record) -> Facts:
    data = record.data
    attached = mapping(data.get("attachment"))
    sort = text(attached, "type")
    message: Message | None = None
    if sort == "queued_command":
        prompt = attached.get("prompt")
        typed = text(attached, "commandMode") in {"", "prompt"}
        machine = text(mapping(attached.get("origin")), "kind") not in {"", "human"}
        told, blocks, _ = claude_prompts.prompt(prompt, data)
        if told is Kind.PROMPT:
            told = Kind.QUEUED if typed and not machine else Kind.NOTICE
        message = _message(record, told, Role.USER, blocks)
    return _facts(record, f"attachment/{sort}", message=message)


def _summary(record: Record) -> Facts:
    said, leaf = text(record.data, "summary"), text(record.data, "leafUuid")
    summary = LeafSummary(leaf, said) if said and leaf else None
    return _facts(record, "summary", summary=summary)


def _latch(key: str, make: Callable[[str], Setting]) -> Callable[[Record], Facts]:
    """Return a reader for records that set one thing of the session; the last one wins."""

    def reader(record: Record) -> Facts:
        value = text(record.data, key)
        setting = make(value) if value else None
        return _facts(record, text(record.data, "type"), setting=setting)

    return reader


_READERS: dict[str, Callable[[Record], Facts]] = {
    "user": _user,
    "assistant": _assistant,
    "system": _system,
    "progress": _progress,
    "attachment": _attachment,
    "summary": _summary,
    "custom-title": _latch("customTitle", lambda value: Setting(custom_title=value)),
    "agent-name": _latch("agentName", lambda value: Setting(agent_name=value)),
    "ai-title": _latch("aiTitle", lambda value: Setting(ai_title=value)),
    "last-prompt": _latch("leafUuid", lambda value: Setting(leaf=value)),
    "continued-in": _latch("continuedInSessionId", lambda value: Setting(continued_in=value)),
}
