"""The pictures of a tour, and what was seen and measured on the way."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from desktop.look.theme import Scheme
from desktop.tour.errors import TourError

Look: TypeAlias = tuple[Scheme, tuple[int, int]]  # theme, and the window's size

_SAMPLES: Final = 40  # points across and down that are looked at in a picture
_FEWEST_COLOURS: Final = 5
_SHADE: Final = QColor(0, 0, 0, 70)  # over what is behind a dialog


@dataclass(frozen=True, slots=True)
class Page:
    """One picture, and what was on it."""

    name: str
    theme: str
    size: str
    file: str
    seconds: float
    saw: dict[str, int | str]


@dataclass(slots=True)
class Told:
    """What goes into tour.json."""

    pages: list[Page] = field(default_factory=list)
    import_: dict[str, object] = field(default_factory=dict[str, object])
    open_ms: float = 0.0
    search_ms: float = 0.0


class Album:
    """Pictures go to the folder *out*; `told` says what they show."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.told = Told()

    def take(
        self,
        name: str,
        look: Look,
        window: QWidget,
        *,
        saw: Mapping[str, int],
        over: QWidget | None = None,
    ) -> None:
        """Take the picture *name* of *window* with *over* on it.

        Raises:
            TourError: there is hardly anything on it, or one of the numbers it *saw* is zero.
        """
        began = time.perf_counter()
        scheme, (width, height) = look
        picture = window.grab()
        if over is not None:
            _lay_over(picture, over, window)
        size = f"{width}x{height}"
        file = f"{name}-{scheme}-{size}.png"
        picture.save(str(self.out / file))
        colours = _colours(picture.toImage())
        if colours < _FEWEST_COLOURS or not all(saw.values()):
            raise TourError(f"the page {name} shows nothing ({scheme}, {size}, {saw})")
        seconds = round(time.perf_counter() - began, 3)
        seen: dict[str, int | str] = {**saw, "colours": colours}
        self.told.pages.append(Page(name, scheme, size, file, seconds, seen))

    def write(self) -> None:
        """Write tour.json beside the pictures."""
        told = asdict(self.told)
        told["import"] = told.pop("import_")
        text = json.dumps(told, indent=1) + "\n"
        (self.out / "tour.json").write_text(text, encoding="utf-8")


def _lay_over(picture: QPixmap, over: QWidget, window: QWidget) -> None:
    """Put *over* where it is; a dialog in the middle, as nobody else places and frames one here."""
    painter = QPainter(picture)
    at = window.mapFromGlobal(over.mapToGlobal(QPoint(0, 0)))
    if isinstance(over, QDialog):
        at = window.rect().center() - over.rect().center()
        painter.fillRect(picture.rect(), _SHADE)
        edge = over.rect().translated(at).adjusted(-1, -1, 1, 1)
        painter.fillRect(edge, over.palette().color(QPalette.ColorRole.Dark))
    painter.drawPixmap(at, over.grab())
    painter.end()


def _colours(image: QImage) -> int:
    across = max(1, image.width() // _SAMPLES)
    down = max(1, image.height() // _SAMPLES)
    return len(
        {
            image.pixel(x, y)
            for x in range(0, image.width(), across)
            for y in range(0, image.height(), down)
        }
    )
