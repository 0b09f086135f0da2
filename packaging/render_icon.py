"""Paint the application's icon as the PNG that a desktop's menu shows: `render_icon.py FILE`."""

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICON = Path(__file__).parents[1] / "resources" / "icons" / "clew.svg"
SIDE = 256  # pixels


def render(target: Path) -> None:
    """Write the icon to *target*, whose folder is made when absent.

    Raises:
        OSError: *target* cannot be written.
    """
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ICON)).render(painter)
    painter.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(target)):
        raise OSError(f"{target} cannot be written")


if __name__ == "__main__":
    app = QGuiApplication(sys.argv)
    render(Path(sys.argv[1]))
