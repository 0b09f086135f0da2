"""What the versions of a prompt cost, the abandoned ones above all."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.queries import branch_costs, conversations, structure
from core.queries.structure import Node, NodeKind
from tests import builders as b
from tests.core.queries.test_costs import BOOK, ENDED, worth
from tests.library import imported


@pytest.fixture
def rewound(tmp_path: Path) -> Iterator[Connection]:
    """Two versions of the second prompt; the first one was left behind after two turns."""
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", "start", at=0),
        b.says("a1", parent="p1", usage=worth(1), at=1),
        b.prompt("p2", "wrong", "a1", at=2),
        b.thinks("a2", parent="p2", api="m2", usage=worth(40), at=3),
        b.says("a3", parent="a2", api="m2", usage=worth(40), at=4),
        b.prompt("p3", "further", "a3", at=5),
        b.says("a4", parent="p3", usage=worth(1), at=6),
        b.prompt("p4", "right", "a1", at=7),
        b.says("a5", parent="p4", usage=worth(5), at=8),
    )
    with closing(imported(tmp_path, path, pricing=BOOK)) as db:
        yield db


def test_an_abandoned_branch_has_a_price(rewound: Connection) -> None:
    (row,) = conversations.page(rewound)

    found = branch_costs.branches(rewound, row.id)

    assert [(one.active, one.prompts, one.took.cost) for one in found] == [
        (False, 2, 410_000),
        (True, 1, 50_000),
    ]
    assert row.cost == 470_000
    assert branches_of(structure.tree(rewound, row.id)) == [(False, 410_000), (True, 50_000)]


def branches_of(nodes: tuple[Node, ...]) -> list[tuple[bool, int]]:
    found: list[tuple[bool, int]] = []
    for node in nodes:
        if node.kind is NodeKind.BRANCH:
            found.append((node.active, node.cost))
        found += branches_of(node.children)
    return found


def test_a_branch_in_a_branch_belongs_to_both(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "a.jsonl",
        b.prompt("p1", "start", at=0),
        b.says("a1", parent="p1", usage=worth(1), at=1),
        b.prompt("p2", "left", "a1", at=2),
        b.says("a2", parent="p2", usage=worth(2), at=3),
        b.prompt("p3", "left further", "a2", at=4),
        b.says("a3", parent="p3", usage=worth(4), at=5),
        b.prompt("p4", "instead", "a2", at=6),
        b.says("a4", parent="p4", usage=worth(8), at=7),
        b.prompt("p5", "right", "a1", at=8),
        b.says("a5", parent="p5", usage=worth(16), at=9),
    )
    with closing(imported(tmp_path, path, pricing=BOOK)) as db:
        (row,) = conversations.page(db)
        found = branch_costs.branches(db, row.id)

    assert [one.took.cost // 10_000 for one in found] == [14, 4, 8, 16]


def test_a_branch_keeps_its_price_when_a_resumed_copy_counts_the_replies(tmp_path: Path) -> None:
    lines = [
        b.prompt("p1", "start", at=0),
        b.says("a1", parent="p1", usage=worth(1), at=1),
        b.prompt("p2", "wrong", "a1", at=2),
        b.says("a2", parent="p2", usage=b.usage(0, 5, 0, 0), at=3),
        b.prompt("p3", "right", "a1", at=4),
        b.says("a3", parent="p3", usage=worth(1), at=5),
    ]
    fuller = [*lines]
    fuller[3] = b.says("a2", parent="p2", usage=worth(40), at=3, **ENDED)
    b.write(tmp_path / "logs" / "one.jsonl", *b.of("one", *lines))
    more = b.prompt("p4", "on", "a3", at=9)
    b.write(tmp_path / "logs" / "two.jsonl", *b.of("two", *fuller, more))
    with closing(imported(tmp_path, tmp_path / "logs", pricing=BOOK)) as db:
        (row,) = conversations.page(db)
        left = next(one for one in branch_costs.branches(db, row.id) if not one.active)

    assert (left.session, left.took.cost) == ("one", 400_000)
