"""What the lines of a Codex rollout say about the session as a whole, and its copied history."""

from core.messages import codex_usage
from core.messages.codex_line import Line, Told, message
from core.messages.file_keys import uuid_in
from core.messages.format import Memory
from core.messages.telling import known, with_
from core.model import Block, BlockKind, Kind, Message, Setting
from core.records.fields import count, mapping, moment, text, truth

_BURST = 2_000  # milliseconds within which a copied history is written


def header(line: Line, memory: Memory) -> Told:
    """Take the first header as the file's own; a later one is that of a copied history."""
    body = line.body
    own, key = text(memory, "own"), text(body, "id")
    if own:
        if key and key != own:
            parent = text(memory, "parent") or key
            memory = with_(memory, copying=True, parent=parent)
        return (known(line.record, line.kind),), memory
    source = mapping(body.get("source"))
    spawn = mapping(mapping(source.get("subagent")).get("thread_spawn"))
    parent = (
        text(body, "parent_thread_id")
        or text(spawn, "parent_thread_id")
        or text(body, "forked_from_id")
    )
    is_agent = "subagent" in source or text(body, "thread_source") == "subagent"
    setting = Setting(
        cwd=text(body, "cwd"),
        git_branch=text(mapping(body.get("git")), "branch"),
        version=text(body, "cli_version"),
        trunk=parent,
    )
    memory = with_(
        memory,
        own=key or "(none)",
        agent=(key or "(none)") if is_agent else "",
        parent=parent,
        copying=bool(text(body, "forked_from_id")),
        born=moment(body.get("timestamp")) or line.at or 0,
    )
    told = text(mapping(body.get("base_instructions")), "text") or text(body, "instructions")
    said: Message | None = None
    if told:
        blocks = (Block(BlockKind.NOTE, told),)
        said = message(line, memory, "system", Kind.META, blocks)
    version = setting.version
    return (known(line.record, line.kind, said, version=version, setting=setting),), memory


def own_turn(line: Line, memory: Memory) -> Memory:
    """End the copied history where the file's own first turn begins.

    Ids are uuids of version 7, which sort by time: an own turn is younger than the session.
    Without such ids a turn is its own once the burst in which a history is copied is over.
    """
    if not truth(memory, "copying") or line.kind not in _TURNS:
        return memory
    turn, own = uuid_in(text(line.body, "turn_id")), uuid_in(text(memory, "own"))
    if turn and own:
        return with_(memory, copying=False) if turn >= own else memory
    late = line.at is not None and line.at > count(memory, "born") + _BURST
    return with_(memory, copying=False) if late else memory


_TURNS = frozenset({"turn_context", "event_msg/task_started", "event_msg/user_message"})


def turn_context(line: Line, memory: Memory) -> Told:
    """Take the model and the folder of a turn."""
    model, cwd = text(line.body, "model"), text(line.body, "cwd")
    memory = codex_usage.closed(memory)
    if model and model != text(memory, "model"):
        memory = with_(memory, model=model)
    return (known(line.record, line.kind, setting=Setting(cwd=cwd) if cwd else None),), memory


def settings(line: Line, memory: Memory) -> Told:
    """Take the tier that replies are asked for at."""
    tier = text(mapping(line.body.get("thread_settings")), "service_tier")
    fast = tier in {"fast", "priority"}
    if fast != truth(memory, "fast"):
        memory = with_(memory, fast=fast)
    return (known(line.record, line.kind),), memory


def named(line: Line, memory: Memory) -> Told:
    """Take the name that a person gave the thread."""
    name = text(line.body, "thread_name")
    setting = Setting(custom_title=name) if name else None
    return (known(line.record, line.kind, setting=setting),), memory
