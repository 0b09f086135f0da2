"""How well tools serve, counted by hand."""

from core.analysis.tools_effect import Effect, Effects, count_effects, effects, exclusive, overall
from core.analysis.tools_rates import Rate, percentile
from core.analysis.tools_work import Work
from core.model import Outcome
from tests.tooluse import SECOND, call, conversation, edit, read, turn


def counted(*works: Work) -> Effects:
    sums = Effects()
    for one in works:
        count_effects(one, sums)
    return sums


def of(tool: str, *works: Work) -> Effect:
    return next(one for one in effects(counted(*works)) if one.tool == tool)


def test_calls_without_a_result_are_no_failures() -> None:
    bash = of("Bash", conversation(turn(
        call(), call(outcome=Outcome.ERROR), call(outcome=Outcome.NONE, took=None),
        call(outcome=Outcome.DENIED), call(outcome=Outcome.INTERRUPTED),
    )))  # fmt: skip

    assert (bash.calls, bash.ok, bash.error, bash.denied, bash.interrupted, bash.unanswered) == (
        5, 1, 1, 1, 1, 1,
    )  # fmt: skip
    assert bash.failed == Rate(1, 2)
    assert bash.failed.share is None  # too few to tell


def test_parallel_calls_share_the_time_that_both_run() -> None:
    work = conversation(
        turn(read(reply=1, at=0, took=4 * SECOND), read("/b", reply=1, at=0, took=2 * SECOND))
    )

    assert [took for _, took in exclusive(work.stints[0])] == [3 * SECOND, SECOND]


def test_time_until_a_refusal_is_waiting_and_not_running() -> None:
    bash = of(
        "Bash",
        conversation(turn(call(took=SECOND), call(outcome=Outcome.DENIED, took=60 * SECOND))),
    )

    assert (bash.timed, bash.p50_ms, bash.waits, bash.wait_p50_ms) == (1, SECOND, 1, 60 * SECOND)


def test_a_log_that_tells_how_long_a_tool_ran_tells_how_long_it_waited() -> None:
    glob = of(
        "Glob",
        conversation(turn(call("Glob", {"pattern": "*"}, took=900, detail='{"durationMs":200}'))),
    )

    assert glob.wait_p50_ms == 700


def test_what_the_person_said_next_goes_to_the_tools_of_the_turn() -> None:
    work = conversation(
        turn(edit(), said="change it"),
        turn(read(), said="that is wrong"),
        turn(said="perfect, thanks"),
    )
    sums = counted(work)

    assert {one.tool: one.opinions for one in effects(sums)} == {
        "Edit": {"negative": 1}, "Read": {"positive": 1},
    }  # fmt: skip
    assert [quote.text for quote in sums.quotes] == ["that is wrong", "perfect, thanks"]


def test_the_parts_of_the_whole_are_shown_and_few_cases_give_none() -> None:
    work = conversation(
        turn(edit(), call("Bash", "npm test"), said="add it"),
        turn(edit(), said="no, that is broken"),
        turn(said="ok"),
    )
    parts = overall(counted(work))

    assert parts.verified == Rate(1, 2)
    assert parts.not_reworked == Rate(1, 2)
    assert parts.score is None


def test_wilsons_interval_is_the_textbooks() -> None:
    low, high = Rate(10, 100).interval

    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(5, 20).share == 0.25


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([], 0.5) is None
    assert percentile([1, 2, 3, 10], 0.5) == 2
    assert percentile([1, 2, 3, 10], 0.95) == 10
