"""What a person typed, told from what a program put around it."""

from core.messages.wrapped import kind_of, typed, unwrapped
from core.model import Block, BlockKind, Kind


def seen(said: str) -> list[tuple[str, str]]:
    return [(str(block.kind), block.text) for block in typed(said)]


def test_a_plain_prompt_stays_as_it_is() -> None:
    assert seen("  fix <b>it</b>\n") == [("prompt", "  fix <b>it</b>\n")]


def test_only_what_is_inside_a_query_was_typed() -> None:
    said = "<open>a.py</open>\n<user_query>\nfix it\n</user_query>\nmore"

    assert seen(said) == [("note", "<open>a.py</open>"), ("prompt", "fix it"), ("note", "more")]


def test_reminders_before_a_prompt_are_notes() -> None:
    reminder = "<system-reminder>\nbe safe\n</system-reminder>"

    assert seen(f"{reminder}\n\nlist files") == [("note", reminder), ("prompt", "list files")]
    assert seen(reminder) == [("note", reminder)]


def test_a_tag_that_is_never_closed_is_a_part_of_the_prompt() -> None:
    assert seen("<system-reminder> what is this?") == [
        ("prompt", "<system-reminder> what is this?")
    ]


def test_a_message_of_notes_alone_was_not_typed() -> None:
    note, prompt = Block(BlockKind.NOTE, "x"), Block(BlockKind.PROMPT, "y")

    assert kind_of((note,)) is Kind.META
    assert kind_of((note, prompt)) is Kind.PROMPT
    assert kind_of(()) is Kind.PROMPT


def test_other_blocks_are_left_alone() -> None:
    blocks = (Block(BlockKind.IMAGE, "image/png"), Block(BlockKind.PROMPT, "look"))

    assert unwrapped(blocks) == blocks
