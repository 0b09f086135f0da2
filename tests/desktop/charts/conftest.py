"""A library with a hostile tool in it, a page that is answered at once, and one look for all."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from core.analyst import catch_up
from core.store.connection import open_reader
from desktop.views.charts.page import ChartsPage
from tests import builders as b
from tests.library import PRICES, imports, writing

T = TypeVar("T")
HOSTILE = "mcp__<img src=file:///etc/hostname>__R&D"
DAY = 24 * 3600
NOW = int(datetime(2026, 1, 3, 12, tzinfo=UTC).timestamp() * 1000)


class AtOnce:
    """Answers every question before `ask` returns."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def ask(
        self,
        channel: str,
        question: Callable[[Connection], T],
        answered: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        /,
    ) -> None:
        try:
            found = question(self.db)
        except ValueError as error:
            assert failed is not None
            failed(error)
            return
        answered(found)


def called(uuid: str, tool: str, at: float, *, error: bool = False) -> list[b.Record]:
    key = f"toolu_{uuid}"
    return [
        b.calls(uuid, key, tool, at=at),
        b.answers(f"{uuid}r", key, parent=uuid, at=at + 1, error=error),
    ]


def analysed(library: Path, *paths: Path) -> Connection:
    """Import *paths* into *library* and keep the figures about tools; return a reader."""
    imports(library, *paths, pricing=PRICES)
    with writing(library) as (db, _):
        catch_up(db)
    return open_reader(library)


@pytest.fixture(autouse=True)
def look(plain_look: None) -> None:
    """Every page is looked at in it."""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    """25 calls of Bash (5 failed), 3 of a hostile tool (1 failed), 1 of Read, on two days."""
    records = [b.prompt("p", at=0)]
    for n in range(25):
        records += called(f"b{n}", "Bash", 60 * n, error=n < 5)
    for n in range(3):
        records += called(f"h{n}", HOSTILE, DAY + 60 * n, error=n == 0)
    other = b.of("other", b.prompt("q", at=DAY), *called("r", "Read", DAY + 5))
    b.write(tmp_path / "logs" / "a.jsonl", *records)
    b.write(tmp_path / "logs" / "b.jsonl", *[one | {"cwd": "/srv/R&D"} for one in other])
    with closing(analysed(tmp_path / "library.clew", tmp_path / "logs")) as reader:
        yield reader


@pytest.fixture
def page(qtbot: QtBot, db: Connection) -> ChartsPage:
    made = ChartsPage(AtOnce(db), now=lambda: NOW, zone=UTC)
    qtbot.addWidget(made)
    made.resize(1280, 900)
    made.show()
    made.refresh()
    return made
