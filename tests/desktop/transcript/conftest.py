"""Transcripts made from records, shown in a real view."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.queries import conversations
from desktop.look import fonts, palette, theme
from desktop.views.transcript.view import TranscriptView
from tests import builders as b
from tests.library import imported, reads, writing

Show = Callable[..., TranscriptView]


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    if not qapp.styleSheet():
        fonts.apply(qapp)
    palette.apply(qapp, theme.load("light"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "logs" / f"{b.SESSION}.jsonl"


@pytest.fixture
def show(qtbot: QtBot, tmp_path: Path, log: Path) -> Iterator[Show]:
    """Return what shows records in a view of 700 by 600."""
    views = []
    with pytest.MonkeyPatch.context():

        def shown(*records: b.Record) -> TranscriptView:
            b.write(log, *records)
            db = imported(tmp_path / "library.clew", log.parent)
            view = TranscriptView()
            qtbot.addWidget(view)
            views.append((view, db))
            view.open_library(db)
            view.resize(700, 600)
            view.show()
            view.show_conversation(conversations.page(db)[0])
            view.rows.setFocus()
            return view

        yield shown
    for view, db in views:
        view.clear()
        with closing(db):
            pass


@pytest.fixture
def more(tmp_path: Path, log: Path) -> Callable[..., None]:
    """Return what appends records to the log and has the engine read them."""

    def appended(*records: b.Record) -> None:
        b.append(log, *records)
        with writing(tmp_path / "library.clew") as (_, ingest):
            reads(ingest, log)

    return appended


def talk(turns: int, words: int = 40) -> list[b.Record]:
    """Return *turns* prompts, each with a reply and a failing or fine command."""
    made: list[b.Record] = []
    last: str | None = None
    for n in range(turns):
        at = n * 60
        made += [
            b.prompt(f"p{n}", f"question {n}", last, at=at),
            b.says(f"a{n}", f"answer {n} " + "word " * words, f"p{n}", at=at + 1),
            b.calls(f"c{n}", f"t{n}", "Bash", {"command": f"make {n}"}, f"a{n}", at=at + 2),
            b.answers(
                f"r{n}", f"t{n}", f"Exit code 2\nout {n}" if n % 5 == 4 else f"out {n}",
                f"c{n}", at=at + 3, error=n % 5 == 4,
            ),
        ]  # fmt: skip
        last = f"r{n}"
    return made
