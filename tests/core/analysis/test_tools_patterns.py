"""What follows what, counted by hand."""

from hypothesis import given
from hypothesis import strategies as st

from core.analysis.tools_part import sum_of, tool_piece
from core.analysis.tools_patterns import (
    ASKED,
    CHANGED,
    RERUN,
    FileUse,
    clusters,
    count_company,
    count_recoveries,
    count_runs,
    count_sequences,
    count_substitutions,
    files,
    recoveries,
    retried,
    runs,
    sequences,
)
from core.analysis.tools_tally import Tally
from core.analysis.tools_work import Work, around
from core.model import Outcome
from tests.tooluse import call, conversation, edit, read, turn

FAILED = Outcome.ERROR


def grams(*works: Work) -> Tally:
    tally = Tally()
    for one in works:
        count_sequences(one, tally)
    return tally


def test_parallel_calls_of_a_reply_are_one_step() -> None:
    work = conversation(turn(read(reply=1), read("/p/b.py", reply=1), edit(reply=2)))

    assert dict(grams(work)) == {("Read", "Edit"): 1}


def test_sequences_stop_at_turns_and_stay_in_their_lane() -> None:
    work = conversation(
        turn(read(), edit()), turn(call()), turn(read(lane="a"), call(lane="a"), lane="a")
    )

    assert dict(grams(work)) == {("Read", "Edit"): 1, ("Read", "Bash"): 1}


def test_chance_and_lift_are_those_of_the_counts() -> None:
    work = conversation(*(turn(read(), edit(), call("Bash", "make")) for _ in range(3)),
                        turn(read(), call()), turn(edit(), edit()))  # fmt: skip
    found = {one.steps: one for one in sequences(grams(work))}

    pair = found["Read", "Edit"]
    assert (pair.count, pair.chance) == (3, 3 / 4)
    # Of 8 pairs 4 end in Edit: 3/4 against 4/8.
    assert pair.lift == (3 / 4) / (4 / 8)
    assert found["Read", "Edit", "Bash"].chance == 1.0
    assert len(pair.examples) == 3
    assert ("Edit", "Edit") not in found  # seen once


def test_what_follows_a_failure_is_told_with_counts() -> None:
    tally = Tally()
    count_recoveries(
        conversation(
            turn(call("Bash", "x", FAILED), call("Bash", "x")),
            turn(call("Bash", "x", FAILED), call("Bash", "y")),
            turn(call("Bash", "x", FAILED), read()),
            turn(call("Bash", "x", FAILED)),
            turn(call("Bash", "x")),
        ),
        tally,
    )

    assert {(one.next, one.count, one.of) for one in recoveries(tally)} == {
        (RERUN, 1, 4), (CHANGED, 1, 4), ("Read", 1, 4), (ASKED, 1, 4),
    }  # fmt: skip


def test_substitutions_are_learned_from_what_was_about_the_same_thing() -> None:
    tally = Tally()
    count_substitutions(
        conversation(
            turn(
                call("Grep", {"pattern": "needle_in_hay"}, FAILED),
                call("Bash", "grep -r needle_in_hay ."),
            ),
            turn(call("Grep", {"pattern": "needle_in_hay"}, FAILED), call("Bash", "npm install")),
            turn(call("Grep", {"pattern": "abcd"}, FAILED), call("Grep", {"pattern": "abcd"})),
        ),
        tally,
    )

    assert dict(tally) == {("Grep", "Bash", "grep"): 1}


def test_clusters_are_tools_that_keep_company_and_ties_go_by_name() -> None:
    tally = Tally()
    together = [turn(call("WebSearch", {"query": "a"}), call("WebFetch", {"url": "b"}))] * 4
    apart = [turn(call("Bash", "ls")), turn(read())] * 6
    count_company(conversation(*together, *apart), tally)

    (cluster,) = clusters(tally)

    assert cluster.tools == ("WebFetch", "WebSearch")
    assert cluster.pmi == 2.0  # 4 of 16 turns, four times what chance has


def test_a_retry_is_the_same_input_within_five_calls() -> None:
    near = conversation(
        turn(call("Bash", "x"), *(read(f"/{n}") for n in range(4)), call("Bash", "x"))
    )
    far = conversation(
        turn(call("Bash", "x"), *(read(f"/{n}") for n in range(5)), call("Bash", "x"))
    )
    polled = conversation(
        turn(call("BashOutput", {"bash_id": "1"}), call("BashOutput", {"bash_id": "1"}))
    )

    assert [len(retried(one.stints[0])) for one in (near, far, polled)] == [1, 0, 0]


_STEPS = st.lists(st.lists(st.sampled_from(("Bash", "Read", "Edit")), max_size=6), max_size=6)


@given(_STEPS, st.integers(1, 4))
def test_more_of_the_same_changes_no_chance(turns: list[list[str]], times: int) -> None:
    def works() -> Work:
        return conversation(
            *(turn(*(call(tool, {"n": n}) for n, tool in enumerate(row))) for row in turns)
        )

    one = {s.steps: (s.chance, s.lift) for s in sequences(grams(*(works() for _ in range(3))))}
    many = {
        s.steps: (s.chance, s.lift) for s in sequences(grams(*(works() for _ in range(3 * times))))
    }

    assert one.keys() == many.keys()
    assert all(abs(one[k][0] - many[k][0]) + abs(one[k][1] - many[k][1]) < 1e-9 for k in one)


@given(_STEPS)
def test_counts_do_not_depend_on_the_order_of_conversations(turns: list[list[str]]) -> None:
    works = [conversation(turn(*(call(tool, {"n": tool}) for tool in row))) for row in turns]

    assert dict(grams(*works)) == dict(grams(*reversed(works)))


def test_files_are_counted_by_readings_and_edits_that_went_well() -> None:
    calls = [read("/a"), read("/a"), edit("/a"), edit("/b", outcome=FAILED), call()]
    made = conversation(turn(*calls))

    assert files(sum_of([tool_piece(made)], made.key, made.project).files) == [
        FileUse("/p", "/a", 2, 1)
    ]


def test_steps_are_counted_for_each_prompt_of_the_main_line() -> None:
    tally = Tally()
    count_runs(conversation(turn(read(), edit()), turn(), turn(read(lane="a"), lane="a")), tally)

    assert runs(tally) == [(0, 1), (2, 1)]


def test_a_call_knows_its_neighbours_of_the_same_turn() -> None:
    first, middle, last = read(at=0, took=1000), edit(at=5000), call(at=9000)
    work = conversation(turn(read()), turn(first, middle, last), turn(read()))

    found = around(work, middle.id)

    assert found is not None
    assert (found.before, found.after, found.since_ms) == (("Read",), ("Bash",), 4000)
    assert found.prompt is not None
    assert around(work, -1) is None
