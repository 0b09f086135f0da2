"""Chat messages with a role, from whatever program: one a line, or a conversation a line.

No single program owns this shape: it is that of OpenAI's chat API, of which logs, exports,
benchmarks and training sets make lists. So a reader takes what is there, and the detectors
give way to every format that has marks of its own.
"""

from collections.abc import Sequence

from core.messages import chat_messages, chat_shapes
from core.messages.chat_messages import Seat
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, strange, with_
from core.model import Facts, Message, Problem, Setting, Severity
from core.records.decode import Record
from core.records.fields import JsonObject, count, items, mapping, text

_KEPT = 64  # conversations of one file that may be under way at the same time
_OPEN = 32  # calls of one conversation that may wait for a result at the same time
_NAMELESS = "This log does not say who wrote what; its texts are shown as they come."
_CONTENTS = ("content", "value", "text", "parts", "message", "tool_calls", "function_call")


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record* says: a message, or a whole conversation."""
    data = record.data
    if record.section and text(memory, "from") not in {"", record.section}:
        return (known(record, f"{record.section} (again)"),), memory
    whole = chat_shapes.conversation(data)
    if whole is not None:
        return _conversation(record, whole, memory)
    if not chat_shapes.role(data) and not any(key in data for key in ("content", "text")):
        return _header(record, memory)
    if record.section:
        memory = with_(memory, **{"from": record.section})
    part = chat_shapes.group(data) or text(memory, "part")
    told, memory = _message(record, data, part, memory)
    kind = chat_shapes.role(data)
    notes: tuple[Problem, ...] = ()
    if not kind and not memory.get("warned"):
        place = record.place
        notes = (Problem(place.line, place.offset, Severity.INFO, _NAMELESS),)
        memory = with_(memory, warned=True)
    return (_facts(record, f"message/{kind or 'nobody'}", told, data, part, notes),), memory


def _conversation(
    record: Record, whole: Sequence[JsonObject], memory: Memory
) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    number = count(memory, "conversations") + 1
    part = chat_shapes.own_key(data, number)
    memory = with_(memory, conversations=number)
    facts = [_facts(record, "conversation", None, data, part)]
    state = _placed(memory, part, last="", model=text(data, "model"), open=[])
    for item in whole:
        told, state = _message(record, item, part, state)
        facts.append(_facts(record, "", told, {}, part))
    # Nothing can be added to a conversation that stands in one record: forget it.
    return facts, with_(memory, n=count(state, "n"))


def _header(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what the fields around a conversation say; of a document, they come first."""
    data = record.data
    if memory or record.section:
        return (strange(record, text(data, "type")),), memory
    part = chat_shapes.group(data)
    told = mapping(data.get("info"))
    model = text(data, "model") or text(told, "model")
    memory = {"n": 0, "part": part, "model": model}
    return (_facts(record, "header", None, data, part),), memory


def _message(record: Record, data: JsonObject, part: str, memory: Memory) -> tuple[Message, Memory]:
    """Return a message, and *memory* with its place among the others of its conversation."""
    number = count(memory, "n")
    state = mapping(mapping(memory.get("parts")).get(part))
    uuid = chat_messages.identity(data) or str(number)
    if chat_shapes.role(data) in {"call", "tool"} and not text(data, "message_id"):
        uuid = str(number)  # an id here is the call's
    waiting = tuple(key for key in items(state.get("open")) if isinstance(key, str))
    seat = Seat(
        place=record.place,
        uuid=uuid,
        parent=_parent(data, text(state, "last")),
        session=part,
        model=text(state, "model") or text(memory, "model"),
        open=waiting,
    )
    told = chat_messages.message(data, seat)
    asked = [block.call.key for block in told.blocks if block.call]
    done = {block.result.key for block in told.blocks if block.result}
    left = [key for key in (*waiting, *asked) if key not in done][-_OPEN:]
    model = text(data, "model") or text(state, "model")
    memory = _placed(memory, part, last=uuid, model=model, open=left)
    return told, with_(memory, n=number + 1)


def _parent(data: JsonObject, before: str) -> str:
    for key in ("parent_message_id", "parentMessageId", "parent_id", "parentId"):
        if key in data:
            return text(data, key)
    return before


def _placed(memory: Memory, part: str, **state: object) -> Memory:
    """Return *memory* with the *state* of one conversation, the newest of those it keeps."""
    kept = [(key, of) for key, of in mapping(memory.get("parts")).items() if key != part]
    return with_(memory, parts={**dict(kept[1 - _KEPT :]), part: state})


def _facts(  # noqa: PLR0913, PLR0917  all that a record can say
    record: Record,
    kind: str,
    told: Message | None,
    data: JsonObject,
    part: str,
    notes: tuple[Problem, ...] = (),
) -> Facts:
    version = text(data, "version")
    info = mapping(data.get("model_config")) or mapping(data.get("metadata"))
    setting = Setting(
        cwd=text(data, "cwd") or text(info, "cwd"),
        git_branch=text(data, "git_branch") or text(data, "gitBranch"),
        version=version,
        ai_title=text(data, "title"),
    )
    return Facts(
        kind,
        known=True,
        place=record.place,
        version=version,
        message=told,
        setting=None if setting == Setting() else setting,
        part=part,
        notes=notes,
    )


def _share(sample: Sample, wanted: Sequence[bool]) -> float:
    return sum(wanted) / len(sample.records) if sample.records else 0.0


def _is_message(data: JsonObject) -> bool:
    return bool(chat_shapes.role(data)) and any(key in data for key in _CONTENTS)


def detect_messages(sample: Sample) -> Score:
    """Recognise role messages by what they are: no program puts a mark of its own on them."""
    whole = [chat_shapes.conversation(data) is not None for data in sample.records]
    if any(whole) and _share(sample, whole) >= 0.5:
        return Score(40, "whole conversations of messages that name their speaker")
    messages = [_is_message(data) for data in sample.records]
    spoken = any(chat_shapes.role(data) in {"user", "assistant"} for data in sample.records)
    if not spoken:
        return NO
    if _share(sample, messages) < 0.5:
        few = sum(messages) > 1 or (sum(messages) and sample.listed)
        return Score(12, "some messages that name their speaker") if few else NO
    if any(chat_shapes.group(data) or data.get("tool_calls") for data in sample.records):
        return Score(42, "messages that name their speaker, with tool calls or conversation ids")
    return Score(38, "messages that name their speaker")


def detect_results(sample: Sample) -> Score:
    """Recognise a file of tool results; it is asked before role messages are."""
    results = [
        bool(text(data, "tool_call_id")) or "function_call_result" in data
        for data in sample.records
    ]
    if _share(sample, results) > 0.5:
        return Score(46, "results that name the tool call they answer")
    return NO


def detect_texts(sample: Sample) -> Score:
    """Recognise records that have content and nothing that says what they are: a last resort."""
    bare = [
        _is_words(data.get("content")) and not any(key in data for key in ("type", "role"))
        for data in sample.records
    ]
    enough = sample.framing is Framing.LINES and _share(sample, bare) >= 0.8
    return Score(10, "texts that do not say who wrote them") if enough else NO


def _is_words(content: object) -> bool:
    return isinstance(content, str | list)


_SOURCE = "OpenAI's chat API; measured on tau-bench's lists of messages"
FORMATS = (
    Format(
        name="claude-code-v2",
        title="Chat messages (OpenAI style)",
        revision=1,
        framing=Framing.LINES,
        detect=detect_messages,
        most=42,
        read=read,
        local=True,
        source=_SOURCE,
    ),
    Format(
        name="claude-code-v2-document",
        title="Chat messages (OpenAI style, one document)",
        revision=1,
        framing=Framing.DOCUMENT,
        detect=detect_messages,
        most=42,
        read=read,
        local=True,
        source=f"{_SOURCE}, and SWE-agent's description of its trajectories",
        arrays=chat_shapes.LISTS[:-1],
    ),
    Format(
        name="tool-result",
        title="Tool results",
        revision=1,
        framing=Framing.LINES,
        detect=detect_results,
        most=46,
        read=read,
        local=True,
        source=_SOURCE,
    ),
    Format(
        name="legacy",
        title="Texts without a speaker",
        revision=1,
        framing=Framing.LINES,
        detect=detect_texts,
        most=10,
        read=read,
        local=True,
        source="one sample of an old log",
    ),
)
