"""What a conversation is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures.titles import TITLE, UNTITLED, Names, short, title

PRECEDENCE = (
    "custom_title",
    "agent_name",
    "ai_title",
    "renamed",
    "summary_title",
    "first_prompt",
    "agent_title",
)


@pytest.mark.parametrize("place", range(len(PRECEDENCE)))
def test_names_given_by_a_person_come_before_those_of_machines(place: int) -> None:
    names = {field: field for field in PRECEDENCE[place:]}

    assert title([Names(**names)]) == PRECEDENCE[place]


def test_a_better_name_of_a_later_session_wins() -> None:
    assert title([Names(first_prompt="hi"), Names(custom_title="Mine")]) == "Mine"
    assert title([Names(ai_title="One"), Names(ai_title="Two")]) == "One"


def test_nothing_is_untitled() -> None:
    assert title([]) == UNTITLED
    assert title([Names()]) == UNTITLED


def test_a_title_is_one_line_of_bounded_length() -> None:
    assert short("  a\n\tb  c ") == "a b c"
    assert short("x" * 500) == "x" * (TITLE - 1) + "…"
    assert short("x" * TITLE) == "x" * TITLE


@given(st.text())
def test_any_text_makes_a_short_title(text: str) -> None:
    made = short(text)

    assert len(made) <= TITLE
    assert "\n" not in made
    assert short(made) == made
