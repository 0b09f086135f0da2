"""Turns a theme into Qt's palette and style sheet, and puts both on the application."""

import re
from string import Template
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from desktop.look import assets, embedded, icons, metrics
from desktop.look.stillness import stillness
from desktop.look.theme import Theme, mix

Surface: TypeAlias = Literal["window", "panel", "raised", "card"]

_ICON: Final = re.compile(r"\$\{icons\}/([a-z-]+)\.([a-z_]+)\.svg")

_SMALL: Final = "small-"
_AIR: Final = (b'viewBox="0 0 20 20"', b'viewBox="-4 -4 28 28"')

_ROLES: Final = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "window",
    QPalette.ColorRole.AlternateBase: "card",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "failed",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "selection_text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "link",
    QPalette.ColorRole.LinkVisited: "search",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "hairline",
    QPalette.ColorRole.Dark: "control_border",
    QPalette.ColorRole.Shadow: "shadow",
}
_DISABLED: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.BrightText,
    QPalette.ColorRole.ToolTipText,
    QPalette.ColorRole.PlaceholderText,
    QPalette.ColorRole.HighlightedText,
    QPalette.ColorRole.Link,
    QPalette.ColorRole.LinkVisited,
)


def palette(theme: Theme) -> QPalette:
    """Return *theme* as a palette: every role of every group is set, so no style can guess."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(QPalette.ColorGroup.All, role, QColor(getattr(theme, token)))
    made.setColor(
        QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight, QColor(theme.selection_inactive)
    )
    disabled = QPalette.ColorGroup.Disabled
    for role in _DISABLED:
        made.setColor(disabled, role, QColor(theme.disabled))
    made.setColor(disabled, QPalette.ColorRole.Highlight, QColor(theme.selection_inactive))
    made.setColor(disabled, QPalette.ColorRole.Accent, QColor(theme.outline))
    return made


def style_sheet(theme: Theme, source: str) -> str:
    """Return the style sheet template *source* filled with the tokens of *theme*.

    Besides tokens it may use ``${radius}`` and ``${icons}/NAME.TOKEN.svg``: that icon in that
    colour, served from memory; ``small-NAME`` is drawn smaller in the same square.

    Raises:
        KeyError: the template asks for something nobody knows.
    """
    root = f"/look/{theme.name}"
    wanted = set(_ICON.findall(source))
    pictures = {f"{name}.{token}.svg": _picture(name, theme.color(token)) for name, token in wanted}
    embedded.serve(root, pictures)
    values = {
        name: value
        for name in Theme.__dataclass_fields__
        if isinstance(value := getattr(theme, name), str)
    }
    values |= {
        "icons": f":{root}",
        "radius": f"{metrics.RADIUS}px",
        "radius_small": f"{metrics.RADIUS_SMALL}px",
        "radius_field": f"{metrics.RADIUS_FIELD}px",
        "radius_card": f"{metrics.RADIUS_CARD}px",
        "scroll_thumb": mix(theme.text, theme.window, 0.24).name(),
        "scroll_thumb_hover": mix(theme.text, theme.window, 0.42).name(),
        "failed_soft": mix(theme.failed, theme.raised, 0.12).name(),
    }
    return Template(source).substitute(values)


def _picture(name: str, color: QColor) -> bytes:
    """Return the icon *name* in *color*; ``small-NAME`` has more air around it."""
    drawing = icons.svg(name.removeprefix(_SMALL), color)
    return drawing.replace(*_AIR) if name.startswith(_SMALL) else drawing


def apply(app: QApplication, theme: Theme) -> None:
    """Make *app* look like *theme*: Fusion, palette and style sheet; every widget is told."""
    if not app.styleSheet():  # the first time; under a style sheet the style hides its name
        app.setStyle(QStyleFactory.create("Fusion"))
    sheet = style_sheet(theme, assets.text("style.qss"))
    with stillness():
        app.setPalette(palette(theme))
        app.setStyleSheet(sheet)


def put_on(widget: QWidget, surface: Surface) -> None:
    """Give *widget* the opaque background named *surface*, in every theme to come."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setProperty("surface", surface)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
