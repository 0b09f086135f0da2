"""fx sessions: a folder with a head, a title, and a checkpoint that holds the whole history.

``session.json`` tells the totals, ``display.json`` the title; ``checkpoint.json`` the turns, each
with the prompt, the steps that called tools, and the answer. Only results have times.
Source: fixtures of sessions of 2026.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from core.files.layout import Layout
from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.messages.telling import known, note, strange, with_
from core.messages.tooling import call_block, result_block, words
from core.model import Block, BlockKind, Facts, Kind, Message, Outcome, Reply, Role, Setting, Usage
from core.records.decode import Record
from core.records.fields import JsonObject, count, dump, items, mapping, moment, text

_FILES = frozenset({"session.json", "checkpoint.json", "display.json"})
_OUTCOMES = {
    "success": Outcome.OK,
    "denied": Outcome.DENIED,
    "cancelled": Outcome.INTERRUPTED,
}
_TURNS = frozenset({"assistant", "interrupted", "background_command"})


def _detect(sample: Sample) -> Score:
    if sample.framing is not Framing.DOCUMENT or sample.listed or not sample.records:
        return NO
    data = sample.records[0]
    if text(data, "storage_format").startswith("event_log") and "history_len" in data:
        return Score(92, "a head that names its event log and the length of its history")
    if "through_seq" in data and "state" in data:
        return Score(85, "a checkpoint of a session's state")
    if sample.path.name == "display.json" and "origin_workspace_root" in data:
        return Score(70, "the name and the keys of a session's title")
    return NO


def _place(path: PurePath) -> Layout:
    known_file = path.name in _FILES
    key = path.parent.name if known_file else path.stem
    return Layout(key, folder=path.parent.parent.name if known_file else path.parent.name)


def read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return what *record*, one of the three files, says. Pure; never raises."""
    data = record.data
    if "storage_format" in data or "history_len" in data:
        return _head(record, memory)
    if record.section == "checkpoint" or "state" in data or "through_seq" in data:
        return _checkpoint(record, memory)
    if "title" in data or "preview" in data:
        title, cwd = text(data, "title"), text(data, "origin_workspace_root")
        return (known(record, "display", setting=Setting(cwd=cwd, ai_title=title)),), memory
    return (strange(record, record.section),), memory


def _model(data: JsonObject) -> str:
    return text(mapping(data.get("preferences")), "model")


def _cwd(data: JsonObject) -> str:
    return text(data, "workspace_root") or text(data, "origin_workspace_root")


def _head(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    """Return the totals of the session as one reply: steps do not tell theirs."""
    data = record.data
    model = _model(data)
    usage = Usage(count(data, "total_input_tokens"), count(data, "total_output_tokens"))
    facts = known(record, "session", setting=Setting(cwd=_cwd(data)))
    if usage.total:
        facts = replace(facts, reply=Reply("total", "", model, usage, final=True))
    return (facts,), with_(memory, model=model) if model else memory


def _checkpoint(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    state = mapping(record.data.get("state"))
    facts = [known(record, "checkpoint", setting=Setting(cwd=_cwd(state)))]
    at = moment(state.get("created_at_ms"))
    last = ""
    for place, item in enumerate(items(state.get("history"))):
        for message in _turn(record, mapping(item), str(place), at):
            facts.append(known(record, "", replace(message, parent=last)))
            last = message.uuid
        at = None
    return facts, memory


def _turn(record: Record, turn: JsonObject, uuid: str, at: int | None) -> Iterator[Message]:
    kind = text(turn, "kind")
    if kind == "compacted_summary":
        yield note(record, uuid, "", Kind.SUMMARY, text(turn, "summary"), at)
        return
    if kind not in _TURNS:
        block = Block(BlockKind.OTHER, dump(turn))
        yield replace(note(record, uuid, "", Kind.NOTICE, "", at), blocks=(block,))
        return
    user = mapping(turn.get("user"))
    asked = [Block(BlockKind.PROMPT, text(user, "text"))]
    asked += [Block(BlockKind.IMAGE, "image") for _ in items(user.get("images"))]
    yield Message(record.place, "user", uuid, "", Kind.PROMPT, Role.USER, at, tuple(asked))
    steps = items(mapping(turn.get("execution")).get("tool_steps"))
    for place, item in enumerate(steps):
        step = mapping(item)
        found = list(_step(step, f"{uuid}.{place}"))
        times = (moment(mapping(one).get("created_at_ms")) for one in _results(step))
        when = next((time for time in times if time), None)
        yield _reply(record, f"{uuid}.{place}", found, when)
    ended = [Block(BlockKind.REPLY, said)] if (said := words(turn.get("assistant"))) else []
    if call := mapping(turn.get("tool_call")):
        ended.append(_call(call, f"{uuid}.end:0"))
    if ended:
        yield _reply(record, f"{uuid}.end", ended, None)
    if kind == "interrupted":
        why = text(turn, "terminal_reason") or kind
        yield note(record, f"{uuid}.cut", "", Kind.INTERRUPT, why, None)


def _reply(record: Record, uuid: str, found: list[Block], at: int | None) -> Message:
    kind, role = Kind.REPLY, Role.ASSISTANT
    return Message(record.place, "assistant", uuid, "", kind, role, at, tuple(found))


def _step(step: JsonObject, uuid: str) -> Iterator[Block]:
    if said := text(step, "assistant"):
        yield Block(BlockKind.REPLY, said)
    for place, item in enumerate(items(step.get("tool_calls"))):
        yield _call(mapping(item), f"{uuid}:{place}")
    for item in _results(step):
        result = mapping(item)
        outcome = _OUTCOMES.get(text(result, "status"), Outcome.ERROR)
        said = text(result, "output") or text(result, "preview")
        yield result_block(text(result, "tool_call_id"), outcome, said)


def _results(step: JsonObject) -> Sequence[object]:
    return items(step.get("tool_results"))


def _call(call: JsonObject, made_up: str) -> Block:
    given = call.get("arguments_json")
    return call_block(text(call, "id") or made_up, text(call, "name"), given)


FORMAT = Format(
    name="fx",
    title="fx",
    revision=1,
    framing=Framing.DOCUMENT,
    detect=_detect,
    read=read,
    source="fixtures of sessions of 2026",
    local=True,
    place=_place,
)
