"""A single zero stays zero on its way from the line to the row, and what is absent stays absent."""

from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.measures import prices
from core.queries import conversations, costs, totals
from tests import builders as b
from tests.library import PRICES, imported, shown

_TOKENS = "SELECT input, output, cache_read, cache_creation FROM reply"


def _claude(folder: Path, *records: b.Record) -> Connection:
    path = b.write(folder / "logs" / f"{b.SESSION}.jsonl", *records)
    return imported(folder, path, pricing=PRICES)


def _pi(folder: Path, **used: object) -> Connection:
    """Import a log whose only reply says *used* of its tokens and their cost."""
    at = "2026-05-01T09:00:00.000Z"
    reply = {
        "role": "assistant", "model": "free", "stopReason": "stop", "usage": used,
        "content": [{"type": "text", "text": "so"}],
    }  # fmt: skip
    prompt = {"role": "user", "content": [{"type": "text", "text": "hi"}]}
    path = b.write(
        folder / ".pi" / "agent" / "sessions" / "--x--" / "2026_0000.jsonl",
        {"type": "session", "version": 3, "id": "s", "timestamp": at, "cwd": "/x"},
        {"type": "message", "id": "a", "parentId": None, "timestamp": at, "message": prompt},
        {"type": "message", "id": "b", "parentId": "a", "timestamp": at, "message": reply},
    )
    return imported(folder, path, pricing=PRICES)


def test_no_tokens_are_zero_and_cost_zero(tmp_path: Path) -> None:
    none = b.usage(0, 0, 0, 0)
    with closing(_claude(tmp_path, b.prompt("p"), b.says("a", parent="p", usage=none))) as db:
        assert db.execute(_TOKENS).fetchall() == [(0, 0, 0, 0)]
        assert db.execute("SELECT cost FROM reply").fetchall() == [(0,)]
        assert totals.totals(db).replies == 1


@pytest.mark.parametrize("which", range(4))
def test_one_zero_among_others_stays_where_it_is(tmp_path: Path, which: int) -> None:
    counts = [7, 7, 7, 7]
    counts[which] = 0
    used = b.usage(*counts)
    with closing(_claude(tmp_path, b.prompt("p"), b.says("a", parent="p", usage=used))) as db:
        assert db.execute(_TOKENS).fetchall() == [tuple(counts)]


def test_a_cost_of_zero_that_the_log_states_is_zero_and_not_unpriced(tmp_path: Path) -> None:
    with closing(_pi(tmp_path, input=5, output=1, cost={"total": 0})) as db:
        assert db.execute("SELECT stated, cost FROM reply").fetchall() == [(0, 0)]
        spend = costs.spend(db, conversations.page(db)[0].id)
    assert (spend.cost, spend.unpriced) == (0, 0)


def test_a_cost_that_no_log_and_no_list_knows_is_absent(tmp_path: Path) -> None:
    with closing(_pi(tmp_path, input=5, output=1)) as db:
        assert db.execute("SELECT stated, cost FROM reply").fetchall() == [(None, None)]
        spend = costs.spend(db, conversations.page(db)[0].id)
    assert (spend.cost, spend.unpriced) == (0, 1)


def test_a_price_of_zero_is_a_price(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text('[[price]]\nmodel = "odd-model"\ninput = 0.0\noutput = 0.0\n')
    pricing, trouble = prices.load(own)
    assert not trouble
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p"),
        b.says("a", parent="p", model="odd-model", usage=b.usage(5, 5, 0, 0)),
    )
    with closing(imported(tmp_path, path, pricing=pricing)) as db:
        assert db.execute("SELECT cost FROM reply").fetchall() == [(0,)]


def test_an_answer_in_the_same_moment_took_no_time(tmp_path: Path) -> None:
    called = b.calls("a", "c", parent="p", at=3)
    with closing(_claude(tmp_path, b.prompt("p"), called, b.answers("r", "c", at=3))) as db:
        assert db.execute("SELECT duration_ms FROM call").fetchall() == [(0,)]
        (call,) = [one for message in shown(db) for one in message.get("tool_calls", ())]
    assert call["duration_ms"] == 0


@pytest.mark.parametrize("answered", [False, True])
def test_a_call_whose_end_is_not_known_has_no_duration(tmp_path: Path, answered: bool) -> None:
    records = [b.prompt("p"), b.calls("a", "c", parent="p", at=3)]
    if answered:
        records.append(b.answers("r", "c", at=None))
    with closing(_claude(tmp_path, *records)) as db:
        assert db.execute("SELECT duration_ms FROM call").fetchall() == [(None,)]
