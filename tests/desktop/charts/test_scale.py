from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.queries.periods import Period
from desktop.views.charts import scale


def period(days: int, last: date = date(2026, 3, 15)) -> Period:
    return Period(last - timedelta(days=days - 1), last, 0, 1)


@given(st.integers(1, 10**12))
def test_the_last_tick_is_at_or_above_the_most_and_no_further_than_needed(most: int) -> None:
    found = scale.ticks(most)

    assert found[0] == 0
    assert found[-2] < most <= found[-1]
    assert 2 <= len(found) <= 6
    assert all(tick == int(tick) for tick in found)


@pytest.mark.parametrize(("days", "unit"), [(120, "day"), (121, "week"), (1101, "month")])
def test_long_ranges_have_wider_bars(days: int, unit: str) -> None:
    assert scale.calendar(period(days)).unit == unit


@given(st.integers(1, 3000), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_day_is_in_the_bucket_that_holds_it(days: int, last: date) -> None:
    made = scale.calendar(period(days, last))

    for day in (made.period.first, last, last - timedelta(days=days // 2)):
        number = made.number(day)
        assert number is not None
        assert made.buckets[number].first <= day <= made.buckets[number].last
    assert made.number(last + timedelta(days=40)) is None


def test_spans_name_what_they_need_to() -> None:
    assert scale.span_label(date(2026, 3, 2), date(2026, 3, 8)) == "2–8 Mar 2026"
    assert scale.span_label(date(2026, 2, 23), date(2026, 3, 1)) == "23 Feb – 1 Mar 2026"
    assert scale.span_label(date(2025, 12, 29), date(2026, 1, 4)) == "29 Dec 2025 – 4 Jan 2026"
