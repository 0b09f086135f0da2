"""Entire's compact transcripts: what an agent and a person said, stripped of the rest.

Entire keeps them in a repository, one folder for each checkpoint. A checkpoint repeats the
session from its beginning, so ids are made in the same way each time.
"""

from collections.abc import Sequence
from pathlib import PurePath

from core.files.layout import Layout
from core.messages import api_blocks, claude_prompts
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange
from core.messages.tooling import result_block, words
from core.model import Block, BlockKind, Facts, Kind, Message, Outcome, Reply, Role, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, text

_OUTCOMES = {"success": Outcome.OK, "error": Outcome.ERROR}
_STATED = (  # how the counts of a reply are called
    "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens",
)  # fmt: skip


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says: a prompt, or a piece of a reply with what its calls gave."""
    data = record.data
    sort = text(data, "type")
    if sort not in {"user", "assistant"}:
        return (strange(record, sort),), memory
    uuid, memory = _identity(data, memory)
    build = _prompt if sort == "user" else _reply
    told = build(record, uuid, text(memory, "before"))
    return (known(record, sort, told, version=text(data, "cli_version")),), memory


def _identity(data: JsonObject, memory: Memory) -> tuple[str, Memory]:
    """Return the id of a message, and *memory* with it as the last one.

    A reply is several lines of one id, not always side by side: its calls tell them apart.
    The id inside a prompt is that of the turn, which its other user lines repeat.
    """
    number, api, at = count(memory, "n"), text(data, "id"), text(data, "ts")
    inner = [text(mapping(item), "id") for item in items(data.get("content"))]
    named = next((key for key in inner if key), "")
    if text(data, "type") == "user":
        uuid = f"{named}#{at}" if named else f"{at}#{number}"
    else:
        uuid = f"{api}#{named or at}" if api else named or f"{at}#{number}"
    return uuid, {"before": text(memory, "last"), "last": uuid, "n": number + 1}


def _prompt(record: Record, uuid: str, parent: str) -> Message:
    """Return a user line. Only its words tell whether a person or the program wrote it."""
    data = record.data
    content = [mapping(item) for item in items(data.get("content"))]
    given: object = [item if "type" in item else {**item, "type": "text"} for item in content]
    if len(content) == 1 and text(content[0], "text"):
        given = text(content[0], "text")
    kind, blocks, _ = claude_prompts.prompt(given or text(data, "content"), {})
    at = when(data.get("ts"))
    return Message(record.place, "user", uuid, parent, kind, Role.USER, at, blocks)


def _reply(record: Record, uuid: str, parent: str) -> Message:
    data = record.data
    found: list[Block] = []
    content = data.get("content")
    for item in items(content) or ((content,) if content else ()):
        said = api_blocks.blocks([item], BlockKind.REPLY)
        found.extend(said)
        given = mapping(mapping(item).get("result"))
        found.extend(_result(block.call.key, given) for block in said if block.call and given)
    usage = Usage(*(count(data, key) for key in _STATED))
    return Message(
        place=record.place,
        record="assistant",
        uuid=uuid,
        parent=parent,
        kind=Kind.REPLY,
        role=Role.ASSISTANT,
        at=when(data.get("ts")),
        blocks=tuple(found),
        reply=Reply(text(data, "id"), "", text(data, "model"), usage, final=False),
    )


def _result(key: str, given: JsonObject) -> Block:
    file = given.get("file")
    outcome = _OUTCOMES.get(text(given, "status"), Outcome.OK)
    detail = dump({"file": file}) if file else ""
    return result_block(key, outcome, words(given.get("output")), detail=detail)


def place(path: PurePath) -> Layout:
    """Return the checkpoint that a transcript belongs to: all of them have the same name."""
    parts = path.parts[-4:-1]
    if path.stem != "transcript" or len(parts) < 3:
        return Layout(path.stem, folder=path.parent.name)
    return Layout("".join(parts[:2]) + f"-{parts[2]}", folder=path.parent.name)


def detect(sample: Sample) -> Score:
    """Recognise the version, the agent's name and the short time on every record."""
    marked = sum(
        "v" in data and "ts" in data and bool(text(data, "agent")) and "content" in data
        for data in sample.records
    )
    if sample.records and marked * 2 > len(sample.records):
        return Score(90, "Entire’s version, agent and time on its records")
    return NO


FORMAT = Format(
    name="entire",
    title="Entire transcript",
    revision=1,
    framing=Framing.LINES,
    detect=detect,
    most=90,
    read=read,
    source="measured on compact transcripts of Entire 0.9, version 1 of the format",
    place=place,
)
