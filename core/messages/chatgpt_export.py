"""ChatGPT's export of a person's data: every conversation as a tree of messages.

``conversations.json`` is an array of conversations, each a ``mapping`` of nodes that name
their parent and children; ``current_node`` is the end of the branch that was last seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from core.messages import chatgpt_content
from core.messages.clock import when
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import strange
from core.model import BlockKind, Facts, Kind, Message, Reply, Role, Setting, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, items, mapping, text, truth

_UNIQUE = 32  # characters from which on the id of a node differs between conversations
_SPEAKERS = {
    "user": ("user", Kind.PROMPT, Role.USER),
    "assistant": ("assistant", Kind.REPLY, Role.ASSISTANT),
    "tool": ("tool", Kind.RESULT, Role.USER),
    "system": ("system", Kind.META, Role.SYSTEM),
}


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return the conversation that *record* is."""
    data = record.data
    mapped = mapping(data.get("mapping"))
    if not mapped and "mapping" not in data:
        return (strange(record, text(data, "type")),), memory
    part = text(data, "conversation_id") or text(data, "id")
    messages: list[Message] = []
    ends: dict[str, str] = {}  # node: uuid of the message that it is, or that is nearest above
    calls: dict[str, str] = {}  # node: key of the call that is open there
    model = text(data, "default_model_slug")
    for node, above in _walk(mapped):
        said = mapping(mapping(mapped.get(node)).get("message"))
        told = _message(record, said, _own(part, node), part, model, calls.get(above, ""))
        calls[node] = calls.get(above, "")
        if told is None:
            ends[node] = ends.get(above, "")
            continue
        asked = [block.call.key for block in told.blocks if block.call]
        if told.record != "tool":
            calls[node] = asked[0] if asked else ""
        ends[node] = told.uuid
        messages.append(replace(told, parent=ends.get(above, "")))
    leaf = ends.get(text(data, "current_node"), "")
    setting = Setting(ai_title=text(data, "title"), leaf=leaf)
    facts = [Facts("conversation", known=True, place=record.place, setting=setting, part=part)]
    facts += [Facts("", known=True, place=record.place, message=m, part=part) for m in messages]
    return facts, memory


def _own(part: str, node: str) -> str:
    return node if len(node) >= _UNIQUE else f"{part}/{node}"


def _walk(mapped: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield every node and the one above it, parents first and each branch in one run.

    Iterative, and every node once: neither depth nor a circle can hurt.
    """
    above = _above(mapped)
    below: dict[str, list[str]] = {node: [] for node in mapped}
    for node, value in mapped.items():
        below[node] = [child for child in _children(value) if above.get(child) == node]
    listed = {child for children in below.values() for child in children}
    for node, parent in above.items():
        if node not in listed:
            below[parent].append(node)
    done: set[str] = set()
    roots = [node for node in mapped if node not in above]
    for root in (*roots, *mapped):  # the nodes of a circle have no root: they come last
        todo = [(root, "")]
        while todo:
            node, parent = todo.pop()
            if node not in done:
                done.add(node)
                yield node, parent
                todo.extend((child, node) for child in reversed(below[node]))


def _above(mapped: Mapping[str, object]) -> dict[str, str]:
    """Return the node above each: the one that it names, else one that lists it."""
    above: dict[str, str] = {}
    for node, value in mapped.items():
        for child in _children(value):
            if child in mapped:
                above.setdefault(child, node)
    for node, value in mapped.items():
        named = text(mapping(value), "parent")
        if named in mapped:
            above[node] = named
    return above


def _children(value: object) -> tuple[str, ...]:
    listed = items(mapping(value).get("children"))
    return tuple(dict.fromkeys(child for child in listed if isinstance(child, str)))


def _message(  # noqa: PLR0913, PLR0917  what a node alone does not tell
    record: Record, said: JsonObject, uuid: str, part: str, model: str, call: str
) -> Message | None:
    """Return the message of a node; None if there is nothing in it to read."""
    author = mapping(said.get("author"))
    speaker = _SPEAKERS.get(text(author, "role"))
    if speaker is None:
        return None
    kind_of_record, kind, role = speaker
    extra = mapping(said.get("metadata"))
    hidden = truth(extra, "is_visually_hidden_from_conversation")
    context = text(mapping(said.get("content")), "content_type") == "user_editable_context"
    if kind is Kind.PROMPT and (hidden or context):
        kind_of_record, kind = "system", Kind.META
    plain = {Kind.PROMPT: BlockKind.PROMPT, Kind.REPLY: BlockKind.REPLY}.get(kind, BlockKind.NOTE)
    if kind is Kind.RESULT:
        blocks = chatgpt_content.results(said, call)
    elif kind is Kind.REPLY and text(said, "recipient") not in {"", "all"}:
        blocks = chatgpt_content.calls(said, uuid)
    else:
        blocks = chatgpt_content.blocks(said, plain)
    if not blocks:
        return None
    reply = Reply(uuid, "", text(extra, "model_slug") or model, Usage(), final=True)
    return Message(
        place=record.place,
        record=kind_of_record,
        uuid=uuid,
        parent="",
        kind=kind,
        role=role,
        at=when(said.get("create_time")),
        blocks=blocks,
        reply=reply if kind is Kind.REPLY else None,
        session=part,
    )


def detect(sample: Sample) -> Score:
    """Recognise conversations by their mapping of nodes."""
    marked = sum(_is_tree(data) for data in sample.records)
    if sample.records and marked * 2 > len(sample.records):
        return Score(92, "ChatGPT’s trees of messages")
    return NO


def _is_tree(data: JsonObject) -> bool:
    nodes = mapping(data.get("mapping"))
    marked = any("parent" in mapping(n) or "children" in mapping(n) for n in nodes.values())
    return marked or ("current_node" in data and "mapping" in data)


FORMAT = Format(
    name="chatgpt-export",
    title="ChatGPT export",
    revision=1,
    framing=Framing.DOCUMENT,
    detect=detect,
    read=read,
    source="published descriptions of the export of 2023 to 2026",
)
