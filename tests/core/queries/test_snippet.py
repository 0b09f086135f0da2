"""A short piece of a text, with what was looked for marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.queries.snippet import CLOSE, OPEN, snippet


def marked(text: str, *words: str) -> str:
    return snippet(text, words).replace(OPEN, "[").replace(CLOSE, "]")


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("one two three", ("two",), "one [two] three"),
        ("one Two twofold", ("two",), "one [Two] [two]fold"),
        ("Café CAFE", ("cafe",), "[Café] [CAFE]"),
        ("cafe", ("Café",), "[cafe]"),
        ("outside side", ("side",), "outside [side]"),
        ("a_side", ("side",), "a_[side]"),
        ("foo - bar", ("foo-bar",), "[foo - bar]"),
        ("a\n\n b\tc", ("b",), "a [b] c"),
        ("nothing here", ("else",), "nothing here"),
        ("nothing here", (), "nothing here"),
        ("", ("x",), ""),
    ],
)
def test_words_are_marked_where_they_begin(
    text: str, words: tuple[str, ...], expected: str
) -> None:
    assert marked(text, *words) == expected


def test_a_snippet_is_cut_around_the_first_match() -> None:
    found = marked("a " * 500 + "needle" + " b" * 500, "needle")

    assert found.startswith("…")
    assert found.endswith("…")
    assert "[needle]" in found
    assert len(found) < 250


def test_marks_in_the_text_itself_are_no_marks() -> None:
    assert snippet(f"{OPEN}x{CLOSE} y", ["y"]).count(OPEN) == 1


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_has_a_snippet_of_one_line_with_paired_marks(text: str, words: list[str]) -> None:
    found = snippet(text, words)

    assert found.count(OPEN) == found.count(CLOSE)
    assert "\n" not in found
    assert len(found) < 1000
