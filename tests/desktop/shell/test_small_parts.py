import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from core.config import agent_roots
from core.events import ImportFinished, ImportProgressed
from core.queries import search
from core.queries.search import CLOSE, OPEN
from core.queries.totals import Held
from desktop import __main__ as entry
from desktop import actions, settings
from desktop.look.widgets.text import ElidedLabel
from desktop.models.hits import HitsModel, Role, pieces
from desktop.models.problems import Column, ProblemsModel
from desktop.settings import Settings
from desktop.trail import Trail
from desktop.views.drop_overlay import DropOverlay
from desktop.views.status import StatusLine, progress_text
from desktop.views.welcome import Welcome
from desktop.workers.errands import Errands
from tests import builders, library
from tests.desktop.shell.conftest import key, talk

ROOT = Path(__file__).parents[3]
Fatal = QAbstractItemModelTester.FailureReportingMode.Fatal


def test_settings_come_back_as_they_were_kept(tmp_path: Path, qapp: object) -> None:
    chosen = Settings(
        theme="dark",
        text_scale=1.2,
        roots=(Path("/home/ada/a b"), Path("/srv/ü")),
        geometry=QByteArray(b"\x01\x02"),
        panes=(300, 600, 280),
        inspector=False,
        drawer=222,
        sort="longest",
        by_project=True,
        noise=True,
    )
    settings.save(tmp_path, chosen)

    assert settings.load(tmp_path) == chosen


def test_settings_that_are_damaged_are_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / "clew.ini").write_text("[look]\ntheme=pink\ntext_scale=big\n[window]\npanes=x\n")
    found = settings.load(tmp_path)

    assert (found.theme, found.text_scale, found.roots) == ("system", 1.0, ())


def test_one_root_is_a_list_of_one(tmp_path: Path) -> None:
    settings.save(tmp_path, Settings(roots=(Path("/one"),)))

    assert settings.load(tmp_path).roots == (Path("/one"),)


def test_the_folder_of_the_settings_can_be_named(tmp_path: Path) -> None:
    assert settings.folder({settings.VARIABLE: str(tmp_path)}) == tmp_path


def test_no_two_commands_share_a_name_or_a_key() -> None:
    ids = [command.id for command in actions.ACTIONS]
    shortcuts = [keys for command in actions.ACTIONS for keys in command.shortcuts]

    assert len(set(ids)) == len(ids)
    assert len(set(shortcuts)) == len(shortcuts)
    assert {command.menu for command in actions.ACTIONS} == {name for name, _ in actions.MENUS}


def test_a_trail_goes_back_and_forward_and_forgets_what_was_ahead() -> None:
    trail = Trail()
    for name in "abb":
        trail.go(name)
    assert (trail.can_go_back, trail.can_go_forward) == (True, False)
    assert trail.step(-1) == "a"
    assert trail.step(-1) is None
    assert trail.step(1) == "b"
    trail.step(-1)
    trail.go("c")
    assert not trail.can_go_forward
    assert trail.step(-1) == "a"


def test_what_replaces_another_takes_its_place_in_the_trail() -> None:
    trail = Trail()
    for name in "xyz":
        trail.swap(name)
    assert not trail.can_go_back
    trail.go("a")
    trail.swap("b")
    assert trail.step(-1) == "z"
    assert trail.step(1) == "b"


def test_what_matched_is_cut_out_of_a_snippet() -> None:
    assert pieces(f"…fix the {OPEN}auth{CLOSE}\n\t <b>race</b>") == (
        ("…fix the ", False),
        ("auth", True),
        (" <b>race</b>", False),
    )


def test_hits_stand_under_their_conversation_and_headings_are_stepped_over(
    tmp_path: Path, qapp: object
) -> None:
    for number in (1, 2):
        builders.write(tmp_path / "l" / f"{key(number)}.jsonl", *talk(key(number), "spindle"))
    with closing(library.imported(tmp_path, tmp_path / "l")) as db:
        found = search.find(db, "spindle")
    model = HitsModel()
    tester = QAbstractItemModelTester(model, Fatal)
    model.show(found.hits)

    assert found.total == 4
    assert model.conversations == 2
    assert model.rowCount() == 6
    first = model.next_hit(-1, 1)
    assert first == 1
    assert model.next_hit(2, 1) == 4
    assert model.next_hit(5, 1) == 5
    assert model.hit_at(model.index(0)) is None
    assert model.index(0).flags() == Qt.ItemFlag.NoItemFlags
    assert {model.index(row).data(Role.ROW).label for row in (1, 2)} == {"You", "Reply"}
    del tester


def test_problems_are_a_table_with_file_and_line(tmp_path: Path, qapp: object) -> None:
    path = builders.write(tmp_path / f"{key(1)}.jsonl", *talk(key(1), "hello"), "{<b>torn</b>\n")
    with closing(library.imported(tmp_path / "p.clew", path)) as db:
        model = ProblemsModel()
        tester = QAbstractItemModelTester(model, Fatal)
        model.open_library(db)
        told = [str(model.index(0, column).data()) for column in Column]
        copied = model.tsv([0]).splitlines()
        del tester

    assert told[Column.PLACE] == f"{key(1)}.jsonl:3"
    assert "JSON" in told[Column.REASON]
    assert told[Column.EXCERPT] == "{<b>torn</b>"
    assert copied[0].split("\t")[:3] == ["File", "Line", "Byte"]
    assert copied[1].split("\t")[:2] == [str(path), "3"]


def test_progress_is_one_line_and_a_rate_waits_until_it_means_something() -> None:
    early = ImportProgressed(3, 299, 7_000_000, 100_000_000, 0.2, "a.jsonl")
    later = ImportProgressed(84, 299, 71_000_000, 100_000_000, 2.0, "a.jsonl")

    assert progress_text(early) == "Reading 7 % · 3 of 299 files"
    assert progress_text(later) == "Reading 71 % · 84 of 299 files · 35.5 MB/s · 1 s left"


def test_the_status_line_has_room_for_all_of_the_progress(qtbot: QtBot) -> None:
    status = StatusLine()
    qtbot.addWidget(status)
    status.show_watching(on=True)
    status.show_progress(ImportProgressed(55, 159, 12_000_000, 32_200_000, 3.1, "a.jsonl"))
    status.resize(status.sizeHint().width() + 40, status.sizeHint().height())
    status.show()
    told = next(one for one in status.progress.findChildren(ElidedLabel) if "left" in one.text())
    assert told.width() >= told.sizeHint().width()


def test_the_status_line_says_how_an_import_ended(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show_end(ImportFinished(3, 2, 0, 10, 0.5, cancelled=True))
    assert line.news.text() == "Stopped; what was read is kept"
    assert not line.details.isVisibleTo(line)
    line.show_end(ImportFinished(3, 0, 0, 0, 0.1, cancelled=False))
    assert line.news.text() == "Everything is up to date"
    line.show_end(ImportFinished(0, 0, 0, 0, 0.1, cancelled=False))
    assert line.news.text() == "No transcripts were found there"


def test_the_status_line_says_what_an_import_recognised_and_leads_there(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    seen = (("claude-code", 299), ("codex", 13))
    line.show_end(ImportFinished(312, 2, 0, 10, 0.5, cancelled=False, others=4, formats=seen))
    assert line.news.text() == "316 files: 299 Claude Code, 13 Codex; 4 not recognised"
    assert line.details.isVisibleTo(line)
    with qtbot.waitSignal(line.health_wanted):
        line.details.click()
    more = (*seen, ("pi", 2), ("amp", 1), ("fx", 1))
    line.show_end(ImportFinished(316, 2, 0, 10, 0.5, cancelled=False, formats=more))
    assert line.news.text() == "316 files: 299 Claude Code, 13 Codex, 2 pi, 2 more formats"
    line.show_end(ImportFinished(0, 0, 0, 10, 0.5, cancelled=False, others=1))
    assert line.news.text() == "1 file; 1 not recognised"
    line.say("Copied")
    assert not line.details.isVisibleTo(line)


def test_the_status_line_links_to_problems_only_when_there_are_some(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show_totals(Held(1, 8, 0, 0))
    assert not line.problems.isVisibleTo(line)
    line.show_totals(Held(1, 8, 4, 0))
    assert line.problems.isVisibleTo(line)
    assert line.problems.text() == "4 problems"
    assert line.totals.text() == "1 conversation · 8 messages"


def test_the_welcome_page_counts_from_a_listing_and_offers_it(
    errands: Errands, logs: Path, qtbot: QtBot
) -> None:
    page = Welcome(errands)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.counted):
        page.look_at((logs,))
    assert page.said.startswith("Found 3 transcripts (")
    with qtbot.waitSignal(page.accepted) as told:
        QTest.keyClick(page.open, Qt.Key.Key_Return)
    assert told.args == [(logs,)]


def test_the_welcome_page_without_logs_offers_a_folder(errands: Errands, qtbot: QtBot) -> None:
    page = Welcome(errands)
    qtbot.addWidget(page)
    page.show()
    page.look_at(())

    assert not page.open.isVisible()
    with qtbot.waitSignal(page.choose_wanted):
        QTest.keyClick(page.choose, Qt.Key.Key_Return)


def test_the_welcome_page_names_the_agents_whose_logs_were_found(
    errands: Errands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    for name in (".claude/projects", ".codex/sessions", ".codex/archived_sessions"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    page = Welcome(errands)
    qtbot.addWidget(page)
    page.show()

    with qtbot.waitSignal(page.counted):
        page.look_at((*agent_roots(), tmp_path / "other"))

    assert page.where == [
        "Claude Code · ~/.claude/projects",
        "Codex · ~/.codex/sessions and 1 more",
        "~/other",
    ]


def test_the_overlay_says_what_a_drop_would_add(errands: Errands, logs: Path, qtbot: QtBot) -> None:
    window = StatusLine()
    qtbot.addWidget(window)
    overlay = DropOverlay(errands, window)
    with qtbot.waitSignal(overlay.counted):
        overlay.hover([logs])
    assert overlay.said()[0] == "Add 1 folder, 3 transcripts"
    with qtbot.waitSignal(overlay.accepted) as told:
        overlay.drop()
    assert told.args == [(logs,)]


def test_the_overlay_refuses_what_cannot_be_read(
    errands: Errands, tmp_path: Path, qtbot: QtBot
) -> None:
    window = StatusLine()
    qtbot.addWidget(window)
    overlay = DropOverlay(errands, window)
    letters = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for path in letters:
        path.write_bytes(b"%PDF")
    with qtbot.waitSignal(overlay.counted):
        overlay.hover(letters)
    assert overlay.said()[0] == "Nothing here that Clew can read: 2 PDF files"
    with qtbot.assertNotEmitted(overlay.accepted):
        overlay.drop()


def test_the_overlay_says_what_to_do_with_what_is_compressed(
    errands: Errands, tmp_path: Path, qtbot: QtBot
) -> None:
    window = StatusLine()
    qtbot.addWidget(window)
    overlay = DropOverlay(errands, window)
    (tmp_path / "logs.zip").write_bytes(b"PK\x03\x04")
    with qtbot.waitSignal(overlay.counted):
        overlay.hover([tmp_path / "logs.zip"])
    assert overlay.said() == (
        "Nothing here that Clew can read: 1 ZIP file",
        "Unpack what is compressed, then drop what was in it",
    )


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({"QT_QPA_PLATFORM": "xcb"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_window_needs_a_display(environment: dict[str, str], platform: str, there: bool) -> None:
    assert entry.has_display(environment, platform) is there


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=clean | environment,
        timeout=120,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_without_a_display_one_sentence_names_the_tour(tmp_path: Path) -> None:
    ended = run(str(tmp_path))

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert "make tour" in ended.stderr


def test_a_path_that_is_not_there_is_told_before_a_window_opens() -> None:
    ended = run("/no/such/place", QT_QPA_PLATFORM="offscreen")

    assert ended.returncode == 2
    assert "/no/such/place does not exist" in ended.stderr


def test_a_door_never_loads_qt(tmp_path: Path) -> None:
    code = (
        "import sys; from desktop.__main__ import main\n"
        f"code = main(['stats', '--library', {str(tmp_path / 'none.clew')!r}])\n"
        "assert not any(name.startswith('PySide6') for name in sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stderr


def test_memory_is_spared_before_anything_of_the_window_is_imported(
    tmp_path: Path, logs: Path
) -> None:
    code = (
        "import sys\n"
        "from desktop import __main__ as entry, thrift\n"
        "loaded = []\n"
        "spared = thrift.spare_memory\n"
        "def spare():\n"
        "    loaded.extend(name for name in sys.modules if name.startswith('PySide6'))\n"
        "    spared()\n"
        "thrift.spare_memory = spare\n"
        f"code = entry.main(['--smoke', {str(tmp_path / 'smoke.json')!r}, {str(logs)!r}])\n"
        "from shibokensupport import feature\n"
        "assert loaded == [], loaded\n"
        "assert feature._mod_uses_pyside is thrift._uses_no_feature\n"
        "sys.exit(code)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ended.returncode == 0, ended.stderr


def test_a_first_look_at_the_window_is_written_down(tmp_path: Path, logs: Path) -> None:
    out = tmp_path / "smoke.json"
    ended = run("--smoke", str(out), str(logs), QT_QPA_PLATFORM="offscreen")

    assert ended.returncode == 0, ended.stderr
    told = json.loads(out.read_text())
    assert told["rows"] == 3
    assert told["platform"] == "offscreen"
    assert told["transcript_rows"] > 0
    assert "Clew" in told["title"]


def test_a_model_of_nothing_is_well_behaved(qapp: object) -> None:
    for model in (HitsModel(), ProblemsModel()):
        tester = QAbstractItemModelTester(model, Fatal)
        assert model.rowCount(QModelIndex()) == 0
        del tester
