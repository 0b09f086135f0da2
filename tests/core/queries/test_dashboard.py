"""Series that only the dashboard asks for, against counts by hand."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, tzinfo
from pathlib import Path
from sqlite3 import Connection
from zoneinfo import ZoneInfo

import pytest

from core.queries import behind, dashboard, filling, periods
from core.queries.behind import Sum
from core.queries.rollups import Lane, Scope
from tests import builders as b
from tests.library import imported

DAY = 24 * 3600
NOW = 1_767_441_600_000  # noon of 3 January 2026


def called(
    uuid: str, tool: str, at: float, *, took: float = 1, error: bool = False
) -> list[b.Record]:
    key = f"k{uuid}"
    return [
        b.calls(uuid, key, tool, at=at, usage=b.usage(given=int(at) % 1000 + 1)),
        b.answers(f"{uuid}r", key, at=at + took, error=error),
    ]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    """Two conversations of different projects, one with an agent and a compaction."""
    records = [b.prompt("p", "mend it", at=0)]
    for n in range(6):
        records += called(f"a{n}", "Bash", 10 * n + 1, took=n + 1, error=n in {1, 4})
    records += [b.boundary("c", "a5r", at=100), b.compacted("cs", "c", at=100)]
    records += called("z", "Read", 110)
    path = b.write(tmp_path / "l" / f"{b.SESSION}.jsonl", *records)
    b.agent_file(path.parent, b.SESSION, "x", b.prompt("q", at=20), *called("g", "Grep", 30))
    other = b.of("other", b.prompt("o", at=DAY), *called("w", "Bash", DAY + 5, took=60, error=True))
    b.write(tmp_path / "l" / "other.jsonl", *[one | {"cwd": "/srv/web"} for one in other])
    with closing(imported(tmp_path / "library.clew", tmp_path / "l")) as reader:
        yield reader


@pytest.fixture
def scope(db: Connection) -> Scope:
    within = periods.period(db, None, NOW, UTC)
    assert within is not None
    return Scope(within)


def test_tools_are_counted_by_day(db: Connection, scope: Scope) -> None:
    assert [(row.day, row.tool, row.calls) for row in dashboard.tool_days(db, scope, UTC)] == [
        (date(2026, 1, 1), "Bash", 6),
        (date(2026, 1, 1), "Grep", 1),
        (date(2026, 1, 1), "Read", 1),
        (date(2026, 1, 2), "Bash", 1),
    ]
    mine = replace(scope, lane=Lane.YOU, projects=("/srv/web",))
    assert [row.tool for row in dashboard.tool_days(db, mine, UTC)] == ["Bash"]


@pytest.mark.parametrize(
    "zone", [UTC, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/Los_Angeles"), None]
)
@pytest.mark.parametrize("days", [None, 1])
def test_days_of_all_are_those_of_every_project_together(
    db: Connection, zone: tzinfo | None, days: int | None
) -> None:
    within = periods.period(db, days, NOW, zone)
    assert within is not None
    every = dashboard.tool_days(db, Scope(within), zone)

    assert every == dashboard.tool_days(db, Scope(within, projects=(b.CWD, "/srv/web")), zone)
    assert every


def test_conversations_have_their_prompts_and_tokens(db: Connection, scope: Scope) -> None:
    found = dashboard.outliers(db, scope)
    tokens = dict(
        db.execute(
            "SELECT conversation_id, sum(input + output + cache_read + cache_creation) "
            "FROM reply JOIN session ON session.id = session_id "
            "WHERE counted = 1 GROUP BY conversation_id"
        )
    )

    assert [(row.prompts, row.tokens) for row in found.rows] == [
        (1, tokens[row.id]) for row in found.rows
    ]
    assert [row.project for row in found.rows] == [b.CWD, "/srv/web"]
    assert (found.left_out, found.beyond) == (0, 0)
    agents = dashboard.outliers(db, replace(scope, lane=Lane.AGENTS))
    assert (agents.rows, agents.left_out) == ((), 1)  # nobody types to an agent


def test_the_context_is_told_call_by_call_with_its_compactions(
    db: Connection, scope: Scope
) -> None:
    first, second = filling.lines(db, scope)

    assert [point.number for point in first.points] == list(range(1, 8))
    assert [point.tokens for point in first.points] == [122, 132, 142, 152, 162, 172, 231]
    assert [point.number for point in first.points if point.compacted] == [7]
    assert (first.fullest, first.calls, second.calls) == (231, 7, 1)
    uuid = "SELECT uuid FROM message WHERE id = ?"
    assert db.execute(uuid, (first.points[-1].message,)).fetchone() == ("z",)


def test_a_long_line_is_thinned_and_keeps_its_peak(tmp_path: Path) -> None:
    records = [b.prompt("p")]
    for n in range(1000):
        given = 5_000 if n == 617 else n
        records.append(b.says(f"a{n}", at=n + 1, usage=b.usage(given=given, read=0, made=0)))
    path = b.write(tmp_path / "a.jsonl", *records)
    with closing(imported(tmp_path / "library.clew", path)) as db:
        within = periods.period(db, None, NOW, UTC)
        assert within is not None
        (line,) = filling.lines(db, Scope(within))

    assert line.calls in {999, 1000}  # one without tokens
    assert len(line.points) <= 2 * 120 + 2
    assert max(line.points, key=lambda point: point.tokens).tokens == line.fullest == 5_000
    assert line.points[-1].tokens == 999


def test_conversations_come_with_most_first_and_where_they_begin(
    db: Connection, scope: Scope
) -> None:
    found = behind.conversations(db, scope, UTC, Sum.CALLS)
    assert [case.value for case in found.rows] == [8, 1]
    assert found.total == 2

    night = behind.conversations(db, scope, UTC, Sum.CALLS, lambda at: at.day == 2)
    (case,) = night.rows
    uuid = "SELECT uuid FROM message WHERE id = ?"
    assert db.execute(uuid, (case.message,)).fetchone() == ("o",)
    assert (case.project, case.at) == ("/srv/web", NOW - 36 * 3_600_000)


@pytest.mark.parametrize("by", list(Sum))
def test_lists_add_up_to_the_sums_of_the_scope(db: Connection, scope: Scope, by: Sum) -> None:
    found = behind.conversations(db, scope, UTC, by)
    whole = {
        Sum.ACTIVE: "SELECT sum(active_ms) FROM rollup_message",
        Sum.CALLS: "SELECT sum(calls) FROM rollup_call",
        Sum.TOKENS: "SELECT sum(input + output + cache_read + cache_creation) FROM rollup_reply",
        Sum.COST: "SELECT sum(cost) FROM rollup_reply",
    }[by]

    assert sum(case.value or 0 for case in found.rows) == db.execute(whole).fetchone()[0]


def test_calls_of_a_tool_come_failed_ones_first(db: Connection, scope: Scope) -> None:
    found = behind.calls(db, scope, "Bash", 7)

    assert [case.outcome for case in found.rows] == ["error"] * 3 + ["ok"] * 4
    assert [case.at for case in found.rows[:3]] == sorted(
        (case.at for case in found.rows[:3]), key=lambda at: -(at or 0)
    )
    assert found.rows[0].what == "Bash: ls"
    mine = behind.calls(db, replace(scope, projects=("/srv/web",)), "Bash", 1)
    assert [case.value for case in mine.rows] == [60_000]
    assert behind.calls(db, replace(scope, lane=Lane.AGENTS), "Bash", 0).rows == ()
    assert behind.calls(db, replace(scope, models=("none",)), "Bash", 0).rows == ()


def test_slow_calls_and_failed_ones_are_found(db: Connection, scope: Scope) -> None:
    slow = behind.slowest(db, scope, "Bash", most=2)
    assert [case.value for case in slow.rows] == [60_000, 6_000]
    # All calls of the scope took less time than the first ones that are looked at.
    mine = replace(scope, projects=(b.CWD,))
    assert [case.value for case in behind.slowest(db, mine, "Bash", most=1).rows] == [6_000]
    every = behind.slowest(db, mine, "Bash")
    assert [case.value for case in every.rows] == [1000 * n for n in range(6, 0, -1)]
    empty = replace(mine, within=periods.between(date(2026, 1, 2), date(2026, 1, 2), UTC))
    assert behind.slowest(db, empty, "Bash").rows == ()

    assert len(behind.failed(db, scope, 3).rows) == 3
    day = periods.between(date(2026, 1, 2), date(2026, 1, 2), UTC)
    assert len(behind.failed(db, replace(scope, within=day), 1).rows) == 1


def test_evidence_keeps_its_order_and_leaves_out_what_is_gone(db: Connection) -> None:
    (call, message) = db.execute("SELECT id, message_id FROM call WHERE tool = 'Grep'").fetchone()
    (prompt,) = db.execute("SELECT id FROM message WHERE uuid = 'p'").fetchone()

    found = behind.evidence(db, [(prompt, 0), (message, call), (999_999, 0)], 5)

    assert [(case.message, case.what) for case in found.rows] == [
        (prompt, "mend it"),
        (message, "Grep"),
    ]
    assert found.total == 5
    assert behind.named(db, [call], 1).rows[0].outcome == "ok"


def test_the_models_that_replied_can_be_chosen(db: Connection) -> None:
    assert dashboard.models(db) == ("claude-opus-4-6",)
