"""What is written now: what the list says of it, and that nothing moves under the reader."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.events import ConversationChanged, WatchDegraded, WatchRestored
from core.queries import conversations, live
from core.queries.conversations import Sort
from core.queries.live import Doing
from core.store.connection import open_reader
from desktop.main_window import MainWindow
from desktop.models import live_words
from desktop.models.conversation_cells import Role
from desktop.models.conversations import ConversationsModel
from desktop.views.library.pane import LibraryPane
from desktop.workers.throttle import Throttle
from tests import builders as b
from tests import library
from tests.desktop.shell.conftest import Opened, failing, key

NOW = int(datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp() * 1000)
START = int(b.START.timestamp() * 1000)
Fatal = QAbstractItemModelTester.FailureReportingMode.Fatal


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(kept: Path, clock: Clock, qapp: QApplication) -> Iterator[ConversationsModel]:
    made = ConversationsModel(clock=clock)
    tester = QAbstractItemModelTester(made, Fatal)
    with closing(open_reader(kept)) as db:
        made.open_library(db)
        yield made
    del tester


def grows(model: ConversationsModel, kept: Path, logs: Path, number: int, record: b.Record) -> None:
    """Append *record* to conversation *number* and merge that."""
    b.append(logs / f"{key(number)}.jsonl", *b.of(key(number), record))
    library.imports(kept, logs)
    model.note_growth([key(number)])


def state(model: ConversationsModel, number: int) -> object:
    return model.index_of(key(number)).data(Role.STATE)


def test_a_running_tool_is_named_with_a_clock_that_runs(
    model: ConversationsModel, clock: Clock, kept: Path, logs: Path
) -> None:
    at = (NOW - START) / 1000 - 42
    grows(model, kept, logs, 1, b.calls("c", "t", parent=f"{key(1)}-r", at=at))
    assert state(model, 1) == "working: Bash 0:42"

    clock.now += 61_000
    model.let_time_pass()

    assert state(model, 1) == "working: Bash 1:43"


def test_states_come_from_the_records_alone(
    model: ConversationsModel, kept: Path, logs: Path
) -> None:
    assert state(model, 1) == ""  # ended days ago
    grows(model, kept, logs, 1, b.prompt("q", "and now?", f"{key(1)}-r", at=90))
    assert state(model, 1) == "no reply yet"
    grows(model, kept, logs, 1, b.says("s", "This.", "q", at=95))
    assert state(model, 1) == "waiting for you"
    grows(model, kept, logs, 1, b.calls("c", "t", parent="s", at=None))
    assert state(model, 1) == "Bash: no result yet"


@pytest.mark.parametrize(
    ("ms", "said"), [(0, "0:00"), (59_999, "0:59"), (754_000, "12:34"), (3_723_000, "1:02:03")]
)
def test_a_clock_shows_minutes_and_hours(ms: int, said: str) -> None:
    assert live_words.since(ms) == said


def test_the_open_call_is_the_earliest_of_the_last_turn(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / f"{b.SESSION}.jsonl",
        b.prompt("p", "go", at=1),
        b.calls("c1", "t1", "Read", {"file_path": "/a"}, "p", api="m", at=2),
        b.calls("c2", "t2", parent="c1", api="m", at=3),
        b.answers("r1", "t1", "text", "c2", at=4),
    )
    with closing(library.imported(tmp_path / "l.clew", path)) as db:
        (row,) = conversations.page(db)

        assert live.doing(db, row.id) == Doing("Bash", START + 3000)
        assert live.doing(db, row.id + 1) is None


def test_what_is_live_stands_in_a_group_of_its_own_and_leaves_it(
    model: ConversationsModel, clock: Clock, kept: Path, logs: Path
) -> None:
    def group(number: int) -> object:
        return model.index_of(key(number)).parent().data()

    before = group(1)
    grows(model, kept, logs, 1, b.prompt("q", "and now?", f"{key(1)}-r", at=90))
    assert (group(1), model.index(0, 0).data()) == ("Live now", "Live now")
    model.refresh()
    assert group(1) == "Live now"

    clock.now += 121_000
    model.let_time_pass()

    assert group(1) == before
    model.note_growth([key(1)])
    model.arrange(sort=Sort.LONGEST)
    assert group(1) != "Live now"


def test_nothing_wakes_up_before_midnight_while_nothing_is_live(
    model: ConversationsModel, clock: Clock
) -> None:
    assert model.until_change() > 3_600_000
    model.note_growth([key(1)])
    assert model.until_change() == 1_000

    clock.now += 121_000
    model.let_time_pass()

    assert model.until_change() > 3_600_000


def test_the_pane_waits_for_midnight_unless_something_is_live(kept: Path, qtbot: QtBot) -> None:
    pane = LibraryPane()
    qtbot.addWidget(pane)
    with closing(open_reader(kept)) as db:
        pane.open_library(db)
        assert pane._tick.remainingTime() > 1_000
        pane.take(ConversationChanged(1, key(1), key(1), (), 0, regrouped=False))
        assert pane._tick.remainingTime() < 2_000
        pane.leave()


def test_a_screen_reader_says_what_is_being_done(
    model: ConversationsModel, kept: Path, logs: Path
) -> None:
    grows(model, kept, logs, 1, b.says("s", "This.", f"{key(1)}-r", at=95))

    spoken = model.index_of(key(1)).data(Qt.ItemDataRole.AccessibleTextRole)

    assert str(spoken).endswith("live, waiting for you")


def ys(window: MainWindow) -> dict[int, int]:
    rows = window.transcript.rows
    return {rows.rows.spine.ids[row]: y for row, y in rows.scroller.visible}


def test_growth_leaves_place_selection_focus_and_folds_as_they_are(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    logs = tmp_path / "logs"
    said = [b.says(f"z{n}", "word " * 60, f"z{n - 1}" if n else None, at=n) for n in range(40)]
    b.write(logs / f"{key(1)}.jsonl", *b.of(key(1), b.prompt("p", "go"), *said))
    b.write(logs / f"{key(2)}.jsonl", *failing(key(2), "run the tests", day=1))
    window = opened(tmp_path / "new.clew")
    with qtbot.waitSignal(window.import_ended, timeout=10_000):
        window.add([logs])
    row = window.list.model.row_at(window.list.model.index_of(key(1)))
    assert row is not None
    window.show_conversation(row)
    rows = window.transcript.rows
    rows.scroll_by(700)
    rows.setCurrentIndex(rows.rows.index(rows.scroller.top + 1))
    rows.setFocus()
    held, place, focus = rows.currentIndex().row(), ys(window), QApplication.focusWidget()

    many = [b.says(f"n{n}", f"news {n}", f"z{n}", at=100 + n) for n in range(30)]
    for number, record in enumerate(many):
        b.append(logs / f"{key(1)}.jsonl", *b.of(key(1), record))
        if number % 7 == 0:
            b.append(logs / f"{key(2)}.jsonl", *b.of(key(2), b.prompt(f"o{number}", "on")))
    qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 71, timeout=20_000)

    assert ys(window) == place
    assert rows.currentIndex().row() == held
    assert QApplication.focusWidget() is focus
    assert window.transcript.pill.isVisible()
    assert window.current is not None
    assert window.current.key == key(1)
    assert window.list.tree.currentIndex() == window.list.model.index_of(key(1))


def test_a_flood_is_shown_ten_times_a_second_and_its_first_line_at_once(qtbot: QtBot) -> None:
    parent = QObject()
    throttle = Throttle(100, parent)
    shown: list[int] = []
    throttle.due.connect(lambda: shown.append(1))

    throttle.poke()
    assert len(shown) == 1
    for _ in range(1000):
        throttle.poke()
    assert len(shown) == 1
    throttle.flush()

    assert len(shown) == 2


def test_what_is_not_watched_is_told_across_the_top_until_it_is_again(
    opened: Opened, kept: Path
) -> None:
    window = opened(kept)
    news = window._news
    news._show_degraded(WatchDegraded("The folder is not there."))
    assert window.banner.isVisible()
    assert window.banner.accessibleName() == "The folder is not there."

    news._show_restored(WatchRestored())

    assert not window.banner.isVisible()
    news._show_degraded(WatchDegraded("The folder is not there."))
    window.report("Something else.")
    news._show_restored(WatchRestored())
    assert window.banner.isVisible()
