"""The menu of a row leads to the messages that the row belongs with, and says how that is known."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.queries import conversations
from core.queries.relations import RelationRow
from core.store.connection import open_reader
from core.threads.links import Tie
from desktop.models.relation_words import ways
from desktop.views.transcript.row_menu import row_menu
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.library import imported
from tests.weaving import woven


@pytest.fixture
def quoting(qtbot: QtBot, tmp_path: Path, log: Path) -> Iterator[TranscriptView]:
    said = "The tomato seedlings belong next to the greenhouse door, says the gardener."
    b.write(
        log,
        b.prompt("p1", "where do the seedlings go", at=0),
        b.says("s1", said, "p1", at=1),
        b.prompt("p2", "water them", "s1", at=10),
        b.says("s2", "Done.", "p2", at=11),
        b.prompt(
            "p3", 'you said "The tomato seedlings belong next to the greenhouse"', "s2", at=20
        ),
        b.says("s3", "Yes.", "p3", at=21),
    )
    library = tmp_path / "library.clew"
    imported(library, log.parent).close()
    woven(library, [])
    view = TranscriptView(library)
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    with closing(open_reader(library)) as db:
        view.show_conversation(conversations.page(db)[0])
    yield view
    view.clear()
    if view._own is not None:
        view._own.close()


def offered(view: TranscriptView, row: int) -> dict[str, str]:
    view.rows.reveal(row)
    actions = row_menu(view.rows).actions()
    return {one.text(): one.statusTip() for one in actions if one.text().startswith("Go to")}


def test_a_prompt_leads_to_what_it_quotes_and_back(quoting: TranscriptView) -> None:
    there = offered(quoting, 4)
    assert set(there) == {"Go to what this refers to"}
    assert "A guess" in there["Go to what this refers to"]
    assert "quotation" in there["Go to what this refers to"]
    back = offered(quoting, 1)
    assert set(back) == {"Go to the prompt that this answers", "Go to where this is referred to"}
    assert back["Go to the prompt that this answers"] == "Recorded in the log."


def test_the_way_is_gone(quoting: TranscriptView) -> None:
    quoting.rows.reveal(4)
    (action,) = [one for one in row_menu(quoting.rows).actions() if "refers to" in one.text()]
    action.trigger()
    assert quoting.rows.current_row() == 1


def test_no_row_has_no_way(quoting: TranscriptView) -> None:
    assert quoting.relating.ways(-1) == ()
    quoting.clear()
    assert quoting.relating.ways(0) == ()


def test_a_thread_that_is_taken_up_again_leads_to_where_it_was_left() -> None:
    found = (
        RelationRow(Tie.TOPIC_FOLLOW_UP, 9, 4, 0.71, "same_words"),
        RelationRow(Tie.TOOL_CONTINUATION, 9, 8, 1.0, "recorded"),
        RelationRow(Tie.RESPONSE, 9, 9, 1.0, "recorded"),
    )
    (way,) = ways(9, found)
    assert (way.text, way.message) == ("Go to where this was left", 4)
    assert way.tip == "A guess, 71 % sure; found by: same words."
    (back,) = ways(4, found[:1])
    assert (back.text, back.message) == ("Go to where this is taken up again", 9)
