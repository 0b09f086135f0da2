"""What the place of a file says."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from core.files.layout import Layout, is_agent_meta, layout


def test_a_session_is_called_after_its_file() -> None:
    assert layout(PurePosixPath("/p/-home-ada/abc.jsonl")) == Layout("abc", folder="-home-ada")


@pytest.mark.parametrize(
    ("path", "agent", "trunk"),
    [
        ("/p/x/agent-1.jsonl", "1", ""),
        ("/p/x/s1/subagents/agent-1.jsonl", "1", "s1"),
        ("/p/x/s1/subagents/workflows/run/agent-1.jsonl", "1", "s1"),
        ("/p/subagents/x/s1/subagents/agent-1.jsonl", "1", "s1"),
        ("/p/x/s1/subagents/agent-1.meta.json", "1", "s1"),
        ("subagents/agent-1.jsonl", "1", ""),
    ],
)
def test_an_agents_file_names_the_agent_and_perhaps_its_trunk(
    path: str, agent: str, trunk: str
) -> None:
    found = layout(PurePosixPath(path))

    assert (found.key, found.agent, found.trunk) == (f"agent-{agent}", agent, trunk)


def test_paths_of_windows_are_read_too() -> None:
    path = PureWindowsPath(r"C:\Users\ada\.claude\projects\x\s1\subagents\agent-1.jsonl")

    assert layout(path).trunk == "s1"


def test_only_descriptions_of_agents_are_such() -> None:
    names = ["agent-1.meta.json", "agent-1.json", "x.meta.json", "agent-1.jsonl"]

    assert [is_agent_meta(PurePosixPath(name)) for name in names] == [True, False, False, False]
