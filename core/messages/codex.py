"""Codex CLI rollouts (``rollout-<time>-<uuid>.jsonl``): what each kind of line says.

Built from measured rollouts of versions 0.40 to 0.146, and from the bare lines without an
envelope that versions before 0.32 wrote. Most events repeat a response item for the screen;
the first of the two is the message.
"""

from dataclasses import replace

from core.messages import codex_items, codex_session, codex_usage
from core.messages.codex_line import Line, Reader, Told, repeats, tell
from core.messages.file_keys import uuid_last
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange, with_
from core.model import (
    AgentLink,
    Block,
    BlockKind,
    Kind,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, mapping, moment, text


def read(record: Record, memory: Memory) -> Told:
    """Return what *record* says. Pure; never raises for any JSON object."""
    data = record.data
    outer, body = text(data, "type"), mapping(data.get("payload"))
    inner = text(body, "type")
    kind = f"{outer}/{inner}" if inner else outer
    if "payload" not in data:  # a bare line
        body = data
        kind = f"response_item/{outer}" if outer else _bare(data)
    line = Line(record, kind, body, moment(data.get("timestamp")))
    memory = codex_session.own_turn(line, memory)
    reader = _READERS.get(kind)
    if reader is None:
        census = kind if "payload" in data or not outer else outer
        return ((known(record, kind) if kind in _SILENT else strange(record, census)),), memory
    return reader(line, memory)


def _bare(data: JsonObject) -> str:
    """Return what a bare line without a type is."""
    if text(data, "record_type") == "state":
        return "state"
    return "session_meta" if text(data, "id") and text(data, "timestamp") else ""


# What was said --------------------------------------------------------------------------


def _item(line: Line, memory: Memory) -> Told:
    """Read a message item."""
    role, content = text(line.body, "role"), line.body.get("content")
    said = codex_items.said_in(content)
    if role == "assistant":
        memory = codex_usage.opened(memory)
        again, memory = repeats(memory, "item", role, said)
        if again:
            return (known(line.record, line.kind),), memory
        blocks = codex_items.pieces(content, BlockKind.REPLY)
        return tell(line, memory, role, Kind.REPLY, blocks, codex_usage.reply(memory))
    memory = codex_usage.closed(memory)
    if role != "user":
        blocks = codex_items.pieces(content, BlockKind.NOTE)
        return tell(line, memory, "system", Kind.META, blocks)
    kind = codex_items.kind_of(said)
    speaker, said = ("stop", "") if kind is Kind.INTERRUPT else (role, said)
    again, memory = repeats(memory, "item", speaker, said)
    if again:
        return (known(line.record, line.kind),), memory
    style = BlockKind.PROMPT if kind is Kind.PROMPT else BlockKind.NOTE
    return tell(line, memory, role, kind, codex_items.pieces(content, style))


def _user_copy(line: Line, memory: Memory) -> Told:
    memory = codex_usage.closed(memory)
    said = text(line.body, "message")
    again, memory = repeats(memory, "copy", "user", said)
    if again or not said:
        return (known(line.record, line.kind),), memory
    kind = codex_items.kind_of(said)
    if kind is Kind.PROMPT:
        return tell(line, memory, "user", kind, codex_items.typed(said))
    return tell(line, memory, "user", kind, (Block(BlockKind.NOTE, said),))


def _agent_copy(line: Line, memory: Memory) -> Told:
    said = text(line.body, "message")
    memory = codex_usage.opened(memory, copy=True)
    again, memory = repeats(memory, "copy", "assistant", said)
    blocks = () if again or not said else (Block(BlockKind.REPLY, said),)
    return tell(line, memory, "assistant", Kind.REPLY, blocks, codex_usage.reply(memory))


def _reasoning_copy(line: Line, memory: Memory) -> Told:
    said = text(line.body, "text")
    memory = codex_usage.opened(memory, copy=True)
    again, memory = repeats(memory, "copy", "thinking", said)
    blocks = () if again or not said else (Block(BlockKind.THINKING, said),)
    return tell(line, memory, "assistant", Kind.REPLY, blocks, codex_usage.reply(memory))


def _reasoning(line: Line, memory: Memory) -> Told:
    memory = codex_usage.opened(memory)
    blocks: list[Block] = []
    for part in codex_items.thoughts(line.body):
        again, memory = repeats(memory, "item", "thinking", part)
        if not again:
            blocks.append(Block(BlockKind.THINKING, part))
    reply = codex_usage.reply(memory)
    return tell(line, memory, "assistant", Kind.REPLY, tuple(blocks), reply)


# What was done --------------------------------------------------------------------------


def _call(line: Line, memory: Memory) -> Told:
    memory = codex_usage.opened(memory)
    if codex_items.search(line.body):
        memory = with_(memory, searches=count(memory, "searches") + 1)
    blocks = codex_items.called(line.body, f"call@{line.record.place.offset}")
    return tell(line, memory, "assistant", Kind.REPLY, blocks, codex_usage.reply(memory))


def _output(line: Line, memory: Memory) -> Told:
    memory = codex_usage.closed(memory)
    blocks, agent = codex_items.gave_back(line.body, f"call@{line.record.place.offset}")
    links = (AgentLink(text(line.body, "call_id"), agent),) if agent else ()
    return tell(line, memory, "tool", Kind.RESULT, blocks, links=links)


def _spawned(line: Line, memory: Memory) -> Told:
    call, agent = text(line.body, "call_id"), text(line.body, "new_thread_id")
    links = (AgentLink(call, agent),) if call and agent else ()
    return (replace(known(line.record, line.kind), links=links),), memory


def _tokens(line: Line, memory: Memory) -> Told:
    reply, memory = codex_usage.told(mapping(line.body.get("info")), memory)
    return (replace(known(line.record, line.kind), reply=reply),), memory


def _compacted(line: Line, memory: Memory) -> Told:
    said = text(line.body, "message") or "Conversation compacted"
    memory = codex_usage.closed(memory)
    blocks = (Block(BlockKind.NOTE, said),)
    return tell(line, memory, "system", Kind.COMPACTION, blocks)


def _stopped(line: Line, memory: Memory) -> Told:
    reason = text(line.body, "reason")
    if reason not in {"", "interrupted"}:
        return (known(line.record, line.kind),), memory
    again, memory = repeats(codex_usage.closed(memory), "copy", "stop", "")
    blocks = () if again else (Block(BlockKind.NOTE, "Interrupted by the user"),)
    return tell(line, memory, "system", Kind.INTERRUPT, blocks)


def _error(line: Line, memory: Memory) -> Told:
    blocks = (Block(BlockKind.NOTE, codex_items.failure(line.body)),)
    return tell(line, memory, "system", Kind.FAILURE, blocks)


def _notice(line: Line, memory: Memory) -> Told:
    body = line.body
    turns = count(body, "num_turns")
    said = f"Turns taken back: {turns}" if turns else ""
    said = said or text(body, "user_facing_hint") or text(body, "message")
    said = said or codex_items.said_in(body.get("content"))
    blocks = (Block(BlockKind.NOTE, said),) if said else ()
    return tell(line, memory, "system", Kind.NOTICE, blocks)


_CALLS = (
    "function_call", "custom_tool_call", "local_shell_call", "web_search_call",
    "tool_search_call", "image_generation_call",
)  # fmt: skip
_OUTPUTS = (
    "function_call_output", "custom_tool_call_output", "local_shell_call_output",
    "tool_search_output",
)  # fmt: skip
_READERS: dict[str, Reader] = {
    "session_meta": codex_session.header,
    "turn_context": codex_session.turn_context,
    "compacted": _compacted,
    "response_item/message": _item,
    "response_item/reasoning": _reasoning,
    "response_item/agent_message": _notice,
    "event_msg/user_message": _user_copy,
    "event_msg/agent_message": _agent_copy,
    "event_msg/agent_reasoning": _reasoning_copy,
    "event_msg/agent_reasoning_raw_content": _reasoning_copy,
    "event_msg/token_count": _tokens,
    "event_msg/turn_aborted": _stopped,
    "event_msg/error": _error,
    "event_msg/stream_error": _error,
    "event_msg/warning": _notice,
    "event_msg/entered_review_mode": _notice,
    "event_msg/thread_rolled_back": _notice,
    "event_msg/thread_name_updated": codex_session.named,
    "event_msg/thread_settings_applied": codex_session.settings,
    "event_msg/collab_agent_spawn_end": _spawned,
    **{f"response_item/{kind}": _call for kind in _CALLS},
    **{f"response_item/{kind}": _output for kind in _OUTPUTS},
}
# Understood, but they repeat an item, or say nothing a reader has to see.
_SILENT = frozenset(
    {"state", "world_state", "inter_agent_communication_metadata"}
    | {f"response_item/{kind}" for kind in ("ghost_snapshot", "compaction", "compaction_summary")}
    | {
        f"event_msg/{kind}"
        for kind in (
            "account/rateLimits/updated", "background_event", "collab_agent_interaction_begin",
            "collab_agent_interaction_end", "collab_agent_spawn_begin", "collab_close_begin",
            "collab_close_end", "collab_waiting_begin", "collab_waiting_end",
            "context_compacted", "deprecation_notice", "dynamic_tool_call_request",
            "dynamic_tool_call_response", "exec_command_begin", "exec_command_end",
            "exited_review_mode", "guardian_assessment", "image_generation_end",
            "item_completed", "item_started", "mcp_tool_call_begin", "mcp_tool_call_end",
            "patch_apply_begin", "patch_apply_end", "plan_update", "sub_agent_activity",
            "task_complete", "task_started", "thread_goal_updated", "turn_diff",
            "undo_completed", "undo_started", "view_image_tool_call", "web_search_begin",
            "web_search_end",
        )
    }
)  # fmt: skip

KINDS = tuple(_READERS)  # the kinds of line that are read


# How the files are known ----------------------------------------------------------------

_ENVELOPES = frozenset(
    {"session_meta", "response_item", "event_msg", "turn_context", "compacted", "world_state"}
)
_BARE = frozenset(kind.removeprefix("response_item/") for kind in _READERS if "response" in kind)


def detect(sample: Sample) -> Score:
    """Score the share of lines with the rollout's envelope, or a bare rollout's header."""
    records = sample.records
    if sample.framing is not Framing.LINES or not records:
        return NO
    wrapped = sum(
        text(record, "type") in _ENVELOPES and isinstance(record.get("payload"), dict)
        for record in records
    )
    if wrapped * 2 > len(records):
        return Score(92, "the envelope of Codex rollouts around each line")
    first, rest = records[0], records[1:]
    header = not text(first, "type") and _bare(first) == "session_meta"
    bare = sum(
        text(record, "type") in _BARE or text(record, "record_type") == "state" for record in rest
    )
    if header and (bare * 2 > len(rest) or ("instructions" in first and not rest)):
        return Score(80, "the header and items of early Codex rollouts")
    return NO


FORMAT = Format(
    name="codex",
    title="Codex",
    revision=1,
    framing=Framing.LINES,
    detect=detect,
    read=read,
    source="measured on public Codex CLI rollouts, versions 0.40 to 0.146",
    place=uuid_last,
    local=True,
)
