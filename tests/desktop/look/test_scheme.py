from typing import cast

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QStyleHints
from pytestqt.qtbot import QtBot

from desktop.look.scheme import Preference, SystemScheme


class Hints(QObject):
    """The two things of QStyleHints that count; the real one cannot be told to change."""

    colorSchemeChanged = Signal(Qt.ColorScheme)  # noqa: N815  Qt's name

    def __init__(self, scheme: Qt.ColorScheme) -> None:
        super().__init__()
        self.scheme = scheme

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802  Qt's name
        return self.scheme

    def change(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        self.colorSchemeChanged.emit(scheme)


def following(
    hints: Hints, preference: Preference = "system", environment: dict[str, str] | None = None
) -> SystemScheme:
    return SystemScheme(preference, hints=cast("QStyleHints", hints), environment=environment or {})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (Qt.ColorScheme.Light, "light"),
        (Qt.ColorScheme.Dark, "dark"),
        (Qt.ColorScheme.Unknown, "light"),
    ],
)
def test_it_shows_what_the_system_says(qtbot: QtBot, said: Qt.ColorScheme, shown: str) -> None:
    assert following(Hints(said)).current == shown


def test_it_tells_when_the_system_changes_its_mind(qtbot: QtBot) -> None:
    hints = Hints(Qt.ColorScheme.Light)
    scheme = following(hints)

    with qtbot.waitSignal(scheme.changed) as news:
        hints.change(Qt.ColorScheme.Dark)

    assert news.args == ["dark"]
    assert scheme.current == "dark"


def test_the_users_choice_wins_over_everything(qtbot: QtBot) -> None:
    hints = Hints(Qt.ColorScheme.Dark)
    scheme = following(hints, "light", {"CLEW_THEME": "dark"})

    with qtbot.assertNotEmitted(scheme.changed):
        hints.change(Qt.ColorScheme.Unknown)

    assert scheme.current == "light"


@pytest.mark.parametrize(
    ("value", "shown"), [("dark", "dark"), (" Light ", "light"), ("blue", "dark")]
)
def test_the_environment_wins_over_the_system(qtbot: QtBot, value: str, shown: str) -> None:
    assert following(Hints(Qt.ColorScheme.Dark), environment={"CLEW_THEME": value}).current == shown


def test_a_choice_is_followed_at_once_and_told_once(qtbot: QtBot) -> None:
    scheme = following(Hints(Qt.ColorScheme.Light))
    heard: list[str] = []
    scheme.changed.connect(heard.append)

    scheme.set_preference("dark")
    scheme.set_preference("dark")
    scheme.set_preference("system")

    assert heard == ["dark", "light"]
    assert scheme.preference == "system"
