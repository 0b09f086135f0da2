"""The drawer of data health over a small library with good, odd and broken files."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.look import fonts, palette, theme
from desktop.views.health.drawer import HealthDrawer
from desktop.workers.query_runner import QueryRunner
from tests import builders, library


@pytest.fixture(scope="session", autouse=True)
def _dressed(qapp: QApplication) -> None:
    fonts.apply(qapp)
    palette.apply(qapp, theme.load("light"))


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """One good file, one damaged file with an unknown kind, and one in no format."""
    folder = tmp_path / "logs"
    builders.write(folder / "good.jsonl", *builders.of("good", builders.prompt("p1")))
    odd = {"type": "<b>new</b>", "uuid": "n1", "version": "9.9.9"}
    torn = [b"{torn %d\n" % number for number in range(60)]
    builders.write(
        folder / "spoiled.jsonl", *builders.of("spoiled", builders.prompt("p2"), odd), *torn
    )
    builders.write(folder / "other.jsonl", {"shape": "x"})
    return folder


@pytest.fixture
def db(tmp_path: Path, logs: Path) -> Iterator[Connection]:
    with closing(library.imported(tmp_path / "library.clew", logs)) as found:
        yield found


@pytest.fixture
def drawer(db: Connection, tmp_path: Path, qtbot: QtBot) -> Iterator[HealthDrawer]:
    runner = QueryRunner(tmp_path / "library.clew")
    made = HealthDrawer(runner)
    qtbot.addWidget(made)
    made.resize(1200, 400)
    made.open_library(db)
    with qtbot.waitSignal(made.loaded):
        made.reload()
    made.show()
    yield made
    runner.close()
