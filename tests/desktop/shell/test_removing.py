"""Old conversations in the window: told in numbers, removed, nowhere on show, taken back."""

from contextlib import closing
from pathlib import Path

from pytestqt.qtbot import QtBot

from core.events import RemovalFinished
from core.queries import conversations, removals
from core.queries.removals import DAY_MS, DAYS_KEPT
from core.removal import performed
from core.store.connection import open_reader
from desktop import app as application
from desktop.main_window import MainWindow
from desktop.views.removal.sheet import RemovalSheet
from desktop.window.removing import Removing
from tests.desktop.shell.conftest import Opened, key
from tests.library import dump, order, sound, writing


def titles(window: MainWindow) -> set[str]:
    """Return what the list of *window* shows."""
    db = window.library
    assert db is not None
    return {row.title for row in conversations.page(db)}


def removing_of(window: MainWindow) -> Removing:
    """Return what gives orders in *window*."""
    found = window.findChild(Removing)
    assert found is not None
    return found


def sheet_of(window: MainWindow, qtbot: QtBot) -> RemovalSheet:
    """Open the sheet of *window*; return it when it has counted."""
    removing = removing_of(window)
    window.command("remove_old")
    qtbot.waitUntil(lambda: removing.sheet is not None, timeout=5_000)
    sheet = removing.sheet
    assert sheet is not None
    sheet.age.choose("90")
    qtbot.waitUntil(lambda: "3" in sheet.remove.text() or sheet.alone.isVisible(), timeout=5_000)
    return sheet


def test_what_is_removed_is_not_on_show_any_more_and_comes_back(
    kept: Path, opened: Opened, qtbot: QtBot
) -> None:
    with closing(open_reader(kept)) as db:
        before = dump(db)
    window = opened(kept)
    sheet = sheet_of(window, qtbot)
    assert "3 conversations, 7 messages" in sheet.figures.text()

    with qtbot.waitSignal(window.engine.removal_finished, timeout=10_000):
        sheet.remove.click()
    qtbot.waitUntil(lambda: window.current is None, timeout=5_000)
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 3, timeout=5_000)
    assert titles(window) == set()
    assert window.seen()["transcript_rows"] == 0
    assert "removed" in sheet.outcome.text()
    assert not sheet.remove.isEnabled()

    sheet.table.table.selectAll()
    with qtbot.waitSignal(window.engine.removal_finished, timeout=10_000):
        sheet.back.click()
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 0, timeout=5_000)
    qtbot.waitUntil(lambda: window.current is not None, timeout=5_000)
    window.close()
    opened.close()
    with closing(open_reader(kept)) as db:
        after = dump(db)
    # What costs and threads were is told by others: the window has made them meanwhile.
    assert [after[part] for part in ("search", "census")] == [before["search"], before["census"]]
    assert sound(kept)


def test_the_last_order_is_undone_by_a_command(kept: Path, opened: Opened, qtbot: QtBot) -> None:
    window = opened(kept)
    sheet = sheet_of(window, qtbot)
    with qtbot.waitSignal(window.engine.removal_finished, timeout=10_000):
        sheet.remove.click()
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 3, timeout=5_000)

    with qtbot.waitSignal(window.engine.removal_finished, timeout=10_000):
        window.command("undo_removal")

    assert len(titles(window)) == 3


def test_what_has_no_log_any_more_needs_a_tick_of_its_own(
    kept: Path, logs: Path, opened: Opened, qtbot: QtBot
) -> None:
    (logs / f"{key(1)}.jsonl").unlink()
    window = opened(kept)
    sheet = sheet_of(window, qtbot)

    assert "2 conversations" in sheet.remove.text()
    assert "1 conversation, 2 messages" in sheet.warning.text()
    sheet.alone.click()
    assert "3 conversations" in sheet.remove.text()


def test_deleting_for_good_needs_a_tick_of_its_own(
    kept: Path, opened: Opened, qtbot: QtBot
) -> None:
    window, sheet = choosing(kept, opened, qtbot)
    assert sheet.back.isEnabled()
    assert not sheet.forget.isEnabled()

    sheet.sure.click()
    with qtbot.waitSignal(window.engine.removal_finished, timeout=10_000):
        sheet.forget.click()

    with closing(open_reader(kept)) as db:
        assert [row.gone_at is None for row in removals.removed(db)] == [True, False]


def choosing(kept: Path, opened: Opened, qtbot: QtBot) -> tuple[MainWindow, RemovalSheet]:
    """Return the window of *kept* and its sheet, in which the first of two removals is chosen."""
    with writing(kept) as (db, _):
        performed(db, order(db, key(1), key(2)))
    window = opened(kept)
    sheet = sheet_of_removed(window, qtbot)
    sheet.table.table.selectRow(0)
    return window, sheet


def sheet_of_removed(window: MainWindow, qtbot: QtBot) -> RemovalSheet:
    """Open the sheet of *window*; return it when it lists what was removed."""
    removing = removing_of(window)
    window.command("remove_old")
    qtbot.waitUntil(
        lambda: removing.sheet is not None and removing.sheet.model.rowCount() > 0, timeout=5_000
    )
    assert removing.sheet is not None
    return removing.sheet


def test_what_was_removed_long_ago_is_deleted_for_good_at_the_next_start(
    kept: Path, opened: Opened, qtbot: QtBot
) -> None:
    with writing(kept) as (db, _):
        performed(db, order(db, key(1), key(2)))
        db.execute(
            "UPDATE removal SET removed_at = removed_at - ? WHERE conversation = ?",
            (DAYS_KEPT * DAY_MS + 1, key(1)),
        )
    window = opened.assembled(kept)
    with qtbot.waitSignal(window.engine.removal_finished, timeout=10_000):
        application.start_engine(window)

    with closing(open_reader(kept)) as db:
        found = {row.key: row.gone_at is None for row in removals.removed(db)}
    assert found == {key(1): False, key(2): True}


def test_nothing_runs_while_nothing_was_removed(kept: Path, opened: Opened) -> None:
    window = opened(kept)

    assert not removing_of(window)._daily.isActive()


def test_deleting_what_is_due_is_not_begun_again_when_it_could_not_be_done(
    kept: Path, opened: Opened, qtbot: QtBot
) -> None:
    with writing(kept) as (db, _):
        performed(db, order(db, key(1)))
        db.execute("UPDATE removal SET removed_at = 0")
        db.execute(
            "CREATE TRIGGER full BEFORE DELETE ON removed_rows "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    window = opened.assembled(kept)
    ends: list[RemovalFinished] = []
    window.engine.removal_finished.connect(ends.append)
    with qtbot.waitSignal(window.engine.removal_finished, timeout=10_000):
        application.start_engine(window)
    qtbot.waitUntil(lambda: not window.parts.queries.busy, timeout=5_000)
    with qtbot.waitSignal(window.engine.prices_read, timeout=5_000):
        window.engine.read_prices()  # whatever was ordered before has ended by then

    assert [one.trouble for one in ends] == ["the disk is full"]


def test_what_lost_its_log_meanwhile_waits_for_a_person_and_says_so(
    kept: Path, logs: Path, opened: Opened, qtbot: QtBot
) -> None:
    with writing(kept) as (db, _):
        performed(db, order(db, key(1)))
        db.execute("UPDATE removal SET removed_at = 0")
    (logs / f"{key(1)}.jsonl").unlink()
    window = opened(kept)
    sheet = sheet_of_removed(window, qtbot)

    assert "Only you can delete it" in sheet.notes.text()
    with closing(open_reader(kept)) as db:
        assert [row.gone_at for row in removals.removed(db)] == [None]


def test_the_word_that_it_cannot_be_undone_is_said_of_one_choice(
    kept: Path, opened: Opened, qtbot: QtBot
) -> None:
    _, sheet = choosing(kept, opened, qtbot)
    sheet.sure.click()
    assert sheet.forget.isEnabled()

    sheet.table.table.selectRow(1)
    assert not sheet.sure.isChecked()
    assert not sheet.forget.isEnabled()


def test_the_sheet_names_copies_of_the_library_that_hold_what_is_removed(
    kept: Path, opened: Opened, qtbot: QtBot
) -> None:
    with writing(kept) as (db, _):
        performed(db, order(db, key(1)))
    kept.with_name(f"{kept.name}.before-14").touch()
    sheet = sheet_of_removed(opened(kept), qtbot)

    assert f"{kept.name}.before-14" in sheet.notes.text()
