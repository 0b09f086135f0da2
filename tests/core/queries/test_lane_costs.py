"""What an agent cost itself, and with all that it started."""

import random
from contextlib import closing
from pathlib import Path

from core.queries import conversations, lane_costs, structure
from core.queries.costs import Took
from tests import builders as b
from tests.core.queries.test_costs import BOOK, worth
from tests.library import imported


def test_an_agent_costs_its_own_and_all_below_it(tmp_path: Path) -> None:
    started = b.calls("c1", "k1", "Task", parent="p1", usage=worth(1), at=2)
    below = b.calls("d1", "k2", "Task", usage=worth(2), at=3)
    b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("p1", at=1),
        started,
        b.answers("r1", "k1", "done", "c1", at=9, toolUseResult={"agentId": "upper"}),
    )
    note = b.agent_file(tmp_path / "logs", b.SESSION, "upper", below)
    deep = b.agent_file(tmp_path / "logs", b.SESSION, "lower", b.says("e1", usage=worth(4), at=4))
    b.agent_note(note, toolUseId="k1", agentType="Explore")
    b.agent_note(deep, toolUseId="k2", agentType="Explore")

    with closing(imported(tmp_path, tmp_path / "logs", pricing=BOOK)) as db:
        (row,) = conversations.page(db)
        found = {one.agent: one for one in lane_costs.agents(db, row.id)}
        (session,) = structure.tree(db, row.id)

    assert row.cost == 70_000
    assert (found["upper"].above, found["lower"].above) == ("", "upper")
    assert (found["upper"].own.cost, found["upper"].total.cost) == (20_000, 60_000)
    assert (found["lower"].own.cost, found["lower"].total.cost) == (40_000, 40_000)
    (upper,) = session.children[0].children
    assert (upper.cost, upper.total, upper.children[0].cost) == (20_000, 60_000, 40_000)


def test_an_agent_inside_the_main_file_is_priced_too(tmp_path: Path) -> None:
    inside = b.lane("in", b.prompt("t1", at=2), b.says("s1", parent="t1", usage=worth(3), at=3))
    path = b.write(tmp_path / "a.jsonl", b.prompt("p1", at=1), *inside)
    with closing(imported(tmp_path, path, pricing=BOOK)) as db:
        (row,) = conversations.page(db)
        (found,) = lane_costs.agents(db, row.id)

    assert (found.agent, found.above, found.total.cost) == ("in", None, 30_000)


def test_agents_that_start_each_other_are_added_up_once() -> None:
    links = [("", "a"), ("a", "b"), ("b", "a"), ("b", "b"), ("c", "d"), ("d", "c"), ("", "b")]

    above = lane_costs.parents(links)

    assert above == {"a": "", "b": "a", "d": "c"}
    own = {name: Took(1) for name in "abcd"}
    totals = dict(lane_costs.rolled_up(own, above, "abcd"))
    assert {name: took.cost for name, took in totals.items()} == {"a": 2, "b": 1, "c": 2, "d": 1}


def test_agents_may_be_nested_thousands_deep() -> None:
    names = [str(n) for n in range(20_000)]
    links = list(zip(["", *names], names, strict=False))
    random.Random(1).shuffle(links)

    above = lane_costs.parents(links)
    totals = dict(lane_costs.rolled_up({name: Took(1) for name in names}, above, names))

    assert totals["0"].cost == 20_000
    assert totals["19999"].cost == 1
