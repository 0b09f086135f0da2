from hypothesis import given
from hypothesis import strategies as st

from desktop.delegates import ansi
from desktop.delegates.ansi import PLAIN, Run, Style

PIECES = st.one_of(
    st.text(max_size=8),
    st.lists(st.integers(0, 300), max_size=6).map(
        lambda codes: "\x1b[" + ";".join(map(str, codes)) + "m"
    ),
    st.sampled_from(
        ["\x1b[", "\x1b]8;;x\x07", "\x1b[2J", "\x1b[38;5", "\x1b[:;:m", "\x1b[99999999m"]
    ),
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read_and_only_colour_codes_are_lost(text: str) -> None:
    assert "".join(run.text for run in ansi.runs(text)) == ansi.plain(text)


def test_colours_last_until_they_are_taken_back() -> None:
    runs = ansi.runs("a\x1b[31mb\x1b[1mc\x1b[0md")

    assert runs == [
        Run("a", PLAIN),
        Run("b", Style(ink=1)),
        Run("c", Style(ink=1, bold=True)),
        Run("d", PLAIN),
    ]


def test_colours_of_256_and_of_millions_become_the_nearest_of_16() -> None:
    (run, *_) = ansi.runs("\x1b[38;5;9mx")
    (other, *_) = ansi.runs("\x1b[38;2;200;10;10mx")

    assert run.style.ink == 9
    assert other.style.ink == 1


def test_escapes_that_are_no_colours_stay_in_the_text() -> None:
    assert ansi.plain("\x1b]52;c;ZQ==\x07\x1b[2J") == "\x1b]52;c;ZQ==\x07\x1b[2J"
