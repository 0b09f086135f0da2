"""Web searches cost what their provider asks, once, on the reply that asked for them."""

from contextlib import closing
from pathlib import Path

import pytest

from core.queries import conversations
from tests import builders as b
from tests.library import PRICES, imported, imports

MODEL = "claude-sonnet-4-5-20250929"
EACH = 10_000  # micro-dollars of a search: 10 dollars for 1,000


def lines(counts: list[int]) -> list[b.Line]:
    """Return a prompt, one reply with a search for each of *counts*, and the results."""
    calls = [
        b.calls(
            f"a{n}", f"t{n}", "WebSearch", {"query": "x"}, "u1", api="m1", model=MODEL,
            usage=b.usage(),
        )
        for n in range(len(counts))
    ]  # fmt: skip
    results = [
        b.answers(f"r{n}", f"t{n}", "found", f"a{n}", toolUseResult={"searchCount": count})
        for n, count in enumerate(counts)
    ]
    return [b.prompt("u1"), *calls, *results]


def cost(root: Path, counts: list[int]) -> int:
    path = b.write(root / f"{b.SESSION}.jsonl", *lines(counts))
    with closing(imported(root / "l.clew", path, pricing=PRICES)) as db:
        (row,) = conversations.page(db)
        assert db.execute("SELECT sum(cost) FROM session").fetchone()[0] == row.cost
        return row.cost


@pytest.mark.parametrize(("counts", "searches"), [([1], 1), ([3], 3), ([1, 2], 3), ([0], 0)])
def test_searches_are_charged_to_their_reply(
    counts: list[int], searches: int, tmp_path: Path
) -> None:
    none = cost(tmp_path / "none", [0] * len(counts))

    assert cost(tmp_path / "some", counts) - none == searches * EACH


def test_reading_again_charges_nothing_twice(tmp_path: Path) -> None:
    path = b.write(tmp_path / f"{b.SESSION}.jsonl", *lines([2]))
    library = tmp_path / "l.clew"
    imports(library, path, pricing=PRICES)
    with closing(imported(library, path, pricing=PRICES)) as db:
        once = conversations.page(db)[0].cost
    b.append(path, b.prompt("u2", "more", "r0"))
    with closing(imported(library, path, pricing=PRICES)) as db:
        assert conversations.page(db)[0].cost == once
