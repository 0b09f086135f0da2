"""Words, prose and languages: what topics and intents are read from."""

import pytest

from core.analysis.language import guess
from core.analysis.prose import prose, spoken
from core.analysis.terms import Frequencies, Terms, cosine, vector
from core.analysis.utterances import Rarities


def test_code_paths_tags_and_output_are_no_prose() -> None:
    text = (
        "Please fix `load()` in src/app/main.py, see https://example.org/a?b.\n"
        "```python\nwhat = is_this\n```\n"
        "$ npm test\n"
        "TypeError: x is undefined\n"
        "<system>hidden</system> Thanks!"
    )
    assert spoken(text) == "Please fix in , see\nhidden Thanks!"


def test_an_unclosed_block_of_code_ends_with_the_text() -> None:
    assert spoken("Look:\n```\nx = 1\ny = 2") == "Look:"


def test_what_is_pasted_is_counted() -> None:
    taken = prose("Why?\n```\n" + "x = 1\n" * 20 + "```")
    assert taken.said == "Why?"
    assert taken.pasted == len(taken.text) - len("Why?")


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("can you fix the failing test please", True),
        ("yes", True),
        ("kannst du bitte die Tests noch einmal laufen lassen", False),
        ("peux-tu corriger le bouton dans la page", False),
        ("この関数を直してください", False),
        ("почини этот тест", False),
        ("", False),
    ],
)
def test_a_language_is_guessed_by_letters_and_common_words(text: str, english: bool) -> None:
    assert guess(text).english is english


def test_terms_are_folded_and_identifiers_taken_apart() -> None:
    counts = Terms().count("The sidebarWidget and the Sidebars of parse_config parser's CACHE")
    assert counts == {
        "sidebar": 2, "widget": 1, "sidebarwidget": 1, "parse": 1, "config": 1,
        "parse_config": 1, "parser": 1, "cache": 1,
    }  # fmt: skip


def test_ids_long_words_and_common_words_are_no_terms() -> None:
    assert Terms().count("the file a1b2c3d4 deadbeef12 " + "x" * 60) == {}


def test_a_script_without_blanks_is_counted_by_pairs() -> None:
    assert Terms().count("数据库") == {"数据": 1, "据库": 1}


def test_a_term_of_every_conversation_distinguishes_nothing() -> None:
    known = Frequencies(3, {"cache": 3, "parser": 1})
    assert known.rarity("cache") == 0.0
    assert known.rarity("never") == 1.0
    assert 0.0 < known.rarity("parser") < 1.0


def test_without_a_library_every_term_counts_the_same() -> None:
    assert Frequencies().rarity("cache") == 1.0


def test_equal_texts_are_as_alike_as_can_be() -> None:
    rarities = Rarities(Frequencies())
    one = vector({"cache": 2, "parser": 1}, rarities)
    assert cosine(one, one) == pytest.approx(1.0)
    assert cosine(one, vector({"button": 1}, rarities)) == 0.0
    assert vector({}, rarities) == {}
