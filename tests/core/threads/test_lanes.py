"""Lanes: the main line, branches left behind, agents' runs; links repaired, nothing lost."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.model import Facts, Kind, Message, Place
from core.threads.agents import attach
from core.threads.copies import copies
from core.threads.events import Event, event
from core.threads.lanes import MAIN, lanes
from core.threads.links import Tie, links
from tests.core.threads.strands import START, call, message, prompt, reply, result


def events(*messages: Message) -> list[Event]:
    read = [event(Facts("user", known=True, place=Place(1, 0, 1), message=m)) for m in messages]
    return [one for one in read if one]


def lane_of(found: list[Event]) -> dict[str, str]:
    return {one.uuid: lane for one, lane in zip(found, lanes(found).lane, strict=True)}


REWOUND = (
    prompt("p1", "one", at=START),
    reply("r1", "done", parent="p1", at=START + 1),
    prompt("p2", "two", parent="r1", at=START + 2),
    reply("r2", "done", parent="p2", at=START + 3),
    prompt("p3", "two, better", parent="r1", at=START + 4),
    reply("r3", "done", parent="p3", at=START + 5),
)


def test_the_way_to_the_newest_prompt_is_the_main_line() -> None:
    lane = lane_of(events(*REWOUND))

    assert {uuid for uuid, name in lane.items() if name == MAIN} == {"p1", "r1", "p3", "r3"}
    assert lane["p2"] == lane["r2"] == "branch:p2"


def test_parallel_calls_are_no_fork() -> None:
    lane = lane_of(
        events(
            prompt("p", "go"),
            call("a", "k1", "Bash", "{}", "ls", parent="p"),
            call("b", "k2", "Bash", "{}", "pwd", parent="a"),
            result("x", "k1", parent="a"),
            result("y", "k2", parent="b"),
            prompt("q", "next", parent="y", at=START + 9),
        )
    )

    assert set(lane.values()) == {MAIN}


def test_lines_may_stand_in_any_order() -> None:
    mixed = list(REWOUND)
    Random(3).shuffle(mixed)

    assert lane_of(events(*mixed)) == lane_of(events(*REWOUND))


def test_a_missing_parent_is_found_by_call_and_by_time() -> None:
    found = events(
        prompt("p", "go", at=START),
        call("a", "k", "Bash", "{}", "ls", parent="p", at=START + 1),
        result("x", "k", parent="lost", at=START + 2),
        reply("r", "done", parent="gone", at=START + 3),
    )

    assert lanes(found).above == (None, 0, 1, 2)


def test_a_compaction_goes_on_from_what_it_names_or_from_what_came_before() -> None:
    for logical in ("r", "lost"):
        found = events(
            prompt("p", "go", at=START),
            reply("r", "done", parent="p", at=START + 1),
            message("c", Kind.COMPACTION, (), logical=logical, at=START + 2),
            reply("r2", "more", parent="c", at=START + 3),
        )

        assert {*lanes(found).lane} == {MAIN}
        assert [tie.target for tie in links(found, lanes(found))] == ["p", "p"]


def test_an_agents_run_is_a_lane_that_answers_its_own_task() -> None:
    found = events(
        prompt("p", "go"),
        message("t", Kind.TASK, prompt("", "look").blocks, sidechain=True, agent="a1"),
        reply("s", "seen", parent="t", sidechain=True, agent="a1"),
        reply("r", "done", parent="p"),
    )
    ties = {(tie.source, tie.target) for tie in links(found, lanes(found))}

    assert lane_of(found) == {"p": MAIN, "t": "agent:a1", "s": "agent:a1", "r": MAIN}
    assert ties == {("s", "t"), ("r", "p")}


def test_results_are_tied_to_their_calls() -> None:
    found = events(
        prompt("p", "go"),
        call("a", "k", "Bash", "{}", "ls", parent="p"),
        result("x", "k", parent="a"),
    )
    ties = {
        (tie.source, tie.target)
        for tie in links(found, lanes(found))
        if tie.tie is Tie.TOOL_CONTINUATION
    }

    assert ties == {("x", "a")}


def test_agents_are_attached_as_recorded_then_by_equal_prompts_each_call_once() -> None:
    asks = '{"prompt": "look around"}'
    main = events(
        prompt("p", "go", at=START),
        call("c1", "k1", "Task", asks, "look around", at=START + 1),
        call("c2", "k2", "Task", asks, "look around", at=START + 100),
        result("x", "k3", agent="a3", at=START + 200),
    )
    task = prompt("", "look around").blocks
    runs = {
        "a1": events(message("t1", Kind.TASK, task, at=START + 2, sidechain=True, agent="a1")),
        "a2": events(message("t2", Kind.TASK, task, at=START + 101, sidechain=True, agent="a2")),
        "a3": events(message("t3", Kind.TASK, task, at=START + 50, sidechain=True, agent="a3")),
    }

    assert {(tie.source, tie.target) for tie in attach(main, runs)} == {
        ("t1", "k1"), ("t2", "k2"), ("t3", "k3")
    }  # fmt: skip


def test_of_two_files_with_the_same_messages_the_later_one_continues() -> None:
    old = events(*REWOUND[:2])
    new = events(
        prompt("n1", "one", at=START),
        reply("n2", "done", parent="n1", at=START + 1),
        prompt("n3", "more", parent="n2", at=START + 50),
    )

    found = {(tie.tie, tie.source, tie.target) for tie in copies({"old": old, "new": new})}

    assert found == {
        (Tie.CONTINUES, "new", "old"),
        (Tie.DUPLICATE, "n1", "p1"),
        (Tie.DUPLICATE, "n2", "r1"),
    }


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=12))
def test_nothing_is_dropped_whatever_the_links_say(shape: list[tuple[int, int, bool]]) -> None:
    found = events(
        *(
            (prompt if typed else reply)(f"u{one}", "x", parent=f"u{other}", at=START + one)
            for one, other, typed in shape
        )
    )

    assert len(lanes(found).lane) == len(found)
