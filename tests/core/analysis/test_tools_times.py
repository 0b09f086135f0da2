"""When work is done, in figures and sentences."""

from datetime import date, timedelta

from core.analysis.tools_times import habits

MONDAY = date(2026, 3, 2)
EMPTY = [[0] * 24 for _ in range(7)]


def week(*cells: tuple[int, int, int]) -> list[list[int]]:
    grid = [[0] * 24 for _ in range(7)]
    for day, hour, calls in cells:
        grid[day][hour] = calls
    return grid


def test_nothing_has_no_peak_and_no_averages() -> None:
    none = habits(EMPTY, [], "UTC")

    assert (none.peak, none.weekday, none.per_active_day, none.per_calendar_day) == (None,) * 4
    assert none.sentences == ()


def test_averages_are_per_active_and_per_calendar_day() -> None:
    found = habits(
        week((0, 10, 30), (3, 23, 70)), [(MONDAY, 30), (MONDAY + timedelta(3), 70)], "UTC"
    )

    assert (found.active_days, found.calendar_days) == (2, 4)
    assert (found.per_active_day, found.per_calendar_day) == (50, 25)
    assert (found.peak, found.weekday) == ("23:00–00:00", "Thursday")


def test_the_earliest_of_equal_hours_is_the_peak() -> None:
    assert habits(week((0, 9, 5), (1, 14, 5)), [(MONDAY, 10)], "UTC").peak == "09:00–10:00"


def test_regularity_is_active_days_of_the_last_thirty() -> None:
    days = [(MONDAY + timedelta(n), 10) for n in range(0, 60, 2)]
    found = habits(week((0, 9, 300)), days, "UTC")

    assert (found.recent_active, found.recent_days) == (15, 30)
    assert found.sentences == (
        "100% of the calls fall between 07:00 and 10:00 (n = 300).",
        "0% of the calls are made on Saturdays and Sundays (n = 300).",
        "Active on 15 of the last 30 days.",
    )


def test_few_calls_make_no_sentence() -> None:
    assert habits(week((0, 9, 49)), [(MONDAY, 49)], "UTC").sentences == ()
