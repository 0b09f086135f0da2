"""Complexity, activity, engagement and switches, counted by hand."""

import json

import pytest

from core.analysis.activity import activity
from core.analysis.complexity import USUAL, Parts, changed, complexity
from core.analysis.engagement import Engagement, effort, engagement
from core.analysis.material import Call, Material, Turn
from core.analysis.progression import prompts
from core.analysis.switches import heads, switches, threads
from core.model import Outcome
from tests.core.analysis.talk import MINUTE, USED, asked, call, chat, cut, said, spot, talk, turn


def _edit(number: int, path: str, old: str, new: str, outcome: Outcome = Outcome.OK) -> Call:
    given = json.dumps({"file_path": path, "old_string": old, "new_string": new})
    return call(number, "Edit", given, outcome)


def test_the_parts_of_a_turn_are_counted() -> None:
    calls = [
        call(2, "Read", '{"file_path": "/a.py"}'),
        _edit(2, "/a.py", "one\ntwo", "three"),
        _edit(3, "/b.py", "x", "y", Outcome.ERROR),
        call(3, "Bash", '{"command": "make"}', Outcome.ERROR),
    ]
    found = complexity([turn(asked(1, "go"), [], calls, usage=USED, branches=1)])
    assert [piece.parts for piece in found.turns] == [
        Parts(tools=3, calls=4, failed=2, files=2, lines=3, tokens=150, branches=1)
    ]
    assert [
        (piece.spot.uuid, piece.parts.calls, piece.parts.lines) for piece in found.messages
    ] == [
        ("u2", 2, 3),
        ("u3", 2, 0),
    ]


def test_the_level_is_the_mean_of_the_scaled_parts() -> None:
    assert Parts().level() == 0.0
    assert USUAL.level() == 1.0
    assert Parts(calls=USUAL.calls * 100).level() == pytest.approx(1 / 7, abs=1e-4)


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({"old_string": "a\nb\n", "new_string": "c"}, 3),
        ({"edits": [{"old_string": "a", "new_string": "b\nc"}]}, 3),
        ({"content": "a\nb\nc\n"}, 3),
        ({"input": "*** Begin Patch\n*** Update File: a\n@@\n-a\n+b\n+c\n c\n*** End Patch"}, 3),
        ({"command": "ls"}, 0),
        ({"old_string": 3, "edits": "no"}, 0),
    ],
)
def test_changed_lines_are_what_the_call_says(given: dict[str, object], lines: int) -> None:
    assert changed(given) == lines


@pytest.mark.parametrize("given", ["null", "[1]", '{"file_path": 3}'])
def test_an_input_of_another_shape_is_counted_as_a_call(given: str) -> None:
    found = complexity([turn(asked(1, "go"), [], [call(2, "Edit", given)])])
    assert found.turns[0].parts == Parts(tools=1, calls=1)


def _calls(*calls: Call) -> Turn:
    return turn(None, [], calls)


def test_long_pauses_count_nothing_and_tools_count_whole() -> None:
    build = call(3, "Bash", at=10 * MINUTE, took=20 * MINUTE)
    times = (0, MINUTE, 10 * MINUTE, 30 * MINUTE, 40 * MINUTE)
    found = activity([turn(asked(n, "go", at)) for n, at in enumerate(times)] + [_calls(build)])
    assert found.total == 21 * MINUTE
    assert found.until(5 * MINUTE) == MINUTE
    assert found.between(MINUTE // 2, 11 * MINUTE) == MINUTE // 2 + MINUTE
    assert found.until(-1) == 0


def test_a_call_counts_for_an_hour_at_most() -> None:
    night = call(1, "Bash", at=0, took=9 * 60 * MINUTE)
    assert activity([_calls(night)]).total == 60 * MINUTE


def test_parallel_calls_are_not_counted_twice() -> None:
    calls = [call(1, "Read", at=0, took=2 * MINUTE), call(1, "Read", at=MINUTE, took=3 * MINUTE)]
    assert activity([_calls(*calls)]).total == 4 * MINUTE


def _engaged(material: Material) -> Engagement:
    total = activity(material.turns).total
    return engagement([effort(material.turns)], total, prompts(material.main))


def _worked() -> Material:
    first = turn(
        asked(1, "fix the parser", 0),
        [said(2, "Looking.", 2000), said(5, "Done.", 4 * MINUTE)],
        [
            call(3, "Read", at=MINUTE, took=100, reply=7),
            call(3, "Read", at=MINUTE, took=100, reply=7),
            call(4, "Edit", at=2 * MINUTE, took=100, reply=8),
        ],
        ended=4 * MINUTE,
    )
    second = turn(
        asked(6, "it doesn't work", 6 * MINUTE),
        [],
        [call(7, "Edit", "{}", Outcome.DENIED, 6 * MINUTE + 4000, 1000, reply=9)],
        interrupts=(spot(8),),
    )
    left = turn(asked(9, "never mind", 7 * MINUTE), branch=1, active=False)
    return talk([first, second, left])


def test_engagement_is_counted_by_hand() -> None:
    material = _worked()
    found = _engaged(material)
    assert found.prompts == 2
    assert found.active_ms == activity(material.turns).total == 7 * MINUTE
    assert found.prompts_per_hour == pytest.approx(2 * 60 / 7)
    assert (found.steps, found.steps_per_prompt, found.longest_run) == (3, 1.5, 2)
    assert found.longest_at == spot(1)
    assert found.reply_wait_ms == 3000
    assert found.corrections == (spot(6),)
    assert found.interruptions == (spot(8),)
    assert found.denied == (spot(7),)
    assert (found.edits_offered, found.edits_taken) == (2, 1)
    assert found.rewinds == 1
    assert found.abandoned == "interrupted, and nothing said after"
    assert found.abandoned_at == spot(8)


def test_an_unanswered_prompt_is_abandoned_and_an_answered_one_is_not() -> None:
    answered = talk(chat("fix it", "Done."))
    assert _engaged(answered).abandoned == ""
    assert _engaged(talk(chat("fix it"))).abandoned == "a prompt that nothing answers"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(Outcome.DENIED, "a permission refused"), (Outcome.NONE, "a call without a result")],
)
def test_a_last_call_that_came_to_nothing_is_abandoned(outcome: Outcome, words: str) -> None:
    open_end = talk([turn(asked(1, "go"), [said(2, "Hm.")], [call(3, "Bash", "{}", outcome)])])
    assert _engaged(open_end).abandoned.startswith(words)
    spoken = talk([turn(asked(1, "go"), [said(4, "Hm.")], [call(3, "Bash", "{}", outcome)])])
    assert _engaged(spoken).abandoned == ""


def test_nothing_at_all_divides_by_nothing() -> None:
    found = _engaged(talk([]))
    assert (found.prompts_per_hour, found.steps_per_prompt, found.reply_wait_ms) == (
        None,
        None,
        None,
    )
    assert found.abandoned == ""


def test_switches_are_the_cuts_with_their_evidence() -> None:
    turns = chat("one", "a", "two", "b", "three", "c")
    cuts = [cut(turns[0], "x", ""), cut(turns[1], "y", "words"), cut(turns[2], "x", "time")]
    found = switches(heads(turns), cuts)
    assert [(one.of, one.to, one.type, one.returns) for one in found.switches] == [
        ("x", "y", "words", False),
        ("y", "x", "time", True),
    ]
    assert found.switches[0].at == 2 * MINUTE
    assert found.switches[0].evidence == ("New words.",)
    assert found.by_type == {"time": 1, "words": 1}
    assert found.per_turn == 1.0
    assert threads(heads(turns), cuts) == ["x", "y", "x"]


def test_one_thread_has_no_switch() -> None:
    turns = chat("one", "a")
    found = switches(heads(turns), [cut(turns[0], "x", "")])
    assert (found.switches, found.per_turn) == ((), None)
