"""A conversation of two subjects, one look for all, and pages that show it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from pytestqt.qtbot import QtBot

from core.queries import conversations
from desktop.models.insights_reading import Insights, read
from desktop.views.insights.page import InsightsPage
from tests import builders as b
from tests.library import imported

HOSTILE = "R&D <b> fix the loom in src/loom.py, it should work"
NOW = int(b.START.timestamp() * 1000) + 3_600_000
LOOM = "The loom weaves the warp and the weft with a shuttle."
PASTA = "Boil the pasta, then simmer tomato sauce with basil."


@pytest.fixture(autouse=True)
def look(plain_look: None) -> None:
    """Every page is looked at in it."""


def talk() -> list[b.Record]:
    """Four prompts: the loom twice, with a failed call, a compaction, then pasta twice."""
    return [
        b.prompt("p1", HOSTILE, at=0),
        b.calls("c1", "k1", "Bash", parent="p1", at=2),
        b.answers("r1", "k1", "no such file", "c1", at=3, error=True),
        b.says("s1", LOOM, "r1", at=5),
        b.prompt("p2", "why does the loom stop? the shuttle is stuck", "s1", at=60),
        b.says("s2", LOOM, "p2", at=70),
        b.boundary("x1", "s2", at=80),
        b.compacted("x2", "x1", at=81),
        b.prompt("p3", "write a recipe for pasta with basil asap", "x2", at=600),
        b.says("s3", PASTA, "p3", at=610),
        b.prompt("p4", "that is wrong, more tomato sauce", "s3", at=660),
        b.says("s4", PASTA, "p4", at=670),
    ]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *talk())


@pytest.fixture
def db(tmp_path: Path, log: Path) -> Iterator[Connection]:
    with closing(imported(tmp_path / "x.clew", log.parent)) as reader:
        yield reader


def of_only(db: Connection) -> Insights:
    """Return the insights of the only conversation of *db*."""
    (row,) = conversations.page(db)
    found = read(row.id, db)
    assert found is not None
    return found


@pytest.fixture
def found(db: Connection) -> Insights:
    return of_only(db)


@pytest.fixture
def page(qtbot: QtBot, found: Insights) -> InsightsPage:
    made = InsightsPage(now=lambda: NOW)
    qtbot.addWidget(made)
    made.resize(760, 900)
    made.show()
    made.show_insights(found)
    return made
