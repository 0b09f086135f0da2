"""Distances and sizes in device-independent pixels, all on a grid of four."""

from typing import Final

# Gaps between things and margins around them.
TIGHT: Final = 4
SMALL: Final = 8
MEDIUM: Final = 12
LARGE: Final = 16
WIDE: Final = 24
HUGE: Final = 40

# Corner radii.
RADIUS_SMALL: Final = 4  # chips, key caps, check boxes
RADIUS: Final = 6  # buttons, fields, rows
RADIUS_FIELD: Final = 8  # search field
RADIUS_CARD: Final = 10  # cards, banners, popovers

# Lines.
HAIRLINE: Final = 1
FOCUS_RING: Final = 2

# Heights at 100 % text size; let them grow with the text by taking max(height, text height).
TARGET: Final = 24  # smallest thing that may be clicked
CONTROL: Final = 32  # buttons, fields
ROW: Final = 28  # one-line rows: trees, menus, outline
ROW_TWO_LINES: Final = 52  # session list
STATUS_BAR: Final = 28

# Icons.
ICON_SMALL: Final = 16
ICON: Final = 20
ICON_LARGE: Final = 40  # empty states

SCROLL_BAR: Final = 10
PROGRESS: Final = 4
PROSE_WIDTH: Final = 720  # about 90 characters of body text
