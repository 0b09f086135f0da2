"""What a thread is called, what sets it apart, what was done in it."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures.eliding import elided
from core.measures.topics import KEYWORDS, LONGEST, cleaned, keywords, summary, terms, topic


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("ok, now please fix the tunnel", "Fix the tunnel"),
        ("```\nlots of code\n```\nwhy does this fail?", "Why does this fail?"),
        ("<system-reminder>x</system-reminder>add a door", "Add a door"),
        ("look at https://example.org/a/b?c please", "Look at please"),
        ('Traceback (most recent call last)\n  File "x.py"\nwhat is this', "What is this"),
        ("Implement the following plan:\n\n# Plan: Move the bed\n\n- dig", "Move the bed"),
        ("[Image #1] make it blue", "Make it blue"),
        ("修复登录错误", "修复登录错误"),
    ],
)
def test_a_prompt_is_cleaned_of_what_nobody_typed_as_a_sentence(prompt: str, said: str) -> None:
    assert cleaned(prompt) == said


def test_a_topic_is_what_the_log_calls_it_else_the_first_prompt_that_says_something() -> None:
    prompts = ["hi", "continue", "water the beds", "plant tomatoes"]

    assert topic(["", "Garden"], prompts) == "Garden"
    assert topic([""], prompts) == "Water the beds"
    assert topic([], ["ok"]) == "Ok"
    assert topic([], []) == "Without words"


@pytest.mark.parametrize("sign", ["👩‍🌾", "🇨🇿", "👍🏽", "é", "नि"])
def test_no_sign_is_cut_in_two(sign: str) -> None:
    for most in range(2, 40):
        said = elided(sign * 40, most)
        whole = said.removesuffix("…")
        assert whole == sign * (len(whole) // len(sign))


@given(st.text(), st.integers(1, 80))
def test_a_text_never_gets_longer_than_asked_for(text: str, most: int) -> None:
    said = elided(text, most)

    assert len(said) <= most
    assert "\n" not in said
    if said.endswith("…") and len(said) > 1:
        assert not unicodedata.combining(said[0]) or text.lstrip().startswith(said[0])


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_any_prompts_give_a_short_topic(titles: list[str], prompts: list[str]) -> None:
    assert 0 < len(topic(titles, prompts)) <= LONGEST


def test_keywords_are_what_the_other_threads_do_not_say() -> None:
    found = keywords(
        [
            (("server", 9), ("tomato", 5), ("tomatoes", 4)),
            (("server", 9), ("latency", 5)),
            (("server", 9), ("door", 1)),
        ]
    )

    assert [one[0] for one in found] == ["tomato", "latency", "door"]
    assert "tomatoes" not in found[0]
    assert all(len(one) <= KEYWORDS for one in found)


def test_code_and_plain_words_are_no_terms() -> None:
    counted: Counter[str] = Counter()

    terms("The myFunction of some_name in a1234 and für den Garten's Zaun", counted)

    assert set(counted) == {"garten", "zaun"}


def test_a_summary_lists_what_can_be_checked() -> None:
    said = summary(
        ["ok", "please dig the flower bed"], {"Bash": 3, "Edit": 1}, {"/a/x.py": 2, "/b/x.py": 1}, 2
    )

    assert said.splitlines() == [
        "Dig the flower bed", "Tools: Bash ×3, Edit", "Files: x.py ×3", "2 tool calls failed",
    ]  # fmt: skip
