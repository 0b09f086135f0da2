"""What the dashboard asks of the window: a place in a transcript, and what is kept of findings."""

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.views.charts.page import ChartsPage
from tests import builders as b
from tests.desktop.shell.conftest import key

Opens = Callable[..., MainWindow]


def charts(window: MainWindow, qtbot: QtBot) -> ChartsPage:
    window.show_page("charts")
    qtbot.waitUntil(lambda: not window.parts.queries.busy, timeout=10_000)
    page = window.charts
    assert page is not None
    return page


def test_a_mark_leads_to_its_message(opened: Opens, kept: Path, qtbot: QtBot) -> None:
    window = opened(kept)
    page = charts(window, qtbot)
    assert window.library is not None
    (message,) = window.library.execute(
        "SELECT id FROM message WHERE uuid = ?", (f"{key(2)}-c",)
    ).fetchone()

    page.opened.emit(key(2), message)

    assert window.page == "library"
    assert window.current is not None
    assert window.current.key == key(2)
    assert window.windowTitle().endswith("– Clew")


def test_a_conversation_that_is_gone_is_told(opened: Opens, kept: Path, qtbot: QtBot) -> None:
    window = opened(kept)
    charts(window, qtbot).opened.emit("nowhere", 0)

    assert "no longer in the library" in window.banner.accessibleName()


def test_what_a_person_says_of_a_finding_is_kept(opened: Opens, kept: Path, qtbot: QtBot) -> None:
    window = opened(kept)
    page = charts(window, qtbot)
    db = window.library
    assert db is not None
    marks = "SELECT dismissed_at > 0, acted_at > 0 FROM finding_mark WHERE key = 'k'"

    page.dismiss_wanted.emit("k", 5)
    page.track_wanted.emit("k", True)
    qtbot.waitUntil(lambda: db.execute(marks).fetchone() == (1, 1), timeout=10_000)
    page.dismiss_wanted.emit("k", 0)
    qtbot.waitUntil(lambda: db.execute(marks).fetchone() == (None, 1), timeout=10_000)


def test_nothing_is_saved_where_transcripts_are_followed(
    opened: Opens, kept: Path, logs: Path, qtbot: QtBot
) -> None:
    window = opened(kept, settings=Settings(roots=(logs,)))
    page = charts(window, qtbot)

    page.exporter.save(page.tools, "csv", str(logs / "table.csv"))

    assert not (logs / "table.csv").exists()
    assert page.banner.isVisible()


def test_an_import_is_told_while_it_goes_on(
    opened: Opens, kept: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = opened(kept)
    page = charts(window, qtbot)
    b.write(tmp_path / "more" / "a.jsonl", b.prompt("p"), b.says("r"))

    with qtbot.waitSignal(window.import_ended, timeout=10_000):
        window.add([tmp_path / "more"])

    assert "read so far" not in page.bar.until.text()
