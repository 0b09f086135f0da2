"""Prompts that only Claude Code's queue records hold: shown once, never lost.

What is typed while the agent is busy is ``enqueue``d. It leaves the queue in three ways:

* ``dequeue``: it becomes a prompt of its own, in the records that follow;
* ``remove``: it is handed to the model in the middle of a turn. New versions write an
  attachment that carries it, just before or just after; old ones write nothing else, and
  up to 2.1.204 do not even repeat the text. Then the place of the removal is its message;
* ``popAll``: the person took it back. If it is not part of the next prompt, it was dropped,
  and is shown as such.

A removed text waits until a record comes that is neither of the queue nor an attachment.
Source: measured on public transcripts of versions 2.0.20 to 2.1.222; see docs/claude-code.md.
"""

from collections.abc import Iterator, Sequence

from core.messages import claude_links, claude_prompts
from core.messages.format import Memory
from core.model import Block, BlockKind, Facts, Kind, Message, Place, Role
from core.records.decode import Record
from core.records.fields import count, items, mapping, moment, text

_MOST = 100  # texts that are remembered in each list; of more the oldest are forgotten
_BETWEEN = (
    "attachment",
    "progress",
    "file-history-snapshot",
)  # do not tell that it came to nothing
_TAKEN = '{"withdrawn":true}'

# Memory, each absent while it is empty: "queue": [session, text] that wait, "carried": texts
# that an attachment had before their removal, "held": removals that may still be carried.


def follow(record: Record, fact: Facts, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return *fact* of *record*, before it what the queue held until now, and what it holds."""
    kind = text(record.data, "type")
    if kind == "queue-operation":
        return (fact,), _operated(record, memory)
    if kind == "attachment":
        return (fact,), _carried(record, memory)
    if "held" not in memory or kind in _BETWEEN:
        return (fact,), memory
    now, left = _settled(items(memory["held"]), fact)
    return (*now, fact), _with(memory, held=left)


def _operated(record: Record, memory: Memory) -> Memory:
    data = record.data
    session, said = text(data, "sessionId"), text(data, "content")
    waiting = items(memory.get("queue"))
    match text(data, "operation"):
        case "enqueue":
            return _with(memory, queue=[*waiting, [session, said]])
        case "dequeue":
            return _with(memory, queue=_without(waiting, _next(waiting, session, typed=True)))
        case "remove":
            return _removed(record, memory, said)
        case "popAll":
            return _popped(record, memory, said)
        case _:
            return memory


def _removed(record: Record, memory: Memory, said: str) -> Memory:
    carried = items(memory.get("carried"))
    if said in carried or (carried and not said):
        return _with(memory, carried=_without(carried, carried.index(said) if said else 0))
    waiting = items(memory.get("queue"))
    session = text(record.data, "sessionId")
    at = _find(waiting, session, said) if said else _next(waiting, session, typed=False)
    told = said or (_text(waiting[at]) if at is not None else "")
    memory = _with(memory, queue=_without(waiting, at))
    return _hold(record, memory, told, withdrawn=False) if told else memory


def _popped(record: Record, memory: Memory, said: str) -> Memory:
    """Take back one text, or all of them where the record names none."""
    waiting = items(memory.get("queue"))
    session = text(record.data, "sessionId")
    if said:
        memory = _with(memory, queue=_without(waiting, _find(waiting, session, said)))
        return _hold(record, memory, said, withdrawn=True)
    for one in waiting:
        if _session(one) == session and _text(one):
            memory = _hold(record, memory, _text(one), withdrawn=True)
    return _with(memory, queue=[one for one in waiting if _session(one) != session])


def _carried(record: Record, memory: Memory) -> Memory:
    """Note that an attachment has a text: it is no message of the queue's any more."""
    attached = mapping(record.data.get("attachment"))
    if text(attached, "type") != "queued_command":
        return memory
    given = attached.get("prompt")
    said = given if isinstance(given, str) else _joined(given)
    held = items(memory.get("held"))
    for place, one in enumerate(held):
        if text(mapping(one), "said") == said:
            return _with(memory, held=_without(held, place))
    waiting = items(memory.get("queue"))
    at = _find(waiting, text(record.data, "sessionId"), said)
    if at is None:
        return memory
    carried = [*items(memory.get("carried")), said]
    return _with(memory, queue=_without(waiting, at), carried=carried)


def _joined(given: object) -> str:
    return "\n".join(text(mapping(item), "text") for item in items(given) if mapping(item))


def _hold(record: Record, memory: Memory, said: str, *, withdrawn: bool) -> Memory:
    place, data = record.place, record.data
    one = {
        "said": said, "line": place.line, "offset": place.offset, "length": place.length,
        "at": data.get("timestamp"), "session": text(data, "sessionId"), "back": withdrawn,
    }  # fmt: skip
    if claude_links.status(said) or (withdrawn and _rank(said, typed=True)):
        return memory  # the state of a task has no words for a person; nobody takes a notice back
    return _with(memory, held=[*items(memory.get("held")), one])


def _settled(held: Sequence[object], fact: Facts) -> tuple[list[Facts], list[object]]:
    """Return the messages that *held* texts are, now that *fact* came, and what waits on."""
    message = fact.message
    asked = message is not None and message.kind in {Kind.PROMPT, Kind.COMMAND, Kind.SHELL}
    words = "\n".join(block.text for block in message.blocks) if message and asked else ""
    now: list[Facts] = []
    left: list[object] = []
    for one in held:
        data = mapping(one)
        back = data.get("back") is True
        if back and not asked:
            left.append(one)
        elif not (back and text(data, "said").strip() in words):
            now.append(_fact(one, back=back))
    return now, left


def _fact(one: object, *, back: bool) -> Facts:
    data = mapping(one)
    said = text(data, "said")
    kind, blocks, _ = claude_prompts.prompt(said, {})
    who = claude_prompts.author(kind, said, {})
    if kind is Kind.PROMPT and _is_command(said):
        kind, blocks = Kind.COMMAND, (Block(BlockKind.PROMPT, said),)
    elif kind is Kind.PROMPT:
        kind = Kind.QUEUED
    place = Place(count(data, "line"), count(data, "offset"), count(data, "length"))
    message = Message(
        place, "queue-operation", "", "", kind, Role.USER, moment(data.get("at")), blocks,
        session=text(data, "session"), detail=_TAKEN if back else "", prompt=who, linked=False,
    )  # fmt: skip
    return Facts("", known=True, place=place, message=message, links=claude_links.of_queue(said))


def _next(waiting: Sequence[object], session: str, *, typed: bool) -> int | None:
    """Return which text leaves the queue when the log does not say: a person's come first.

    Slash commands are never handed over in the middle of a turn, but *typed* as prompts.
    """
    mine = [at for at, one in enumerate(waiting) if _session(one) == session]
    return min(mine, key=lambda at: (_rank(_text(waiting[at]), typed=typed), at), default=None)


def _rank(said: str, *, typed: bool) -> int:
    if said.startswith(("<", "{")):
        return 1
    return 2 if not typed and _is_command(said) else 0


def _is_command(said: str) -> bool:
    return said.startswith("/") and "/" not in said[1:].split(" ", 1)[0]


def _find(waiting: Sequence[object], session: str, said: str) -> int | None:
    own = [session, said]
    return next((at for at, one in enumerate(waiting) if one == own), None)


def _session(one: object) -> str:
    return next(_strings(one), "")


def _text(one: object) -> str:
    return list(_strings(one))[-1] if items(one) else ""


def _strings(one: object) -> Iterator[str]:
    return (word if isinstance(word, str) else "" for word in items(one))


def _without(values: Sequence[object], at: int | None) -> list[object]:
    return [one for place, one in enumerate(values) if place != at]


def _with(memory: Memory, **changed: list[object]) -> Memory:
    """Return *memory* with some lists *changed*; those that are empty are left out."""
    kept = {**memory, **{name: values[-_MOST:] for name, values in changed.items()}}
    return {name: value for name, value in kept.items() if value}
