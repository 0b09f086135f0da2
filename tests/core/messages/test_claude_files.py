"""How Claude Code's files are recognised, and what those beside transcripts say."""

from pathlib import PurePath

import pytest

from core.messages.claude_files import FORMATS
from core.messages.format import Format, Framing, Sample
from core.model import BlockKind, Facts, Kind, Place, Setting
from core.records.decode import Record
from tests import builders as b

BY_NAME = {form.name: form for form in FORMATS}
TYPED = {"display": "fix it", "timestamp": 1_767_225_605_000, "project": "/p", "sessionId": "s1"}
JOURNAL = {"type": "started", "key": "k", "agentId": "a1"}


def points(form: Format, *records: b.Record, path: str = "/x/a.jsonl") -> int:
    return form.detect(Sample(PurePath(path), form.framing, records)).points


def read(name: str, record: b.Record) -> Facts:
    (fact,), memory = BY_NAME[name].read(Record(Place(1, 0, 1), record), {})
    assert memory == {}
    return fact


@pytest.mark.parametrize(
    ("name", "path", "record"),
    [
        ("claude-code", "/x/a.jsonl", b.prompt("u1")),
        ("claude-history", "/x/history.jsonl", TYPED),
        ("claude-journal", "/x/journal.jsonl", JOURNAL),
        ("claude-workflow", "/x/workflows/r1.json", {"runId": "r1", "phases": []}),
        ("claude-desktop", "/x/local_1.json", {"sessionId": "s1", "cliSessionId": "s2"}),
        ("claude-output", "/x/tool-results/t1.json", {"a": 1}),
    ],
)
def test_each_file_is_recognised_by_its_own_format_only(
    name: str, path: str, record: b.Record
) -> None:
    best = {form.name: points(form, record, path=path) for form in FORMATS}

    assert best[name] >= 85
    assert [one for one, score in best.items() if score >= 85] == [name]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((b.prompt("u1"), b.says("a1")), 90),
        ((b.prompt("u1"), {"x": 1}, {"x": 2}), 60),
        (({"type": "user", "content": "x"},), 20),
        (({"type": "mode", "mode": "plan"},), 15),
        (({"type": "user", "text": "x"},), 0),
        (({"type": "brand-new", "uuid": "u", "parentUuid": None},), 0),
        ((), 0),
    ],
)
def test_a_transcript_is_told_by_the_envelope_of_its_records(
    records: tuple[b.Record, ...], expected: int
) -> None:
    assert points(BY_NAME["claude-code"], *records) == expected


def test_an_empty_file_in_claude_codes_folder_may_become_a_transcript() -> None:
    form = BY_NAME["claude-code"]

    assert points(form, path="/x/projects/-p/a.jsonl") == 50
    assert points(form, {"x": 1}, path="/x/agent-a1.jsonl") == 10


def test_a_line_of_the_history_is_a_prompt_of_the_session_it_names() -> None:
    pasted = {"1": {"content": "a long paste"}, "2": 5}
    fact = read("claude-history", TYPED | {"pastedContents": pasted})

    assert (fact.part, fact.setting) == ("s1", Setting(cwd="/p"))
    assert fact.message is not None
    assert (fact.message.kind, fact.message.at) == (Kind.PROMPT, 1_767_225_605_000)
    assert [(block.kind, block.text) for block in fact.message.blocks] == [
        (BlockKind.PROMPT, "fix it"), (BlockKind.NOTE, "a long paste"),
    ]  # fmt: skip


def test_history_without_sessions_is_a_run_for_each_project_and_knows_commands() -> None:
    fact = read("claude-history", {"display": "/clear", "timestamp": 5, "project": "/p"})

    assert fact.part == "history-/p"
    assert fact.message is not None
    assert fact.message.kind is Kind.COMMAND
    assert not read("claude-history", {"display": 5}).known


def test_the_desktop_app_names_the_session_it_is_about() -> None:
    fact = read("claude-desktop", {"cliSessionId": "s2", "title": "Mine", "cwd": "/p"})

    assert (fact.part, fact.setting) == ("s2", Setting(cwd="/p", custom_title="Mine"))
    assert read("claude-desktop", {"sessionId": "s1"}).setting is None


def test_journals_workflows_and_outputs_are_known_and_say_nothing() -> None:
    for name in ("claude-journal", "claude-workflow", "claude-output"):
        fact = read(name, JOURNAL)
        assert (fact.known, fact.message) == (True, None)
    assert BY_NAME["claude-history"].framing is Framing.LINES
