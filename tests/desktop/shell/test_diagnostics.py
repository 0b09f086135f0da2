"""The Diagnostics: what the sheet shows, what its buttons do, and the dot that leads to it."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.events import UpkeepFinished, UpkeepProgressed
from core.monitoring.alerts import Alert, Subject, alerts
from core.monitoring.pulse import Beat
from core.monitoring.report import Report, Writing, report
from core.monitoring.sampling import Sample, sample
from core.monitoring.upkeep import Task
from core.queries import conversations
from core.queries.archive import Figures
from core.store.checkpoints import Checkpointing, Run
from core.store.day import LastDay
from core.store.readers import Readers, Reading, Reads
from desktop.models import diagnostics_facts, diagnostics_words
from desktop.views.diagnostics.sheet import QUERIES, SETTINGS, SLOW, DiagnosticsSheet
from desktop.views.status_dot import StatusDot
from desktop.window import monitoring
from tests.desktop.shell.conftest import Opened

NOW = 1_760_000_000_000


@pytest.fixture
def told(kept: Path) -> Report:
    pool = Readers(kept)
    with closing(pool.keep()) as db:
        conversations.page(db)
        pool.timings.note("SELECT slow", 120.0, 3)
        ours = Writing(writer=(("synchronous", "NORMAL"),))
        return report(db, pool, sample(kept, reads=pool.facts()), ours)


@pytest.fixture
def sheet(qtbot: QtBot) -> Iterator[DiagnosticsSheet]:
    made = DiagnosticsSheet()
    qtbot.addWidget(made)
    yield made
    made.close()


def facts(told: Report) -> dict[str, str]:
    return {
        f"{group.title}: {fact.name}": fact.value
        for group in diagnostics_facts.groups(told, NOW)
        for fact in group.facts
    }


def test_the_overview_shows_what_was_measured(sheet: DiagnosticsSheet, told: Report) -> None:
    seen = replace(
        told.seen,
        memory=123_000_000,
        reads=Reads(3, 0, 12, 2, (Reading("charts", 0.25),)),
        beat=Beat(importing=True, waiting=2, lag=1.5, last_lag=0.004),
    )
    run = Run("PASSIVE", NOW, 12.5, busy=True, log=100, checkpointed=40, pinned_by=("charts",))
    done = Checkpointing(3, (("PASSIVE", 2), ("TRUNCATE", 1)), 1, 500, 12.5, 20.0, 21.0, run)
    sheet.show_report(replace(told, seen=seen, checkpoints=done))

    shown = {
        name: value.text()
        for (group, name), value in sheet.overview.values.items()
        if group != "Last 24 hours"
    }
    assert shown["Memory"].startswith("123 MB")
    assert shown["Doing"] == "importing"
    assert shown["Waiting"] == "2 files, 0 commands"
    assert shown["Lag"] == "1.5 s"
    assert shown["Last file"] == "4.0 ms"
    assert shown["Connections"] == "3"
    assert shown["Reading now"] == "1"
    assert shown["Oldest"] == "250 ms, charts"
    assert shown["Ended"] == "12, 2 stopped"
    assert shown["Checkpoints"] == "2 PASSIVE, 1 TRUNCATE"
    assert shown["They took"] == "p50 12 ms, p95 20 ms, longest 21 ms"
    assert shown["Held back"] == "1"
    assert shown["Last one"].endswith("40 of 100 pages, passing by")


def test_the_last_day_is_told_in_numbers(told: Report) -> None:
    day = LastDay(
        minutes=57, commits=300, log=12_000_000, log_p95=4_000_000,
        checkpoints=34, held=2, longest=62.0, longest_p95=50.0,
        reads=1234, reading=3, reading_p95=2, read=120.0,
    )  # fmt: skip
    said = facts(replace(told, day=day))
    calm = facts(replace(told, day=LastDay()))

    assert said["Last 24 hours: Busy"] == "57 minutes"
    assert said["Last 24 hours: Log"] == "12 MB at most, p95 4 MB"
    assert said["Last 24 hours: Checkpoints"] == "34, longest 62 ms; 2 held back"
    assert said["Last 24 hours: Reads"] == "1,234, longest 120 ms"
    assert said["Last 24 hours: At once"] == "3 at most, p95 2"
    assert calm["Last 24 hours: Log"] == "–"
    assert calm.keys() == said.keys()


def test_a_library_without_a_log_says_so(told: Report) -> None:
    said = "Write-ahead log: Kept with"

    assert facts(told)[said] == "a write-ahead log"
    journal = facts(replace(told, reader=(("journal_mode", "delete"),)))
    assert journal[said] == "a rollback journal"


def test_whether_others_are_kept_from_writing_is_told(told: Report) -> None:
    said = "Write-ahead log: Other writers"

    assert facts(told)[said] == "kept out"
    assert facts(replace(told, unlocked="No lock can be had."))[said] == "not kept out"


def test_the_archive_is_told_in_files_and_bytes(told: Report) -> None:
    kept_logs = Figures(3, 4_000_000, 2, 1_100_000, 0, on=True)
    ways = (kept_logs, replace(kept_logs, due=2), replace(kept_logs, on=False))
    said = [facts(replace(told, archive=one))["Memory and disk: Original logs"] for one in ways]

    assert said == [
        "3 files, 4 MB, packed 1.1 MB",
        "3 files, 4 MB, packed 1.1 MB; 2 to be read",
        "3 files, 4 MB, packed 1.1 MB; no more are kept",
    ]


def test_every_number_says_what_it_is(told: Report) -> None:
    groups = diagnostics_facts.groups(told, NOW)

    bare = [fact.name for group in groups[:-1] for fact in group.facts if not fact.tip]
    assert set(bare) <= {"Doing", "Watched", "Last one"}  # words, or nothing yet


def test_queries_stand_with_their_times_and_the_chosen_one_with_its_plan(
    sheet: DiagnosticsSheet, told: Report
) -> None:
    sheet.show_report(told)
    sheet.part.choose(QUERIES)
    sheet.show()
    names = [sheet.queries.query(row).name for row in range(sheet.queries.rowCount())]
    assert "conversations.pages[recent, False, False]" in names
    assert sheet.plan.text() == "Choose a query to see how SQLite runs it."

    row = names.index("conversations.pages[recent, False, False]")
    table = sheet._pages[QUERIES].table
    table.selectRow(row)

    looks_up = "SEARCH conversation USING INDEX conversation_by_time"
    assert looks_up in sheet.plan.text()
    sheet.show_report(told)  # a new look keeps the choice
    assert looks_up in sheet.plan.text()


def test_slow_queries_and_settings_have_their_tables(sheet: DiagnosticsSheet, told: Report) -> None:
    sheet.show_report(told)

    assert sheet.slow.value(0, 0) == "SELECT slow"
    by_name = {
        sheet.settings.value(row, 0): sheet.settings.value(row, 1)
        for row in range(sheet.settings.rowCount())
    }
    assert by_name["synchronous"] == "NORMAL"
    for part in (SLOW, SETTINGS):
        sheet.part.choose(part)
        assert sheet._stack.currentWidget() is sheet._pages[part]


def test_it_asks_again_only_while_it_is_on_show(sheet: DiagnosticsSheet) -> None:
    assert not sheet._timer.isActive()

    sheet.show()
    assert sheet._timer.isActive()
    sheet.hide()

    assert not sheet._timer.isActive()


def test_a_button_asks_for_its_task_and_waits_for_its_end(
    sheet: DiagnosticsSheet, qtbot: QtBot
) -> None:
    sheet.show()
    with qtbot.waitSignal(sheet.task_wanted) as asked:
        sheet.tasks[Task.CHECK].click()
    assert asked.args == [Task.CHECK]
    assert not any(button.isEnabled() for button in sheet.tasks.values())

    sheet.show_progress(UpkeepProgressed("check", "integrity", 0, 9))
    assert sheet.progress.isVisible()
    with qtbot.waitSignal(sheet.wanted):
        end = UpkeepFinished("check", False, True, ("integrity: ok",), "", 1.25)
        sheet.show_end(end)

    assert all(button.isEnabled() for button in sheet.tasks.values())
    assert sheet.outcome.text() == "Check: all 1 checks passed, in 1.3 s."


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (("compact", True, True, (), "", 1.0), "Compact: stopped; what was done is kept."),
        (("optimise", False, True, (), "", 2.0), "Optimise: done in 2 s."),
        (("reindex", False, False, (), "disk full", 2.0), "Rebuild search index: disk full"),
        (
            ("check", False, False, ("a: ok", "b: 3 wrong"), "", 2.0),
            "Check: b: 3 wrong",
        ),
    ],
)
def test_how_it_ended_is_said(
    event: tuple[str, bool, bool, tuple[str, ...], str, float], said: str
) -> None:
    assert diagnostics_words.ended(UpkeepFinished(*event)) == said


def test_all_can_be_copied_without_any_text_of_a_log(sheet: DiagnosticsSheet, told: Report) -> None:
    sheet.show_report(told)
    sheet._copy()

    copied = QGuiApplication.clipboard().text()
    assert json.loads(copied)["slow"][0]["name"] == "SELECT slow"
    assert "loom" not in copied


@pytest.mark.parametrize("subject", Subject)
def test_every_alert_has_its_sentence(subject: Subject) -> None:
    for serious in (True, False):
        alert = Alert(subject, serious, 5 << 30, 6 << 30, "charts")

        assert diagnostics_words.sentence(alert)


def test_the_dot_says_how_things_are_in_words_too(qtbot: QtBot, told: Report) -> None:
    dot = StatusDot()
    qtbot.addWidget(dot)
    assert dot.accessibleName() == "Diagnostics: Everything works."
    found = alerts(replace(told.seen, wal=100 << 20))

    dot.say(diagnostics_words.health(found), diagnostics_words.state(found))

    assert dot.health == "warning"
    assert "write-ahead log has grown" in dot.accessibleName()
    assert "Show Diagnostics" in dot.toolTip()
    assert not dot.grab().isNull()


def test_the_dot_of_the_window_opens_the_diagnostics(
    opened: Opened, kept: Path, qtbot: QtBot
) -> None:
    window = opened(kept)

    window.status.dot.click()

    sheet = window.findChild(DiagnosticsSheet)
    assert isinstance(sheet, DiagnosticsSheet)
    qtbot.waitUntil(lambda: sheet.queries.rowCount() > 0)
    assert sheet.state.text() == "Everything works."
    with qtbot.waitSignal(window.engine.upkeep_finished):
        sheet.tasks[Task.OPTIMISE].click()
    qtbot.waitUntil(lambda: sheet.outcome.text().startswith("Optimise: done"))


def test_a_closed_sheet_is_gone_once_nothing_runs(opened: Opened, kept: Path, qtbot: QtBot) -> None:
    window = opened(kept)
    watcher = window.findChild(monitoring.Monitoring)
    assert isinstance(watcher, monitoring.Monitoring)
    window.status.dot.click()
    sheet = watcher.sheet
    assert sheet is not None
    sheet.show_progress(UpkeepProgressed("check", "integrity", 0, 9))

    sheet.close()
    assert watcher.sheet is sheet
    sheet.show_end(UpkeepFinished("check", False, True, (), "", 1.0))
    window.status.dot.click()
    assert sheet.outcome.isVisible()

    with qtbot.waitSignal(sheet.destroyed):
        sheet.close()
    window.status.dot.click()
    assert watcher.sheet not in {None, sheet}


def test_an_alert_is_told_across_the_top_once(
    opened: Opened, kept: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(kept)
    watcher = window.findChild(monitoring.Monitoring)
    assert isinstance(watcher, monitoring.Monitoring)
    qtbot.waitUntil(lambda: not window.parts.errands.busy)
    full = replace(sample(kept), free=1_000_000)

    watcher._show_sample(full)
    assert window.banner.isVisible()
    assert window.status.dot.health == "failed"
    window.banner.hide()
    watcher._show_sample(full)
    assert not window.banner.isVisible()

    watcher._show_sample(sample(kept))
    watcher._show_sample(full)
    assert window.banner.isVisible()


def test_while_nothing_happens_nothing_is_looked_at(
    opened: Opened, kept: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring, "_LAST_MS", 10)
    looks: list[Path] = []

    def look(library: Path, **given: Any) -> Sample:
        looks.append(library)
        return sample(library, **given)

    monkeypatch.setattr(monitoring, "sample", look)
    window = opened(kept)
    watcher = window.findChild(monitoring.Monitoring)
    assert isinstance(watcher, monitoring.Monitoring)
    qtbot.waitUntil(lambda: len(looks) >= 1 and not watcher._last.isActive())
    qtbot.waitUntil(lambda: not watcher._news._timer.isActive(), timeout=10_000)

    assert not watcher._last.isActive()
    assert watcher.sheet is None


def test_readers_of_the_window_are_counted(opened: Opened, kept: Path) -> None:
    window = opened(kept)

    assert window.parts.queries.readers.facts().open >= 1
