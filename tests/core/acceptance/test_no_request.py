"""I: replies without ``requestId``, as other providers' gateways write them."""

from pathlib import Path

import pytest

from tests import builders as b
from tests.core.acceptance.conftest import Clew


def said(uuid: str, text: str, parent: str, api: str, *, output: int, at: float) -> b.Record:
    use = b.usage(output=output)
    return b.says(uuid, text, parent, api=api, request=None, usage=use, at=at)


def gateway(root: Path) -> Path:
    zero = b.usage(0, 0, 0, 0)
    return b.write(
        root / f"{b.SESSION}.jsonl",
        b.prompt("p1", "go", at=1),
        b.thinks("a1", "hm", "p1", api="m1", request=None, usage=zero, at=2),
        said("a2", "first answer", "a1", "m1", output=60, at=3),
        b.prompt("p2", "more", "a2", at=4),
        said("a3", "second answer", "p2", "m2", output=4, at=5),
        said("a4", "and its end", "a3", "m2", output=30, at=6),
    )


def test_a_reply_without_a_request_is_known_by_its_own_id(clew: Clew) -> None:
    gateway(clew.root)

    told = clew.import_()

    assert (told["replies"], clew.output()) == (2, 90)
    messages = clew.show()["messages"]
    assert [m["reply"] for m in messages] == [None, "m1", "m1", None, "m2", "m2"]
    assert sum(m["usage"]["output"] for m in messages if m["usage"]) == 90


def test_each_text_of_a_reply_without_a_request_is_there_once(clew: Clew) -> None:
    gateway(clew.root)
    clew.import_()

    for words in ("first answer", "second answer", "and its end"):
        assert clew.find(f'"{words}"')["total"] == 1
        assert [m["text"] for m in clew.show()["messages"]].count(words) == 1


@pytest.mark.parametrize("request_", [None, ""])
def test_no_request_and_an_empty_one_are_the_same(request_: str | None, clew: Clew) -> None:
    b.write(
        clew.root / "a.jsonl",
        said("a1", "one", "p", "m1", output=5, at=1),
        b.says("a2", "two", "a1", api="m1", request=request_, usage=b.usage(output=90), at=2),
    )
    clew.import_()

    assert (clew.stats()["replies"], clew.output()) == (1, 90)
