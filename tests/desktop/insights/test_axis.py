"""The axis that all lanes share."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.models.insights_axis import PAUSE, Spread, Turn, Turns, even, timed


def turns(*at: int | None) -> Turns:
    return Turns([Turn(10 * n + 10, 1, when, "") for n, when in enumerate(at)])


def test_a_message_is_in_the_turn_that_began_before_it_in_its_own_session() -> None:
    found = Turns([Turn(1, 1, None, ""), Turn(5, 2, None, ""), Turn(8, 1, None, "")])
    assert found.number(6, 1) == 0
    assert found.number(6, 2) == 1
    assert found.number(9, 1) == 2
    assert found.number(9, 3) is None


def test_a_message_before_the_first_turn_belongs_to_it() -> None:
    assert turns(0).number(3, 1) == 0


def test_turns_are_of_one_width_unless_time_is_asked_for() -> None:
    axis = even(4)
    assert [axis.place(n) for n in range(5)] == [0, 0.25, 0.5, 0.75, 1]
    assert axis.turn_at(0.6) == 2


def test_a_pause_is_as_wide_as_five_minutes() -> None:
    first = timed(turns(0, PAUSE, 2 * PAUSE), {2: [3 * PAUSE]})
    second = timed(turns(0, PAUSE, 99 * PAUSE), {2: [999 * PAUSE]})
    assert first == second


def test_without_times_every_turn_is_of_one_width() -> None:
    assert timed(turns(None, None), {}) == even(2)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40).map(sorted))
def test_every_turn_can_be_seen_and_they_fill_the_axis(at: list[int]) -> None:
    axis = timed(turns(*at), {})
    widths = [right - left for left, right in zip(axis.edges, axis.edges[1:], strict=False)]
    assert min(widths) > 0
    assert axis.edges[0] == 0
    assert axis.edges[-1] == 1


def test_what_stands_in_one_turn_stands_side_by_side() -> None:
    assert Spread().over([0, 3, 3]) == [0.5, 3.25, 3.75]
