"""Amp threads, one JSON object: a head, and messages as Anthropic's API has them.

Tokens stand on the messages and again in a ledger, which also has the times.
Source: descriptions of the format by other readers; no public thread was seen.
"""

from collections.abc import Sequence
from urllib.parse import unquote

from core.messages.api_blocks import blocks
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange, with_
from core.messages.tooling import result_block, words
from core.model import (
    Block,
    BlockKind,
    Facts,
    Kind,
    Message,
    Outcome,
    Reply,
    Role,
    Setting,
    Usage,
)  # fmt: skip
from core.records.decode import Record
from core.records.fields import JsonObject, count, items, mapping, moment, text

_OUTCOMES = {
    "done": Outcome.OK,
    "error": Outcome.ERROR,
    "cancelled": Outcome.INTERRUPTED,
    "rejected-by-user": Outcome.DENIED,
}
_ROLES = frozenset({"user", "assistant"})


def _detect(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT or sample.listed or not sample.records:
        return NO
    data = sample.records[0]
    first = mapping(next(iter(items(data.get("messages"))), None))
    thread = text(data, "id").startswith("T-") and isinstance(data.get("created"), int)
    if thread and "messages" in data:
        return Score(92, "a thread's id and its time of creation, and messages")
    if "messageId" in first and text(first, "role") in _ROLES and "content" in first:
        return Score(70, "messages with numbers, roles and contents")
    return NO


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says. Pure; never raises for any JSON object."""
    if record.section != "messages":
        return _head(record, memory)
    data = record.data
    role = text(data, "role")
    if role not in _ROLES:
        return (strange(record, role),), memory
    index = count(memory, "index")
    number = data.get("messageId")
    uuid = str(number) if isinstance(number, int | str) and number != "" else f"m{index}"
    spent = mapping(mapping(memory.get("ledger")).get(uuid))
    build = _assistant if role == "assistant" else _user
    message = build(record, uuid, text(memory, "last"), spent)
    return (known(record, role, message),), with_(memory, index=index + 1, last=uuid)


def _head(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    trees = items(mapping(mapping(data.get("env")).get("initial")).get("trees"))
    tree = mapping(trees[0]) if trees else mapping(None)
    cwd = unquote(text(tree, "uri").removeprefix("file://"))
    branch = text(mapping(tree.get("repository")), "ref").removeprefix("refs/heads/")
    setting = Setting(cwd=cwd, git_branch=branch, ai_title=text(data, "title"))
    events = map(mapping, items(mapping(data.get("usageLedger")).get("events")))
    ledger = {str(event["toMessageId"]): event for event in events if "toMessageId" in event}
    return (known(record, "thread", setting=setting),), with_(memory, ledger=ledger)


def _content(data: JsonObject, kind: BlockKind) -> tuple[Block, ...]:
    content = data.get("content")
    if isinstance(content, str):
        return blocks(content, kind)
    found: list[Block] = []
    for item in items(content):
        if text(mapping(item), "type") == "tool_result":
            found += _result(mapping(item))
        else:
            found += blocks([item], kind)
    return tuple(found)


def _result(item: JsonObject) -> list[Block]:
    run = mapping(item.get("run"))
    outcome = _OUTCOMES.get(text(run, "status"))
    if outcome is None:
        return []  # still at work
    given = run.get("error") if outcome is Outcome.ERROR else run.get("result")
    detail = mapping(given)
    said = text(detail, "message") or text(detail, "output") or words(given)
    return [result_block(text(item, "toolUseID") or text(item, "tool_use_id"), outcome, said)]


def _user(record: Record, uuid: str, parent: str, _: JsonObject) -> Message:
    found = _content(record.data, BlockKind.PROMPT)
    results = bool(found) and all(block.kind is BlockKind.RESULT for block in found)
    kind = Kind.RESULT if results else Kind.PROMPT
    at = moment(mapping(record.data.get("meta")).get("sentAt"))
    who = "tool" if results else "user"
    return Message(record.place, who, uuid, parent, kind, Role.USER, at, found)


def _assistant(record: Record, uuid: str, parent: str, spent: JsonObject) -> Message:
    data = record.data
    own = mapping(data.get("usage"))
    tokens = own or mapping(spent.get("tokens"))
    usage = Usage(
        input=count(tokens, "inputTokens") or count(tokens, "input"),
        output=count(tokens, "outputTokens") or count(tokens, "output"),
        cache_read=count(tokens, "cacheReadInputTokens"),
        cache_creation=count(tokens, "cacheCreationInputTokens"),
    )
    model = text(own, "model") or text(spent, "model")
    ended = text(mapping(data.get("state")), "type") == "complete"
    at = moment(own.get("timestamp")) or moment(spent.get("timestamp"))
    return Message(
        record.place, "assistant", uuid, parent, Kind.REPLY, Role.ASSISTANT, at,
        _content(data, BlockKind.REPLY), reply=Reply(uuid, "", model, usage, final=ended),
    )  # fmt: skip


FORMAT = Format(
    name="amp",
    title="Amp",
    revision=1,
    framing=Framing.DOCUMENT,
    detect=_detect,
    read=read,
    source="descriptions of the format by other readers",
    local=True,
    arrays=("messages",),
)
