"""Editing prices: a file is made once, opened, and read again when asked."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from core.config import prices_file
from core.events import PricesFailed, PricesRead
from core.measures.prices import template
from desktop.window.pricing import Pricing


class Engine(QObject):
    prices_failed = Signal(PricesFailed)
    prices_read = Signal(PricesRead)

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def read_prices(self) -> None:
        self.asked += 1


class Frame:
    """Only what is said in the status bar."""

    def __init__(self) -> None:
        self.status = self
        self.said: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)


@pytest.fixture
def engine(qapp: object) -> Engine:
    return Engine()


@pytest.fixture
def frame() -> Frame:
    return Frame()


@pytest.fixture
def pricing(engine: Any, frame: Any, tmp_path: Path) -> Pricing:
    made = Pricing(engine, frame, engine)
    made.library = str(tmp_path / "library.clew")
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    urls: list[str] = []

    def note(url: QUrl) -> bool:
        urls.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", note)
    return urls


def test_the_file_is_made_from_the_template_and_opened(
    pricing: Pricing, opened: list[str], tmp_path: Path
) -> None:
    pricing.edit()

    path = prices_file(tmp_path / "library.clew")
    assert path.read_text("utf-8") == template()
    assert opened == [str(path)]


def test_a_file_that_is_there_is_left_as_it_is(
    pricing: Pricing, opened: list[str], tmp_path: Path
) -> None:
    prices_file(tmp_path / "library.clew").write_text("# mine")

    pricing.edit()

    assert prices_file(tmp_path / "library.clew").read_text() == "# mine"
    assert len(opened) == 1


def test_what_cannot_be_made_or_opened_is_told(
    pricing: Pricing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    with qtbot.waitSignal(pricing.troubled) as told:
        pricing.edit()
    assert "No program opens" in told.args[0]

    pricing.library = str(tmp_path / "gone" / "library.clew")
    with qtbot.waitSignal(pricing.troubled) as told:
        pricing.edit()
    assert "cannot be made" in told.args[0]


def test_nothing_is_made_before_the_library_is_open(
    pricing: Pricing, opened: list[str], tmp_path: Path
) -> None:
    pricing.library = ""

    pricing.edit()

    assert (opened, list(tmp_path.iterdir())) == ([], [])


def test_reading_again_tells_how_much_changed(
    pricing: Pricing, engine: Engine, frame: Frame, qtbot: QtBot
) -> None:
    engine.prices_read.emit(PricesRead(9))  # nobody asked
    assert frame.said == []

    pricing.read_again()
    engine.prices_read.emit(PricesRead(1))
    pricing.read_again()
    engine.prices_read.emit(PricesRead(0))
    assert (engine.asked, len(frame.said)) == (2, 2)
    assert "1 reply" in frame.said[0]

    pricing.read_again()
    with qtbot.waitSignal(pricing.troubled) as told:
        engine.prices_failed.emit(PricesFailed("Line 3 is wrong."))
    engine.prices_read.emit(PricesRead(0))
    assert told.args == ["Line 3 is wrong."]
    assert len(frame.said) == 2
