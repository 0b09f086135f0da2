"""What is zero is shown as zero; what no log tells is left out."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.measures import prices
from core.queries import conversations, transcript
from desktop.models import calls
from desktop.views.inspector.facts import Value
from desktop.views.inspector.inspector import Inspector
from tests import builders as b
from tests.library import imported


@pytest.fixture
def told(tmp_path: Path, qtbot: QtBot) -> Callable[..., list[tuple[str, str]]]:
    """Return what tells the facts of a conversation of these records, as the inspector does."""

    def tell(*records: b.Record) -> list[tuple[str, str]]:
        own = tmp_path / "prices.toml"
        own.write_text('[[price]]\nmodel = "free-model"\ninput = 0.0\noutput = 0.0\n')
        path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *records)
        pricing = prices.load(own)[0]
        with closing(imported(tmp_path / "x.clew", path, pricing=pricing)) as db:
            made = Inspector()
            qtbot.addWidget(made)
            made.open_library(db)
            made.show_conversation(conversations.page(db)[0])
            made.tabs.choose("details")
            return [(one.accessibleName(), one.text()) for one in made.details.findChildren(Value)]

    return tell


def test_a_kind_of_tokens_that_a_reply_did_not_use_is_zero(
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    used = b.usage(7, 0, 7, 7)
    said = told(b.prompt("p"), b.says("a", parent="p", usage=used))
    (output,) = [text for name, text in said if name.endswith(", Output tokens")]
    assert output == "0"


def test_tokens_that_cost_nothing_are_said_to_cost_nothing(
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    said = dict(told(b.prompt("p"), b.says("a", parent="p", model="free-model")))
    assert said["Total"] == "$0.00"
    assert "Unpriced" not in said


def test_a_price_that_nobody_knows_is_not_a_price_of_nothing(
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    said = dict(told(b.prompt("p"), b.says("a", parent="p", model="odd-model")))
    assert said["Unpriced"] == "1 reply"
    assert "Total" not in said


def test_a_conversation_without_a_reply_has_neither_tokens_nor_a_cost(
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    names = {name for name, _ in told(b.prompt("p"))}
    assert names.isdisjoint({"Total", "Unpriced", "All kinds"})


@pytest.mark.parametrize(("at", "said"), [(3, True), (None, False)])
def test_a_call_says_how_long_it_took_even_if_that_is_nothing(
    tmp_path: Path, at: float | None, said: bool
) -> None:
    called = b.calls("a", "c", parent="p", at=3)
    path = b.write(
        tmp_path / f"{b.SESSION}.jsonl", b.prompt("p"), called, b.answers("r", "c", at=at)
    )
    with closing(imported(tmp_path / "x.clew", path)) as db:
        spine = transcript.spine(db, conversations.page(db)[0].id, "")
        (call,) = [row.call for row in transcript.rows(db, spine.ids) if row.call is not None]
    assert ("0 s" in calls.sentence(call, "").split(", ")) is said
