"""Numbers, times and text from logs, put into words that are short, local and harmless.

All times are integer milliseconds since the epoch, UTC, and shown in the zone *tz*: the computer's
own when it is None. Numbers and names follow the default `QLocale`.
"""

import html
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTextBoundaryFinder, QTime

translate = QCoreApplication.translate  # by this name lupdate finds the texts

ELLIPSIS: Final = "…"
NO_TIME: Final = "–"  # a moment no calendar has: logs may hold any number

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = 1_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_DECIMALS_BELOW: Final = 100  # 18.4 k, but 184 k
_DOLLAR: Final = 1_000_000  # micro-dollars
_CENT: Final = 10_000
_CENTS_BELOW: Final = 1_000  # dollars
_LONGEST_TIP: Final = 2_000  # characters: Qt lays out every one of them

_YEAR: Final = re.compile(
    r"""
    ([\s,./-]*) ('[^']*'\s*)?    # what leads to it: ", ", "'de' "
    y+
    ('[^']*'|[^\sdM,.]*)         # a suffix: "年"
    ([\s,.]*) ('[^']*'[\s.]*)?   # what follows it: ". 'gada' "
    """,
    re.VERBOSE,
)
_WEEKDAY_COMMA: Final = re.compile(r"^dddd, (?=d)")

_TURNING: Final = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN: Final = {
    **{code: 0x2400 + code for code in range(0x20)},  # ␀ to ␟
    0x7F: 0x2421,  # ␡
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),  # C1 controls have no pictures
    **dict.fromkeys(_TURNING, 0x21C4),  # ⇄ for what would turn the text around
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),  # halves of pairs: Qt cannot take them
}
_BREAKS: Final = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), 0x0A)
_SHOWN_LINES: Final = {**_SHOWN, **_BREAKS, 0x09: 0x09, 0x0A: 0x0A}


def clock(ms: int, tz: tzinfo | None = None) -> str:
    """Return the time of day of *ms*, such as "14:02"."""
    at = _local(ms, tz)
    if at is None:
        return NO_TIME
    time = QTime(at.hour, at.minute)
    locale = _locale()
    return locale.toString(time, QLocale.FormatType.ShortFormat).replace("\u202f", "\u00a0")


def day(ms: int, today: date, tz: tzinfo | None = None) -> str:
    """Return the day of *ms*: "Today", "Yesterday", "Tuesday 3 March", or that with its year."""
    at = _local(ms, tz)
    if at is None:
        return NO_TIME
    if at.date() == today:
        return translate("words", "Today")
    if at.date() == today - timedelta(days=1):
        return translate("words", "Yesterday")
    locale = _locale()
    pattern = locale.dateFormat(QLocale.FormatType.LongFormat)
    if at.year == today.year:
        pattern = _YEAR.sub(_joint, pattern)
    if locale.language() == QLocale.Language.English:
        pattern = _WEEKDAY_COMMA.sub("dddd ", pattern)
    return locale.toString(QDate(at.year, at.month, at.day), pattern)


def day_of(ms: int, tz: tzinfo | None = None) -> date | None:
    """Return the local calendar day of *ms*, to group by; None if no calendar has it."""
    at = _local(ms, tz)
    return None if at is None else at.date()


def duration(ms: int) -> str:
    """Return a span of *ms*: "80 ms", "12.4 s", "3 min 20 s", "2 h 14 m"; "0 s" if negative."""
    if ms <= 0:
        return "0 s"
    if ms < _SECOND // 10:
        return f"{ms} ms"
    tenths = (ms + 50) // 100
    if tenths < 600:
        return f"{_decimal(tenths / 10)} s"
    seconds = (ms + _SECOND // 2) // _SECOND
    minutes, second = divmod(seconds, 60)
    if minutes < 60:
        return _two(minutes, "min", second, "s")
    hours, minute = divmod((seconds + 30) // 60, 60)
    if hours < 48:
        return _two(hours, "h", minute, "m")
    days, hour = divmod((minutes + 30) // 60, 24)
    return _two(days, "d", hour, "h")


def ago(ms: int, now: int) -> str:
    """Return how long before *now* (both in ms) the moment *ms* was: "3 min ago"."""
    gone = now - ms
    if abs(gone) < _MINUTE:
        return translate("words", "just now")
    steps = (
        (_HOUR, _MINUTE, translate("words", "{0} min")),
        (_DAY, _HOUR, translate("words", "{0} h")),
        (14 * _DAY, _DAY, translate("words", "{0} d")),
        (60 * _DAY, 7 * _DAY, translate("words", "{0} weeks")),
        (730 * _DAY, 30 * _DAY, translate("words", "{0} months")),
    )
    span = translate("words", "{0} years").format(count(abs(gone) // (365 * _DAY)))
    for below, unit, words in steps:
        if abs(gone) < below:
            span = words.format(abs(gone) // unit)
            break
    pattern = translate("words", "in {0}") if gone < 0 else translate("words", "{0} ago")
    return pattern.format(span)


def count(n: int) -> str:
    """Return *n* in full with the locale's separators: "1,284"."""
    if abs(n) >= 2**63:
        return f"{n:,}"
    return _locale().toString(n)


def short_count(n: int) -> str:
    """Return *n* in a few characters: "950", "1.2 k", "18.4 k", "184 k", "3.4 M"."""
    return _scaled(n, ("", " k", " M", " G", " T"))


def size(n: int) -> str:
    """Return *n* bytes in units of a thousand: "950 B", "3.4 kB", "412 MB"."""
    return _scaled(n, (" B", " kB", " MB", " GB", " TB", " PB"))


def percent(share: float) -> str:
    """Return *share*, 1.0 being all, as "71 %"; one decimal below ten: "6.1 %"."""
    value = share * 100
    return f"{_decimal(round(value, 1) if abs(value) < 10 else round(value))} %"


def plural(n: int, one: str, many: str) -> str:
    """Return *n* with the word for it: "1 prompt", "1,284 prompts"."""
    return f"{count(n)} {one if n == 1 else many}"


def money(micro: int) -> str:
    """Return *micro*-dollars in few characters: "$0.00", "<$0.01", "$0.41", "$1,234"."""
    value, sign = abs(micro), "-" if micro < 0 else ""
    if 0 < value < _CENT:
        return f"{sign}<$0.01"
    dollars = value / _DOLLAR
    if round(dollars, 2) >= _CENTS_BELOW:
        return f"{sign}${count(round(dollars))}"
    return f"{sign}${_locale().toString(dollars, 'f', 2)}"


def exact_money(micro: int) -> str:
    """Return *micro*-dollars to the last one, cents at least: "$0.41", "$1,234.567891"."""
    whole, rest = divmod(abs(micro), _DOLLAR)
    digits = f"{rest:06}".rstrip("0").ljust(2, "0")
    return f"{'-' if micro < 0 else ''}${count(whole)}{_locale().decimalPoint()}{digits}"


def visible(text: str) -> str:
    r"""Return *text* with what is invisible or turns text around drawn as symbols.

    Line feeds and tabs stay; ``\r\n`` and other line ends become line feeds. Escape is "␛", a
    bidirectional override is "⇄", half a surrogate pair is "�".
    """
    return text.replace("\r\n", "\n").translate(_SHOWN_LINES)


def one_line(text: str, limit: int = 200) -> str:
    """Return *text* as one line of at most *limit* characters, whole graphemes only.

    White space of any kind and length is one blank; cut text ends in "…". Looks at little more
    than *limit* characters of *text*, so it may be given megabytes.
    """
    if limit <= 0:
        return ""
    line = _head(text, limit)
    if len(line) <= limit:
        return line
    return line[: _boundary(line, limit - 1)].rstrip() + ELLIPSIS


def caption(text: str, limit: int = 80) -> str:
    """Return *text* from a log for a button, tab or menu: one line, and no ``&`` becomes a key."""
    return one_line(text, limit).replace("&", "&&")


def plain(text: str, limit: int = _LONGEST_TIP) -> str:
    """Return *text* for a place that guesses whether it is given HTML: tool tips above all.

    Qt takes even "a < b and c > d" for HTML. There is no switch on a tool tip, so this makes the
    guess certain: a span, in which all of *text* is escaped and therefore shown as it is, line
    breaks too. Not for labels: they have the switch, ``setTextFormat(PlainText)``, and would show
    the markup.
    """
    shown = visible(text[: 2 * limit + 64])
    if len(shown) > limit:
        shown = shown[: _boundary(shown[: limit + 64], limit - 1)] + ELLIPSIS
    return f'<span style="white-space: pre-wrap">{html.escape(shown)}</span>'


def _local(ms: int, tz: tzinfo | None) -> datetime | None:
    try:
        return (_EPOCH + timedelta(milliseconds=ms)).astimezone(tz)
    except (OverflowError, ValueError, OSError):
        return None


def _locale() -> QLocale:
    """Return the default locale; where the system has none ("C"), British English."""
    locale = QLocale()
    if locale.language() == QLocale.Language.C:
        return QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    return locale


def _joint(year: re.Match[str]) -> str:
    """Return what holds a date pattern together where *year* is taken out."""
    if year.start() == 0 or year.end() == len(year.string):
        return ""
    return ", " if "," in year[1] else " "


def _decimal(value: float) -> str:
    """Return *value* with one decimal, or with none if that is a nought."""
    locale = _locale()
    if value == int(value):
        return locale.toString(int(value))
    return locale.toString(value, "f", 1)


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    first = f"{count(large)} {large_unit}"
    return f"{first} {small} {small_unit}" if small else first


def _scaled(n: int, units: tuple[str, ...]) -> str:
    value, step = abs(n), 0
    scaled = float(value)
    while _rounded(scaled) >= 1000 and step < len(units) - 1:
        step += 1
        scaled = value / 1000**step
    sign = "-" if n < 0 else ""
    shown = count(value) if step == 0 else _decimal(_rounded(scaled))
    return f"{sign}{shown}{units[step]}"


def _rounded(value: float) -> float:
    return round(value, 1) if value < _DECIMALS_BELOW else round(value)


def _head(text: str, limit: int) -> str:
    """Return *text* on one line: all of it, or its start if that is longer than *limit*."""
    take = limit * 2 + 64
    while True:
        line = " ".join(text[:take].split()).translate(_SHOWN)
        if len(line) > limit + 32 or take >= len(text):
            return line
        take *= 8


def _boundary(text: str, most: int) -> int:
    """Return the last place at or before *most* at which *text* may be cut."""
    if text.isascii():
        return most
    before = len(text[:most].encode("utf-16-le")) // 2  # Qt counts UTF-16 units
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    finder.setPosition(before)
    if not finder.isAtBoundary():
        before = finder.toPreviousBoundary()
    if before <= 0:
        return most  # one grapheme as long as the line: noise, cut it anywhere
    return len(text.encode("utf-16-le")[: before * 2].decode("utf-16-le"))
