"""What a prompt refers to, and that it is silent where nothing speaks for a reference."""

import pytest

from core.threads.references import Conversation, Said

TALK = (
    ("Why does the nightly backup take an hour?", True),
    ("gzip runs on one core. Options: 1) pigz, 2) zstd, 3) skip the video folder.", False),
    ("Take zstd please.", True),
    ("Done in backup.sh, level 9. The backup takes 7 minutes now.", False),
    ("The login page shows a blank avatar", True),
    ("avatar.ts asked for a 404 url; it falls back to initials now.", False),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "target", "method"),
    [
        ('"it falls back to initials now" - for guests too?', "5", "quotation"),
        ("let's also do the third option from your list", "1", "numbered item"),
        ("you said gzip runs on one core, did you measure that?", "1", "words"),
        ("about the avatar you fixed: guests still see it blank", "5", "words"),
    ],
)
def test_a_prompt_refers_to_what_it_speaks_of(said: str, target: str, method: str) -> None:
    found = talk().refers(Said("new", said, prompt=True))

    assert found is not None
    assert (found.target, found.method) == (target, method)
    assert 0 < found.confidence < 1


@pytest.mark.parametrize(
    "said", ["Write a short poem about the sea", "rename the previous_owner column to former_owner"]
)
def test_a_prompt_that_refers_to_nothing_gets_no_reference(said: str) -> None:
    assert talk().refers(Said("new", said, prompt=True)) is None


def test_the_first_prompt_refers_to_nothing() -> None:
    assert Conversation({}).refers(Said("new", "as you said", prompt=True)) is None


def talk() -> Conversation:
    found = Conversation({})
    for at, (text, prompt) in enumerate(TALK):
        found.add(Said(str(at), text, prompt))
    return found
