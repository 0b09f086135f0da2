"""What lies behind the marks, what is saved, what a scope narrows, and what findings can do."""

from contextlib import closing
from datetime import UTC
from pathlib import Path
from sqlite3 import Connection

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from core.queries import conversations
from desktop.views.charts.behind_sheet import BehindSheet
from desktop.views.charts.card import Card
from desktop.views.charts.page import ChartsPage
from tests import builders as b
from tests.desktop.charts.conftest import HOSTILE, NOW, AtOnce, analysed, called
from tests.library import imports

# The window system that tests run in can do none of these.
pytestmark = pytest.mark.qt_log_ignore("raise|propagateSizeHints|grabbing", extend=True)


@pytest.fixture
def rich(tmp_path: Path, qtbot: QtBot) -> ChartsPage:
    """A page over files read again, commands that sleep, an agent, and a compaction."""
    records = [b.prompt("p", at=0)]
    for n in range(4):
        given = {"file_path": "/home/ann/clew/a.py"}
        records += [
            b.calls(f"r{n}", f"kr{n}", "Read", given, at=100 * n + 1),
            b.answers(f"rr{n}", f"kr{n}", at=100 * n + 2),
            b.calls(f"s{n}", f"ks{n}", "Bash", {"command": "sleep 30"}, at=100 * n + 3),
            b.answers(f"sr{n}", f"ks{n}", at=100 * n + 33, error=n == 0),
        ]
    records += [b.boundary("c", "sr3", at=500), b.compacted("cs", "c", at=500)]
    records += called("z", "Bash", 510)
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *records)
    b.agent_file(path.parent, b.SESSION, "a1", b.prompt("ap", at=20), *called("ag", "Grep", 30))
    made = ChartsPage(
        AtOnce(analysed(tmp_path / "library.clew", tmp_path / "logs")), now=lambda: NOW, zone=UTC
    )
    qtbot.addWidget(made)
    made.resize(1280, 900)
    made.show()
    made.refresh()
    return made


def sheet(page: ChartsPage) -> BehindSheet:
    found = page.opener.sheet
    assert found is not None
    return found


def cells(table: BehindSheet | Card, column: int) -> list[object]:
    model = table.table.model_
    return [model.value(row, column) for row in range(model.rowCount())]


def test_every_card_of_the_dashboard_has_data(rich: ChartsPage) -> None:
    quiet = {card.title for card in rich.cards if not card.has_data}

    # Fewer than 20 calls: neither a duration nor a rate is told.
    assert quiet == {"Which tools are slow?", "Is it getting better?"}
    assert rich.slow.empty.accessibleName() == "Too few calls"
    assert "20 calls" in rich.better.empty.accessibleDescription()


def test_the_time_chart_and_its_table_agree(page: ChartsPage) -> None:
    marks = [mark.tip for mark in page.time.plot.marks if "nothing" not in mark.tip]

    # 25 minutes on Thursday; three calls a minute apart and one of five seconds on Friday.
    assert marks == [
        "Thu 1 Jan 2026: 24 min 1 s\n24 min 1 s  clew",
        "Fri 2 Jan 2026: 2 min 7 s\n6 s  R&D\n2 min 1 s  clew",
    ]
    assert cells(page.time, 1) == pytest.approx([127 / 60, 1441 / 60])


def test_a_click_on_a_day_lists_its_conversations(page: ChartsPage) -> None:
    plot = page.time.plot
    number = len(plot.marks) - 2
    spot = plot.mapFromScene(plot.view.mapViewToScene(plot.marks[number].area.center()))

    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    assert cells(sheet(page), 1) == ["2026-01-02 00:00", "2026-01-02 00:00"]
    assert cells(sheet(page), 2) == ["clew", "R&D"]
    assert cells(sheet(page), 3) == pytest.approx([121 / 60, 6 / 60])


def test_return_at_a_tool_lists_its_calls_and_opens_one(page: ChartsPage, db: Connection) -> None:
    opened: list[tuple[str, int]] = []
    page.opened.connect(lambda key, message: opened.append((key, message)))
    plot = page.tools.plot
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Home)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    shown = sheet(page)

    assert cells(shown, 2) == ["failed"] * 5 + ["went well"] * 20  # failed ones first
    QTest.keyClick(shown.table, Qt.Key.Key_Return)

    ((key, message),) = opened
    newest = (
        "SELECT message_id FROM call WHERE outcome = 'error' AND tool = 'Bash' ORDER BY at DESC"
    )
    assert db.execute(newest).fetchone() == (message,)
    assert conversations.one(db, key) is not None
    assert page.opener.sheet is None


def test_a_row_of_a_table_leads_where_its_mark_does(page: ChartsPage) -> None:
    page.tools.mode.choose("table")
    page.tools.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)

    page.tools.table.chosen.emit(1)

    assert sheet(page).windowTitle() == "Behind the chart"
    assert str(cells(sheet(page), 0)[0]).startswith(HOSTILE)
    assert len(cells(sheet(page), 0)) == 3


def test_an_hour_of_the_week_lists_who_was_at_work_then(page: ChartsPage) -> None:
    page.week.plot.chosen.emit(3 * 24)

    assert cells(sheet(page), 3) == [25]
    page.week.plot.chosen.emit(3 * 24 + 1)  # empty: nothing opens
    assert cells(sheet(page), 3) == [25]


def test_what_follows_failures_is_counted_and_opens_its_cases(page: ChartsPage) -> None:
    after = page.after
    first = after.plot.marks[0].tip

    assert first == "Bash failed, then: Same tool, as it was\n5 of 5 failures"
    assert after._cells._drawn.cells[0][0].text == "5"  # fewer than 20: no share
    after.plot.chosen.emit(0)
    assert cells(sheet(page), 2) == ["failed"] * 3
    assert sheet(page).note.text().startswith("3 of 5")


def test_slow_tools_have_their_median_and_their_slow_end(page: ChartsPage) -> None:
    (mark,) = page.slow.plot.marks

    assert mark.tip == "Bash\nmedian 1 s, 95 in 100 within 1 s\nn = 25, in all 25 s"
    assert cells(page.slow, 1) == [25, 3, 1]
    page.slow.plot.chosen.emit(0)
    assert len(cells(sheet(page), 0)) == 25


def test_weeks_tell_their_rate_and_list_what_failed(page: ChartsPage) -> None:
    (mark,) = page.better.plot.marks

    assert mark.tip.splitlines()[:2] == ["29 Dec 2025 – 4 Jan 2026", "6 of 29 calls failed"]
    assert cells(page.better, 2) == [6]
    page.better.plot.chosen.emit(0)
    assert cells(sheet(page), 2) == ["failed"] * 6


def test_outliers_open_their_conversation(page: ChartsPage, db: Connection) -> None:
    opened: list[str] = []
    page.opened.connect(lambda key, _message: opened.append(key))
    page.outliers.plot.chosen.emit(0)

    assert page.outliers.plot.marks[0].tip.endswith("clew\n1 prompt, 3,780 tokens")
    found = conversations.one(db, opened[0])
    assert found is not None
    assert found.tool_calls == 28


def test_runs_count_the_steps_after_each_prompt(page: ChartsPage) -> None:
    assert [page.runs.table.model_.value(row, 0) for row in range(2)] == [1, 28]
    assert [mark.tip for mark in page.runs.plot.marks if "0 prompts" not in mark.tip] == [
        "1 step: 1 prompt",
        "21–50 steps: 1 prompt",
    ]
    page.runs.plot.chosen.emit(7)
    assert cells(sheet(page), 0) == ["hello"]


def test_sequences_tell_chance_and_lift(page: ChartsPage) -> None:
    said = page.sequences.plot.marks[0].tip

    assert said.splitlines()[:2] == ["Bash → Bash", "24 times"]
    page.sequences.surprising.click()
    assert page.sequences.has_data


def test_files_and_the_context_are_told_and_open_their_places(rich: ChartsPage) -> None:
    (file,) = rich.files.plot.marks
    context = rich.context

    assert file.tip == "/home/ann/clew/a.py\nin clew\nread 4 ×, edited 0 ×"
    assert [value == "yes" for value in cells(context, 3)].count(True) == 1
    assert sum("compacted just before" in mark.tip for mark in context.plot.marks) == 1
    assert len(context.plot.leading) == len(context.plot.marks) == 9
    rich.files.plot.chosen.emit(0)
    assert len(cells(sheet(rich), 0)) == 3  # examples are kept of each


def test_a_scope_narrows_every_number(rich: ChartsPage) -> None:
    assert rich.figures.calls.value == "10"

    rich.bar.lane.choose("agents")
    assert rich.figures.calls.value == "1"
    assert cells(rich.tools, 0) == ["Grep"]
    assert rich.runs.empty.isVisibleTo(rich.runs)  # nobody prompts an agent but an agent
    assert rich.files.empty.isVisibleTo(rich.files)

    rich.bar.lane.choose("you")
    assert not rich.files.empty.isVisibleTo(rich.files)
    assert rich.figures.calls.value == "9"
    assert "Grep" not in cells(rich.tools, 0)

    rich.bar.model.pick(["claude-opus-4-6"])
    assert rich.bar.model.text().startswith("claude-opus")
    assert rich.figures.calls.value == "9"


def test_an_import_says_how_far_it_is(page: ChartsPage) -> None:
    page.show_import(0.714)
    assert page.bar.until.text().endswith("71 % read so far")
    page.show_import(None)
    assert "read so far" not in page.bar.until.text()


def test_what_is_not_analysed_yet_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    path = b.write(tmp_path / "a" / "a.jsonl", b.prompt("p"), *called("c", "Bash", 1))
    imports(tmp_path / "raw.clew", path)
    from core.store.connection import open_reader  # noqa: PLC0415  needed here only

    with closing(open_reader(tmp_path / "raw.clew")) as db:
        page = ChartsPage(AtOnce(db), now=lambda: NOW, zone=UTC)
        qtbot.addWidget(page)
        page.refresh()

    assert page.runs.empty.accessibleName() == "Still being analysed"
    said = page.findings.empty.accessibleDescription()
    assert said == "1 conversation is still to be analysed."
    assert page.tools.has_data


def test_findings_have_evidence_advice_and_an_end(rich: ChartsPage) -> None:
    marks: list[tuple[str, int]] = []
    rich.dismiss_wanted.connect(lambda key, cases: marks.append((key, cases)))
    card = rich.findings
    sleeping = next(row for row in card.rows if "slept" in row.told.finding.title)
    before = card.count

    sleeping.copying.click()
    assert QGuiApplication.clipboard().text() == sleeping.told.finding.act
    sleeping.evidence.click()
    assert all("sleep 30" in str(cell) for cell in cells(sheet(rich), 0))
    sleeping.dismissing.click()

    key = sleeping.told.finding.key
    assert (card.count, marks) == (before - 1, [(key, sleeping.told.finding.count)])
    assert rich.banner.isVisible()
    undo = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QApplication.sendEvent(rich, undo)
    assert (card.count, marks[-1]) == (before, (key, 0))
    assert not rich.banner.isVisible()


def test_dismissed_findings_can_be_looked_at_and_restored(rich: ChartsPage) -> None:
    card = rich.findings
    title = card.rows[0].told.finding.title
    before = card.count
    card.rows[0].dismissing.click()
    card.switch.click()

    (row,) = card.rows
    assert (row.told.finding.title, row.dismissing.text()) == (title, "Restore")
    row.dismissing.click()
    assert card.count == before


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_a_card_is_saved(rich: ChartsPage, tmp_path: Path, kind: str) -> None:
    said: list[str] = []
    rich.exporter.saved.connect(said.append)
    for at, card in enumerate(rich.cards):
        rich.exporter.save(card, kind, str(tmp_path / f"{at}.{kind}"))

    assert len(said) == len(rich.cards)
    first = (tmp_path / f"1.{kind}").read_bytes()
    if kind == "png":
        image = QImage.fromData(first)
        assert image.width() > 800
        spots = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
        colors = {image.pixelColor(x, y).name() for x, y in spots}
        assert {"#1f62e0", "#c01c28"} < colors  # bars, not an empty ground
    elif kind == "svg":
        assert b"Which tools are used, and which fail?" in first
        assert b"Bash" in first
    else:
        assert first.decode("utf-8-sig").splitlines()[0].startswith("Tool,Calls,Failed")


def test_a_saved_table_holds_no_formula(tmp_path: Path, page: ChartsPage) -> None:
    card = page.tools
    card.fill_table(card.table.model_.columns[:1], [('=HYPERLINK("x",1)',), ("a,b",)])
    page.exporter.save(card, "csv", str(tmp_path / "t.csv"))

    text = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    assert text == 'Tool\r\n"\'=HYPERLINK(""x"",1)"\r\n"a,b"\r\n'


def test_nothing_is_saved_where_transcripts_are(
    tmp_path: Path, db: Connection, qtbot: QtBot
) -> None:
    logs = tmp_path / "logs"
    page = ChartsPage(AtOnce(db), now=lambda: NOW, zone=UTC, guarded=lambda: (logs,))
    qtbot.addWidget(page)
    page.show()
    page.refresh()
    page.exporter.save(page.tools, "csv", str(logs / "t.csv"))

    assert not (logs / "t.csv").exists()
    assert page.banner.accessibleName().startswith("Nothing was written")


def test_the_menus_of_the_scope_choose_several(page: ChartsPage, db: Connection) -> None:
    keys = [option.key for option in page.bar.project._options]
    page.bar.project.pick(keys)

    assert page.bar.project.text() == "2 projects ▾"
    assert page.choice.projects == tuple(keys)
    assert page.figures.calls.value == "29"
    assert db.execute("SELECT count(*) FROM call WHERE counted = 1").fetchone() == (29,)


def test_a_menu_stays_open_while_options_are_checked(page: ChartsPage) -> None:
    page.bar.project.click()
    menu = page.bar.project.findChild(QMenu)
    assert menu is not None
    everything, _, *options = menu.actions()
    menu.setActiveAction(options[0])

    QTest.keyClick(menu, Qt.Key.Key_Space)

    assert menu.isVisible()
    assert not everything.isChecked()
    assert len(page.choice.projects) == 1
    everything.trigger()
    assert page.bar.project.text() == "All projects ▾"
    menu.close()


def test_every_mark_says_what_it_is(rich: ChartsPage, page: ChartsPage) -> None:
    for card in (*rich.cards[:-1], *page.cards[:-1]):
        for mark in card.plot.marks:
            assert mark.tip
            assert "\n" not in mark.spoken
