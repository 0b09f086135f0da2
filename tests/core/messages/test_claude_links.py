"""Which agent a tool call started, as the texts of records tell it."""

import json

import pytest

from core.messages import claude_links
from core.model import AgentLink

LINK = (AgentLink("t1", "a12"),)


def notice(task: str, call: str) -> str:
    """Return what a background task says when it ends."""
    return (
        f"<task-notification>\n<task-id>{task}</task-id>\n<tool-use-id>{call}</tool-use-id>\n"
        "<status>completed</status>\n</task-notification>"
    )


def test_a_notification_names_the_call_and_the_agent() -> None:
    assert claude_links.of_notice(notice("a12", "t1")) == LINK
    assert claude_links.of_queue(notice("a12", "t1")) == LINK


def test_a_background_shell_is_no_agent() -> None:
    shell = json.dumps({"task_id": "x12", "tool_use_id": "t1", "task_type": "local_bash"})

    assert claude_links.of_notice(notice("b2c5c70", "t1")) == ()
    assert claude_links.of_queue(shell) == ()


@pytest.mark.parametrize("kind", ["local_agent", "remote_agent", None])
def test_the_queue_may_tell_it_in_json(kind: str | None) -> None:
    said = json.dumps({"task_id": "a12", "tool_use_id": "t1", "task_type": kind})

    assert claude_links.of_queue(said) == LINK


@pytest.mark.parametrize(
    "said", ["", "{", '{"task_id"', "[]", '{"task_id":5,"tool_use_id":"t"}', "<task-id>a</task-id>"]
)
def test_a_text_that_names_only_one_of_them_links_nothing(said: str) -> None:
    assert claude_links.of_queue(said) == ()


@pytest.mark.parametrize(
    ("content", "agent"),
    [
        ([{"text": "done"}, {"text": "agentId: a12 (for resuming if needed)"}], "a12"),
        ([{"text": "agentId: a12 (use it to go on)\n<usage>total_tokens: 5</usage>"}], "a12"),
        ([{"text": "Async agent launched successfully.\nagentId: a12 (internal ID)"}], "a12"),
        ([{"text": "agentId: a12"}], "a12"),
        ([{"text": "agentId: a12"}, {"text": "something else"}], ""),
        ([{"text": "the log says agentId: a12"}], ""),
        ("agentId: a12 (in the output of another tool)", ""),
        ([5, {"text": 5}], ""),
        (None, ""),
    ],
)
def test_the_end_of_a_result_names_its_agent(content: object, agent: str) -> None:
    assert claude_links.of_result(content) == agent
