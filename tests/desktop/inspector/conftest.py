"""One conversation with a rewind, an agent and a compaction, and one look for all."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from pytestqt.qtbot import QtBot

from core.queries import conversations
from core.queries.conversations import ConversationRow
from desktop.views.inspector.inspector import Inspector
from tests import builders as b
from tests.library import imported

HOSTILE = "<img src=file:///etc/hostname> R&D"


@pytest.fixture(autouse=True)
def look(plain_look: None) -> None:
    """Every page is looked at in it."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Prompt 1 with a failure, prompt 2 in two versions, an agent with one call, a compaction."""
    agent = b.lane(
        "abc",
        b.prompt("t1", "look around", at=41),
        b.calls("t2", "k9", "Read", parent="t1", at=42),
        b.answers("t3", "k9", parent="t2", at=43),
    )
    b.write(tmp_path / "logs" / b.SESSION / "subagents" / "agent-abc.jsonl", *agent)
    return b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", HOSTILE, at=0),
        b.calls("c1", "k1", "Bash", parent="p1", at=1),
        b.answers("r1", "k1", "no such file", "c1", at=2, error=True),
        b.prompt("p2", "the wrong way", "r1", at=10),
        b.says("s2", parent="p2", at=11),
        b.prompt("p3", "the right way", "r1", at=20),
        b.calls("c3", "k3", "Task", {"description": "Explore auth"}, "p3", at=21),
        b.answers("r3", "k3", "found", "c3", at=50, toolUseResult={"agentId": "abc"}),
        b.boundary("x1", "r3", at=60),
        b.compacted("x2", "x1", at=61),
        b.prompt("p4", "go on", "x2", at=70),
    )


@pytest.fixture
def db(tmp_path: Path, log: Path) -> Iterator[Connection]:
    with closing(imported(tmp_path / "x.clew", log.parent)) as reader:
        yield reader


@pytest.fixture
def row(db: Connection) -> ConversationRow:
    (found,) = conversations.page(db)
    return found


@pytest.fixture
def inspector(qtbot: QtBot, db: Connection, row: ConversationRow) -> Inspector:
    made = Inspector()
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.open_library(db)
    made.show_conversation(row)
    made.show()
    return made
