"""Prompts that only the queue's own records hold are shown once, whatever the order."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages import claude_code
from core.messages.format import Memory
from core.model import AgentLink, Facts, Kind, Message, Place, PromptKind
from core.records.decode import Record
from tests import builders as b

QUEUE: dict[str, Any] = {
    "type": "queue-operation",
    "sessionId": b.SESSION,
    "timestamp": b.moment(5),
}
TASK = json.dumps({"task_id": "a12", "tool_use_id": "t1", "task_type": "local_agent"})
NOTICE = (
    "<task-notification><task-id>a12</task-id><tool-use-id>t1</tool-use-id></task-notification>"
)


def queue(operation: str, said: str | None = None, session: str = b.SESSION) -> b.Record:
    """Return a record of the queue; old versions leave out what was removed."""
    told = {} if said is None else {"content": said}
    return QUEUE | {"operation": operation, "sessionId": session} | told


def read(*records: b.Record, pause: int = -1) -> list[Facts]:
    """Read *records*; before number *pause* what is remembered is stored and loaded."""
    memory: Memory = {}
    found: list[Facts] = []
    for at, record in enumerate(records):
        if at == pause:
            memory = json.loads(json.dumps(memory))
        told, memory = claude_code.read(Record(Place(at + 1, at * 10, 10), record), memory)
        found += told
    return found


def messages(*records: b.Record) -> list[Message]:
    return [fact.message for fact in read(*records) if fact.message]


def shown(*records: b.Record) -> list[tuple[str, str]]:
    return [(one.kind.value, one.blocks[0].text) for one in messages(*records)]


ANSWER = b.says("a1", "Left.", "p1", at=9)
STEER = ("queued", "steer left")
REPLY = ("reply", "Left.")


@pytest.mark.parametrize("said", [None, "steer left"])
def test_a_text_that_is_removed_is_a_message_where_it_was_removed(said: str | None) -> None:
    records = (queue("enqueue", "steer left"), queue("remove", said), ANSWER)

    assert shown(*records) == [STEER, REPLY]
    found = messages(*records)[0]
    assert (found.place, found.uuid, found.linked) == (Place(2, 10, 10), "", False)
    assert (found.session, found.at) == (b.SESSION, 1_767_225_605_000)


@pytest.mark.parametrize("said", [None, "steer left"])
@pytest.mark.parametrize("first", [True, False])
def test_a_text_that_an_attachment_carries_is_shown_once(first: bool, said: str | None) -> None:
    attached = b.queued("q1", "steer left")
    pair = [attached, queue("remove", said)] if first else [queue("remove", said), attached]

    found = messages(queue("enqueue", "steer left"), *pair, ANSWER)

    assert [(one.record, one.kind) for one in found] == [
        ("attachment", Kind.QUEUED), ("assistant", Kind.REPLY),
    ]  # fmt: skip


def test_two_texts_may_be_carried_before_and_after_their_removal() -> None:
    found = shown(
        queue("enqueue", "one"),
        queue("enqueue", "two"),
        b.queued("q1", "one"),
        queue("remove", "one"),
        queue("remove", "two"),
        b.attachment("h1"),
        b.queued("q2", "two"),
        ANSWER,
    )

    assert found == [("queued", "one"), ("queued", "two"), REPLY]


def test_a_text_that_became_a_prompt_is_not_shown_twice() -> None:
    found = shown(queue("enqueue", "then stop"), queue("dequeue"), b.prompt("p2", "then stop"))

    assert found == [("prompt", "then stop")]


def test_a_removal_that_names_nothing_means_the_oldest_text_of_a_person() -> None:
    found = shown(
        queue("enqueue", TASK),
        queue("enqueue", "/model"),
        queue("enqueue", "one"),
        queue("enqueue", "two"),
        queue("enqueue", "of another", session="other"),
        queue("remove"),
        ANSWER,
    )

    assert found == [("queued", "one"), REPLY]


def test_a_removal_from_an_empty_queue_is_none() -> None:
    assert shown(queue("remove"), queue("dequeue"), queue("popAll"), ANSWER) == [REPLY]


def test_what_a_machine_put_in_the_queue_is_a_notice_and_a_tasks_state_is_nothing() -> None:
    found = messages(
        queue("enqueue", NOTICE), queue("remove"), queue("enqueue", TASK), queue("remove"), ANSWER
    )

    assert [one.kind for one in found] == [Kind.NOTICE, Kind.REPLY]


def test_a_slash_command_that_is_removed_is_a_command() -> None:
    assert shown(queue("enqueue", "/model"), queue("remove"), ANSWER)[0] == ("command", "/model")
    path = "/home/ada/x.py is wrong"
    assert shown(queue("enqueue", path), queue("remove"), ANSWER)[0] == ("queued", path)


@pytest.mark.parametrize("said", [None, "wait"])
def test_a_text_that_was_taken_back_is_shown_as_such_unless_it_was_sent_then(
    said: str | None,
) -> None:
    begin = [queue("enqueue", NOTICE), queue("enqueue", "wait"), queue("popAll", said)]
    stopped = b.prompt("i1", "[Request interrupted by user]")

    sent = messages(*begin, stopped, b.prompt("p2", "wait, no"))
    dropped = messages(*begin, stopped, b.prompt("p2", "something else"))

    assert [one.kind for one in sent] == [Kind.INTERRUPT, Kind.PROMPT]
    assert [one.kind for one in dropped] == [Kind.INTERRUPT, Kind.QUEUED, Kind.PROMPT]
    assert dropped[1].detail == '{"withdrawn":true}'


def test_the_queue_tells_which_agent_a_call_started() -> None:
    for said in (TASK, NOTICE):
        (fact,) = read(queue("enqueue", said))
        assert fact.links == (AgentLink("t1", "a12"),)


def test_a_removed_text_waits_over_records_that_may_stand_before_its_attachment() -> None:
    found = read(queue("enqueue", "one"), queue("remove"), b.progress("g1", None), ANSWER)

    assert [fact.kind for fact in found] == [
        "queue-operation", "queue-operation", "progress/hook_progress", "", "assistant",
    ]  # fmt: skip


STEPS: Sequence[b.Record] = [
    queue("enqueue", "one"), queue("enqueue", "two"), queue("enqueue", NOTICE),
    queue("remove"), queue("remove", "one"), queue("dequeue"), queue("popAll"),
    queue("popAll", "two"), b.queued("q1", "one"), b.attachment("h1"), ANSWER,
    b.prompt("p1", "one"), {"type": "worktree-state"}, {"type": "queue-operation", "operation": 5},
]  # fmt: skip


@given(st.lists(st.sampled_from(STEPS), max_size=12), st.integers(0, 11))
def test_read_in_pieces_it_is_the_same(records: list[b.Record], pause: int) -> None:
    assert read(*records, pause=pause) == read(*records)


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_every_record_is_counted_once(records: list[b.Record]) -> None:
    assert sum(bool(fact.kind) for fact in read(*records)) == len(records)


def test_what_is_remembered_is_bounded() -> None:
    memory: Memory = {}
    for at in range(300):
        record = Record(Place(at, at, 1), queue("enqueue", f"text {at}"))
        _, memory = claude_code.read(record, memory)

    assert len(json.dumps(memory)) < 10_000


SPOILT: list[Memory] = [
    {"queue": 5, "held": [5, "x"], "carried": 5, "home": 5},
    {"queue": ["x", [5]], "held": [["x"]]},
]


@pytest.mark.parametrize("memory", SPOILT)
def test_a_memory_that_is_spoilt_costs_nothing_but_itself(memory: Memory) -> None:
    for record in STEPS:
        claude_code.read(Record(Place(1, 0, 1), record), memory)


def test_who_wrote_what_was_queued_is_told() -> None:
    teammate = '<teammate-message teammate_id="x">hi</teammate-message>'
    (found, _) = messages(queue("enqueue", teammate), queue("remove"), ANSWER)

    assert (found.kind, found.prompt) == (Kind.NOTICE, PromptKind.TEAMMATE)
