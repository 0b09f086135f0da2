import pytest

from desktop.delegates import guards


@pytest.mark.parametrize(
    "text",
    [
        "> " * 40 + "deep",
        "- " * 40 + "deep",
        "\n".join("  " * depth + "- x" for depth in range(40)),
        "x" * 200_001,
        "line\n" * 2_001,
        "|" * 3_001,
    ],
)
def test_markdown_that_could_hold_up_the_window_is_refused(text: str) -> None:
    assert not guards.harmless(text)


@pytest.mark.parametrize(
    "text",
    [
        "- a\n  - b\n    - c\n\n1. one\n2. two",
        "> said\n> > before",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```\n" + "- " * 40 + "\n```",
        "text\n\n---\n\n* * *",
    ],
)
def test_markdown_as_people_write_it_is_taken(text: str) -> None:
    assert guards.harmless(text)
