"""What the inspector says about money: its meaning, its source, and how sure tokens are."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.measures import prices
from core.queries import conversations, costs, tariffs
from core.queries.structure import Node, NodeKind
from desktop.look.widgets.popover import Popover
from desktop.models import thread_words
from desktop.views.inspector import price_words, spent
from desktop.views.inspector.facts import Value
from desktop.views.inspector.inspector import Inspector
from desktop.views.inspector.spent import Money, Tokens
from tests import builders as b
from tests.library import imported

ODD = "<b>odd</b>-model"


@pytest.fixture
def priced(tmp_path: Path) -> Iterator[Connection]:
    """Two dollars of Opus, an unpriced reply, and a stop reason on one of the two."""
    path = b.write(
        tmp_path / "priced" / f"{b.SESSION}.jsonl",
        b.prompt("p1", at=1),
        b.says("a1", parent="p1", usage=b.usage(0, 80_000, 0, 0), stop="end_turn", at=2),
        b.says("a2", parent="a1", model=ODD, at=3),
    )
    with closing(imported(tmp_path / "p.clew", path, pricing=prices.load(None)[0])) as db:
        yield db


@pytest.fixture
def inspector(qtbot: QtBot, priced: Connection) -> Inspector:
    made = Inspector()
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.open_library(priced)
    made.show_conversation(conversations.page(priced)[0])
    made.tabs.choose("details")
    made.show()
    return made


def values(inspector: Inspector) -> dict[str, str]:
    return {one.accessibleName(): one.text() for one in inspector.details.findChildren(Value)}


def popover(qapp: QApplication) -> str:
    found = qapp.activePopupWidget()
    assert isinstance(found, Popover)
    said = found.accessibleName()
    found.close()
    return said


def test_details_tell_the_cost_and_what_it_means(inspector: Inspector) -> None:
    said = values(inspector)

    notes = [label.text() for label in inspector.details.findChildren(QLabel)]
    assert said["Total"] == "$2.00"
    assert "API-equivalent, not your bill" in notes
    assert said["Unpriced"] == "1 reply"
    assert f"No known price: {ODD}" in notes
    assert said["Format"] == "Claude Code"
    assert any(note.startswith("Recognised by ") for note in notes)
    assert "Stated" not in said


@pytest.mark.qt_log_ignore("raise|grabbing", extend=True)  # offscreen, harmless
def test_details_tell_how_sure_the_tokens_are(inspector: Inspector, qapp: QApplication) -> None:
    said = values(inspector)
    tokens = inspector.details.findChild(Tokens)
    assert isinstance(tokens, Tokens)

    tokens.explain.click()

    assert said["Certainty"] == "partial snapshot"
    assert said["All kinds"] == "at least 80.1 k"
    assert "1 of 2 replies have no stop reason" in popover(qapp)


@pytest.mark.qt_log_ignore("raise|grabbing", extend=True)  # offscreen, harmless
def test_the_prices_used_are_one_click_away(inspector: Inspector, qapp: QApplication) -> None:
    money = inspector.details.findChild(Money)
    assert isinstance(money, Money)

    money.explain.click()

    said = popover(qapp)
    assert "$5.00 input, $25.00 output, $0.50 cache read, $6.25 cache write" in said
    assert "Source: genai-prices 0.2.3" in said
    assert f"{ODD}\nNo known price" in said


def test_each_certainty_has_its_own_words(priced: Connection) -> None:
    spend = costs.spend(priced, conversations.page(priced)[0].id)
    exact = costs.Spend(spend.models, spend.stated, exact=True)
    final = costs.Spend((spend.models[0],), (), exact=False)

    assert spent.certainty(exact).startswith("Exact: ")
    assert spent.certainty(final).startswith("Final snapshot: all 1 reply")


def test_prices_of_many_models_are_cut_off(priced: Connection) -> None:
    spend = costs.spend(priced, conversations.page(priced)[0].id)
    charged = tariffs.charged(priced, spend) * 5

    assert price_words.told(charged).endswith("and 4 more models")


def agent(own: int, total: int) -> Node:
    return Node(NodeKind.AGENT, "Explore", None, 0, agent="a", calls=1, cost=own, total=total)


def test_an_agent_tells_its_own_cost_and_that_with_its_agents() -> None:
    alone, leading = agent(410_000, 410_000), agent(120_000, 410_000)

    assert thread_words.short_cost(alone) == "$0.41"
    assert thread_words.short_cost(leading) == "$0.12 of $0.41"
    assert thread_words.counts(leading) == "1 call · $0.12 itself, $0.41 with its agents"
    assert thread_words.short_cost(agent(0, 0)) == ""


def test_an_abandoned_branch_is_labelled_with_its_turns_and_cost() -> None:
    turns = tuple(Node(NodeKind.PROMPT, "p", None, number) for number in range(1, 6))
    left = Node(NodeKind.BRANCH, "x", None, 1, branch=1, active=False, children=turns, cost=410_000)

    assert thread_words.title(left) == "Abandoned, 5 turns, $0.41"
    assert thread_words.sentence(left) == "Branch, Abandoned, 5 turns, $0.41"
    assert "agents not included" in thread_words.tip(left)
