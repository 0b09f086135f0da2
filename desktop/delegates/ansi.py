"""Reads the colours that programs write into their output for terminals (ECMA-48, SGR).

Only SGR is understood. Every other escape stays in the text, where it is drawn as a symbol.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

_SGR: Final = re.compile(r"\x1b\[([0-9;:]*)m")
_LONGEST: Final = 200  # characters between the bracket and the m: more is noise
_MOST_RUNS: Final = 4_000  # after that the rest keeps one style, so that drawing stays bounded


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is drawn. Colours are 0 to 15 as a terminal counts them; None is its own."""

    ink: int | None = None
    ground: int | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    struck: bool = False
    inverse: bool = False


PLAIN: Final = Style()


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style."""

    text: str
    style: Style


def runs(text: str) -> list[Run]:
    """Return *text* cut where its style changes, without the codes that said so."""
    if "\x1b[" not in text:
        return [Run(text, PLAIN)] if text else []
    found: list[Run] = []
    style, at = PLAIN, 0
    for match in _SGR.finditer(text):
        if match.start() > at:
            _add(found, text[at : match.start()], style)
        at = match.end()
        if len(found) < _MOST_RUNS:
            style = _changed(style, match[1])
    if at < len(text):
        _add(found, text[at:], style)
    return found


def plain(text: str) -> str:
    """Return *text* without its SGR codes."""
    return _SGR.sub("", text) if "\x1b[" in text else text


def _add(found: list[Run], text: str, style: Style) -> None:
    if found and found[-1].style == style:
        found[-1] = Run(found[-1].text + text, style)
    else:
        found.append(Run(text, style))


def _changed(style: Style, codes: str) -> Style:
    if len(codes) > _LONGEST:
        return style
    numbers = [int(code[:6] or "0") for code in codes.replace(":", ";").split(";")]
    at = 0
    while at < len(numbers):
        code = numbers[at]
        if code in {38, 48}:
            color, used = _extended(numbers[at + 1 :])
            style = replace(style, ink=color) if code == 38 else replace(style, ground=color)
            at += used
        else:
            style = _one(style, code)
        at += 1
    return style


def _one(style: Style, code: int) -> Style:  # noqa: C901, PLR0911  one line for each group of codes
    match code:
        case 0:
            return PLAIN
        case 1:
            return replace(style, bold=True)
        case 2:
            return replace(style, dim=True)
        case 22:
            return replace(style, bold=False, dim=False)
        case 3 | 23:
            return replace(style, italic=code == 3)
        case 4 | 24:
            return replace(style, underline=code == 4)
        case 7 | 27:
            return replace(style, inverse=code == 7)
        case 9 | 29:
            return replace(style, struck=code == 9)
        case 39:
            return replace(style, ink=None)
        case 49:
            return replace(style, ground=None)
        case _:
            return _color(style, code)


def _color(style: Style, code: int) -> Style:
    for first, bright in ((30, 0), (90, 8)):
        if first <= code < first + 8:
            return replace(style, ink=code - first + bright)
        if first + 10 <= code < first + 18:
            return replace(style, ground=code - first - 10 + bright)
    return style


def _extended(numbers: list[int]) -> tuple[int | None, int]:
    """Return the nearest of the 16 colours, and how many of *numbers* said it."""
    if len(numbers) >= 2 and numbers[0] == 5:
        return _of_256(numbers[1]), 2
    if len(numbers) >= 4 and numbers[0] == 2:
        red, green, blue = (min(255, value) for value in numbers[1:4])
        return _nearest(red, green, blue), 4
    return None, len(numbers)


def _of_256(number: int) -> int | None:
    if number < 16:
        return number
    if number < 232:
        cube = number - 16
        return _nearest(*(step * 51 for step in (cube // 36, cube // 6 % 6, cube % 6)))
    if number < 256:
        level = (number - 232) * 10 + 8
        return _nearest(level, level, level)
    return None


def _nearest(red: int, green: int, blue: int) -> int:
    """Return the colour of 16 with the same hue: light themes need other reds than terminals."""
    high, low = max(red, green, blue), min(red, green, blue)
    if high - low < 40:
        return 0 if high < 60 else 8 if high < 160 else 7
    middle = (high + low) // 2
    bits = sum(bit for bit, value in ((1, red), (2, green), (4, blue)) if value > middle)
    return bits + (8 if high > 230 else 0)
