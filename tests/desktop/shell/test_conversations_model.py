from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from core.queries.conversations import Sort
from core.store.connection import open_reader
from desktop.models.conversation_branches import NO_INDEX
from desktop.models.conversation_cells import Role
from desktop.models.conversation_words import project_name
from desktop.models.conversations import PAGE, ConversationsModel
from tests import builders, library
from tests.desktop.shell.conftest import failing, key, talk

NOW = int(datetime(2026, 1, 3, 12, tzinfo=UTC).timestamp() * 1000)
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
def db(kept: Path) -> Iterator[Connection]:
    reader = open_reader(kept)
    yield reader
    reader.close()


@pytest.fixture
def model(db: Connection, clock: Clock, qapp: object) -> Iterator[ConversationsModel]:
    made = ConversationsModel(clock=clock)
    tester = QAbstractItemModelTester(made, Fatal)
    made.open_library(db)
    yield made
    del tester


@pytest.fixture
def by_project(db: Connection, clock: Clock, qapp: object) -> Iterator[ConversationsModel]:
    """Grouped before it is watched: the tester fetches inside a reset, and then blames us."""
    made = ConversationsModel(clock=clock)
    made.open_library(db)
    made.arrange(by_project=True)
    tester = QAbstractItemModelTester(made, Fatal)
    yield made
    del tester


def shown(model: ConversationsModel, parent: QModelIndex = NO_INDEX) -> list[object]:
    """Return the titles below *parent*; of everything, with the groups in front."""
    found: list[object] = []
    for number in range(model.rowCount(parent)):
        index = model.index(number, 0, parent)
        found.append(index.data())
        if not parent.isValid():
            found += [f"  {title}" for title in shown(model, index)]
    return found


def test_days_are_groups_and_the_newest_is_first(model: ConversationsModel) -> None:
    assert shown(model) == [
        "Yesterday",
        "  bump the spindle",
        "  run the tests",
        "Thursday 1 January",
        "  why does the loom stop",
    ]


def test_projects_are_groups_with_their_counts(db: Connection, clock: Clock) -> None:
    model = ConversationsModel(clock=clock)
    model.open_library(db)
    model.arrange(by_project=True)
    groups = [model.index(row, 0) for row in range(model.rowCount())]

    assert [(g.data(), g.data(Role.GROUP).total) for g in groups] == [
        ("spindle", 1),
        ("clew", 1),
        ("loom", 1),
    ]
    assert model.hasChildren(groups[0])
    assert model.rowCount(groups[0]) == 0


def test_a_project_is_read_when_it_is_opened(by_project: ConversationsModel) -> None:
    model = by_project
    group = model.index(0, 0)
    model.fetchMore(group)

    assert shown(model, group) == ["bump the spindle"]
    assert not model.canFetchMore(group)


def test_failures_sort_into_groups(model: ConversationsModel) -> None:
    model.arrange(sort=Sort.ERRORS)

    assert shown(model)[:3] == ["1 to 9 failures", "  run the tests", "Nothing failed"]


def test_one_project_can_be_shown_alone(model: ConversationsModel) -> None:
    model.arrange(project="/srv/spindle")

    assert shown(model) == ["Yesterday", "  bump the spindle"]


def longer(session: str, turns: int, *, cwd: str = "/home/ada/loom") -> list[Any]:
    made = [builders.prompt(f"{session}-0", f"{turns} turns", at=9e5, cwd=cwd)]
    made += [
        builders.says(f"{session}-{n}", f"Turn {n}.", f"{session}-{n - 1}", at=9e5 + n, cwd=cwd)
        for n in range(1, turns)
    ]
    return builders.of(session, *made)


def test_one_project_can_be_shown_by_length(
    model: ConversationsModel, kept: Path, logs: Path
) -> None:
    builders.write(logs / f"{key(8)}.jsonl", *longer(key(8), 40))
    builders.write(logs / f"{key(9)}.jsonl", *longer(key(9), 50, cwd="/srv/spindle"))
    library.imports(kept, logs)
    model.arrange(sort=Sort.LONGEST, project="/home/ada/loom")
    assert model.order is Sort.LONGEST
    assert shown(model) == [
        "30 to 99 messages",
        "  40 turns",
        "Fewer than 30 messages",
        "  why does the loom stop",
    ]

    builders.write(logs / f"{key(7)}.jsonl", *longer(key(7), 45))
    library.imports(kept, logs)
    model.refresh()
    assert shown(model)[:3] == ["30 to 99 messages", "  45 turns", "  40 turns"]


def test_one_project_can_be_shown_by_failures(model: ConversationsModel) -> None:
    model.arrange(sort=Sort.ERRORS, project="/home/ada/clew")

    assert shown(model) == ["1 to 9 failures", "  run the tests"]


def test_conversations_keep_the_order_within_their_projects(
    db: Connection, clock: Clock, kept: Path, logs: Path
) -> None:
    builders.write(logs / f"{key(8)}.jsonl", *longer(key(8), 40))
    builders.write(logs / f"{key(9)}.jsonl", *talk(key(9), "newest of all", day=30))
    library.imports(kept, logs)
    model = ConversationsModel(clock=clock)
    model.open_library(db)
    model.arrange(sort=Sort.LONGEST, by_project=True)
    loom = model.index(0, 0)
    model.fetchMore(loom)

    assert shown(model, loom) == ["40 turns", "newest of all", "why does the loom stop"]


def test_a_row_speaks_one_sentence(model: ConversationsModel) -> None:
    row = model.index(1, 0, model.index(0, 0))
    said = str(row.data(Qt.ItemDataRole.AccessibleTextRole))

    assert said.startswith("run the tests, project clew, Yesterday ")
    assert said.endswith(", 1 prompt, 1 failed tool call, Cut off")


def test_a_title_that_looks_like_html_stays_what_it_is(
    tmp_path: Path, clock: Clock, qapp: object
) -> None:
    path = builders.write(tmp_path / f"{key(9)}.jsonl", *talk(key(9), "<b>why</b> & how"))
    with closing(library.imported(tmp_path / "html.clew", path)) as db:
        model = ConversationsModel(clock=clock)
        model.open_library(db)
        row = model.index(0, 0, model.index(0, 0))

        assert row.data() == "<b>why</b> & how"
        assert "&lt;b&gt;why" in row.data(Qt.ItemDataRole.ToolTipRole)


def test_a_new_conversation_comes_to_its_place_and_the_selection_stays(
    model: ConversationsModel, kept: Path, logs: Path
) -> None:
    chosen = QPersistentModelIndex(model.index_of(key(1)))
    new = builders.write(logs / f"{key(4)}.jsonl", *talk(key(4), "spin again", day=2))
    library.imports(kept, new)
    model.refresh()

    assert shown(model)[:2] == ["Today", "  spin again"]
    assert chosen.data() == "why does the loom stop"


def test_a_conversation_that_goes_on_moves_up_and_is_live(
    model: ConversationsModel, kept: Path, logs: Path
) -> None:
    held = QPersistentModelIndex(model.index_of(key(1)))
    more = builders.prompt(f"{key(1)}-q", "and now?", f"{key(1)}-r", at=2 * 86_400.0)
    builders.append(logs / f"{key(1)}.jsonl", *builders.of(key(1), more))
    library.imports(kept, logs)
    model.note_growth([key(1)])

    assert shown(model)[:2] == ["Live now", "  why does the loom stop"]
    assert shown(model).count("Thursday 1 January") == 0
    assert held.parent().data() == "Live now"
    assert held.data(Role.LIVE)


def test_live_ends_after_two_minutes(model: ConversationsModel, clock: Clock) -> None:
    model.note_growth([key(1)])
    clock.now += 121_000
    model.let_time_pass()

    assert not model.index_of(key(1)).data(Role.LIVE)


def test_days_are_named_anew_after_midnight(model: ConversationsModel, clock: Clock) -> None:
    clock.now += 24 * 3_600_000
    model.let_time_pass()

    assert "Yesterday" not in shown(model)


def test_a_long_list_is_read_a_page_at_a_time(tmp_path: Path, clock: Clock, qapp: object) -> None:
    lines = [
        builders.write(
            tmp_path / "many" / f"{key(number)}.jsonl",
            *talk(key(number), f"talk {number}", day=number),
        ).parent
        for number in range(PAGE + 30)
    ]
    db = library.imported(tmp_path / "many.clew", lines[0])
    model = ConversationsModel(clock=clock)
    model.open_library(db)
    assert model.loaded == PAGE
    assert model.canFetchMore(NO_INDEX)

    tester = QAbstractItemModelTester(model, Fatal)
    model.fetchMore(NO_INDEX)

    assert model.loaded == PAGE + 30
    assert not model.canFetchMore(NO_INDEX)
    model.refresh()
    assert model.loaded == PAGE + 30
    del tester
    db.close()


def test_changes_in_a_list_by_project_are_merged(
    by_project: ConversationsModel, kept: Path, logs: Path
) -> None:
    model = by_project
    model.fetchMore(model.index(2, 0))
    builders.write(logs / f"{key(5)}.jsonl", *talk(key(5), "one more", day=2))
    builders.write(logs / f"{key(6)}.jsonl", *failing(key(6), "broken again", day=2))
    library.imports(kept, logs)
    model.refresh()
    model.note_growth([key(5)])

    groups = {model.index(row, 0).data(): model.index(row, 0) for row in range(model.rowCount())}
    assert groups["loom"].data(Role.GROUP).total == 2
    assert shown(model, groups["loom"]) == ["one more", "why does the loom stop"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/home/ada/loom", "loom"),
        ("C:\\work\\loom", "loom"),
        ("/", "No project"),
        ("", "No project"),
    ],
)
def test_a_project_is_called_by_its_last_folder(folder: str, name: str) -> None:
    assert project_name(folder) == name
