"""What every test of the window gets: nothing left over from the test before."""

from collections.abc import Callable, Iterator
from pathlib import Path
from sqlite3 import Connection

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale
from PySide6.QtWidgets import QApplication

from core.monitoring import alerts
from desktop.look import fonts, palette, theme
from tests import builders as b
from tests.library import imports


@pytest.fixture(autouse=True)
def what_all_tests_together_use_is_no_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "MOST_MEMORY", 1 << 50)


@pytest.fixture(autouse=True)
def no_widget_outlives_its_test() -> Iterator[None]:
    yield
    # A change of theme or font is told to every widget there is: leftovers make tests slow.
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def plain_look(qapp: QApplication) -> Iterator[None]:
    """Light colours, the bundled fonts, and numbers and dates as in Britain."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    light = theme.load("light")
    if not qapp.styleSheet():
        fonts.apply(qapp)
        palette.apply(qapp, light)
    if theme.of(qapp.palette()) is not light:  # each takes a while: all widgets are told
        palette.apply(qapp, light)
    yield
    QLocale.setDefault(before)


@pytest.fixture
def grow(tmp_path: Path, log: Path) -> Callable[..., None]:
    """Append records to the *log* that a folder's tests have, and read them."""

    def more(*records: b.Record) -> None:
        b.append(log, *records)
        imports(tmp_path / "x.clew", log.parent)

    return more


@pytest.fixture
def row_id(db: Connection) -> Callable[[str], int]:
    """The row id of the message that a test calls by its uuid."""

    def find(uuid: str) -> int:
        asked = "SELECT id FROM message WHERE uuid = ?"
        found: int = db.execute(asked, (uuid,)).fetchone()[0]
        return found

    return find
