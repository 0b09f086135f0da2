import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.look import assets, icons, palette, theme

NEEDED = (
    *("search", "folder", "folder-open", "conversation", "prompt", "reply", "thinking"),
    *("read", "edit", "run", "find", "agent", "web", "todo"),
    *("plug", "question", "plan", "unknown", "ok", "failed", "denied"),
    *("interrupted", "none", "branch", "compaction", "live", "clock", "calendar"),
    *("chart", "table", "filter", "sort", "settings", "close", "chevron-right"),
    *("chevron-down", "copy", "external", "pause", "play", "cancel", "add"),
    *("refresh", "sun", "moon", "warning", "info", "lock", "drop"),
    *("arrow-down", "back", "forward", "sidebar", "inspector", "star", "image"),
    "thread",
)


def parts(color: QColor) -> tuple[int, int, int]:
    return (color.red(), color.green(), color.blue())


def ink(picture: QPixmap) -> set[tuple[int, int, int]]:
    """The colours of the pixels that are covered in full."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = (image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width()))
    return {parts(p) for p in pixels if p.alpha() == 255}


def test_every_icon_that_pages_ask_for_is_there() -> None:
    assert set(NEEDED) <= set(icons.names())


def test_the_icon_of_the_app_is_not_one_of_them() -> None:
    assert "clew" not in icons.names()


@pytest.mark.parametrize("name", icons.names())
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    assert ink(icons.pixmap(name, 20, "#FF0000", 2.0)) == {(255, 0, 0)}


@pytest.mark.parametrize("name", icons.names())
def test_an_icon_has_one_colour_and_one_grid(name: str) -> None:
    source = assets.text(f"icons/{name}.svg")

    assert 'viewBox="0 0 20 20"' in source
    assert 'stroke-width="1.6"' in source
    assert 'stroke="currentColor"' in source
    assert "#" not in source


@pytest.mark.parametrize("name", icons.names())
def test_an_icon_keeps_off_the_edge(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, 20, "#000000", 4.0).toImage()
    last = image.width() - 1
    edge = [(i, j) for i in range(image.width()) for j in (0, 1, last - 1, last)]

    assert all(image.pixelColor(x, y).alpha() == 0 for x, y in edge)
    assert all(image.pixelColor(y, x).alpha() == 0 for x, y in edge)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_an_icon_has_a_pixel_for_each_of_the_screen(qapp: QApplication, ratio: float) -> None:
    made = icons.pixmap("search", 20, "#000000", ratio)

    assert made.width() == round(20 * ratio)
    assert made.devicePixelRatio() == ratio
    asked = icons.icon("search").pixmap(QSize(20, 20), ratio)
    assert asked.width() == round(20 * ratio)


def test_an_icon_follows_the_theme(dressed: QApplication) -> None:
    text, run = icons.icon("run"), icons.icon("run", "run")
    for name in theme.SCHEMES:
        colors = theme.load(name)
        palette.apply(dressed, colors)

        assert ink(text.pixmap(32)) == {parts(colors.color("text"))}
        assert ink(run.pixmap(32)) == {parts(colors.color("run"))}
        off = run.pixmap(QSize(32, 32), QIcon.Mode.Disabled)
        assert ink(off) == {parts(colors.color("disabled"))}
        chosen = text.pixmap(QSize(32, 32), QIcon.Mode.Selected)
        assert ink(chosen) == {parts(colors.color("selection_text"))}


def test_a_fixed_colour_stays(dressed: QApplication) -> None:
    assert ink(icons.icon("run", "#123456").pixmap(32)) == {parts(QColor("#123456"))}


def test_an_icon_that_is_wider_than_high_is_drawn_where_reading_starts(
    dressed: QApplication,
) -> None:
    made = icons.icon("run").pixmap(QSize(40, 20), 1.0).toImage()

    assert made.size() == QSize(40, 20)
    assert all(made.pixelColor(x, y).alpha() == 0 for x in range(20, 40) for y in range(20))


def test_arrows_turn_round_where_reading_goes_left(dressed: QApplication) -> None:
    there = icons.icon("back").pixmap(20).toImage()
    dressed.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        turned = icons.icon("back").pixmap(20).toImage()
    finally:
        dressed.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    assert turned == icons.icon("forward").pixmap(20).toImage() != there


def test_a_half_transparent_colour_is_drawn_so(dressed: QApplication) -> None:
    faded = QColor(255, 0, 0, 128)
    image = icons.pixmap("interrupted", 20, faded, 4.0).toImage()

    assert max(image.pixelColor(x, 40).alpha() for x in range(80)) in {127, 128}


def test_an_icon_is_painted_into_the_middle_of_its_box(dressed: QApplication) -> None:
    canvas = QPixmap(60, 20)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    icons.icon("interrupted").paint(painter, canvas.rect())
    painter.end()
    image = canvas.toImage()
    covered = [x for x in range(60) for y in range(20) if image.pixelColor(x, y).alpha()]

    assert (min(covered), max(covered)) == (23, 36)


@pytest.mark.parametrize("ask", [icons.icon, lambda n: icons.pixmap(n, 20, "#000000")])
def test_an_unknown_icon_is_an_error_at_once(qapp: QApplication, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(KeyError, match="nonesuch"):
        ask("nonesuch")


def test_copies_outlive_the_icon_they_were_made_of(dressed: QApplication) -> None:
    copies = [QIcon(icons.icon("star", "run")) for _ in range(200)]
    for copy in copies:
        copy.setIsMask(True)  # detaches: the engine is cloned

    assert all(not copy.pixmap(16).isNull() for copy in copies)
