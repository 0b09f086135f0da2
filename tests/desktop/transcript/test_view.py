from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.queries.transcript import BlockRow
from desktop.delegates.layouts import LinePart
from desktop.delegates.sections import Shape
from desktop.look import palette, theme
from desktop.models.transcript import Role
from desktop.views.transcript import links
from desktop.views.transcript.keys import KEYS_OF
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.desktop.transcript.conftest import Show, talk

NONE = Qt.KeyboardModifier.NoModifier
HTML = '<b>bold</b> <img src="file:///etc/hostname"> a < b and c > d'


def ys(view: TranscriptView) -> dict[int, int]:
    """Return where each visible row is, by its block."""
    return {view.model.spine.ids[row]: y for row, y in view.rows.scroller.visible}


def texts(view: TranscriptView, row: int) -> str:
    laid = view.rows.laid(row)
    assert laid is not None
    return "\n".join(part.text() for part in laid.texts())


def press(view: TranscriptView, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(view.rows, key, modifier)


def tool(name: str, given: object, said: object = "fine", **more: object) -> list[b.Record]:
    return [
        b.prompt("p", "go"),
        b.calls("c", "t", name, given, "p", at=1),
        b.answers("r", "t", said, "c", at=3, **more),
    ]


def test_fifty_thousand_rows_open_with_a_screenful_laid_out(show: Show) -> None:
    view = show(*(b.prompt(f"p{n}", f"row {n}", f"p{n - 1}" if n else None) for n in range(50_000)))

    assert view.model.rowCount() == 50_000
    assert view.rows.layouts.made < 40
    assert len(view.model.cache) <= 400

    view.rows.to_end()

    assert view.rows.layouts.made < 80
    assert view.rows.scroller.visible[-1][0] == 49_999


def test_scrolling_by_pixels_moves_rows_by_just_as_many(show: Show) -> None:
    view = show(*talk(60))
    bar = view.rows.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for step in (37, -90, 120, -500, -500):
        before = ys(view)
        bar.setValue(bar.value() + step)
        after = ys(view)

        common = before.keys() & after.keys()
        assert common
        assert {before[block] - after[block] for block in common} == {step}


def test_scrolling_up_to_the_start_ends_at_the_first_row(show: Show) -> None:
    view = show(*talk(60))
    bar = view.rows.verticalScrollBar()
    bar.setValue(bar.maximum())
    for _ in range(400):
        bar.setValue(bar.value() - 300)

    assert view.rows.scroller.visible[0] == (0, 0)
    assert bar.value() == 0


def test_a_fold_leaves_what_is_above_it_where_it_is(show: Show) -> None:
    view = show(*talk(30))
    view.rows.reveal(50)
    before = ys(view)
    view.rows.opening.set_open(50, opened=not view.rows.opening.is_open(50))
    after = ys(view)

    above = [block for block in before if block <= view.model.spine.ids[50]]
    assert above
    assert all(after[block] == before[block] for block in above)


def test_rows_that_come_into_the_middle_or_above_leave_the_view_still(
    show: Show, log: Path
) -> None:
    b.agent_file(log.parent, b.SESSION, "ag1", *(b.says(f"g{n}", f"step {n}") for n in range(9)))
    start = [
        b.prompt("p", "go"),
        b.calls("c", "t", "Task", {"description": "Look", "prompt": "p"}, "p", at=1),
        b.answers("r", "t", "found", "c", at=9, toolUseResult={"agentId": "ag1"}),
    ]
    view = show(*start, *(b.says(f"z{n}", "word " * 90, at=20) for n in range(30)))
    view.rows.reveal(15)
    before, count = ys(view), view.model.rowCount()
    view.rows.opening.toggle_lane(1)

    assert view.model.rowCount() == count + 9
    assert list(view.model.depths[:4]) == [0, 0, 1, 1]
    assert ys(view) == before

    view.rows.opening.toggle_lane(1)

    assert view.model.rowCount() == count
    assert ys(view) == before


def test_at_the_end_new_rows_are_followed(show: Show, more: Callable[..., None]) -> None:
    view = show(*talk(20))
    view.rows.to_end()
    more(b.says("new", "news"))
    view.grow()

    assert view.rows.at_end
    assert "news" in texts(view, view.model.rowCount() - 1)
    assert not view.pill.isVisible()


def test_elsewhere_new_rows_are_counted_and_nothing_moves(
    show: Show, more: Callable[..., None], qtbot: QtBot
) -> None:
    view = show(*talk(20))
    view.rows.scroll_by(300)
    before = ys(view)
    more(b.says("n1", "news"), b.says("n2", "more news"))
    view.grow()

    assert ys(view) == before
    assert view.pill.isVisible()
    assert "2 new" in view.pill.accessibleName()

    press(view, Qt.Key.Key_End)

    assert view.rows.at_end
    assert not view.pill.isVisible()


def test_a_call_shows_its_result_once_it_comes(show: Show, more: Callable[..., None]) -> None:
    view = show(b.prompt("p", "go"), b.calls("c", "t", "Bash", {"command": "pytest -q"}, "p", at=1))
    assert "no result recorded" in view.model.sentence(1)
    more(b.answers("r", "t", "Exit code 1\nboom", "c", at=13, error=True))
    view.grow()

    assert view.model.sentence(1) == "Bash, failed, exit 1, 12 s, pytest -q"
    assert "boom" in texts(view, 1)  # failures are open


def test_html_is_shown_as_it_stands(show: Show) -> None:
    view = show(
        b.prompt("p", HTML), b.says("a", HTML, "p"), *tool("Bash", {"command": HTML}, HTML)[1:]
    )
    view.rows.set_all_open(opened=True)

    for row in range(3):
        assert "<b>bold</b>" in texts(view, row)
        assert "a < b and c > d" in texts(view, row)


def test_control_and_turning_characters_are_drawn(show: Show) -> None:
    view = show(
        b.prompt("p", "a\u202eb\x1b[2J"),
        *tool("Bash", {"command": "x"}, "\x1b[31mred\x1b[0m\x07")[1:],
    )
    view.rows.set_all_open(opened=True)

    assert texts(view, 0) == "a⇄b␛[2J"
    assert texts(view, 1).endswith("red␇")


def test_pictures_of_markdown_are_words(show: Show) -> None:
    view = show(b.says("a", "see ![x](file:///etc/hostname) there"))

    assert texts(view, 0) == "see [picture: file:///etc/hostname] there"


def test_copying_a_row_gives_plain_text(show: Show) -> None:
    view = show(*tool("Bash", {"command": "ls"}, "\x1b[32mgreen\x1b[0m"))
    view.rows.setCurrentIndex(view.model.index(1))
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == "ls\n\ngreen"


def test_copying_takes_all_of_a_text_that_is_shown_in_part(show: Show) -> None:
    long = "\n".join(f"line {n}" for n in range(5_000))
    view = show(b.prompt("p", long))
    assert len(texts(view, 0)) < 1_000
    view.rows.setCurrentIndex(view.model.index(0))
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == long


def test_text_is_selected_across_rows(show: Show, qtbot: QtBot) -> None:
    view = show(b.prompt("p", "first words"), b.says("a", "second words", "p", at=1))
    port = view.rows.viewport()
    laid = [view.rows.laid(row) for row in range(2)]
    places = []
    for row, y in view.rows.scroller.visible:
        found = laid[row]
        assert found is not None
        places.append(QPoint(0, y) + found.texts()[0].rect.topLeft().toPoint() + QPoint(0, 8))
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=places[0] + QPoint(1, 0))
    QTest.mouseMove(port, places[1] + QPoint(200, 0))
    QTest.mouseMove(port, places[1] + QPoint(400, 0))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=places[1] + QPoint(400, 0))
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == "first words\n\nsecond words"


def test_a_long_line_is_broken_with_a_mark(show: Show) -> None:
    view = show(b.prompt("p", "x" * 300_000))
    view.rows.opening.show_whole(0, "text")
    lines = texts(view, 0).split("\n")

    assert max(map(len, lines)) == 4_001
    assert len("".join(lines)) < 210_000
    laid = view.rows.laid(0)
    assert laid is not None
    assert "first 200 kB of 300 kB" in laid.row.sections[0].note


def test_keys_go_through_rows_prompts_and_failures(show: Show) -> None:
    view = show(*talk(12))
    press(view, Qt.Key.Key_J)
    assert view.rows.current_row() == 0
    press(view, Qt.Key.Key_Down)
    assert view.rows.current_row() == 1
    press(view, Qt.Key.Key_N)
    assert view.rows.current_row() == 3
    press(view, Qt.Key.Key_P)
    assert view.rows.current_row() == 0
    press(view, Qt.Key.Key_E)
    assert view.rows.current_row() == 14
    press(view, Qt.Key.Key_E)
    assert view.rows.current_row() == 29
    press(view, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert view.rows.current_row() == 14
    assert view.rows.opening.is_open(14)
    press(view, Qt.Key.Key_Left)
    assert not view.rows.opening.is_open(14)
    press(view, Qt.Key.Key_Space)
    assert view.rows.opening.is_open(14)
    press(view, Qt.Key.Key_End)
    assert view.rows.at_end
    press(view, Qt.Key.Key_Home)
    assert view.rows.scroller.visible[0] == (0, 0)


def test_every_key_of_the_list_is_bound() -> None:
    assert {"J", "K", "N", "P", "E", "L", "1", "2", "3"} <= KEYS_OF


def test_prompts_only_leaves_prompts(show: Show) -> None:
    view = show(*talk(9))
    press(view, Qt.Key.Key_3)

    assert view.model.rowCount() == 9
    press(view, Qt.Key.Key_1)
    assert view.model.rowCount() == 27


def test_system_rows_are_hidden_until_asked_for(show: Show) -> None:
    view = show(b.prompt("p", "hi"), b.prompt("m", "context", "p", isMeta=True, at=1))
    assert view.model.rowCount() == 1
    assert view.band.system.accessibleName() == "+1 system"
    view.set_system_visible(True)

    assert view.model.rowCount() == 2


def test_a_jump_opens_what_hides_the_words_and_marks_them(show: Show) -> None:
    output = "\n".join(f"line {n}" for n in range(900)) + "\nneedle here"
    view = show(*talk(20), *tool("Bash", {"command": "x"}, output)[1:])
    last = view.model.rowCount() - 1
    view.jump_to_block(view.model.spine.ids[last], ("needle",))

    assert view.rows.opening.is_open(last)
    assert "needle here" in texts(view, last)
    assert view.rows.current_row() == last
    assert view.rows.marking.first(last) is not None


def test_find_goes_through_the_rows_that_hold_the_text(show: Show, qtbot: QtBot) -> None:
    view = show(*talk(12))
    QTest.keyClick(view.rows, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    view.open_find()
    view.find_bar.field.setText("ANSWER 1")
    qtbot.waitUntil(lambda: bool(view.finding.finder.found) and view.finding.finder.complete)
    view.find_next()

    assert len(view.finding.finder.found) == 3  # 1, 10 and 11
    assert view.find_bar.count.text() == "1 of 3"
    assert "answer 1" in texts(view, view.rows.current_row())


@pytest.mark.parametrize("text", ["50% of", "under_score", "back\\slash"])
def test_signs_of_patterns_are_looked_for_as_they_are(show: Show, qtbot: QtBot, text: str) -> None:
    view = show(b.prompt("p", f"has {text} in it"), b.says("a", "50 of underXscore backslash", "p"))
    view.open_find()
    view.find_bar.field.setText(text)
    qtbot.waitUntil(lambda: view.finding.finder.complete and bool(view.finding.finder.found))

    assert view.finding.finder.found == [view.model.spine.ids[0]]


def test_rows_have_sentences_for_screen_readers(show: Show) -> None:
    view = show(*talk(5))
    role = Qt.ItemDataRole.AccessibleTextRole
    said = [str(view.model.data(view.model.index(row), role)) for row in (0, 1, 2, 14)]

    assert said[0].startswith("You, ")
    assert said[0].endswith(", question 0")
    assert said[1].startswith("Reply, ")
    assert said[2] == "Bash, 1 s, make 0"
    assert said[3] == "Bash, failed, exit 2, 1 s, make 4"
    row = view.model.data(view.model.index(0), Role.ROW)
    assert isinstance(row, BlockRow)
    assert row.text == "question 0"
    interface = QAccessible.queryAccessibleInterface(view.rows)
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == "Transcript"
    assert interface.childCount() == 15
    assert interface.child(3).text(QAccessible.Text.Name).endswith(", question 1")


def test_edits_show_their_diff_and_count(show: Show) -> None:
    given = {"file_path": b.CWD + "/a.py", "old_string": "x = 1", "new_string": "x = 2\ny = 3"}
    view = show(*tool("Edit", given, "ok"))
    laid = view.rows.laid(1)

    assert laid is not None
    assert laid.row.open
    assert laid.row.heading is not None
    assert laid.row.heading.argument == "a.py"
    assert [fact.text for fact in laid.row.heading.facts][:2] == ["+2", "\u22121"]
    assert texts(view, 1) == "x = 1\nx = 2\ny = 3"


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("TodoWrite", {"todos": [{"content": "One", "status": "completed"}]}, "One"),
        ("mcp__git__log", {"path": "."}, 'path: "."'),
        ("Unheard", {"a": [1, 2]}, "a:\n0: 1\n1: 2"),
        ("Unheard", "no object", "no object"),
        ("Grep", {"pattern": "x"}, "fine"),
        ("ExitPlanMode", {"plan": "# Plan\n\n1. Do"}, "Plan"),
        ("WebFetch", {"url": "https://example.org/a", "prompt": "what"}, "https://example.org/a"),
        ("Task", {"prompt": "look", "description": "Look"}, "look"),
    ],
)
def test_every_tool_opens(show: Show, name: str, given: object, expected: str) -> None:
    view = show(*tool(name, given))
    view.rows.opening.set_open(1, opened=True)

    assert expected in texts(view, 1)


def test_a_new_theme_is_drawn_at_once(show: Show, qapp: QApplication) -> None:
    view = show(*talk(3))
    palette.apply(qapp, theme.load("dark"))

    assert view.rows.faces.colors.name == "dark"
    assert (
        view.grab().toImage().pixelColor(5, 400).name().upper() == theme.load("dark").window.upper()
    )


def test_the_message_at_the_top_is_told(show: Show, qtbot: QtBot) -> None:
    view = show(*talk(30))
    with qtbot.waitSignal(view.message_shown, check_params_cb=lambda _: True) as told:
        view.rows.scroll_by(1_000)

    assert told.args == [view.model.spine.messages[view.rows.scroller.top]]


def test_nothing_open_says_so(qtbot: QtBot) -> None:
    view = TranscriptView()
    qtbot.addWidget(view)
    view.show()

    assert view.empty.isVisible()


def test_compactions_are_rules_and_summaries_are_folded(show: Show) -> None:
    view = show(b.prompt("p", "hi"), b.boundary("k", "p", at=5), b.compacted("s", "k", at=6))
    shapes = [laid.row.shape for row in range(3) if (laid := view.rows.laid(row)) is not None]

    assert shapes == [Shape.PROMPT, Shape.RULE, Shape.CARD]
    laid = view.rows.laid(1)
    assert laid is not None
    assert laid.row.heading is not None
    assert laid.row.heading.title == "Context compacted · automatic · 155 k tokens"


def test_tables_below_code_keep_their_first_cell(show: Show) -> None:
    view = show(b.says("a", "```\ncode\n```\n| One | Two |\n|---|---|\n| 1 | 2 |"))

    assert texts(view, 0).split() == ["code", "One", "Two", "1", "2"]
    laid = view.rows.laid(0)
    assert laid is not None
    document = laid.texts()[0].document
    (table,) = (each for each in document.rootFrame().childFrames() if isinstance(each, QTextTable))
    first = table.cellAt(0, 0)
    assert first.firstCursorPosition().block() == first.lastCursorPosition().block()


def test_pictures_are_told_apart_before_they_are_decoded(show: Show) -> None:
    image = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": b.PNG},
    }
    svg = {"type": "base64", "media_type": "image/svg+xml", "data": "PHN2Zy8+"}
    view = show(b.prompt("p", [image, {"type": "image", "source": svg}]))
    said = []
    for row in range(view.model.rowCount()):
        laid = view.rows.laid(row)
        assert laid is not None
        said += [part.text for part in laid.parts if isinstance(part, LinePart)]

    assert said == ["1 × 1, 70 B", "6 B: not a picture Clew shows"]


def test_dangerous_links_are_not_opened() -> None:
    assert links.allowed("https://example.org/x")
    assert links.allowed("mailto:ada@example.org")
    for address in ("file:///etc/passwd", "javascript:alert(1)", "//host/x", "smb://h/x", "x", ""):
        assert not links.allowed(address)


def test_what_a_rewind_leaves_behind_says_so_at_once(show: Show, more: Callable[..., None]) -> None:
    view = show(
        b.prompt("p", "one"), b.says("a", "first", "p"), b.prompt("q", "two", "a", at=5),
        b.says("c", "second", "q", at=6),
    )  # fmt: skip
    assert "left behind" not in view.model.sentence(2)
    more(b.prompt("r", "other", "a", at=9), b.says("d", "third", "r", at=10))
    view.grow()

    said = [view.model.sentence(row).endswith("left behind") for row in range(6)]
    assert said == [False, False, True, True, False, False]
    laid = view.rows.laid(2)
    assert laid is not None
    assert laid.row.muted
