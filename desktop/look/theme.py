"""A theme: named colours read from a TOML file, and checked when they are."""

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final, Literal, TypeAlias, cast

from PySide6.QtGui import QColor, QPalette

from desktop.look import assets

Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")

_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_LENGTHS: Final = {"ansi": 16, "chart": 8, "heat": 5}


class ThemeError(ValueError):
    """A theme file lacks a token, has one nobody knows, or has a value that is no colour."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one appearance, as ``#RRGGBB``. Measured by ``tests/desktop/look``.

    Text tokens reach 4.5:1 on window, panel, card, raised, hover and selection; `faint` does so
    everywhere but on the selection. Graphics (outline, focus, accent, chart) reach 3:1.
    """

    name: Scheme
    # Surfaces, from the back to the front.
    window: str  # what is read: transcript, charts
    panel: str  # side bars, lists, tool bar
    raised: str  # menus, popovers, fields, the face of buttons
    card: str  # tool cards in the transcript
    card_border: str
    hairline: str  # between panes and rows
    control_border: str  # buttons and fields
    outline: str  # check boxes, radio buttons: what has to be seen
    hover: str
    pressed: str
    track: str  # of progress bars, segmented controls and scroll bars
    selection: str
    selection_text: str
    selection_inactive: str  # selected, in a pane that lacks the focus
    shadow: str
    # Words.
    text: str
    muted: str
    faint: str  # not on the selection: use muted there
    disabled: str
    link: str
    # Interaction.
    focus: str
    accent: str
    accent_hover: str
    accent_text: str  # on accent
    # Who or what a row is.
    you: str
    reply: str
    thinking: str
    read: str
    edit: str
    run: str
    search: str
    agent: str
    web: str
    mcp: str
    # How it went.
    failed: str
    ok: str
    warning: str
    # Text with a background of its own; `text` is readable on each, too.
    diff_add_bg: str
    diff_add_fg: str
    diff_del_bg: str
    diff_del_fg: str
    hit_bg: str  # search hits
    hit_current_bg: str  # the hit the user is at
    # Sequences.
    ansi: tuple[str, ...]  # 16: as a terminal counts them, readable on card
    chart: tuple[str, ...]  # 8 series, told apart without red or green
    heat: tuple[str, ...]  # 5 steps, from few to many

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """Return the colour named *token*, such as ``"muted"``, with opacity *alpha*.

        Raises:
            AttributeError: there is no such token.
            ThemeError: *token* is no colour, but the name or a sequence.
        """
        value = getattr(self, token)
        found = QColor(value) if isinstance(value, str) else QColor()
        if not found.isValid():
            raise ThemeError(f"no colour: {token}")
        if alpha < 1:
            found.setAlphaF(alpha)
        return found


def parse(source: str) -> Theme:
    """Return the theme that the TOML text *source* describes.

    Raises:
        ThemeError: a token is missing, unknown or no colour; all such are named.
    """
    tokens: dict[str, object] = tomllib.loads(source)
    known = {field.name for field in fields(Theme)}
    wrong = [f"missing: {name}" for name in sorted(known - tokens.keys())]
    wrong += [f"unknown: {name}" for name in sorted(tokens.keys() - known)]
    wrong += [f"not a colour: {name}" for name, value in tokens.items() if not _valid(name, value)]
    if wrong:
        raise ThemeError("; ".join(wrong))
    values: dict[str, Any] = {name: _frozen(value) for name, value in tokens.items()}
    return Theme(**values)


def _valid(name: str, value: object) -> bool:
    if name == "name":
        return value in SCHEMES
    if name in _LENGTHS:
        steps = cast("list[object]", value) if isinstance(value, list) else []
        return len(steps) == _LENGTHS[name] and all(map(_is_hex, steps))
    return _is_hex(value)


def _is_hex(value: object) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def _frozen(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


@cache
def load(name: Scheme) -> Theme:
    """Return the shipped theme *name*. Read once.

    Raises:
        ThemeError: the file does not describe a theme.
    """
    return parse(assets.text(f"themes/{name}.toml"))


def of(palette: QPalette) -> Theme:
    """Return the theme that *palette* was made from.

    So a widget or a delegate needs no theme handed down: ``theme.of(self.palette())`` or
    ``theme.of(option.palette)`` is right, also after the theme has changed. The link colour
    tells, because style sheets never touch it.
    """
    light = load("light")
    link = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Link)
    return light if link == QColor(light.link) else load("dark")


def mix(front: str, back: str, share: float) -> QColor:
    """Return the opaque colour of *front* laid over *back* with opacity *share*."""
    a, b = QColor(front), QColor(back)
    return QColor.fromRgbF(
        b.redF() + (a.redF() - b.redF()) * share,
        b.greenF() + (a.greenF() - b.greenF()) * share,
        b.blueF() + (a.blueF() - b.blueF()) * share,
    )
