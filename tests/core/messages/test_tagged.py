"""Pieces between two marks are found in one pass, whatever is never closed."""

import re
import time

from core.messages.tagged import spans

OPENING = re.compile(r"<(a|b)>")


def found(said: str) -> list[str]:
    return [
        said[one.end() : end]
        for one, end, _ in spans(said, OPENING, lambda one: f"</{one.group(1)}>")
    ]


def test_pieces_are_found_in_order() -> None:
    assert found("x<a>1</a>y<b>2</b><a></a>") == ["1", "2", ""]


def test_what_is_inside_a_piece_opens_none() -> None:
    assert found("<a>1<b>2</a>3</b>") == ["1<b>2"]


def test_what_is_never_closed_is_passed_over() -> None:
    assert found("<b><a>1</a><b>2") == ["1"]


def test_many_that_are_never_closed_cost_little() -> None:
    said = "</a>" + "<a>" * 300_000
    begun = time.perf_counter()

    assert found(said) == []
    assert time.perf_counter() - begun < 5  # seconds; a pass for each would take minutes
