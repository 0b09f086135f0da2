"""What a person types into the search field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.queries.words import Words, understood


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("", ""),
        ("   ", ""),
        ("one two ", '("one") AND ("two")'),
        ("one two", '("one") AND ("two"*)'),  # the last word may be unfinished
        ("a", '("a")'),
        ('"a phrase"', '("a phrase")'),
        ('"a phrase', '("a phrase")'),
        ("pre* x ", '("pre"*) AND ("x")'),
        ("one -two ", '(("one")) NOT ("two")'),
        ('one -"two three"', '(("one")) NOT ("two three")'),
        ("one --two ", '("one") AND ("--two")'),
        ("-one", ""),
        ("one OR two ", '("one" OR "two")'),
        ("one OR two OR three four ", '("one" OR "two" OR "three") AND ("four")'),
        ("OR one ", '("OR") AND ("one")'),
        ("one OR ", '("one")'),
        ("one or two ", '("one") AND ("or") AND ("two")'),
        ("in:prompt one ", '{prompt} : (("one"))'),
        ("in:prompt in:reply one ", '{prompt reply} : (("one"))'),
        ("in:nowhere one ", '("in:nowhere") AND ("one")'),
        ("in:prompt", ""),
        ("don't foo-bar a.b C++ ", '("don\'t") AND ("foo-bar") AND ("a.b") AND ("C++")'),
        ("AND NOT NEAR ", '("AND") AND ("NOT") AND ("NEAR")'),
        ("+++ ??? one ", '("one")'),
        ("one\ttwo\nthree\0", '("one") AND ("two") AND ("three")'),
        ('a"b" ', '("a""b""")'),
        ("你好 ", '("你好")'),
    ],
)
def test_what_was_typed_becomes_a_question_that_cannot_fail(typed: str, match: str) -> None:
    assert understood(typed).match == match


def test_tools_and_errors_narrow_without_being_words() -> None:
    assert understood("tool:Bash is:error x ") == Words(
        match='("x")', tool="Bash", failed=True, plain=("x",)
    )


def test_what_was_looked_for_is_given_for_marking_but_not_what_was_excluded() -> None:
    assert understood('one "two three" -four in:reply five*').plain == ("one", "two three", "five")


@given(st.text())
def test_no_text_makes_it_raise(typed: str) -> None:
    words = understood(typed)

    assert words.match.isprintable()
    assert words.match.count('"') % 2 == 0
