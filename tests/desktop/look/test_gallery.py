from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.look import gallery


def test_the_gallery_draws_every_sheet_in_both_schemes(
    dressed: QApplication, tmp_path: Path
) -> None:
    written = gallery.render(dressed, tmp_path / "new")

    assert {path.stem.rpartition("-")[2] for path in written} == {"light", "dark"}
    assert all(QImage(str(path)).width() > 100 for path in written)
