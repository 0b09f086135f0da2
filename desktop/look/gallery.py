"""Renders all that this package draws, to be looked at: ``python -m desktop.look.gallery OUT``."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.look import fonts, palette, theme
from desktop.look.sheets import controls, painted, small

_RATIO: Final = "2"  # pixels a point, as on a sharp screen
_SHEETS: Final[dict[str, Callable[[], QWidget]]] = {
    "icons": painted.IconSheet,
    "tokens": painted.TokenSheet,
    "controls": controls.control_sheet,
    "widgets": small.widget_sheet,
    "menu": controls.menu_sheet,
}


def render(app: QApplication, out: Path) -> list[Path]:
    """Write each sheet in each scheme into *out* and return the files; *app* stays dark."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for scheme in theme.SCHEMES:
        palette.apply(app, theme.load(scheme))
        for name, make in _SHEETS.items():
            path = out / f"{name}-{scheme}.png"
            sheet = make()
            _picture(app, sheet).save(str(path))
            sheet.deleteLater()
            written.append(path)
    return written


def _picture(app: QApplication, sheet: QWidget) -> QPixmap:
    if isinstance(sheet, QMenu):
        return sheet.grab()  # not shown: it would want the mouse and the keyboard
    sheet.show()
    sheet.activateWindow()
    app.processEvents()  # nothing runs that this could re-enter; the window becomes the active one
    if (focused := sheet.findChild(QWidget, controls.FOCUSED)) is not None:
        focused.setFocus()
    made = sheet.grab()
    sheet.hide()
    return made


def main() -> None:
    """Render the gallery into the folder given on the command line."""
    os.environ.setdefault("QT_SCALE_FACTOR", _RATIO)
    app = QApplication(sys.argv)
    fonts.apply(app)
    for path in render(app, Path(sys.argv[1])):
        print(path)  # noqa: T201  it is what the command answers


if __name__ == "__main__":
    main()
