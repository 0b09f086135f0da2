"""The same records written by another program: spaces, other orders, escapes, line ends."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from core.store.connection import open_reader
from tests import builders as b
from tests.library import dump, imports, sound

Style: TypeAlias = Callable[[b.Record], bytes]


def spaced(record: b.Record) -> bytes:
    return json.dumps(record, separators=(", ", ": ")).encode() + b"\n"


def wide(record: b.Record) -> bytes:
    return json.dumps(record, separators=("  ,\t", "\t:   ")).encode() + b"  \n"


def indented(record: b.Record) -> bytes:
    return b"\t " + spaced(record)


def backwards(record: b.Record) -> bytes:
    return spaced(dict(reversed(record.items())))


def ordered(record: b.Record) -> bytes:
    return json.dumps(record, sort_keys=True).encode() + b"\n"


def dos(record: b.Record) -> bytes:
    return spaced(record)[:-1] + b"\r\n"


STYLES: list[Style] = [spaced, wide, indented, backwards, ordered, dos]


def session() -> list[b.Record]:
    """Return a little of everything that is counted."""
    turn = [
        b.prompt("p1", "naïve 你好 😀 \t \u2028 question", at=1),
        b.thinks("a1", "let me \\ see", "p1", api="m1", usage=b.usage(output=1), at=2),
        b.calls("a2", "t1", "Read", {"file_path": "/a b"}, "a1", api="m1",
                usage=b.usage(output=99), at=3),
        b.answers("r1", "t1", "1\tline \u001b[31mred", "a2", error=True, at=4),
        b.calls("a3", "t2", "Task", {"prompt": "Dig"}, "r1", at=5),
        b.progress("g1", "a3", type="agent_progress", agentId="ag1", call="t2"),
        b.answers("r2", "t2", [{"type": "text", "text": "dug"}], "g1", at=6,
                  toolUseResult={"agentId": "ag1"}),
        b.boundary("c1", "r2", at=7),
        b.compacted("c2", "c1", at=8),
        b.queued("q1", "also this", "c2", at=9),
        b.says("a4", "Fine.", "q1", at=10),
        b.prompt("p2", "first try", "a4", at=11),
        b.prompt("p3", "second try", "a4", at=12),
    ]  # fmt: skip
    more = [b.title("ai-title", "Digging"), {"type": "new-kind", "uuid": "x", "n": [1, {"a": 2}]}]
    return [*turn, *more]


def library(root: Path, style: Style) -> dict[str, Any]:
    path = root / "logs" / f"{b.SESSION}.jsonl"
    b.write(path, *(style(one) for one in session()))
    agent = b.lane("ag1", b.prompt("s1", "Dig", at=5), b.says("s2", "dug", "s1", at=6))
    b.write(path.parent / "agent-ag1.jsonl", *(style(one) for one in agent))
    imports(root / "l.clew", path.parent)
    assert sound(root / "l.clew")
    with closing(open_reader(root / "l.clew")) as db:
        return dump(db)


@pytest.mark.parametrize("style", STYLES)
def test_how_a_record_is_spelled_changes_nothing(style: Style, tmp_path: Path) -> None:
    expected = library(tmp_path / "compact", b.line)

    assert expected["tokens"]["claude-opus-4-6"]["output"] == 99 + 5 + 5 + 5
    assert expected["totals"]["messages"] == 12
    assert library(tmp_path / "other", style) == expected
