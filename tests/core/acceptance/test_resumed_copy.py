"""B and C: a session, and the copy of it that a resume wrote and went on in."""

from itertools import permutations

import pytest

from core.queries import conversations
from tests import builders as b
from tests.core.acceptance.conftest import Clew

# The copy's name sorts first, and both files begin at the same moment.
ORIGINAL, COPY = "bbbbbbbb-0000-4000-8000-00000000000b", "aaaaaaaa-0000-4000-8000-00000000000c"
BEGIN = [
    b.prompt("p1", "count the sheep", at=1),
    b.says("a1", "One hundred sheep.", "p1", api="m1", usage=b.usage(output=100), at=2),
]
OWN = [
    b.prompt("p2", "and the goats", "a1", at=60),
    b.says("a2", "Fifty goats.", "p2", api="m2", usage=b.usage(output=50), at=61),
]


@pytest.fixture(params=list(permutations((0, 1))))
def copied(request: pytest.FixtureRequest, clew: Clew) -> Clew:
    """Both files, imported in either order."""
    files = [
        b.write(clew.root / f"{ORIGINAL}.jsonl", *b.of(ORIGINAL, *BEGIN)),
        b.write(clew.root / f"{COPY}.jsonl", *b.of(COPY, *BEGIN, *OWN)),
    ]
    for place in request.param:
        clew.import_(files[place])
    return clew


def test_a_session_and_its_copy_are_one_conversation(copied: Clew) -> None:
    (one,) = copied.list()

    assert (one["id"], one["sessions"]) == (ORIGINAL, [ORIGINAL, COPY])
    assert (one["messages"], one["prompts"], one["title"]) == (4, 2, "count the sheep")


def test_what_was_copied_belongs_to_the_original(copied: Clew) -> None:
    messages = copied.show()["messages"]

    assert [(m["uuid"], m["session"]) for m in messages] == [
        ("p1", ORIGINAL), ("a1", ORIGINAL), ("p2", COPY), ("a2", COPY),
    ]  # fmt: skip
    with copied.reader() as db:
        sessions = conversations.sessions(db, conversations.page(db)[0].id)
        inherited = db.execute("SELECT count(*) FROM message WHERE counted = 0").fetchone()[0]
    assert [(one.key, one.messages, one.prompts) for one in sessions] == [
        (ORIGINAL, 2, 1),
        (COPY, 2, 1),
    ]
    assert inherited == 2


def test_tokens_of_a_copy_are_counted_once(copied: Clew) -> None:
    assert copied.output() == 150
    assert copied.stats()["replies"] == 2
    used = {m["uuid"]: m["usage"]["output"] for m in copied.show()["messages"] if m["usage"]}
    assert used == {"a1": 100, "a2": 50}


def test_what_was_copied_is_found_once(copied: Clew) -> None:
    assert copied.find("sheep")["total"] == 2
    assert copied.find("goats")["total"] == 2
    assert [day["messages"] for day in copied.stats()["days"]] == [4]
