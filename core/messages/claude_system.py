"""Claude Code's ``system`` and ``attachment`` records: marks, and what was handed to the model.

Most attachments are lists of tools and reminders for the model only; those below hold what a
person wrote, or what a person's own hooks said.
"""

from core.messages import claude_links, claude_prompts
from core.messages.claude_record import message, told
from core.model import Block, BlockKind, Facts, Kind, Message, PromptKind, Role
from core.records.decode import Record
from core.records.fields import JsonObject, dump, flat, items, mapping, text, truth

_COMPACTION = ("trigger", "preTokens", "postTokens", "durationMs")
_COMPACTIONS = ("compact_boundary", "microcompact_boundary")
_ADDED = {"hook_additional_context": Kind.META}  # context for the model; other words are notices


def system(record: Record) -> Facts:
    """Return what a ``system`` record says; whatever has words of its own is shown."""
    data = record.data
    subtype = text(data, "subtype")
    said = text(data, "content")
    found: Message | None = None
    if subtype in _COMPACTIONS:
        found = _compaction(record, subtype, said)
    elif subtype == "api_error":
        error = mapping(data.get("error"))
        cause = text(error, "message") or text(mapping(error.get("error")), "message")
        blocks = (Block(BlockKind.NOTE, cause or said or flat(error) or "API error"),)
        found = message(record, Kind.FAILURE, Role.SYSTEM, blocks)
    elif subtype == "stop_hook_summary":
        found = _stopped(record)
    elif subtype == "local_command" and said:
        kind, pieces, _ = claude_prompts.prompt(said, data)
        who = claude_prompts.author(kind, said, data)
        found = message(record, kind, Role.SYSTEM, pieces, prompt=who)
    elif subtype != "turn_duration" and said.strip():
        found = _notice(record, said, PromptKind.SYSTEM)
    return told(record, f"system/{subtype}" if subtype else "system", message=found)


def _compaction(record: Record, subtype: str, said: str) -> Message:
    data = record.data
    facts = mapping(data.get("compactMetadata") or data.get("microcompactMetadata"))
    kept = {key: facts[key] for key in _COMPACTION if key in facts}
    if subtype == "microcompact_boundary":
        kept["trigger"] = "micro"
    blocks = (Block(BlockKind.NOTE, said or "Conversation compacted"),)
    return message(record, Kind.COMPACTION, Role.SYSTEM, blocks, detail=dump(kept))


def _stopped(record: Record) -> Message | None:
    """Return what hooks had to say at the end of a turn; None if they let it end in silence."""
    data = record.data
    failed = "\n".join(one for one in items(data.get("hookErrors")) if isinstance(one, str) and one)
    if truth(data, "preventedContinuation"):
        failed = failed or text(data, "stopReason")
    return _notice(record, failed, PromptKind.HOOK) if failed else None


def _notice(record: Record, said: str, who: PromptKind, kind: Kind = Kind.NOTICE) -> Message:
    return message(record, kind, Role.SYSTEM, (Block(BlockKind.NOTE, said),), prompt=who)


def attachment(record: Record) -> Facts:
    """Return what an ``attachment`` record says."""
    attached = mapping(record.data.get("attachment"))
    sort = text(attached, "type")
    kind = f"attachment/{sort}"
    if sort == "queued_command":
        given = attached.get("prompt")
        links = claude_links.of_queue(given) if isinstance(given, str) else ()
        return told(record, kind, message=_queued(record, attached), links=links)
    if sort.startswith("hook_") and sort != "hook_success":
        said = _hook(attached)
        into = _ADDED.get(sort, Kind.NOTICE)
        return told(
            record, kind, message=_notice(record, said, PromptKind.HOOK, into) if said else None
        )
    return told(record, kind)


def _queued(record: Record, attached: JsonObject) -> Message:
    """Return what was typed, or told by a machine, while the agent was busy."""
    data = record.data
    given = attached.get("prompt")
    typed = text(attached, "commandMode") in {"", "prompt"}
    machine = text(mapping(attached.get("origin")), "kind") not in {"", "human"}
    kind, blocks, _ = claude_prompts.prompt(given, data)
    if kind is Kind.PROMPT:
        kind = Kind.QUEUED if typed and not machine else Kind.NOTICE
        if truth(attached, "isMeta"):
            kind = Kind.META
    origin = {"origin": attached.get("origin"), "entrypoint": data.get("entrypoint")}
    who = claude_prompts.author(kind, given, origin)
    return message(record, kind, Role.USER, blocks, prompt=who)


def _hook(attached: JsonObject) -> str:
    """Return the words of a hook, wherever its kind of record has them."""
    content = attached.get("content")
    if isinstance(content, str) and content:
        return content
    lines = [one for one in items(content) if isinstance(one, str) and one]
    failed = attached.get("blockingError")
    inner = text(mapping(failed), "blockingError") or (failed if isinstance(failed, str) else "")
    return "\n".join(lines) or inner or text(attached, "stderr") or text(attached, "message")
