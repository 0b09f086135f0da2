"""JSON trees in cards: by pointer and by keyboard."""

import json

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop.delegates.json_tree import PAGE_LINES
from desktop.delegates.layouts import LinePart
from desktop.delegates.sections import Style
from desktop.delegates.tree_stops import Stop, box_of
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show
from tests.desktop.transcript.test_view import press, texts, tool

GIVEN = {"query": "x", "deep": {"range": {"from": 1, "to": 2}, "tags": ["a"]}}
ROW = 1


def opened(show: Show, given: object = GIVEN, said: object = "fine") -> TranscriptView:
    """Return a view whose current row is the open card of a tool nobody here knows."""
    view = show(*tool("mcp__shop__find", given, said))
    view.rows.setCurrentIndex(view.model.index(ROW))
    view.rows.opening.set_open(ROW, opened=True)
    return view


def click(view: TranscriptView, stop: Stop) -> None:
    laid = view.rows.laid(ROW)
    assert laid is not None
    box = box_of(laid, stop)
    at = QPoint(round(box.left()) + 6, view.rows.scroller.y(ROW) + round(box.center().y()))
    QTest.mouseClick(view.rows.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_click_on_the_triangle_folds_and_unfolds(show: Show) -> None:
    view = opened(show)
    assert "range: {2 keys}" in texts(view, ROW)
    click(view, Stop("given", (1, 0)))
    assert "range:\nfrom: 1\nto: 2\ntags:" in texts(view, ROW)
    click(view, Stop("given", (1,)))
    assert texts(view, ROW).startswith('query: "x"\ndeep: {2 keys}')


def test_keys_go_through_the_folds_of_the_current_row(show: Show) -> None:
    view = opened(show)
    press(view, Qt.Key.Key_Right)
    assert view.rows.trees.at() == Stop("given", (1,))
    press(view, Qt.Key.Key_Right)
    assert view.rows.trees.at() == Stop("given", (1, 0))
    press(view, Qt.Key.Key_Space)
    assert "from: 1" in texts(view, ROW)
    press(view, Qt.Key.Key_Left)
    assert "from: 1" not in texts(view, ROW)
    press(view, Qt.Key.Key_Down)
    assert view.rows.trees.at() == Stop("given", (1, 1))
    press(view, Qt.Key.Key_Left)
    assert view.rows.trees.at() == Stop("given", (1,))
    press(view, Qt.Key.Key_Left)
    press(view, Qt.Key.Key_Left)
    assert view.rows.trees.at() is None
    assert view.rows.opening.is_open(ROW)
    press(view, Qt.Key.Key_Left)
    assert not view.rows.opening.is_open(ROW)


def test_the_row_is_left_upwards_first_and_by_letters_at_once(show: Show) -> None:
    view = opened(show)
    press(view, Qt.Key.Key_Right)
    press(view, Qt.Key.Key_Up)
    assert (view.rows.trees.at(), view.rows.current_row()) == (None, ROW)
    press(view, Qt.Key.Key_Right)
    press(view, Qt.Key.Key_K)
    assert (view.rows.trees.at(), view.rows.current_row()) == (None, ROW - 1)


def test_a_result_that_is_json_is_a_tree_however_long(show: Show) -> None:
    said = json.dumps({"rows": [{"id": n, "name": "x" * 40} for n in range(900)], "total": 900})
    assert len(said) > 16_000
    view = opened(show, {}, said)

    assert texts(view, ROW) == "rows: [900 items]\ntotal: 900"


def test_of_a_long_tree_some_hundred_lines_are_laid_out(show: Show) -> None:
    view = opened(show, {}, json.dumps(list(range(3_000))))
    assert len(texts(view, ROW).split("\n")) == 40
    for first in (0, 400, 800):
        view.rows.opening.show_whole(ROW, "answer")
        shown = texts(view, ROW).split("\n")
        assert (shown[0], len(shown)) == (f"{first}: {first}", PAGE_LINES)
    laid = view.rows.laid(ROW)
    assert laid is not None
    said = [part.text for part in laid.parts if isinstance(part, LinePart)]
    assert said == ["Show the first lines again", "Show 400 more lines"]
    press(view, Qt.Key.Key_Right)
    assert view.rows.trees.at() == Stop("answer", None, back=True)
    press(view, Qt.Key.Key_Return)

    assert texts(view, ROW).startswith("0: 0\n")


def test_a_thousand_levels_are_drawn(show: Show) -> None:
    view = opened(show, {}, "[" * 900 + "1" + "]" * 900)
    press(view, Qt.Key.Key_Right)
    for _ in range(60):
        press(view, Qt.Key.Key_Right)
    view.grab()

    assert "20 0:" in texts(view, ROW)  # deeper than what is indented: the level in figures


def test_hostile_json_is_drawn_as_it_stands(show: Show) -> None:
    view = opened(show, {"<img src=x>\u202e": "<b>a</b>\ufdd0\x1b[31m & </td>"})

    assert texts(view, ROW).startswith('<img src=x>⇄: "<b>a</b>\ufffd␛[31m & </td>"')


def test_a_jump_opens_the_fold_that_hides_the_words(show: Show) -> None:
    view = show(*tool("mcp__shop__find", {"a": {"b": {"c": [1, {"d": "needle"}]}}}))
    view.jump_to_block(view.model.spine.ids[ROW], ("needle",))

    assert 'd: "needle"' in texts(view, ROW)
    assert view.rows.marking.first(ROW) is not None


def test_copying_a_row_takes_what_is_folded(show: Show) -> None:
    view = opened(show)
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert '"from": 1' in QGuiApplication.clipboard().text()


def test_content_of_an_unknown_kind_is_a_tree(show: Show) -> None:
    view = show(b.prompt("p", "go"), b.reply("x", [{"type": "hologram", "rays": {"n": 3}}], "p"))
    view.rows.opening.set_open(ROW, opened=True)
    laid = view.rows.laid(ROW)

    assert laid is not None
    assert [section.style for section in laid.row.sections] == [Style.TREE]
    assert "n: 3" in texts(view, ROW)


def test_what_is_no_json_is_shown_as_it_stands(show: Show) -> None:
    view = opened(show, {}, "{not json")

    assert texts(view, ROW) == "{not json"
