"""The JSON of the command line: others read it, so its shape is a promise."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from core.queries import export
from tests import builders as b
from tests.library import imported, listed, only

LIST = [
    "id", "title", "project", "started_at", "ended_at", "messages", "prompts", "tool_calls",
    "errors", "sessions", "format", "version", "ending", "cost_usd", "unpriced", "bucket",
]  # fmt: skip
MESSAGE = {
    "id", "uuid", "parent", "role", "kind", "at", "text", "branch", "agent", "thread",
    "tool_calls", "usage",
}  # fmt: skip
CALL = {"id", "tool", "input", "outcome", "result", "duration_ms"}


def log(root: Path) -> Path:
    return b.write(
        root / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", "hello", at=1),
        b.calls("a1", "t1", parent="p1", at=2),
        b.answers("r1", "t1", "out", "a1", at=3),
        b"garbage\n",
    )


def test_an_item_of_the_list_has_these_keys(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path))) as db:
        (one,) = listed(db)

    assert list(one) == [*LIST, "tokens"]
    assert one["tokens"] == {"input": 10, "output": 5, "cache_read": 100, "cache_creation": 20}
    assert (one["format"], one["version"]) == ("claude-code", "2.1.50")
    assert one["id"] == b.SESSION
    assert one["sessions"] == [b.SESSION]


def test_a_conversation_has_these_keys(tmp_path: Path) -> None:
    path = log(tmp_path)
    with closing(imported(tmp_path, path)) as db:
        found = only(db)
        (summary,) = listed(db)

    assert list(found) == [
        "conversation", "cost", "sessions", "agents", "branches", "messages", "threads", "problems",
    ]  # fmt: skip
    assert found["conversation"].items() <= summary.items()
    assert all(set(message) >= MESSAGE for message in found["messages"])
    (call,) = found["messages"][1]["tool_calls"]
    assert set(call) >= CALL
    assert call["input"] == {"command": "ls"}
    assert (call["result"], call["duration_ms"]) == ("out", 1000)
    (problem,) = found["problems"]
    assert (problem["file"], problem["line"]) == (str(path), 4)
    assert found["threads"][0]["kind"] == "session"
    assert json.loads(json.dumps(found)) == found


def test_usage_is_summed_once_over_all_messages(tmp_path: Path) -> None:
    lines = [b.thinks("a1", api="m1"), b.calls("a2", "t", api="m1"), b.says("a3", api="m2")]
    path = b.write(tmp_path / "a.jsonl", *lines)

    with closing(imported(tmp_path, path)) as db:
        outputs = [m["usage"]["output"] for m in only(db)["messages"] if m["usage"]]

    assert outputs == [5, 5]


def test_threads_count_the_prompts_of_the_person(tmp_path: Path) -> None:
    lines = [b.prompt("p1"), b.says("a1"), b.queued("q1", "also"), b.prompt("p2"), b.says("a2")]

    with closing(imported(tmp_path, b.write(tmp_path / "a.jsonl", *lines))) as db:
        assert [message["thread"] for message in only(db)["messages"]] == [1, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (None, None),
        (1_767_225_600_000, "2026-01-01T00:00:00.000Z"),
        (1_767_225_600_001, "2026-01-01T00:00:00.001Z"),
    ],
)
def test_times_are_iso_8601_in_utc(at: int | None, written: str | None) -> None:
    assert export.moment(at) == written


def test_lines_for_a_terminal_say_when_what_and_the_beginning(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path))) as db:
        first, *_ = export.lines(only(db))

    assert first == "2026-01-01T00:00:01.000Z  prompt      hello"
