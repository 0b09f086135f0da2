"""The main line, a branch or an agent is shown alone; what is read stays where it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.only import MAIN, WHOLE, Line, Only
from desktop.views.transcript.row_menu import row_menu
from desktop.views.transcript.staying import nearest
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show, talk
from tests.library import reads, writing

AGENT = Only(Line.AGENT, agent="ag1", title="Look around")


def forked() -> list[b.Record]:
    """Return a start, a branch left behind (w), and the line that was gone on with (k)."""
    return [
        b.prompt("p", "start", at=0),
        b.says("a", "begun", "p", at=1),
        b.prompt("w1", "the wrong way", "a", at=5),
        b.says("w2", "wrong indeed", "w1", at=6),
        b.prompt("k1", "the right way", "a", at=9),
        b.says("k2", "right indeed", "k1", at=10),
        b.calls("k3", "t", "Agent", {"description": "Look around"}, "k2", at=11),
        b.answers("k4", "t", "found", "k3", at=30, toolUseResult={"agentId": "ag1"}),
        b.says("k5", "it was found", "k4", at=31),
    ]


@pytest.fixture
def both(show: Show, log: Path) -> Callable[..., TranscriptView]:
    """Return what shows a conversation with a branch left behind and an agent."""
    said = [b.says(f"g{n}", f"step {n}", at=12 + n) for n in range(3)]
    b.agent_file(log.parent, b.SESSION, "ag1", *said)

    def shown(*more: b.Record) -> TranscriptView:
        return show(*forked(), *more)

    return shown


def texts(view: TranscriptView) -> list[str]:
    rows = (view.model.block_row(row) for row in range(view.model.rowCount()))
    return [row.text.strip() for row in rows if row is not None]


def row_of(view: TranscriptView, text: str) -> int:
    return texts(view).index(text)


def branch(view: TranscriptView) -> Only:
    (found,) = (
        one
        for one in view.showing.offered(row_of(view, "the wrong way"))
        if one.line is Line.BRANCH
    )
    return found


def test_the_main_line_leaves_out_what_was_left_behind(both: Show) -> None:
    view = both()
    view.showing.show_only(MAIN)
    assert texts(view) == [
        "start", "begun", "the right way", "right indeed", "Look around", "it was found",
    ]  # fmt: skip


def test_a_branch_is_shown_alone(both: Show) -> None:
    view = both()
    view.showing.show_only(branch(view))
    assert texts(view) == ["the wrong way", "wrong indeed"]


def test_an_agent_is_shown_alone(both: Show) -> None:
    view = both()
    view.showing.show_only(AGENT)
    assert texts(view) == ["step 0", "step 1", "step 2"]
    assert not any(view.model.depths)


def test_a_branch_holds_those_that_left_it_in_turn(show: Show) -> None:
    view = show(
        *forked()[:4],
        b.prompt("x1", "deeper", "w2", at=7), b.says("x2", "deep", "x1", at=7),
        b.prompt("y1", "beside", "w2", at=8), b.says("y2", "near", "y1", at=8),
        *forked()[4:6],
    )  # fmt: skip
    view.showing.show_only(branch(view))
    assert texts(view) == ["the wrong way", "wrong indeed", "deeper", "deep", "beside", "near"]
    view.showing.show_only(MAIN)
    assert texts(view) == ["start", "begun", "the right way", "right indeed"]


def test_a_chip_says_what_is_shown_and_takes_it_off(both: Show) -> None:
    view = both()
    chip = view.band.only
    assert chip.isHidden()
    view.showing.show_only(branch(view))
    assert chip.isVisible()
    assert chip.accessibleName() == "Only branch: the wrong way"
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert view.model.only == WHOLE
    assert chip.isHidden()
    assert view.model.rowCount() == 8


def test_another_conversation_is_shown_whole(both: Show) -> None:
    view = both()
    view.showing.show_only(MAIN)
    view.clear()
    assert view.band.only.isHidden()
    assert view.model.only == WHOLE


def test_what_is_read_stays_where_it_is(show: Show) -> None:
    long = talk(30)
    view = show(*long, b.prompt("w1", "wrong", "a28", at=4000), b.says("w2", "no", "w1", at=4001))
    row = next(n for n in range(view.model.rowCount()) if view.model.spine.messages[n] > 40)
    view.rows.scroller.put(row, 20)
    view.rows.settle()
    before = view.rows._anchor()
    view.showing.show_only(MAIN)
    assert view.rows._anchor() == before
    view.showing.show_whole()
    assert view.rows._anchor() == before


def test_leaving_an_agent_keeps_its_row_in_view(both: Show) -> None:
    view = both(*talk(30))
    view.showing.show_only(AGENT)
    block = view.rows._anchor()[0]
    view.showing.show_whole()
    assert view.rows._anchor()[0] == block
    assert "step 2" in texts(view)  # below the call that started it


def test_a_hidden_row_hands_its_place_to_the_next_one() -> None:
    assert nearest([1, 2, 3, 4], 1, [1, 2, 3]) == 2
    assert nearest([1, 2, 3, 4], 1, [1, 4]) == 4
    assert nearest([1, 2, 3, 4], 2, [1]) == 1
    assert nearest([1, 2], 0, [9]) == 0
    assert nearest([], -1, [9]) == 0


def test_new_rows_of_the_part_come_and_others_do_not(both: Show, more: Callable[..., None]) -> None:
    view = both()
    view.showing.show_only(MAIN)
    more(b.says("k6", "one more", "k5", at=40))
    view.grow()
    assert texts(view)[-1] == "one more"
    view.showing.show_only(branch(_whole(view)))
    more(b.says("k7", "and more", "k6", at=41))
    view._grow()
    assert texts(view) == ["the wrong way", "wrong indeed"]


def _whole(view: TranscriptView) -> TranscriptView:
    view.showing.show_whole()
    return view


def test_an_agent_that_is_shown_alone_grows(
    both: Show, log: Path, tmp_path: Path, more: Callable[..., None]
) -> None:
    view = both()
    view.showing.show_only(AGENT)
    path = log.parent / b.SESSION / "subagents" / "agent-ag1.jsonl"
    b.append(path, *b.of(b.SESSION, *b.lane("ag1", b.says("g9", "step 9", at=20))))
    with writing(tmp_path / "library.clew") as (_, ingest):
        reads(ingest, path)
    more(b.says("k6", "one more", "k5", at=40))
    view.grow()
    assert texts(view) == ["step 0", "step 1", "step 2", "step 9"]


def test_a_rewind_takes_what_it_leaves_from_the_main_line(
    both: Show, more: Callable[..., None]
) -> None:
    view = both()
    view.showing.show_only(MAIN)
    more(b.prompt("z1", "another way", "a", at=50), b.says("z2", "fine", "z1", at=51))
    view.grow()
    assert texts(view) == ["start", "begun", "another way", "fine"]


def test_growth_reads_no_more_messages_than_came(both: Show, more: Callable[..., None]) -> None:
    view = both()
    view.showing.show_only(MAIN)
    assert view._db is not None
    asked: list[str] = []
    more(b.says("k6", "one more", "k5", at=40))
    view._db.set_trace_callback(asked.append)
    view.grow()
    view._db.set_trace_callback(None)
    looked = [one for one in asked if "FROM message INDEXED BY message_by_session" in one]
    assert len(looked) == 1
    assert f"id > {view.model.spine.messages[-1]}" not in looked[0]
    assert f"id > {view.model.spine.messages[-2]}" in looked[0]


def test_a_jump_inside_leaves_the_part_alone_and_one_outside_shows_all(both: Show) -> None:
    view = both()
    inside = view.model.spine.messages[row_of(view, "it was found")]
    outside = view.model.spine.messages[row_of(view, "wrong indeed")]
    view.showing.show_only(MAIN)
    view.jump_to_message(inside)
    assert view.model.only == MAIN
    view.jump_to_message(outside)
    assert view.model.only == WHOLE
    assert view.rows.current_row() == row_of(view, "wrong indeed")


def test_a_jump_to_an_agent_keeps_to_the_main_line_that_started_it(both: Show) -> None:
    view = both()
    view.showing.show_only(AGENT)
    agents = view.model.spine.messages[1]
    view.showing.show_only(MAIN)
    view.jump_to_message(agents)
    assert view.model.only == MAIN
    assert texts(view)[view.rows.current_row()] == "step 1"
    view.showing.show_only(branch(_whole(view)))
    view.jump_to_message(agents)
    assert view.model.only == WHOLE
    assert texts(view)[view.rows.current_row()] == "step 1"


def test_find_counts_what_is_shown(both: Show, qtbot: QtBot) -> None:
    view = both()
    view.open_find()
    view.find_bar.field.setText("indeed")
    qtbot.waitUntil(lambda: view.find_bar.count.text() == "2 rows")
    view.showing.show_only(branch(view))
    qtbot.waitUntil(lambda: view.find_bar.count.text() == "1 row")
    view.find_next()
    assert view.model.only.line is Line.BRANCH
    assert view.rows.current_row() == row_of(view, "wrong indeed")
    view.showing.show_whole()
    qtbot.waitUntil(lambda: view.find_bar.count.text().endswith(("2 rows", "of 2")))


def test_finding_goes_on_from_where_it_was_when_another_part_is_shown(
    both: Show, qtbot: QtBot
) -> None:
    view = both()
    view.open_find()
    view.find_bar.field.setText("indeed")
    qtbot.waitUntil(lambda: view.find_bar.count.text() == "2 rows")
    view.find_next()
    at = view.rows.current_row()
    view.showing.show_only(MAIN)
    view.showing.show_whole()
    qtbot.waitUntil(lambda: view.find_bar.count.text() == "1 of 2")
    view.find_next()

    assert view.find_bar.count.text() == "2 of 2"
    assert view.rows.current_row() != at


def test_the_menu_of_a_row_offers_its_part(both: Show) -> None:
    view = both()

    def offered(text: str) -> list[str]:
        view.rows.reveal(row_of(view, text))
        said = [action.text() for action in row_menu(view.rows).actions()]
        return [one for one in said if one.startswith(("Show only", "Show the whole"))]

    assert offered("start") == ["Show only the main line"]
    assert offered("wrong indeed") == ["Show only this branch", "Show only the main line"]
    assert offered("Look around") == [
        "Show only this agent", "Show only this branch", "Show only the main line",
    ]  # fmt: skip
    view.rows.reveal(row_of(view, "Look around"))
    (agent, *_) = [a for a in row_menu(view.rows).actions() if "agent" in a.text()]
    agent.trigger()
    assert view.model.only == AGENT
    assert view.band.only.accessibleName() == "Only agent: Look around"
    assert offered("step 1") == ["Show only the main line", "Show the whole conversation"]


def test_a_long_conversation_is_filtered_in_one_pass(show: Show) -> None:
    view = show(*talk(120), b.prompt("w1", "wrong", "a100", at=9000))
    assert view._db is not None
    before = view.rows.layouts.made
    asked: list[str] = []
    view._db.set_trace_callback(asked.append)
    view.showing.show_only(MAIN)
    view._db.set_trace_callback(None)
    # the branches, their messages, and pages of the rows in view: none for each row
    assert len(asked) <= 2 + 2 * (view.rows.layouts.made - before)
    assert view.rows.layouts.made - before < 60
