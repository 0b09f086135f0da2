"""The window and its parts around real libraries, made by the real engine from small files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import app as application
from desktop.look import fonts, palette, theme
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.workers.errands import Errands
from desktop.workers.query_runner import QueryRunner
from tests import builders, library


@pytest.fixture(scope="session", autouse=True)
def _dressed(qapp: QApplication) -> None:
    fonts.apply(qapp)
    palette.apply(qapp, theme.load("light"))


def talk(session: str, said: str, *, day: int = 0, cwd: str = "/home/ada/loom") -> list[Any]:
    """Return the records of a short conversation that begins *day* days after the first one."""
    at = day * 86_400.0
    made = [
        builders.prompt(f"{session}-p", said, at=at, cwd=cwd),
        builders.says(f"{session}-r", f"About {said}.", f"{session}-p", at=at + 4, cwd=cwd),
    ]
    return builders.of(session, *made)


def failing(session: str, said: str, *, day: int = 0) -> list[Any]:
    """Return a conversation in which one tool call failed."""
    at = day * 86_400.0
    made = [
        builders.prompt(f"{session}-p", said, at=at),
        builders.calls(f"{session}-c", f"{session}-k", parent=f"{session}-p", at=at + 2),
        builders.answers(
            f"{session}-a", f"{session}-k", "exit 1", f"{session}-c", at=at + 3, error=True
        ),
    ]
    return builders.of(session, *made)


def key(number: int) -> str:
    """Return the id of session *number*."""
    return f"{number:08d}-aaaa-4bbb-8ccc-000000000000"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder with three conversations: two of one project, one of which failed, and a third."""
    folder = tmp_path / "logs"
    builders.write(folder / f"{key(1)}.jsonl", *talk(key(1), "why does the loom stop"))
    builders.write(folder / f"{key(2)}.jsonl", *failing(key(2), "run the tests", day=1))
    builders.write(
        folder / f"{key(3)}.jsonl", *talk(key(3), "bump the spindle", day=1, cwd="/srv/spindle")
    )
    return folder


@pytest.fixture
def kept(tmp_path: Path, logs: Path) -> Path:
    """A library with the conversations of `logs`."""
    path = tmp_path / "library.clew"
    library.imports(path, logs)
    return path


@pytest.fixture
def errands() -> Iterator[Errands]:
    worker = Errands("test errands")
    yield worker
    worker.close()


@pytest.fixture
def queries(kept: Path) -> Iterator[QueryRunner]:
    runner = QueryRunner(kept)
    yield runner
    runner.close()


class Opened:
    """Opens windows and takes them apart in the end."""

    def __init__(self, qapp: QApplication, qtbot: QtBot) -> None:
        self._app, self._qtbot = qapp, qtbot
        self._open: list[Any] = []
        self.kept: list[Settings] = []

    def __call__(
        self,
        path: Path,
        *paths: Path,
        settings: Settings | None = None,
        roots: tuple[Path, ...] = (),
    ) -> MainWindow:
        window = self.assembled(path, *paths, settings=settings, roots=roots)
        with self._qtbot.waitSignal(window.library_shown, timeout=10_000):
            application.start_engine(window)
        return window

    def assembled(
        self,
        path: Path,
        *paths: Path,
        settings: Settings | None = None,
        roots: tuple[Path, ...] = (),
    ) -> MainWindow:
        """Show a window whose engine has not begun."""
        assembly = application.assembled(
            self._app, path, settings or Settings(), roots=lambda: roots, keep=self.kept.append
        )
        window = assembly.__enter__()  # closed by `close`
        self._open.append((assembly, window))
        window.start(paths)
        window.show()
        return window

    def close(self) -> None:
        while self._open:
            assembly, window = self._open.pop()
            window.hide()
            assembly.__exit__(None, None, None)
            window.deleteLater()
        self._app.sendPostedEvents()


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot) -> Iterator[Opened]:
    found = Opened(qapp, qtbot)
    yield found
    found.close()
