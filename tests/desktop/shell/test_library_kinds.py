"""Rows that are no usual conversations, how rows ended, and what is hidden at first."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from core.measures.endings import Ending
from core.queries import conversations
from core.queries.conversations import Bucket, ConversationRow
from core.store.connection import open_reader
from desktop.models.conversation_cells import Role
from desktop.models.conversation_endings import ending
from desktop.models.conversations import ConversationsModel
from desktop.settings import Settings
from tests import builders, library
from tests.desktop.shell.conftest import Opened, key

GONE = "Only the prompts are left: the transcript was deleted before Clew read it."


@pytest.fixture
def mixed(tmp_path: Path, kept: Path, logs: Path) -> Path:
    """`kept`, with a prompt whose transcript is gone, a warm-up, and a Codex session."""
    history = tmp_path / ".claude" / "history.jsonl"
    line = {"display": "wind it up", "pastedContents": {}, "timestamp": 1_767_398_400_000}
    history.parent.mkdir()
    history.write_text(json.dumps(line | {"project": "/home/ada/loom", "sessionId": key(7)}) + "\n")
    builders.agent_file(
        logs,
        key(8),
        "abc",
        builders.prompt("w1", "Warmup", at=90.0, cwd="/srv/warm"),
        builders.says("w2", "Ready.", "w1", at=91.0, cwd="/srv/warm"),
    )
    library.imports(kept, history, logs)
    return kept


@pytest.fixture
def codex(tmp_path: Path) -> Path:
    """A session of another format."""
    path = tmp_path / "rollout-2026-01-02T10-00-00-00000009-aaaa-4bbb-8ccc-000000000000.jsonl"
    at = "2026-01-02T10:00:00.000Z"
    meta = {"id": key(9), "timestamp": at, "cwd": "/srv/spindle", "cli_version": "0.46.0"}
    said = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "spin"}]}
    lines = [
        {"timestamp": at, "type": "session_meta", "payload": meta},
        {"timestamp": at, "type": "response_item", "payload": said},
        {
            "timestamp": at,
            "type": "event_msg",
            "payload": {"type": "user_message", "message": "spin"},
        },
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def db(mixed: Path) -> Iterator[Connection]:
    reader = open_reader(mixed)
    yield reader
    reader.close()


@pytest.fixture
def model(db: Connection, qapp: object) -> Iterator[ConversationsModel]:
    made = ConversationsModel()
    made.open_library(db)
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield made
    del tester


def tip(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.ToolTipRole))


def row_of(db: Connection, bucket: Bucket) -> ConversationRow:
    return next(row for row in conversations.page(db, noise=True) if row.bucket == bucket)


def test_every_ending_has_words_but_that_of_nothing(db: Connection) -> None:
    row = row_of(db, Bucket.WHOLE)
    found = {one: ending(replace(row, ending=one)) for one in Ending}

    assert found.pop(Ending.NONE) is None
    assert [shown.words for shown in found.values() if shown] == [
        "Waiting for you",
        "A tool call is pending",
        "Cut off",
        "Left",
        "The API failed",
    ]
    assert len({shown.icon for shown in found.values() if shown}) == len(found)


def test_a_row_tells_how_it_ended_unless_it_goes_on(model: ConversationsModel) -> None:
    index = model.index_of(key(1))
    assert "Waiting for you" in tip(index)
    assert str(index.data(Qt.ItemDataRole.AccessibleTextRole)).endswith("Waiting for you")

    model.note_growth([key(1)])
    assert "Waiting for you" not in tip(model.index_of(key(1)))


def test_prompts_without_a_transcript_say_so(model: ConversationsModel) -> None:
    index = model.index_of(key(7))

    assert index.data(Role.KIND) == "Prompts only"
    assert GONE in tip(index)
    assert "Cut off" not in tip(index)


def test_what_a_program_did_for_itself_is_hidden_until_it_is_asked_for(
    model: ConversationsModel, db: Connection
) -> None:
    warm = row_of(db, Bucket.NOISE).key
    model.note_growth([warm])
    assert not model.index_of(warm).isValid()

    model.show_noise(True)
    assert model.index_of(warm).data(Role.KIND) == "Automatic"
    model.refresh()
    assert model.index_of(warm).isValid()

    model.show_noise(False)
    assert not model.index_of(warm).isValid()


def test_a_project_of_nothing_else_comes_with_what_is_hidden(db: Connection, qapp: object) -> None:
    model = ConversationsModel()
    model.open_library(db)
    model.arrange(by_project=True)
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    model.show_noise(True)

    assert "warm" not in names
    assert "warm" in [model.index(row, 0).data() for row in range(model.rowCount())]


def test_the_format_is_named_where_there_are_several(
    model: ConversationsModel, mixed: Path, codex: Path
) -> None:
    assert model.index_of(key(1)).data(Role.KIND) == ""

    library.imports(mixed, codex)
    told: list[list[int]] = []
    model.dataChanged.connect(lambda _first, _last, roles: told.append(roles))
    model.refresh()

    assert model.index_of(key(1)).data(Role.KIND) == "Claude Code"
    assert model.index_of(key(9)).data(Role.KIND) == "Codex"
    assert [Role.KIND] in told


def test_the_menu_counts_what_is_hidden_and_remembers_the_choice(
    opened: Opened, mixed: Path
) -> None:
    window = opened(mixed)
    menu = window.list.menu
    assert menu.noise.isVisible()
    assert menu.noise.text() == "Show 1 hidden"
    assert "warmed up" in menu.noise.toolTip()
    before = window.list.model.loaded

    menu.noise.trigger()
    assert window.list.model.loaded == before + 1
    assert window.settings.noise

    window.list.show_project("/home/ada/loom")
    assert not menu.noise.isVisible()


def test_the_choice_comes_back(opened: Opened, mixed: Path, db: Connection) -> None:
    window = opened(mixed, settings=Settings(noise=True))

    assert window.list.menu.noise.isChecked()
    assert window.list.model.index_of(row_of(db, Bucket.NOISE).key).isValid()


def test_a_transcript_that_is_gone_is_explained_above_its_prompts(
    opened: Opened, mixed: Path, db: Connection, qtbot: QtBot
) -> None:
    window = opened(mixed)
    notice = window.transcript.header.notice
    window.show_conversation(row_of(db, Bucket.GHOST))
    assert notice.isVisible()
    assert notice.accessibleName() == GONE

    window.show_conversation(row_of(db, Bucket.WHOLE))
    assert not notice.isVisible()


def test_the_details_tell_how_it_ended(opened: Opened, mixed: Path, db: Connection) -> None:
    window = opened(mixed)
    row = conversations.one(db, key(1))
    assert row is not None
    window.inspector.details.show_conversation(db, row)
    fields = window.inspector.details.findChildren(QLineEdit)
    ended = next(field for field in fields if field.accessibleName() == "Ended")

    assert ended.text() == "Waiting for you"
    assert "stopped by you" in ended.toolTip()


def test_every_kind_of_row_can_be_drawn(opened: Opened, mixed: Path, codex: Path) -> None:
    library.imports(mixed, codex)
    window = opened(mixed, settings=Settings(noise=True))

    for width in (120, 240, 600):
        window.list.tree.resize(width, 700)
        assert not window.list.tree.grab().isNull()
