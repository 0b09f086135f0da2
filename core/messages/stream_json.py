"""What ``claude --output-format stream-json`` prints, kept in a file.

One object for the start, one for each piece of the conversation, one for the result with its
cost. The same objects are also kept as one JSON array, and ``--output-format json`` prints
the last one alone. Pieces name no parent: each follows the one before it in its lane.
"""

from collections.abc import Sequence

from core.messages import api_blocks, claude_code, claude_prompts, claude_results
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import note, strange
from core.model import (
    AgentLink,
    Block,
    BlockKind,
    Facts,
    Kind,
    Message,
    ModelCost,
    Reply,
    Role,
    Setting,
    StatedCost,
    Usage,
)
from core.records.decode import Record
from core.records.fields import JsonObject, count, items, mapping, text

_SILENT = frozenset(
    {
        "auth_status", "keep_alive", "prompt_suggestion", "rate_limit_event", "stream_event",
        "system", "tool_progress", "tool_use_summary",
    }
)  # fmt: skip
_TOTALS = ("inputTokens", "outputTokens", "cacheReadInputTokens", "cacheCreationInputTokens")
_LANES = 64  # sub-agents that are remembered at the same time


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says."""
    data = record.data
    sort, subtype = text(data, "type"), text(data, "subtype")
    if text(data, "session_id") and not text(memory, "session"):
        memory = {**memory, "session": text(data, "session_id")}
    if sort in {"user", "assistant"}:
        return _piece(record, sort, memory)
    if sort == "result":
        return _result(record, memory)
    if sort not in _SILENT:
        return (strange(record, sort),), memory
    kind = f"{sort}/{subtype}" if subtype else sort
    if subtype == "compact_boundary":
        return _compaction(record, kind, memory)
    setting = _setting(data) if subtype == "init" else None
    if subtype == "init":
        memory = {**memory, "model": text(data, "model")}
    version = text(data, "claude_code_version")
    return (_facts(record, kind, memory, version=version, setting=setting),), memory


def _facts(  # noqa: PLR0913  one keyword for each thing a record can say
    record: Record,
    kind: str,
    memory: Memory,
    *,
    message: Message | None = None,
    version: str = "",
    setting: Setting | None = None,
    links: tuple[AgentLink, ...] = (),
    cost: StatedCost | None = None,
) -> Facts:
    return Facts(
        kind,
        known=True,
        place=record.place,
        version=version,
        message=message,
        setting=setting,
        links=links,
        cost=cost,
        part=text(memory, "session"),
    )


def _setting(data: JsonObject) -> Setting:
    return Setting(cwd=text(data, "cwd"), version=text(data, "claude_code_version"))


def _seat(data: JsonObject, agent: str, memory: Memory) -> tuple[str, str, Memory]:
    """Return a record's id, the id before it in its lane, and *memory* with it as the last."""
    number = count(memory, "n")
    lanes = mapping(memory.get("lanes"))
    group = text(memory, "session") or text(mapping(data.get("message")), "id")
    uuid = text(data, "uuid") or (f"{group}#{number}" if group else "")
    kept = [(lane, last) for lane, last in lanes.items() if lane != agent][1 - _LANES :]
    return (
        uuid,
        text(lanes, agent),
        {**memory, "n": number + 1, "lanes": {**dict(kept), agent: uuid}},
    )


def _piece(record: Record, sort: str, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    agent = text(data, "parent_tool_use_id")
    uuid, parent, memory = _seat(data, agent, memory)
    body = mapping(data.get("message"))
    content = body.get("content", data.get("message"))
    reply: Reply | None = None
    if sort == "assistant":
        memory = memory if agent else {**memory, "spoke": True}
        kind, role = Kind.REPLY, Role.ASSISTANT
        blocks = api_blocks.blocks(content, BlockKind.REPLY)
        reply = _reply(data, body)
        if text(data, "error"):
            kind = Kind.FAILURE
            said = "\n".join(block.text for block in blocks) or text(data, "error")
            blocks = (Block(BlockKind.NOTE, said),)
    else:
        role = Role.USER
        kind, blocks = _given(content, {**data, "isSidechain": bool(agent)})
    message = Message(
        place=record.place,
        record=sort,
        uuid=uuid,
        parent=parent,
        kind=kind,
        role=role,
        at=when(data.get("timestamp")),
        blocks=blocks,
        reply=reply,
        sidechain=bool(agent),
        agent=agent,
        session=text(memory, "session"),
    )
    links = (AgentLink(agent, agent),) if agent else ()
    return (_facts(record, sort, memory, message=message, links=links),), memory


def _given(content: object, data: JsonObject) -> tuple[Kind, tuple[Block, ...]]:
    """Return what a user record is: results, or the words of a person or of the program."""
    results = claude_results.results(content, {"toolUseResult": data.get("tool_use_result")})
    if results:
        return Kind.RESULT, (*results, *claude_prompts.pieces(content, BlockKind.NOTE))
    synthetic = {**data, "isMeta": data.get("isSynthetic") is True or data.get("isMeta") is True}
    kind, blocks, _ = claude_prompts.prompt(content, synthetic)
    return kind, blocks


def _reply(data: JsonObject, body: JsonObject) -> Reply:
    model = text(body, "model")
    return Reply(
        api_id=text(body, "id"),
        request=text(data, "request_id"),
        model="" if model == "<synthetic>" else model,
        usage=claude_code.usage(mapping(body.get("usage"))),
        final=bool(text(body, "stop_reason")),
    )


def _compaction(record: Record, kind: str, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    uuid, parent, memory = _seat(record.data, "", memory)
    at = when(record.data.get("timestamp"))
    message = note(record, uuid, parent, Kind.COMPACTION, "Conversation compacted", at)
    return (_facts(record, kind, memory, message=message),), memory


def _result(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return the cost, and the answer where nothing else in the file tells it."""
    data = record.data
    subtype = text(data, "subtype")
    kind = f"result/{subtype}" if subtype else "result"
    said = text(data, "result")
    message: Message | None = None
    if subtype.startswith("error"):
        causes = "\n".join(cause for cause in items(data.get("errors")) if isinstance(cause, str))
        uuid, parent, memory = _seat(data, "", memory)
        reason = said or causes or subtype.replace("_", " ")
        message = note(record, uuid, parent, Kind.FAILURE, reason, None)
    elif said and not memory.get("spoke"):
        uuid, parent, memory = _seat(data, "", memory)
        message = _answer(record, said, uuid, parent, memory)
    memory = {**memory, "spoke": False}
    return (_facts(record, kind, memory, message=message, cost=_cost(data)),), memory


def _answer(record: Record, said: str, uuid: str, parent: str, memory: Memory) -> Message:
    """Return the answer of a result that was printed alone, with what all of it has used."""
    data = record.data
    models = tuple(mapping(data.get("modelUsage")))
    model = models[0] if len(models) == 1 else text(memory, "model")
    used = claude_code.usage(mapping(data.get("usage")))
    failed = data.get("is_error") is True
    return Message(
        place=record.place,
        record="assistant",
        uuid=uuid,
        parent=parent,
        kind=Kind.FAILURE if failed else Kind.REPLY,
        role=Role.ASSISTANT,
        at=None,
        blocks=(Block(BlockKind.NOTE if failed else BlockKind.REPLY, said),),
        reply=Reply(uuid, "", model, used, final=True),
        session=text(memory, "session"),
    )


def _cost(data: JsonObject) -> StatedCost | None:
    stated = _micro(data, ("total_cost_usd", "total_cost", "cost_usd"))
    if stated is None:
        return None
    models = [(name, mapping(one)) for name, one in mapping(data.get("modelUsage")).items()]
    return StatedCost(
        stated,
        complete=True,
        models=tuple(
            ModelCost(
                name, _micro(one, ("costUSD",)) or 0, Usage(*(count(one, k) for k in _TOTALS))
            )
            for name, one in models
        ),
    )


def _micro(data: JsonObject, keys: tuple[str, ...]) -> int | None:
    """Return an amount of dollars as micro-dollars; None if there is none."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**9:
            return round(value * 1_000_000)
    return None


def detect(sample: Sample) -> Score:
    """Recognise the start, the pieces and the result, with ``session_id`` and no parents."""
    marks = [_mark(data) for data in sample.records]
    if not sample.records or sum(bool(mark) for mark in marks) < 0.6 * len(marks):
        return NO
    if {"init", "result"} & set(marks):
        return Score(88, "the start or the result that Claude Code prints as stream-json")
    if any(text(data, "session_id") for data in sample.records):
        return Score(70, "pieces of a conversation with a session_id, as in stream-json")
    return NO


def _mark(data: JsonObject) -> str:
    """Return what a record is to the detector; "" for one that is another format's."""
    sort = text(data, "type")
    if "sessionId" in data or "parentUuid" in data:
        return ""
    if sort == "system":
        named = text(data, "session_id") and text(data, "subtype")
        return ("init" if text(data, "subtype") == "init" else "piece") if named else ""
    if sort == "result":
        counted = {"duration_ms", "total_cost_usd", "num_turns"} & set(data)
        return "result" if counted else ""
    if sort in {"user", "assistant"}:
        return "piece" if isinstance(data.get("message"), dict) else ""
    return "piece" if sort in _SILENT and text(data, "session_id") else ""


_SOURCE = "the documentation of Claude Code’s command line, and one published sample"
FORMATS = (
    Format(
        name="claude-stream-json",
        title="Claude Code stream-json",
        revision=1,
        framing=Framing.LINES,
        detect=detect,
        most=88,
        read=read,
        source=_SOURCE,
    ),
    Format(
        name="claude-stream-json-document",
        title="Claude Code stream-json (one document)",
        revision=1,
        framing=Framing.DOCUMENT,
        detect=detect,
        most=88,
        read=read,
        source=_SOURCE,
    ),
)
