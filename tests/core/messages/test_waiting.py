"""Calls that wait for a result which names no call."""

from core.messages import waiting
from core.messages.format import Memory


def test_the_oldest_call_is_answered_first() -> None:
    memory: Memory = {}
    for key in ("a", "b"):
        memory = waiting.called(memory, key, "read")

    first, memory = waiting.answered(memory)
    second, memory = waiting.answered(memory, "read")
    assert (first, second) == ("a", "b")
    assert waiting.answered(memory) == ("", memory)


def test_a_name_picks_the_call_of_that_tool() -> None:
    memory = waiting.called(waiting.called({}, "a", "read"), "b", "list")

    assert waiting.answered(memory, "list")[0] == "b"
    assert waiting.answered(memory, "write")[0] == ""


def test_a_call_whose_result_names_it_waits_no_more() -> None:
    memory = waiting.called(waiting.called({}, "a", "read"), "b", "read")

    assert waiting.answered(waiting.settled(memory, "a"))[0] == "b"
    assert waiting.settled(memory, "c") is memory


def test_few_are_remembered_and_odd_memories_are_survived() -> None:
    memory: Memory = {}
    for number in range(1000):
        memory = waiting.called(memory, str(number), "t")

    assert waiting.answered(memory)[0] == "800"
    for odd in (None, 1, [1], [["a", "b", "c"]], "x"):
        waiting.called({"open": odd}, "k", "t")
