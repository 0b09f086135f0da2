"""The dashboard's series say what the rows say, on the days and hours of any zone."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.queries import durations, rollups, spending
from core.queries.periods import Period, period
from core.queries.rollups import Lane, Scope
from tests import base_sums as tools
from tests import builders as b
from tests.library import PRICES, imported

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
NOW = int((b.START.timestamp() + 40 * 86_400) * 1000)
OTHER = "22222222-aaaa-4bbb-8ccc-000000000002"


def day(uuid: str, at: float, **more: Any) -> list[b.Line]:
    return [
        b.prompt(f"{uuid}u", at=at, **more),
        b.calls(f"{uuid}a", f"{uuid}t", parent=f"{uuid}u", at=at + 60, **more),
        b.answers(f"{uuid}r", f"{uuid}t", parent=f"{uuid}a", at=at + 90, error=True, **more),
        b.calls(
            f"{uuid}b", f"{uuid}w", "Read", parent=f"{uuid}r", at=at + 100, model="other", **more
        ),
    ]  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    one = [line for n in range(30) for line in day(f"d{n}", n * 86_400 + n * 3_000)]
    two = [line for n in range(5) for line in day(f"e{n}", n * 86_400, cwd="/q", sessionId=OTHER)]
    root = tmp_path / "logs" / "projects" / "-home-ada"
    b.write(root / f"{b.SESSION}.jsonl", *one)
    b.write(root / f"{OTHER}.jsonl", *two)
    agent = {"isSidechain": True, "agentId": "a1", "sessionId": b.SESSION}
    b.write(root / b.SESSION / "subagents" / "agent-a1.jsonl", *day("s", 500, **agent))
    with closing(imported(tmp_path, tmp_path / "logs", pricing=PRICES)) as db:
        yield db


def everything(db: Connection, zone: ZoneInfo = BERLIN) -> Period:
    found = period(db, None, NOW, zone)
    assert found is not None
    return found


@pytest.mark.parametrize("zone", [BERLIN, KOLKATA, KATHMANDU, ZoneInfo("UTC")])
@pytest.mark.parametrize("days", [None, 35, 12])
def test_sums_say_what_rows_say_in_every_zone(
    db: Connection, zone: ZoneInfo, days: int | None
) -> None:
    within = period(db, days, NOW, zone)
    assert within is not None
    scope = Scope(within)

    week = tools.rhythm(db, within, zone).week
    assert rollups.hours(db, scope, zone).calls == week
    for row, base in zip(rollups.tools(db, scope), tools.tools(db, within), strict=True):
        assert (row.tool, row.calls, row.failed.hits, row.unanswered) == (
            base.tool, base.calls, base.failed, base.unanswered,
        )  # fmt: skip
    by_day = {one.day: one for one in tools.tokens(db, within, zone)}
    use = rollups.use(db, scope, zone)
    assert {d: sum(u.output for u in use if u.day == d) for d in by_day} == {
        d: one.output for d, one in by_day.items()
    }
    assert sum(one.cost for one in use) == spending.spending(db, within, zone).cost


def test_a_scope_narrows_to_projects_models_and_lanes(db: Connection) -> None:
    within = everything(db)

    def calls(**scope: Any) -> int:
        return rollups.tiles(db, Scope(within, **scope)).calls

    assert calls() == 72
    assert calls(projects=("/q",)) == 10
    assert calls(projects=("/q", b.CWD)) == 72
    assert calls(models=("other",)) == 36
    assert calls(lane=Lane.AGENTS) == 2
    assert calls(lane=Lane.YOU) == 70
    assert rollups.tiles(db, Scope(within, projects=("/nowhere",))).conversations == 0
    assert rollups.tiles(db, Scope(within, models=("other",))).prompts == 35


def test_tiles_are_the_librarys_totals(db: Connection) -> None:
    found = rollups.tiles(db, Scope(everything(db)))

    assert (found.conversations, found.prompts, found.calls, found.failed) == (2, 35, 72, 36)
    assert found.active_ms == 36 * 100_000
    assert found.cost == db.execute("SELECT sum(cost) FROM conversation").fetchone()[0]


def test_active_time_is_told_by_day_and_project(db: Connection) -> None:
    scope = Scope(everything(db), lane=Lane.YOU)
    first = rollups.active(db, scope, BERLIN)[:2]

    assert [(one.day, one.project, one.active_ms, one.prompts) for one in first] == [
        (date(2026, 1, 1), b.CWD, 100_000, 1),
        (date(2026, 1, 1), "/q", 100_000, 1),
    ]


def test_durations_have_exact_percentiles(db: Connection) -> None:
    bash = rollups.tools(db, Scope(everything(db)))[0]

    assert (bash.tool, bash.timed, bash.p50_ms, bash.p95_ms) == ("Bash", 36, 30_000, 30_000)
    assert bash.failed.share == 1.0


def test_durations_of_all_calls_are_those_of_every_project_together(db: Connection) -> None:
    every = Scope(everything(db))
    by_project = Scope(every.within, projects=(b.CWD, "/q"))

    assert rollups.tools(db, every) == rollups.tools(db, by_project)
    assert durations.taken(db, "Gone", 3) == durations.Durations(3, None, None)
    assert durations.taken(db, "Gone", None) == durations.Durations(0, None, None)


def test_weeks_begin_on_monday_with_their_failures(db: Connection) -> None:
    first = rollups.failures(db, Scope(everything(db)), BERLIN)[0]

    assert first.monday == date(2025, 12, 29)
    assert first.failed.hits == first.failed.n == 9


def test_an_hour_that_the_clock_skips_is_empty(tmp_path: Path) -> None:
    # In Berlin 2026-03-29 goes from 01:59 to 03:00, which is 01:00 in UTC.
    seconds = (datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("UTC")) - b.START).total_seconds()
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        *(line for n in range(4) for line in day(f"x{n}", seconds + n * 1_800)),
    )
    with closing(imported(tmp_path, path)) as db:
        sunday = rollups.hours(db, Scope(everything(db)), BERLIN).calls[6]

    assert (sunday[1], sunday[2], sunday[3], sunday[4]) == (2, 0, 4, 2)


def test_no_question_walks_through_the_rows(db: Connection) -> None:
    given = {"first": 0, "last": 1, "lane": None, "projects": None, "models": None}
    for sql in (
        rollups.CONVERSATIONS, rollups.SAID, rollups.CALLED, rollups.SPENT, rollups.ACTIVE,
        rollups.TOOLS, rollups.CALLS_BY_SLOT, rollups.FAILED_BY_SLOT, rollups.ACTIVE_BY_SLOT,
        rollups.USE,
    ):  # fmt: skip
        plan = [str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
        assert any("slot>? AND slot<?" in line for line in plan), plan
        assert not [line for line in plan if " message" in line or " call " in f"{line} "]


def test_the_last_quarters_of_all_calendars_are_not_in_every_zone() -> None:
    last = 281_558_111  # the last of the year 9999 in UTC

    assert rollups.Clock(ZoneInfo("UTC")).has(last)
    assert not rollups.Clock(KATHMANDU).has(last)
