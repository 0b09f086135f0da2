"""What a conversation, a branch and an agent cost, and how sure the tokens are."""

import sqlite3
from contextlib import closing
from datetime import UTC, date
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from core.measures import prices
from core.queries import branch_costs, conversations, costs, lane_costs, spending
from core.queries.costs import Confidence, Spend, Tokens
from core.queries.periods import Period
from tests import builders as b
from tests.core.queries.test_plans import plan
from tests.library import imported, imports

BOOK = prices.load(None)[0]
DOLLAR = 1_000_000
ALL = Period(date(2026, 1, 1), date(2026, 1, 3), -(1 << 62), 1 << 62, whole=True)
ENDED = {"stop": "end_turn"}


def worth(cents: int) -> dict[str, Any]:
    """Return the ``usage`` of a reply of Opus 4.6 that costs so many *cents*: $25 a million."""
    return b.usage(0, 400 * cents, 0, 0)


def spent(db: Connection) -> Spend:
    (row,) = conversations.page(db)
    found = costs.spend(db, row.id)
    assert (row.cost, row.unpriced) == (found.cost, found.unpriced)
    return found


def state(library: Path, micro: int, tokens: Tokens | None = None, key: str = b.SESSION) -> None:
    """Let the agent program of session *key* say what it cost."""
    with closing(sqlite3.connect(library)) as db, db:
        db.execute("UPDATE session SET stated = ? WHERE key = ?", (micro, key))
        if tokens is not None:
            db.execute(
                "INSERT OR REPLACE INTO model_cost SELECT id, 'm', ?, ?, ?, ?, ? FROM session "
                "WHERE key = ?",
                (micro, tokens.input, tokens.output, tokens.cache_read, tokens.cache_creation, key),
            )


def one_reply(root: Path, **more: Any) -> Path:
    path = root / "logs" / f"{b.SESSION}.jsonl"
    return b.write(path, b.prompt("p1", at=1), b.says("a1", parent="p1", at=2, **more))


def test_replies_that_were_logged_to_their_end_are_a_final_snapshot(tmp_path: Path) -> None:
    with closing(imported(tmp_path, one_reply(tmp_path, **ENDED), pricing=BOOK)) as db:
        assert spent(db).confidence is Confidence.FINAL


def test_a_reply_without_a_stop_reason_makes_the_total_at_least(tmp_path: Path) -> None:
    with closing(imported(tmp_path, one_reply(tmp_path), pricing=BOOK)) as db:
        found = spent(db)

    assert (found.confidence, found.partial, found.replies) == (Confidence.PARTIAL, 1, 1)


def test_without_any_tokens_there_is_nothing_to_be_sure_of(tmp_path: Path) -> None:
    path = one_reply(tmp_path, usage=b.usage(0, 0, 0, 0))
    with closing(imported(tmp_path, path, pricing=BOOK)) as db:
        assert spent(db).confidence is None


def test_the_programs_own_account_is_exact_where_it_covers_the_log(tmp_path: Path) -> None:
    one_reply(tmp_path)
    imports(tmp_path / "x.clew", tmp_path / "logs", pricing=BOOK)
    state(tmp_path / "x.clew", 5, Tokens(20, 5, 100, 20))

    with closing(imported(tmp_path / "x.clew", tmp_path / "logs")) as db:
        found = spent(db)

    assert found.confidence is Confidence.EXACT
    assert found.tokens == Tokens(20, 5, 100, 20)
    assert [(one.session, one.cost, one.complete) for one in found.stated] == [(b.SESSION, 5, True)]


@pytest.mark.parametrize("tokens", [None, Tokens(1, 5, 100, 20), Tokens(50, 4, 100, 20)])
def test_an_account_that_is_older_than_the_log_is_not_exact(
    tokens: Tokens | None, tmp_path: Path
) -> None:
    one_reply(tmp_path)
    imports(tmp_path / "x.clew", tmp_path / "logs", pricing=BOOK)
    state(tmp_path / "x.clew", 5, tokens)

    with closing(imported(tmp_path / "x.clew", tmp_path / "logs")) as db:
        found = spent(db)

    assert found.confidence is Confidence.PARTIAL
    assert found.tokens == Tokens(10, 5, 100, 20)
    assert [one.cost for one in found.stated] == [5]


def test_accounts_of_sessions_that_copy_each_other_are_not_added_up(tmp_path: Path) -> None:
    start = [b.prompt("p1", at=1), b.says("a1", parent="p1", at=2, **ENDED)]
    more = [b.prompt("p2", parent="a1", at=3), b.says("a2", parent="p2", at=4, **ENDED)]
    b.write(tmp_path / "logs" / "one.jsonl", *b.of("one", *start))
    b.write(tmp_path / "logs" / "two.jsonl", *b.of("two", *start, *more))
    imports(tmp_path / "x.clew", tmp_path / "logs", pricing=BOOK)
    state(tmp_path / "x.clew", 5, Tokens(10, 5, 100, 20), "one")
    state(tmp_path / "x.clew", 10, Tokens(20, 10, 200, 40), "two")

    with closing(imported(tmp_path / "x.clew", tmp_path / "logs")) as db:
        found = spent(db)
        whole = spending.library(db)

    assert [(one.session, one.cost) for one in found.stated] == [("one", 5), ("two", 10)]
    assert found.confidence is Confidence.FINAL
    assert whole.stated == 10


def test_what_has_no_price_is_named_and_not_guessed(tmp_path: Path) -> None:
    path = one_reply(tmp_path, model="model-nobody-sells")
    with closing(imported(tmp_path, path, pricing=BOOK)) as db:
        found = spent(db)
        of_days = spending.spending(db, ALL, UTC)
        of_project = spending.spending(db, ALL, UTC, b.CWD)

    assert (found.cost, found.unpriced, found.unpriced_models) == (0, 1, ("model-nobody-sells",))
    assert of_days == of_project
    assert (of_days.cost, of_days.unpriced) == (0, (("model-nobody-sells", 1),))


def test_a_reply_in_two_conversations_is_paid_for_in_one(tmp_path: Path) -> None:
    used: dict[str, Any] = {"api": "m1", "usage": worth(10)}
    b.write(tmp_path / "logs" / "one.jsonl", *b.of("one", b.says("a1", at=1, **used)))
    imports(tmp_path / "x.clew", tmp_path / "logs", pricing=BOOK)
    b.write(tmp_path / "logs" / "two.jsonl", *b.of("two", b.says("a2", at=2, **used, **ENDED)))
    with closing(imported(tmp_path / "x.clew", tmp_path / "logs", pricing=BOOK)) as db:
        rows = conversations.page(db)
        found = {row.key: row.cost for row in rows}
        summed = {row.key: costs.spend(db, row.id).cost for row in rows}

    assert found == summed
    assert sum(found.values()) == 100_000


def test_cost_is_summed_by_day_and_model(tmp_path: Path) -> None:
    day = 86_400
    b.write(
        tmp_path / "logs" / "a.jsonl",
        b.says("a1", usage=worth(10), at=1),
        b.says("a2", usage=worth(20), at=2),
        b.says("a3", usage=worth(30), at=day),
        b.says("a4", usage=worth(30), at=day, model="claude-sonnet-4-5"),
        b.says("a5", usage=worth(70), at=None),
    )
    with closing(imported(tmp_path, tmp_path / "logs", pricing=BOOK)) as db:
        found = spending.spending(db, ALL, UTC)
        same = spending.spending(db, ALL, UTC, b.CWD)
        whole = spending.library(db)

    first, second = date(2026, 1, 1), date(2026, 1, 2)
    assert found == same
    assert [(one.day, one.model, one.cost) for one in found.days] == [
        (first, "claude-opus-4-6", 300_000),
        (second, "claude-opus-4-6", 300_000),
        (second, "claude-sonnet-4-5", 180_000),
    ]
    assert found.cost == 780_000
    assert whole.cost == 780_000 + 700_000


@pytest.mark.parametrize(
    "sql",
    [
        costs.MODELS, costs.STATED, costs.STATED_MODELS, costs.SILENT, branch_costs.FORKED,
        branch_costs.ON_BRANCH, lane_costs.FILES, lane_costs.INLINE, lane_costs.LINKS,
        lane_costs.LANES, spending.COSTS, spending.COSTS_OF_MOMENTS, spending.UNPRICED,
        spending.UNPRICED_OF_MOMENTS,
    ],
)  # fmt: skip
def test_no_statement_walks_through_a_table(sql: str, tmp_path: Path) -> None:
    with closing(imported(tmp_path, one_reply(tmp_path))) as db:
        steps = plan(db, sql)

    scans = [step for step in steps if step.startswith("SCAN") and "subquery" not in step.lower()]
    given = ("SCAN CONSTANT ROW", "SCAN json_each")
    assert [step for step in scans if not step.startswith(given)] == []


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (spending.COSTS_OF_MOMENTS, "reply_by_time (at>? AND at<?)"),
        (spending.UNPRICED_OF_MOMENTS, "reply_by_time (at>? AND at<?)"),
        (spending.ALL, "reply_by_session (session_id=? AND at>? AND at<?)"),
        (branch_costs.ON_BRANCH, "reply_on_branch (session_id=? AND branch>?)"),
        (lane_costs.INLINE, "reply_in_lane (session_id=?)"),
    ],
)
def test_sums_are_read_from_their_indexes(sql: str, index: str, tmp_path: Path) -> None:
    with closing(imported(tmp_path, one_reply(tmp_path))) as db:
        assert [step for step in plan(db, sql) if f"INDEX {index}" in step]
