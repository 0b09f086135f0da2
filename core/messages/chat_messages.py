"""One role message, as OpenAI's chat API and its many imitators write it."""

from dataclasses import dataclass

from core.messages import api_blocks, chat_results, chat_shapes
from core.messages.api_usage import usage
from core.messages.clock import when
from core.messages.tooling import call_block
from core.model import Block, BlockKind, Kind, Message, Place, Reply, Role
from core.records.fields import JsonObject, items, mapping, text

_SPEAKERS = {
    "user": ("user", Kind.PROMPT, Role.USER, BlockKind.PROMPT),
    "assistant": ("assistant", Kind.REPLY, Role.ASSISTANT, BlockKind.REPLY),
    "call": ("assistant", Kind.REPLY, Role.ASSISTANT, BlockKind.REPLY),
    "system": ("system", Kind.META, Role.SYSTEM, BlockKind.NOTE),
    "tool": ("tool", Kind.RESULT, Role.USER, BlockKind.NOTE),
    "error": ("system", Kind.FAILURE, Role.SYSTEM, BlockKind.NOTE),
    "": ("user", Kind.NOTICE, Role.USER, BlockKind.NOTE),
}
_MACHINE = frozenset({"observation", "demonstration", "system_prompt"})  # SWE-agent's
_TIMES = ("timestamp", "created_at", "create_time", "created", "time", "ts", "date")
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a message stands, told by what came before it."""

    place: Place
    uuid: str
    parent: str
    session: str
    model: str  # what the conversation names, for replies that name none
    open: tuple[str, ...] = ()  # calls without an id that wait for a result


def identity(data: JsonObject) -> str:
    """Return the id that *data* has as a message, "" if it has none."""
    keys = ("message_id", "messageId", "uuid", "id")
    return next((text(data, key) for key in keys if text(data, key)), "")


def message(data: JsonObject, seat: Seat) -> Message:
    """Return what *data* says. A speaker nobody knows is shown as a notice."""
    told = _told(data)
    record, kind, role, plain = _SPEAKERS[told]
    if told == "tool":
        blocks = chat_results.results(data, seat.open[0] if seat.open else "")
    else:
        blocks = _blocks(data, told, plain, seat.uuid)
    if told == "user" and blocks and all(b.kind in _ANSWERS for b in blocks):
        record, kind = ("tool", Kind.RESULT) if _answers(blocks) else (record, kind)
    if told == "user" and text(data, "message_type") in _MACHINE:
        kind = Kind.META
        blocks = api_blocks.blocks(chat_shapes.said(data), BlockKind.NOTE)
    return Message(
        place=seat.place,
        record=record,
        uuid=seat.uuid,
        parent=seat.parent,
        kind=kind,
        role=role,
        at=next((at for key in _TIMES if (at := when(data.get(key))) is not None), None),
        blocks=blocks,
        reply=_reply(data, seat) if role is Role.ASSISTANT else None,
        session=seat.session,
    )


_ANSWERS = frozenset({BlockKind.RESULT, BlockKind.IMAGE})


def _answers(blocks: tuple[Block, ...]) -> bool:
    return any(block.kind is BlockKind.RESULT for block in blocks)


def _told(data: JsonObject) -> str:
    told = chat_shapes.role(data)
    observed = text(data, "message_type") == "observation"
    return "tool" if told == "user" and observed else told


def _blocks(data: JsonObject, told: str, plain: BlockKind, uuid: str) -> tuple[Block, ...]:
    found: list[Block] = []
    content = chat_shapes.said(data)
    if told == "call":
        return _one_call(data, content, uuid)
    if told == "assistant":
        thought = next((text(data, key) for key in _THOUGHTS if text(data, key)), "")
        if thought:
            found.append(Block(BlockKind.THINKING, thought))
    found.extend(api_blocks.blocks(content, plain))
    if not found and not content:
        found.extend(_without_content(data, told, plain))
    if told in {"assistant", "user"}:
        for number, item in enumerate(items(data.get("tool_calls"))):
            found.extend(_call(mapping(item), f"{uuid}.{number}"))
        once = mapping(data.get("function_call"))
        if once:
            found.append(call_block(f"{uuid}.0", text(once, "name"), once.get("arguments")))
        elif not items(data.get("tool_calls")) and text(data, "action"):
            found.append(call_block(f"{uuid}.0", "action", text(data, "action")))
    return tuple(found)


def _without_content(data: JsonObject, told: str, plain: BlockKind) -> tuple[Block, ...]:
    """Return what stands in the place of words: a refusal, an error."""
    keys = ("refusal", "error") if told == "assistant" else ("error",)
    for key in keys:
        given = data.get(key)
        words = given if isinstance(given, str) else text(mapping(given), "message")
        if words:
            return (Block(plain, words),)
    return ()


def _one_call(data: JsonObject, content: object, uuid: str) -> tuple[Block, ...]:
    """Return the call of a record that is nothing else."""
    inner = mapping(data.get("function")) or data
    given = next((data[key] for key in chat_results.GIVEN if key in data), None)
    if not text(inner, "name") and isinstance(content, str):
        written = mapping(chat_results.parsed(content))
        return (_named(written, uuid),) if written else (Block(BlockKind.REPLY, content),)
    key = text(data, "call_id") or text(data, "id") or f"{uuid}.0"
    if given is None:
        given = inner.get("arguments")
    return (call_block(key, text(inner, "name"), given),)


def _named(written: JsonObject, uuid: str) -> Block:
    given = next((written[key] for key in chat_results.GIVEN if key in written), None)
    return call_block(f"{uuid}.0", text(written, "name"), given)


def _call(data: JsonObject, made_up: str) -> tuple[Block, ...]:
    """Return one of ``tool_calls``, and what it gave back where that is told beside it."""
    key = text(data, "id") or text(data, "call_id") or made_up
    function = mapping(data.get("function"))
    name = text(function, "name") or text(data, "name")
    given = function.get("arguments")
    if given is None:
        given = next((data[key] for key in chat_results.GIVEN if key in data), None)
    asked = call_block(key, name, given)
    answer = chat_results.beside(data, key)
    return (asked, answer) if answer else (asked,)


def _reply(data: JsonObject, seat: Seat) -> Reply:
    named = next((text(data, key) for key in ("model", "model_id", "model_slug")), "")
    return Reply(
        api_id="",  # every message is a reply of its own
        request="",
        model=named or seat.model,
        usage=usage(mapping(data.get("usage"))),
        final=True,
    )
