"""What tests of log formats share: reading files as an import does, and odd values for keys."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from core.files.bundles import members
from core.messages.format import Format, Framing, Memory, Sample
from core.model import Facts, Message, Place, Usage
from core.records.decode import Record
from core.records.document import documents
from tests.independent import Count

SHARED = Path(__file__).parents[2] / "shared" / "data" / "fixtures"
ODD: tuple[Any, ...] = (None, True, -1, 2**70, 1.5, "", "x", [], [1], [[]], [{}], {}, {"a": None})


def fixtures(pattern: str) -> list[Path]:
    """Return public files of other readers' tests; none where they do not lie beside."""
    return sorted(SHARED.rglob(pattern)) if SHARED.exists() else []


def told(form: Format, records: Iterable[tuple[Any, str]]) -> list[Facts]:
    """Return what *form* reads from *records*, each with its section."""
    found, _ = goes_on(form, records, {})
    return found


def goes_on(
    form: Format, records: Iterable[tuple[Any, str]], memory: Memory
) -> tuple[list[Facts], Memory]:
    """Return what *form* reads with *memory*, which is saved and loaded as an import does."""
    found: list[Facts] = []
    for number, (data, section) in enumerate(records, start=1):
        facts, memory = form.read(Record(Place(number, number * 10, 9), data, section), memory)
        assert facts
        assert facts[0].kind
        assert not any(fact.kind for fact in facts[1:])
        memory = json.loads(json.dumps(memory))
        found += facts
    return found, memory


def messages(facts: Sequence[Facts]) -> list[Message]:
    """Return the messages among *facts*."""
    return [fact.message for fact in facts if fact.message]


def read_file(form: Format, path: Path) -> list[Facts]:
    """Return what *form* reads from the file at *path*, and those of its bundle."""
    if form.framing is Framing.LINES:
        lines = path.read_text(encoding="utf-8").splitlines()
        return told(form, ((json.loads(line), "") for line in lines))
    files = [(one.path, one.section) for one in members(path)] or [(path, "")]
    return told(
        form,
        (
            (record.data, record.section)
            for file, section in files
            for found in documents(file.read_bytes(), form.arrays, section)
            for record in found.records
        ),
    )


def counted(facts: Sequence[Facts]) -> Count:
    """Return what a library would count of *facts*."""
    said = messages(facts)
    fullest: dict[str, Usage] = {}
    for fact in facts:
        for reply in (fact.reply, fact.message.reply if fact.message else None):
            if reply:
                before = fullest.get(reply.api_id, reply.usage)
                fullest[reply.api_id] = max(before, reply.usage, key=lambda usage: usage.total)
    return Count(
        messages=sum(one.record in {"user", "assistant"} for one in said),
        prompts=sum(one.kind == "prompt" for one in said),
        tool_calls=sum(block.call is not None for one in said for block in one.blocks),
        input=sum(usage.input for usage in fullest.values()),
        output=sum(usage.output for usage in fullest.values()),
        cache_read=sum(usage.cache_read for usage in fullest.values()),
        cache_creation=sum(usage.cache_creation for usage in fullest.values()),
    )


def spoilt(data: Any) -> Iterable[Any]:
    """Yield *data* again and again, each time with one value inside it replaced by an odd one."""
    text = json.dumps(data)
    for number in range(_places(data)):
        for odd in ODD:
            copy = json.loads(text)
            _replace(copy, [number], odd)
            yield copy


def _places(data: Any) -> int:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return sum(1 + _places(one) for one in inner)


def _replace(data: Any, left: list[int], odd: Any) -> None:
    keys = list(data) if isinstance(data, dict) else range(len(data))
    for key in keys if isinstance(data, dict | list) else ():
        if left[0] == 0:
            data[key] = odd
            left[0] -= 1
            return
        left[0] -= 1
        if isinstance(data[key], dict | list):
            _replace(data[key], left, odd)
        if left[0] < 0:
            return


def sample(form: Format, name: str, *records: Any, listed: bool = False) -> Sample:
    """Return what a detector sees of a file called *name*."""
    return Sample(Path(name), form.framing, records, listed=listed)
