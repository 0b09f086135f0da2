from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.queries import periods
from core.queries.periods import Period
from tests import base_sums as tools
from tests import builders as b
from tests.base_sums import DayCalls, DayTokens, Presence, ToolTotal
from tests.library import imported, imports, writing

HOUR = 3_600
DAY = 24 * HOUR
BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
EVERYTHING = Period(date(2026, 1, 1), date(2026, 1, 3), -(1 << 62), 1 << 62, whole=True)
DENIED = "The user doesn't want to proceed with this tool use."
STATEMENTS = [
    "TOOLS",
    "TOOLS_IN_PERIOD",
    "TOOLS_OF_PROJECT",
    "CALLS",
    "CALLS_OF_PROJECT",
    "TOKENS",
    "TOKENS_OF_PROJECT",
    "PRESENCE",
]


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def seconds(at: datetime) -> float:
    return (at - b.START).total_seconds()


def day_of(day: date) -> Period:
    """Return one day, as UTC has it."""
    start = ms(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return Period(day, day, start, start + DAY * 1000)


def called(uuid: str, tool: str, at: float | None, **result: object) -> list[b.Record]:
    """Return a call and its result."""
    key = f"toolu_{uuid}"
    done = None if at is None else at + 1
    return [
        b.calls(uuid, key, tool, at=at),
        b.answers(f"{uuid}r", key, result.pop("said", "done"), uuid, at=done, **result),
    ]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    """Two projects: six calls on two days and one without a time; one call that is in two files."""
    one = [
        b.prompt("p1", at=0),
        *called("a", "Bash", 10),
        *called("c", "Bash", 20, error=True),
        *called("d", "Bash", DAY + 30, error=True, said=DENIED),
        *called("e", "mcp__<img src=file:///x>__R&D", 40),
        *called("f", "Bash", None),
        b.prompt("p2", at=DAY + 25),
    ]
    other = [
        one_ | {"cwd": "/home/ada/other"}
        for one_ in b.of("other", b.prompt("q1", at=DAY), *called("g", "Read", DAY + 60))
    ]
    b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *one)
    b.write(tmp_path / "logs" / "copy.jsonl", *b.of("copy", *one))
    b.write(tmp_path / "logs" / "other.jsonl", *other)
    with closing(imported(tmp_path, tmp_path / "logs")) as reader:
        yield reader


def test_each_call_is_counted_once_and_by_how_it_ended(db: Connection) -> None:
    found = tools.tools(db, EVERYTHING)

    assert found == (
        ToolTotal("Bash", 4, failed=1, denied=1, interrupted=0, unanswered=0),
        ToolTotal("Read", 1, 0, 0, 0, 0),
        ToolTotal("mcp__<img src=file:///x>__R&D", 1, 0, 0, 0, 0),
    )


def test_a_period_holds_its_first_moment_and_not_the_one_after_it(db: Connection) -> None:
    found = tools.tools(db, day_of(date(2026, 1, 2)))

    assert [(row.tool, row.calls) for row in found] == [("Bash", 1), ("Read", 1)]


def test_a_project_is_counted_alone(db: Connection) -> None:
    found = tools.tools(db, EVERYTHING, "/home/ada/other")

    assert [(row.tool, row.calls) for row in found] == [("Read", 1)]
    assert tools.tools(db, day_of(date(2026, 1, 1)), "/home/ada/other") == ()


def test_calls_fall_on_local_days_and_undated_ones_on_none(db: Connection) -> None:
    found = tools.rhythm(db, EVERYTHING, UTC)

    assert found.days == (
        DayCalls(date(2026, 1, 1), "Bash", 2),
        DayCalls(date(2026, 1, 1), "mcp__<img src=file:///x>__R&D", 1),
        DayCalls(date(2026, 1, 2), "Bash", 1),
        DayCalls(date(2026, 1, 2), "Read", 1),
    )
    assert found.week[3][0] == 3  # 1 January 2026 is a Thursday
    assert sum(map(sum, found.week)) == 5


def test_the_rhythm_of_a_project_is_its_own(db: Connection) -> None:
    found = tools.rhythm(db, EVERYTHING, UTC, "/home/ada/other")

    assert found.days == (DayCalls(date(2026, 1, 2), "Read", 1),)


@pytest.mark.parametrize(
    ("zone", "moments", "hours", "days"),
    [
        # Clocks go from 2:00 to 3:00: there is no hour 2.
        (BERLIN, ["2026-03-29T00:30", "2026-03-29T01:30"], {(6, 1): 1, (6, 3): 1}, 1),
        # Clocks go from 3:00 back to 2:00: there are two hours 2.
        (BERLIN, ["2026-10-25T00:30", "2026-10-25T01:30"], {(6, 2): 2}, 1),
        # An hour of UTC lies across two local ones, here across midnight.
        (KOLKATA, ["2026-01-01T18:15", "2026-01-01T18:45"], {(3, 23): 1, (4, 0): 1}, 2),
    ],
)
def test_a_call_is_put_on_the_clock_of_its_own_day(
    tmp_path: Path,
    zone: ZoneInfo,
    moments: list[str],
    hours: dict[tuple[int, int], int],
    days: int,
) -> None:
    at = [datetime.fromisoformat(f"{text}:00+00:00") for text in moments]
    records = [one for n, each in enumerate(at) for one in called(str(n), "Bash", seconds(each))]
    b.write(tmp_path / "logs" / "a.jsonl", *records)
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        found = tools.rhythm(db, EVERYTHING, zone)

    told = {(d, h): n for d, row in enumerate(found.week) for h, n in enumerate(row) if n}
    assert told == hours
    assert len(found.days) == days


def test_a_reply_on_several_lines_and_in_several_files_has_its_tokens_once(tmp_path: Path) -> None:
    pieces = [
        b.thinks("t", at=1, api="m", usage=b.usage(10, 1, 100, 20)),
        b.says("s", parent="t", at=2, api="m", usage=b.usage(10, 7, 100, 20), stop="end_turn"),
        b.says("u", parent="s", at=DAY + 1, api="n", usage=b.usage(1, 2, 3, 4), stop="end_turn"),
    ]
    b.write(tmp_path / "logs" / "a.jsonl", *pieces)
    b.write(tmp_path / "logs" / "b.jsonl", *b.of("b", *pieces))
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        found = tools.tokens(db, EVERYTHING, UTC)
        alone = tools.tokens(db, EVERYTHING, UTC, b.CWD)

    assert found == (
        DayTokens(date(2026, 1, 1), 1, 10, 7, 100, 20),
        DayTokens(date(2026, 1, 2), 1, 1, 2, 3, 4),
    )
    assert found[0].total == 137
    assert alone == found


def test_prompts_are_counted_exactly_where_a_session_reaches_over_the_end(db: Connection) -> None:
    assert tools.presence(db, EVERYTHING) == Presence(2, 3)
    assert tools.presence(db, day_of(date(2026, 1, 1))) == Presence(1, 1)
    assert tools.presence(db, day_of(date(2026, 1, 2))) == Presence(2, 2)
    assert tools.presence(db, EVERYTHING, "/home/ada/other") == Presence(1, 1)


def test_a_range_ends_today(db: Connection) -> None:
    now = ms(datetime(2026, 1, 4, 12, tzinfo=UTC))

    found = periods.period(db, 7, now, UTC)

    assert found is not None
    assert (found.first, found.last, found.days) == (date(2025, 12, 29), date(2026, 1, 4), 7)
    assert not found.moved
    assert found.start == ms(datetime(2025, 12, 29, tzinfo=UTC))
    assert found.end == ms(datetime(2026, 1, 5, tzinfo=UTC))


def test_a_range_ends_with_the_newest_data_where_that_is_older(db: Connection) -> None:
    found = periods.period(db, 7, ms(datetime(2027, 6, 1, tzinfo=UTC)), UTC)

    assert found is not None
    assert found.moved
    assert found.last == date(2026, 1, 2)


def test_days_of_a_period_have_as_many_hours_as_the_zone_says(db: Connection) -> None:
    now = ms(datetime(2026, 3, 29, 12, tzinfo=UTC))

    found = periods.period(db, 1, now, BERLIN)
    later = periods.period(db, 90, now, BERLIN)

    assert found is not None
    assert found.moved
    assert later is not None
    assert later.end - later.start == (90 * 24 - 1) * HOUR * 1000


def test_all_reaches_from_the_oldest_to_the_newest_day(db: Connection) -> None:
    found = periods.period(db, None, ms(datetime(2030, 1, 1, tzinfo=UTC)), UTC)

    assert found is not None
    assert (found.first, found.last, found.whole) == (date(2026, 1, 1), date(2026, 1, 2), True)


def test_one_clock_gone_wrong_does_not_move_the_range(tmp_path: Path) -> None:
    far = seconds(datetime(2999, 1, 1, tzinfo=UTC))
    b.write(tmp_path / "logs" / "a.jsonl", *called("a", "Bash", 0), *called("z", "Bash", far))
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        found = periods.period(db, 7, ms(b.START + timedelta(days=1)), UTC)

    assert found is not None
    assert found.last == date(2026, 1, 2)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(available_timezones() - {"localtime"})),
    st.integers(0, 25_000) | st.integers(2_932_000, 2_932_896),
)
def test_parts_of_days_are_where_their_quarters_are_in_every_zone(name: str, number: int) -> None:
    zone = ZoneInfo(name)
    said = {
        quarter: day
        for day, first, last in periods.local_days(number, zone)
        for quarter in range(first, last)
    }

    quarters = range(number * 96, (number + 1) * 96)
    moments = {quarter: periods.local(quarter * 900_000, zone) for quarter in quarters}
    assert said == {quarter: at.date() for quarter, at in moments.items() if at is not None}


def test_a_day_on_which_a_clock_goes_back_over_midnight_comes_twice() -> None:
    parts = periods.local_days(14_915, ZoneInfo("America/St_Johns"))  # 2 November 2010

    assert [last - first for _, first, last in parts] == [10, 86]
    late = periods.local_days(14_920, ZoneInfo("America/St_Johns"))  # at 00:01 on the 7th
    assert [(day.day, last - first) for day, first, last in late] == [
        (6, 10), (7, 1), (6, 3), (7, 82),
    ]  # fmt: skip


def test_an_empty_library_has_no_period(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert periods.period(db, None, 0, UTC) is None


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize("name", STATEMENTS)
def test_every_question_goes_through_an_index(tmp_path: Path, name: str, analysed: bool) -> None:
    asked = dict.fromkeys(("start", "end", "whole", "project", "step"), 1)
    logs = tmp_path / "logs"
    b.write(logs / "a.jsonl", b.prompt("p"), *called("a", "Bash", 10))
    imports(tmp_path / "x.clew", logs)
    with writing(tmp_path / "x.clew") as (db, _):
        if analysed:
            db.execute("ANALYZE")
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {getattr(tools, name)}", asked)]

    expected = {
        "TOOLS": "call_by_tool",
        "TOOLS_IN_PERIOD": "call_by_time (at>? AND at<?)",
        "TOOLS_OF_PROJECT": "call_by_hash (session_id=?)",
        "CALLS": "call_by_time (at>? AND at<?)",
        "CALLS_OF_PROJECT": "call_by_hash (session_id=?)",
        "TOKENS": "reply_by_time (at>? AND at<?)",
        "TOKENS_OF_PROJECT": "reply_by_session (session_id=? AND at>? AND at<?)",
        "PRESENCE": "message_by_session (session_id=?)",
    }
    assert any(step.endswith(expected[name]) for step in plan)
    assert not [step for step in plan if step in {"SCAN call", "SCAN reply", "SCAN message"}]


@pytest.mark.parametrize("statement", [*periods.OLDEST, *periods.NEWEST])
def test_the_ends_of_all_data_are_one_look_into_an_index(db: Connection, statement: str) -> None:
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", {"before": 1})]

    assert len(plan) == 1
    assert "_by_time (at" in plan[0]
