"""D, E and L: a person goes back to an earlier place; the first five turns are left behind."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import pytest

from core.queries import structure
from tests import builders as b
from tests.core.acceptance.conftest import Clew

TURNS = 5
Turn: TypeAlias = Callable[[str, str | None, int], list[b.Record]]


def whole(name: str, parent: str | None, at: int) -> list[b.Record]:
    """Return a turn whose reply is one line."""
    return [
        b.prompt(f"p-{name}", f"question {name}", parent, at=at),
        b.says(f"end-{name}", f"answer {name}", f"p-{name}", at=at + 1),
    ]


def split(name: str, parent: str | None, at: int) -> list[b.Record]:
    """Return a turn whose reply is two lines, as every modern one is."""
    return [
        b.prompt(f"p-{name}", f"question {name}", parent, at=at),
        b.thinks(f"t-{name}", f"thought {name}", f"p-{name}", api=f"m-{name}", at=at + 1),
        b.says(f"end-{name}", f"answer {name}", f"t-{name}", api=f"m-{name}", at=at + 2),
    ]


def rewound(turn: Turn) -> list[b.Record]:
    """Return one turn, five more, and five that begin again behind the first."""
    made = turn("0", None, 0)
    for branch in "ab":
        above = "end-0"
        for number in range(1, TURNS + 1):
            name = f"{branch}{number}"
            made += turn(name, above, (100 if branch == "a" else 200) + number * 10)
            above = f"end-{name}"
    return made


def below(record: b.Record, records: Sequence[b.Record], hook: str) -> list[b.Record]:
    """Put an attachment of a hook between *record* and what stands above it."""
    place = records.index(record)
    between = b.attachment(hook, record["parentUuid"], at=50)
    return [*records[:place], between, record | {"parentUuid": hook}, *records[place + 1 :]]


def hooked(at: str) -> list[b.Record]:
    records = rewound(whole)
    return below(next(one for one in records if one["uuid"] == at), records, "h1")


CASES = {
    "D": rewound(whole),
    "L": rewound(split),
    **{
        f"E {at}": hooked(at)
        for at in ("p-0", "end-0", "p-a1", "end-a1", "p-a3", "p-b1", "end-b1", "end-b5")
    },
    "E twice": below(rewound(split)[-3], below(rewound(split)[3], rewound(split), "h1"), "h2"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_rewind_is_one_trunk_and_two_branches(name: str, clew: Clew) -> None:
    b.write(clew.root / f"{b.SESSION}.jsonl", *CASES[name])

    told = clew.import_()
    shown = clew.show()

    assert (told["conversations"], told["prompts"]) == (1, 1 + 2 * TURNS)
    assert told["messages"] == sum(one["type"] != "attachment" for one in CASES[name])
    branch = {m["uuid"]: m["branch"] for m in shown["messages"]}
    assert branch == {uuid: "0ab".index(uuid.split("-")[1][0]) for uuid in branch}
    (session,) = shown["threads"]
    trunk, first, second = session["children"]
    assert (trunk["kind"], trunk["title"]) == ("prompt", "question 0")
    for node, letter, active in ((first, "a", False), (second, "b", True)):
        assert (node["kind"], node["active"]) == ("branch", active)
        assert titles(node["children"]) == [f"question {letter}{n}" for n in range(1, TURNS + 1)]


def titles(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["title"] for node in nodes]


@pytest.mark.parametrize("name", CASES)
def test_messages_stay_in_the_order_of_the_file(name: str, clew: Clew) -> None:
    b.write(clew.root / f"{b.SESSION}.jsonl", *CASES[name])
    clew.import_()

    shown = [m["uuid"] for m in clew.show()["messages"]]

    assert shown == [one["uuid"] for one in CASES[name] if one["type"] != "attachment"]
    with clew.reader() as db:
        assert [node.title for node in structure.outline(db, 1)] == [
            f"question {turn}"
            for turn in ["0", "a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3", "b4", "b5"]
        ]


@pytest.mark.parametrize("name", CASES)
def test_what_was_left_behind_is_found_and_told_so(name: str, clew: Clew) -> None:
    b.write(clew.root / f"{b.SESSION}.jsonl", *CASES[name])
    clew.import_()

    (old,) = clew.find('"answer a3"')["hits"]
    (new,) = clew.find('"answer b3"')["hits"]
    (trunk,) = clew.find('"answer 0"')["hits"]

    assert (old["abandoned"], new["abandoned"], trunk["abandoned"]) == (True, False, False)
