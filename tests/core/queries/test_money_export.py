"""Money in the JSON of the command line: dollars with six places, and what they mean."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from core.measures import prices
from core.queries import money_export
from tests import builders as b
from tests.library import imported, listed, only

BOOK = prices.load(None)[0]
ODD = "model-nobody-sells"


def log(root: Path) -> Path:
    """One priced reply, one cut off, one of an unknown model."""
    return b.write(
        root / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", at=1),
        b.says("a1", parent="p1", usage=b.usage(1_000_000, 0, 0, 0), stop="end_turn", at=2),
        b.says("a2", parent="a1", usage=b.usage(1, 1, 0, 0), at=3),
        b.says("a3", parent="a2", usage=b.usage(7, 0, 0, 0), model=ODD, stop="end_turn", at=4),
    )


@pytest.mark.parametrize(
    ("micro", "written"),
    [(0, "0.0"), (1, "1e-06"), (410_000, "0.41"), (12_000_000, "12.0"), (1_234_567, "1.234567")],
)
def test_dollars_have_six_places(micro: int, written: str) -> None:
    assert json.dumps(money_export.dollars(micro)) == written


def test_a_conversation_tells_what_it_cost_and_what_has_no_price(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path), pricing=BOOK)) as db:
        found = only(db)
        (row,) = listed(db)

    cost = found["cost"]
    # Opus 4.6: more than 200,000 tokens of prompt are charged as long, $10 a million.
    assert cost["usd"] == row["cost_usd"] == 10.00003
    assert cost["meaning"] == "API-equivalent, not your bill"
    assert (cost["unpriced_replies"], cost["unpriced_models"]) == (1, [ODD])
    assert (cost["confidence"], cost["partial_replies"]) == ("partial snapshot", 1)
    assert cost["tokens"]["input"] == 1_000_008
    used = [message["usage"] for message in found["messages"] if message["usage"]]
    assert [one["cost_usd"] for one in used] == [10.0, 0.00003, None]
    assert [one["confidence"] for one in used] == [
        "final snapshot", "partial snapshot", "final snapshot",
    ]  # fmt: skip


def test_a_session_tells_why_it_was_recognised_and_what_its_program_says(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path), pricing=BOOK)) as db:
        (session,) = only(db)["sessions"]

    assert session["id"] == b.SESSION
    assert session["format"] == "claude-code"
    assert session["why"]
    assert session["cost_usd"] == 10.00003
    assert (session["stated_usd"], session["stated_complete"]) == (None, None)


def test_the_library_tells_its_cost_by_model(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path), pricing=BOOK)) as db:
        found = money_export.library(db)

    assert found == {
        "usd": 10.00003,
        "unpriced_replies": 1,
        "unpriced_models": [ODD],
        "by_model": {"claude-opus-4-6": 10.00003},
        "stated_usd": None,
        "meaning": "API-equivalent, not your bill",
    }


def test_an_empty_library_cost_nothing(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with closing(imported(tmp_path, tmp_path / "none")) as db:
        found = money_export.library(db)

    assert (found["usd"], found["by_model"], found["stated_usd"]) == (0.0, {}, None)
