import tomllib
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from desktop.look import assets, paint, palette, theme

GROUNDS = ("window", "panel", "raised", "card", "hover", "selection", "selection_inactive")
WORDS = (
    *("text", "muted", "link", "you", "reply", "thinking", "read", "edit", "run", "search"),
    *("agent", "web", "mcp", "failed", "ok", "warning"),
)
both = pytest.mark.parametrize(
    "colors", [theme.load("light"), theme.load("dark")], ids=lambda t: t.name
)


def luminance(color: QColor) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (color.redF(), color.greenF(), color.blueF())
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_both_themes_have_the_same_tokens() -> None:
    light, dark = (tomllib.loads(assets.text(f"themes/{n}.toml")) for n in theme.SCHEMES)

    assert list(light) == list(dark)


def test_a_missing_token_is_named() -> None:
    source = assets.text("themes/light.toml").replace('muted = "#57606A"\n', "")

    with pytest.raises(theme.ThemeError, match="missing: muted"):
        theme.parse(source)


def test_an_unknown_token_is_named() -> None:
    with pytest.raises(theme.ThemeError, match="unknown: glow"):
        theme.parse('glow = "#FFFFFF"\n' + assets.text("themes/light.toml"))


@pytest.mark.parametrize("value", ['"blue"', '"#FFF"', "7", '["#FFFFFF"]'])
def test_a_value_that_is_no_colour_is_named(value: str) -> None:
    source = assets.text("themes/light.toml").replace('muted = "#57606A"', f"muted = {value}")

    with pytest.raises(theme.ThemeError, match="not a colour: muted"):
        theme.parse(source)


def test_a_sequence_of_the_wrong_length_is_named() -> None:
    source = assets.text("themes/light.toml").replace('heat = ["#E6EEFB", ', "heat = [")

    with pytest.raises(theme.ThemeError, match="not a colour: heat"):
        theme.parse(source)


@both
def test_words_can_be_read_on_every_ground(colors: theme.Theme) -> None:
    poor = [
        (word, ground)
        for word in WORDS
        for ground in GROUNDS
        if contrast(colors.color(word), colors.color(ground)) < 4.5
    ]

    assert poor == []


@both
def test_faint_words_can_be_read_where_nothing_is_selected(colors: theme.Theme) -> None:
    for ground in ("window", "panel", "raised", "card", "hover"):
        assert contrast(colors.color("faint"), colors.color(ground)) >= 4.5


@both
@pytest.mark.parametrize(
    ("word", "ground"),
    [
        ("selection_text", "selection"),
        ("accent_text", "accent"),
        ("diff_add_fg", "diff_add_bg"),
        ("diff_del_fg", "diff_del_bg"),
        ("text", "diff_add_bg"),
        ("text", "diff_del_bg"),
        ("text", "hit_bg"),
        ("text", "hit_current_bg"),
        ("text", "pressed"),
        ("text", "track"),
        ("muted", "track"),
    ],
)
def test_pairs_that_meet_can_be_read(colors: theme.Theme, word: str, ground: str) -> None:
    assert contrast(colors.color(word), colors.color(ground)) >= 4.5


@both
def test_words_can_be_read_on_the_soft_ground_of_their_own_colour(colors: theme.Theme) -> None:
    poor = [w for w in WORDS if contrast(colors.color(w), paint.soft(colors, w)) < 4.5]

    assert poor == []
    assert all(contrast(colors.color("text"), paint.soft(colors, w)) >= 4.5 for w in WORDS)


@both
def test_terminal_colours_can_be_read_on_a_card(colors: theme.Theme) -> None:
    for step in colors.ansi:
        assert contrast(QColor(step), colors.color("card")) >= 4.5
        assert contrast(QColor(step), colors.color("window")) >= 4.5


@both
def test_graphics_stand_out_from_what_they_are_on(colors: theme.Theme) -> None:
    for ground in ("window", "panel", "card", "raised"):
        for token in ("focus", "accent", "outline"):
            assert contrast(colors.color(token), colors.color(ground)) >= 3, (token, ground)
        for step in colors.chart:
            assert contrast(QColor(step), colors.color(ground)) >= 3, (step, ground)


@both
def test_the_ring_of_a_primary_button_stands_out_from_the_button(colors: theme.Theme) -> None:
    assert contrast(colors.color("text"), colors.color("accent")) >= 3


@both
def test_heat_goes_one_way(colors: theme.Theme) -> None:
    steps = [luminance(QColor(step)) for step in colors.heat]

    assert steps == sorted(steps, reverse=not colors.dark)
    assert contrast(QColor(colors.heat[-1]), colors.color("window")) >= 4.5


# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
EYES = {
    "all cones": np.eye(3),
    "no red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def seen(color: str, eyes: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Where *color* lies in OKLab for those *eyes* (Ottosson 2020)."""
    value = QColor(color)
    parts = (value.redF(), value.greenF(), value.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    answer: np.ndarray[tuple[int], np.dtype[np.float64]] = lab @ np.cbrt(
        cones @ np.clip(EYES[eyes] @ np.array(linear), 0, 1)
    )
    return answer


@both
@pytest.mark.parametrize("eyes", EYES)
def test_chart_series_are_told_apart_by_all_eyes(colors: theme.Theme, eyes: str) -> None:
    places = [seen(step, eyes) for step in colors.chart]

    assert min(np.linalg.norm(a - b) for a, b in combinations(places, 2)) >= 0.08


def test_a_token_is_asked_for_by_name() -> None:
    colors = theme.load("light")

    assert colors.color("text", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)
    with pytest.raises(theme.ThemeError, match="no colour: name"):
        colors.color("name")


@pytest.mark.parametrize("name", theme.SCHEMES)
def test_a_palette_tells_its_theme(qapp: QApplication, name: theme.Scheme) -> None:
    made = palette.palette(theme.load(name))

    assert theme.of(made) is theme.load(name)


def test_a_palette_leaves_no_role_to_a_guess(qapp: QApplication) -> None:
    made = palette.palette(theme.load("dark"))

    for group in (
        QPalette.ColorGroup.Active,
        QPalette.ColorGroup.Inactive,
        QPalette.ColorGroup.Disabled,
    ):
        for role in QPalette.ColorRole:
            if role not in {QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles}:
                assert made.isBrushSet(group, role), (group, role)
