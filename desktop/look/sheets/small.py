"""The widgets of `desktop.look.widgets`."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QWidget

from desktop.look import metrics
from desktop.look.sheets import arranged
from desktop.look.widgets.banner import Banner
from desktop.look.widgets.buttons import IconButton
from desktop.look.widgets.chips import Badge, Chip
from desktop.look.widgets.empty_state import EmptyState
from desktop.look.widgets.hairline import Hairline
from desktop.look.widgets.progress_strip import ProgressStrip
from desktop.look.widgets.segmented import Segmented
from desktop.look.widgets.text import ElidedLabel, SectionTitle, Text

_LOG_TEXT: Final = "why do we get <b>401</b> after the token was refreshed & stored?"


def widget_sheet() -> QWidget:
    """Return the widgets of `desktop.look.widgets`."""
    sheet = arranged.sheet(1120)
    body = arranged.body(sheet)
    body.addWidget(SectionTitle("Banners"))
    body.addWidget(
        Banner("info", "3 logs are being read. You can search what is here.", action="Show")
    )
    body.addWidget(Banner("warning", "4 lines could not be read. All others are here."))
    body.addWidget(
        Banner(
            "error",
            "The library cannot be written: the disk is full. Reading and searching still work.",
            action="Show files",
        )
    )
    body.addLayout(_small_widgets())
    body.addWidget(Hairline())
    states = QHBoxLayout()
    states.addWidget(
        EmptyState(
            "drop",
            "No conversations yet",
            "Clew reads the logs of your coding agents on this computer. Nothing leaves it.",
            primary="Open my history",
            secondary="Choose folder…",
        )
    )
    states.addWidget(Hairline(orientation=Qt.Orientation.Vertical))
    states.addWidget(EmptyState("search", "No hits", "Nothing says “flaky refresh” in api-server."))
    body.addLayout(states)
    return sheet


def _small_widgets() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(metrics.WIDE)
    grid.setVerticalSpacing(metrics.MEDIUM)
    modes = [("t", "Transcript"), ("h", "Threads"), ("s", "Stats")]
    shown = [("l", "List", "table"), ("c", "Chart", "chart")]
    chosen = Segmented("Shown as", shown)
    chosen.choose("c")
    active = Chip("With errors", icon="failed", tone="failed", checkable=True)
    active.setChecked(True)
    strip = ProgressStrip("Reading logs")
    strip.show_progress("Reading 914 of 1,284 sessions", 914, 1284)
    narrow = ElidedLabel("/srv/agents/work/api-server/src/auth/token_refresh.py")
    narrow.setFixedWidth(190)
    middle = ElidedLabel(narrow.text(), mode=Qt.TextElideMode.ElideMiddle, tone="muted")
    middle.setFixedWidth(190)
    rows: list[tuple[str, QLayout]] = [
        ("Segmented", arranged.row(Segmented("View", modes), chosen)),
        (
            "Chips",
            arranged.row(
                Chip("Today", icon="calendar", checkable=True),
                active,
                Chip("api-server", icon="folder", removable=True),
                Chip("Live now", icon="live", tone="ok", checkable=True),
            ),
        ),
        (
            "Badges",
            arranged.row(
                Badge("61"),
                Badge("3 errors", tone="failed"),
                Badge("live", tone="ok"),
                Badge("kept", tone="agent"),
                Badge("guess", tone="warning"),
                Badge("new", tone="link"),
                Badge("7", tone="you"),
            ),
        ),
        ("Elided labels", arranged.row(narrow, middle)),
        ("Text from a log", arranged.row(Text(_LOG_TEXT))),
        ("Progress", arranged.row(strip)),
        (
            "Icon buttons",
            arranged.row(
                *(IconButton(n, n) for n in ("search", "filter", "sort", "settings", "more"))
            ),
        ),
    ]
    for number, (title, row) in enumerate(rows):
        grid.addWidget(SectionTitle(title), number, 0)
        grid.addLayout(row, number, 1)
    grid.setColumnStretch(1, 1)
    return grid
