"""Records of a person and the model without Claude Code's envelope, as some tools rewrite them.

``{"type": "user" or "assistant", "content", "model", "usage", "tool_calls", "id", "parent_id",
"timestamp"}``, all at the top. Source: a published description of such logs; Claude Code itself
never wrote one.
"""

from core.messages import api_blocks, chat_results, claude_prompts
from core.messages.api_usage import usage
from core.messages.clock import when
from core.messages.telling import known
from core.messages.tooling import call_block
from core.model import Block, BlockKind, Facts, Kind, Message, Reply, Role, Setting
from core.records.decode import Record
from core.records.fields import JsonObject, items, mapping, text, truth

_KEYS = ("content", "model", "usage", "tool_calls")
_IDS = ("uuid", "id", "message_id")
_PARENTS = ("parentUuid", "parent_id", "parentId", "parent_message_id")
_SESSIONS = ("sessionId", "session_id", "conversation_id")
_UNIQUE = 20  # characters from which on an id is taken to be unique in the world


def is_flat(data: JsonObject) -> bool:
    """Tell whether *data* is a message that has its content at the top."""
    if "message" in data or text(data, "type") not in {"user", "assistant"}:
        return False
    return any(key in data for key in _KEYS)


def facts(record: Record) -> Facts:
    """Return what *record*, for which `is_flat` holds, says."""
    data = record.data
    kind = text(data, "type")
    asked = kind == "user"
    said, calls = data.get("content"), _calls(data)
    blocks: tuple[Block, ...] = (*api_blocks.blocks(said, BlockKind.REPLY), *calls)
    sort, role = Kind.REPLY, Role.ASSISTANT
    if asked:
        role = Role.USER
        results = api_blocks.blocks(said, BlockKind.NOTE)
        if any(block.result for block in results):
            sort, blocks = Kind.RESULT, results
        else:
            sort, blocks, _ = claude_prompts.prompt(said, data)
    uuid, parent = _id(data, _IDS), _id(data, _PARENTS)
    message = Message(
        record.place, kind, uuid, parent, sort, role, _at(data), blocks,
        reply=None if asked else _reply(data, uuid), sidechain=truth(data, "isSidechain"),
        agent=text(data, "agentId"), session=_first(data, _SESSIONS), linked=bool(parent),
    )  # fmt: skip
    cwd, version = text(data, "cwd"), text(data, "version")
    setting = Setting(cwd=cwd, version=version) if cwd or version else None
    return known(record, kind, message, version=version, setting=setting)


def _calls(data: JsonObject) -> tuple[Block, ...]:
    """Return the calls of a reply, in either of the two usual shapes, with their results."""
    found: list[Block] = []
    for at, item in enumerate(items(data.get("tool_calls"))):
        call = mapping(item)
        inner = mapping(call.get("function")) or call
        key = text(call, "id") or f"{_first(data, _IDS)}/{at}"
        given = next((inner[name] for name in chat_results.GIVEN if name in inner), None)
        found.append(call_block(key, text(inner, "name") or text(inner, "tool"), given))
        answer = chat_results.beside(call, key)
        if answer is not None:
            found.append(answer)
    return tuple(found)


def _reply(data: JsonObject, uuid: str) -> Reply:
    used = mapping(data.get("usage"))
    final = bool(text(data, "stop_reason") or used)
    return Reply(uuid, text(data, "requestId"), text(data, "model"), usage(used), final)


def _id(data: JsonObject, names: tuple[str, ...]) -> str:
    """Return an id that is unique beyond its file; "" if it cannot be made so."""
    found = _first(data, names)
    session = _first(data, _SESSIONS)
    if not found or len(found) >= _UNIQUE:
        return found
    return f"{session}/{found}" if session else ""


def _first(data: JsonObject, names: tuple[str, ...]) -> str:
    return next((text(data, name) for name in names if text(data, name)), "")


def _at(data: JsonObject) -> int | None:
    found = (when(data.get(name)) for name in ("timestamp", "created_at", "time"))
    return next((at for at in found if at is not None), None)
