from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QApplication

from desktop.look import words

TUESDAY = int(datetime(2026, 3, 3, 14, 2, tzinfo=UTC).timestamp()) * 1000
DAY = 86_400_000

pytestmark = pytest.mark.usefixtures("british")


@pytest.fixture
def locale() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


def test_a_clock_shows_the_local_hour_and_minute() -> None:
    assert words.clock(TUESDAY, UTC) == "14:02"
    assert words.clock(TUESDAY, timezone(timedelta(hours=-5, minutes=-30))) == "08:32"


def test_a_clock_follows_the_locale(locale: None) -> None:
    QLocale.setDefault(QLocale("en_US"))

    assert words.clock(TUESDAY, UTC) == "2:02\u00a0PM"


@pytest.mark.parametrize("ms", [2**63, -(2**63), 10**30, 253_402_300_800_000])
def test_a_time_that_no_calendar_has_is_a_dash(ms: int) -> None:
    assert words.clock(ms, UTC) == "–"
    assert words.day(ms, date(2026, 3, 3), UTC) == "–"
    assert words.day_of(ms, UTC) is None


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2026, 3, 3), "Today"),
        (date(2026, 3, 4), "Yesterday"),
        (date(2026, 3, 5), "Tuesday 3 March"),
        (date(2027, 1, 1), "Tuesday 3 March 2026"),
    ],
)
def test_a_day_is_named_as_short_as_it_is_clear(today: date, shown: str) -> None:
    assert words.day(TUESDAY, today, UTC) == shown


def test_a_day_is_that_of_the_zone() -> None:
    east = timezone(timedelta(hours=11))

    assert words.day(TUESDAY, date(2026, 3, 4), east) == "Today"
    assert words.day_of(TUESDAY, east) == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("name", "this_year", "other_year"),
    [
        ("en_US", "Tuesday, March 3", "Tuesday, March 3, 2026"),
        ("de_DE", "Dienstag, 3. März", "Dienstag, 3. März 2026"),
        ("es_ES", "martes, 3 de marzo", "martes, 3 de marzo de 2026"),
        ("ja_JP", "3月3日火曜日", "2026年3月3日火曜日"),
        ("hu_HU", "március 3., kedd", "2026. március 3., kedd"),
        ("lv_LV", "otrdiena, 3. marts", "otrdiena, 2026. gada 3. marts"),
        ("C", "Tuesday 3 March", "Tuesday 3 March 2026"),
    ],
)
def test_a_day_is_written_as_the_locale_writes_it(
    locale: None, name: str, this_year: str, other_year: str
) -> None:
    QLocale.setDefault(QLocale(name))

    assert words.day(TUESDAY, date(2026, 12, 31), UTC) == this_year
    assert words.day(TUESDAY, date(2025, 12, 31), UTC) == other_year


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (80, "80 ms"),
        (400, "0.4 s"),
        (1_000, "1 s"),
        (12_400, "12.4 s"),
        (59_949, "59.9 s"),
        (59_951, "1 min"),
        (200_000, "3 min 20 s"),
        (3_599_600, "1 h"),
        (8_040_000, "2 h 14 m"),
        (2 * DAY + 3 * 3_600_000, "2 d 3 h"),
    ],
)
def test_a_duration_has_two_units_at_most(ms: int, shown: str) -> None:
    assert words.duration(ms) == shown


@given(st.integers(100, 10**15))
def test_a_duration_never_shows_sixty_seconds_or_minutes(ms: int) -> None:
    shown = words.duration(ms).split()

    assert "d" in shown or not {"60", "60.0"} & set(shown)  # sixty days may be


@pytest.mark.parametrize(
    ("gone", "shown"),
    [
        (0, "just now"),
        (59_999, "just now"),
        (180_000, "3 min ago"),
        (7_200_000, "2 h ago"),
        (5 * DAY, "5 d ago"),
        (21 * DAY, "3 weeks ago"),
        (120 * DAY, "4 months ago"),
        (800 * DAY, "2 years ago"),
        (-180_000, "in 3 min"),
    ],
)
def test_ago_names_the_largest_unit(gone: int, shown: str) -> None:
    assert words.ago(TUESDAY - gone, TUESDAY) == shown


def test_a_count_has_the_separators_of_the_locale(locale: None) -> None:
    assert words.count(1284) == "1,284"
    assert words.count(10**20) == "100,000,000,000,000,000,000"
    QLocale.setDefault(QLocale("de_DE"))
    assert words.count(1284) == "1.284"


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (0, "0"),
        (950, "950"),
        (999, "999"),
        (1_000, "1 k"),
        (1_240, "1.2 k"),
        (18_402, "18.4 k"),
        (152_000, "152 k"),
        (999_499, "999 k"),
        (999_600, "1 M"),
        (3_400_000, "3.4 M"),
        (812_000_000, "812 M"),
        (-1_240, "-1.2 k"),
    ],
)
def test_a_short_count_is_short(n: int, shown: str) -> None:
    assert words.short_count(n) == shown


@pytest.mark.parametrize(
    ("n", "shown"),
    [(0, "0 B"), (999, "999 B"), (3_400, "3.4 kB"), (412_000_000, "412 MB"), (10**9, "1 GB")],
)
def test_sizes_count_in_thousands(n: int, shown: str) -> None:
    assert words.size(n) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0 %"), (0.061, "6.1 %"), (0.0996, "10 %"), (0.714, "71 %")]
)
def test_a_percentage_has_a_decimal_where_it_counts(share: float, shown: str) -> None:
    assert words.percent(share) == shown


def test_one_is_not_many() -> None:
    assert words.plural(1, "prompt", "prompts") == "1 prompt"
    assert words.plural(0, "prompt", "prompts") == "0 prompts"
    assert words.plural(1284, "prompt", "prompts") == "1,284 prompts"


def test_one_line_is_the_text_with_single_blanks() -> None:
    assert words.one_line("  why\n\tdo \r\n we \u2028 get\u00a0401  ") == "why do we get 401"


def test_one_line_draws_what_would_hide_or_turn_the_text() -> None:
    assert words.one_line("\x1b[31mred\x00\x7f") == "␛[31mred␀␡"
    assert words.one_line("user\u202etxt.exe\u2066") == "user⇄txt.exe⇄"
    assert words.one_line("\ud800 alone \x9b") == "� alone �"


def test_one_line_says_that_it_left_something_out() -> None:
    assert words.one_line("abcdef", 6) == "abcdef"
    assert words.one_line("abcdefg", 6) == "abcde…"
    assert words.one_line("ab cdefg", 4) == "ab…"
    assert words.one_line("anything", 0) == ""


@pytest.mark.parametrize("family", ["👩‍👩‍👧", "🇩🇪", "e\u0301", "👍🏽"])
def test_one_line_never_cuts_a_sign_in_two(family: str) -> None:
    text = "ab" + family * 3

    for limit in range(3, len(text)):
        kept = words.one_line(text, limit).removesuffix("…").removeprefix("ab")
        assert kept == family * (len(kept) // len(family))


def test_one_line_looks_past_any_amount_of_white_space() -> None:
    assert words.one_line(" " * 100_000 + "late", 10) == "late"
    assert words.one_line("a" + "\n" * 100_000 + "b", 10) == "a b"


@given(st.text(), st.integers(0, 40))
def test_one_line_is_never_longer_than_the_limit_nor_more_than_a_line(
    text: str, limit: int
) -> None:
    line = words.one_line(text, limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    line.encode()  # no half pairs, which Qt could not take


@given(st.text(st.characters(categories=["So", "Mn", "Me", "Cf", "Sk"]), max_size=60))
def test_one_line_copes_with_signs_made_of_many(text: str) -> None:
    assert len(words.one_line(text, 12)) <= 12


@pytest.mark.parametrize(
    ("micro", "said"),
    [
        (0, "$0.00"),
        (1, "<$0.01"),
        (9_999, "<$0.01"),
        (10_000, "$0.01"),
        (410_000, "$0.41"),
        (999_990_000, "$999.99"),
        (999_999_999, "$1,000"),
        (1_234_000_000, "$1,234"),
        (-410_000, "-$0.41"),
        (10**18, "$1,000,000,000,000"),
    ],
)
def test_money_is_short(micro: int, said: str) -> None:
    assert words.money(micro) == said


@pytest.mark.parametrize(
    ("micro", "said"),
    [(0, "$0.00"), (1, "$0.000001"), (410_000, "$0.41"), (1_234_567_891, "$1,234.567891")],
)
def test_money_can_be_told_to_the_last_millionth(micro: int, said: str) -> None:
    assert words.exact_money(micro) == said


@pytest.mark.usefixtures("locale")
def test_money_follows_the_locale() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))

    assert (words.money(410_000), words.money(1_234_000_000)) == ("$0,41", "$1.234")


def test_visible_keeps_lines_and_tabs() -> None:
    assert words.visible("a\r\nb\rc\td\u2028e\x1b") == "a\nb\nc\td\ne␛"


def test_a_caption_has_no_mnemonic() -> None:
    assert words.caption("R&D\nplans") == "R&&D plans"


@given(st.text())
def test_plain_text_is_shown_as_it_is_where_html_is_guessed(text: str) -> None:
    shown = QTextDocument()
    guarded = words.plain(text)
    shown.setHtml(guarded)

    assert Qt.mightBeRichText(guarded)
    expected = words.visible(text)
    assert shown.toPlainText() == expected.replace("\u00a0", " ")


def test_plain_text_that_looks_like_html_is_not_taken_for_it(qapp: QApplication) -> None:
    document = QTextDocument()
    document.setHtml(words.plain('<img src="file:///etc/passwd"><table><b>a < b and c > d'))

    assert document.toPlainText() == '<img src="file:///etc/passwd"><table><b>a < b and c > d'


def test_plain_text_is_short_enough_to_be_laid_out() -> None:
    assert len(words.plain("x" * 5_000_000)) < 3_000
