"""Claude.ai's export of a person's data: every conversation with all its branches.

``conversations.json`` is an array; browser extensions save one conversation as an object.
"""

from collections.abc import Sequence

from core.messages import api_blocks
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import strange
from core.model import Block, BlockKind, Facts, Kind, Message, Reply, Role, Setting, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, items, mapping, text

_ROOT = "00000000-0000-4000-8000-000000000000"  # what the first message is said to follow
_MESSAGES = "chat_messages"


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says: a conversation, or one message of the only one."""
    data = record.data
    if record.section == _MESSAGES:
        told, memory = _message(record, data, memory)
        return (_facts(record, f"message/{text(data, 'sender')}", memory, told),), memory
    if _MESSAGES not in data and not text(data, "uuid"):
        return (strange(record, text(data, "type")),), memory
    memory = {"part": text(data, "uuid"), "model": text(data, "model"), "last": "", "n": 0}
    leaf = text(data, "current_leaf_message_uuid")
    setting = Setting(ai_title=text(data, "name"), leaf=leaf)
    facts = [_facts(record, "conversation", memory, setting=setting)]
    inner: Memory = memory
    for item in items(data.get(_MESSAGES)):
        told, inner = _message(record, mapping(item), inner)
        facts.append(_facts(record, "", inner, told))
    return facts, memory


def _facts(
    record: Record,
    kind: str,
    memory: Memory,
    told: Message | None = None,
    setting: Setting | None = None,
) -> Facts:
    return Facts(
        kind,
        known=True,
        place=record.place,
        message=told,
        setting=setting,
        part=text(memory, "part"),
    )


def _message(record: Record, data: JsonObject, memory: Memory) -> tuple[Message, Memory]:
    part = text(memory, "part")
    number = memory.get("n")
    number = number if isinstance(number, int) else 0
    uuid = text(data, "uuid") or f"{part}#{number}"
    parent = text(memory, "last")
    if "parent_message_uuid" in data:
        parent = text(data, "parent_message_uuid")
    model = text(data, "model") or text(memory, "model")
    typed = text(data, "sender") in {"human", "user"}
    reply = Reply(uuid, "", model, Usage(), final=True)
    told = Message(
        place=record.place,
        record="user" if typed else "assistant",
        uuid=uuid,
        parent="" if parent == _ROOT else parent,
        kind=Kind.PROMPT if typed else Kind.REPLY,
        role=Role.USER if typed else Role.ASSISTANT,
        at=when(data.get("created_at")),
        blocks=(
            *_attached(data),
            *_said(data, uuid, BlockKind.PROMPT if typed else BlockKind.REPLY),
        ),
        reply=None if typed else reply,
        session=part,
    )
    return told, {**memory, "last": uuid, "n": number + 1}


def _said(data: JsonObject, uuid: str, kind: BlockKind) -> tuple[Block, ...]:
    """Return the content; older exports have only its text, and name no ids of calls."""
    found: list[Block] = []
    key, calls = "", 0
    for item in items(data.get("content")):
        one = dict(mapping(item))
        if text(one, "type") == "tool_use":
            calls += 1
            key = text(one, "id") or f"{uuid}.{calls}"
            one["id"] = key
        elif text(one, "type") == "tool_result":
            one["tool_use_id"] = text(one, "tool_use_id") or key
        found.extend(api_blocks.blocks([one] if one else [item], kind))
    return tuple(found) or api_blocks.blocks(text(data, "text"), kind)


def _attached(data: JsonObject) -> tuple[Block, ...]:
    """Return the files of a message: with their text where the export has it."""
    found: list[Block] = []
    for item in (*items(data.get("attachments")), *items(data.get("files"))):
        one = mapping(item)
        name = text(one, "file_name") or text(one, "file_uuid")
        words = "\n".join(part for part in (name, text(one, "extracted_content")) if part)
        if words:
            found.append(Block(BlockKind.NOTE, words))
    return tuple(found)


def detect(sample: Sample) -> Score:
    """Recognise conversations by their list of chat messages."""
    marked = sum(_MESSAGES in data and "uuid" in data for data in sample.records)
    if sample.records and marked * 2 > len(sample.records):
        return Score(92, "conversations with Claude.ai’s lists of chat messages")
    return NO


FORMAT = Format(
    name="claude-export",
    title="Claude.ai export",
    revision=1,
    framing=Framing.DOCUMENT,
    detect=detect,
    read=read,
    source="published descriptions of the export of 2024 to 2026",
    arrays=(_MESSAGES,),
)
