"""Threads for somebody who only reads."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from core.doors import main
from core.queries import threads as queries
from core.store.connection import open_reader
from core.weaving.commands import MergeThreads, RenameThread, SplitThread
from core.weaving.viewing import view
from tests import builders as b
from tests.core.weaving import yarn
from tests.library import PRICES, imports


@pytest.fixture
def library(tmp_path: Path) -> Path:
    records = yarn.two_things()
    records += yarn.turn("z0", f"instead, {yarn.KERNEL[3]}", "k1s", 6 * yarn.HOUR)
    b.agent_file(tmp_path / "logs", b.SESSION, "one", b.prompt("q1", "count the beds", at=3))
    yarn.write(tmp_path, records)
    imports(tmp_path / "l.clew", tmp_path / "logs", pricing=PRICES)
    return tmp_path / "l.clew"


def test_threads_made_for_the_moment_are_those_that_are_kept(library: Path) -> None:
    with closing(open_reader(library)) as db:
        before = view(db, 1)
        assert queries.threads(db, 1) == ()
    yarn.perform(library)

    with closing(open_reader(library)) as db:
        assert view(db, 1) == before
        assert queries.threads(db, 1) == before.threads
    assert {one.lane.partition(":")[0] for one in before.threads} == {"main", "branch", "agent"}


def test_every_message_is_in_one_thread_and_says_which(library: Path) -> None:
    yarn.perform(library, SplitThread(b.SESSION, "g2"), MergeThreads(b.SESSION, "k0"))
    with closing(open_reader(library)) as db:
        found = queries.threads(db, 1)
        told = yarn.threads_of(db, 1)

    assert set(told.values()) == {one.key for one in found}
    assert sum(one.messages for one in found) == len(told)
    assert (told["g1s"], told["k0"], told["z0s"], told["q1"]) == ("g0", "g2", "g2", "q1")


def test_show_carries_threads_lanes_cuts_relations_and_measures(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    yarn.perform(library, RenameThread(b.SESSION, "g0", "Beds"))

    assert main(["show", b.SESSION, "--json", "--library", str(library)]) == 0

    told = json.loads(capsys.readouterr().out)
    uuids = {message["uuid"] for message in told["messages"]}
    found = told["threading"]
    assert {"lane": "main", "depth": 0} in found["lanes"]
    assert found["threads"][0]["title"] == "Beds"
    assert {uuid for one in found["threads"] for uuid in one["message_ids"]} == uuids
    assert found["cuts"][0]["message"] == "k0"
    assert found["cuts"][0]["evidence"]
    assert {one["type"] for one in found["relations"]} >= {"response", "tool_continuation"}
    assert {one["from"] for one in found["relations"]} <= uuids
    assert found["measures"]["threads"] == len([o for o in found["threads"] if o["depth"] == 0])


def test_money_of_threads_adds_up_to_that_of_the_conversation(library: Path) -> None:
    yarn.perform(library)
    with closing(open_reader(library)) as db:
        (whole,) = db.execute("SELECT cost FROM conversation").fetchone()
        found = queries.threads(db, 1)

    assert whole > 0
    assert sum(one.cost for one in found) == whole
