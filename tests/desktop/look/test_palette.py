import pytest
from PySide6.QtCore import QFile
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.look import assets, embedded, palette, theme


@pytest.mark.parametrize("name", theme.SCHEMES)
def test_the_style_sheet_knows_all_that_it_asks_for(qapp: QApplication, name: theme.Scheme) -> None:
    filled = palette.style_sheet(theme.load(name), assets.text("style.qss"))

    assert "$" not in filled


def test_a_style_sheet_that_asks_for_an_unknown_token_raises(qapp: QApplication) -> None:
    with pytest.raises(KeyError, match="glow"):
        palette.style_sheet(theme.load("light"), "QLabel { color: $glow; }")


def test_every_picture_in_the_style_sheet_can_be_drawn(qapp: QApplication) -> None:
    source = assets.text("style.qss")
    palette.style_sheet(theme.load("light"), source)

    for name, token in palette._ICON.findall(source):
        assert not QPixmap(f":/look/light/{name}.{token}.svg").isNull()


def test_files_in_memory_are_read_back() -> None:
    files = {f"a file {number}.txt": b"x" * number for number in range(40)}
    embedded.serve("/test/read-back", files)

    for name, data in files.items():
        file = QFile(f":/test/read-back/{name}")
        assert file.open(QFile.OpenModeFlag.ReadOnly)
        assert bytes(file.readAll().data()) == data


def test_a_root_has_to_be_absolute() -> None:
    with pytest.raises(ValueError, match="starts with a slash"):
        embedded.serve("look", {})


def test_applying_a_theme_reaches_windows_that_are_open(
    dressed: QApplication, qtbot: QtBot
) -> None:
    window = QWidget()
    palette.put_on(window, "panel")
    window.resize(40, 40)
    qtbot.addWidget(window)
    window.show()
    light = window.grab().toImage().pixelColor(20, 20)

    palette.apply(dressed, theme.load("dark"))

    assert light == theme.load("light").color("panel")
    assert window.grab().toImage().pixelColor(20, 20) == theme.load("dark").color("panel")
    assert theme.of(window.palette()).dark


def test_a_coloured_button_still_tells_its_theme(dressed: QApplication, qtbot: QtBot) -> None:
    button = QPushButton("x")
    button.setProperty("kind", "primary")
    qtbot.addWidget(button)
    button.show()
    assert not theme.of(button.palette()).dark

    palette.apply(dressed, theme.load("dark"))

    assert theme.of(button.palette()).dark


def test_a_list_has_the_ground_it_is_put_on(dressed: QApplication, qtbot: QtBot) -> None:
    view = QListView()
    qtbot.addWidget(view)
    view.resize(60, 60)
    palette.put_on(view, "card")

    assert view.grab().toImage().pixelColor(30, 30) == theme.load("light").color("card")
