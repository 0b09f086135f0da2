"""What a person decides about threads wins over the model, and outlives what is made anew."""

from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.queries import relations
from core.queries import threads as queries
from core.store.connection import open_reader
from core.threads.links import Tie
from core.threads.shaping import shaped
from core.threads.threader import Segment
from core.threads.woven import Edit, EditKind, MadeBy
from core.weaving.commands import (
    LeaveToModel,
    MergeThreads,
    RenameThread,
    SetSensitivity,
    SplitThread,
    ThreadCommand,
    inverse,
)
from core.weaving.counting import counts
from core.weaving.weaver import Weaver
from tests import builders as b
from tests.core.weaving import yarn
from tests.library import imports, reads, writing

S = b.SESSION


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "l.clew"
    imports(path, yarn.write(tmp_path, yarn.two_things()))
    yarn.perform(path)
    return path


def keys(library: Path) -> list[str]:
    return [one.key for one in yarn.threads(library)]


def test_a_split_begins_a_thread_and_says_who_made_it(library: Path) -> None:
    yarn.perform(library, SplitThread(S, "g2"))

    with closing(open_reader(library)) as db:
        cut = queries.cuts(db, 1)[0]
    assert keys(library) == ["g0", "g2", "k0"]
    assert (cut.made_by, cut.confidence) == (MadeBy.PERSON, 1.0)
    assert cut.evidence == ("you split the thread here",)


def test_a_merge_with_the_thread_before_takes_the_cut_away(library: Path) -> None:
    yarn.perform(library, MergeThreads(S, "k0"))

    (one,) = yarn.threads(library)
    assert (one.key, one.messages, len(one.stretches)) == ("g0", 32, 1)
    with closing(open_reader(library)) as db:
        assert queries.cuts(db, 1) == ()


def test_a_merge_with_another_thread_makes_two_stretches_of_one(library: Path) -> None:
    yarn.perform(library, SplitThread(S, "k2"), MergeThreads(S, "k2", "g1"))

    garden, kernel = yarn.threads(library)
    assert (garden.prompts, len(garden.stretches)) == (6, 2)
    assert (kernel.prompts, len(kernel.stretches)) == (2, 1)
    with closing(open_reader(library)) as db:
        (bond,) = relations.guessed(db, 1)
    assert (bond.kind, bond.method, bond.confidence) == (
        Tie.TOPIC_FOLLOW_UP,
        "you put it there",
        1.0,
    )


@pytest.mark.parametrize(
    "command",
    [
        SplitThread(S, "g2"),
        MergeThreads(S, "k0"),
        RenameThread(S, "g0", "My beds"),
        LeaveToModel(S, "k0"),
        SetSensitivity(3.0),
    ],
)
def test_every_decision_can_be_taken_back(library: Path, command: ThreadCommand) -> None:
    before = yarn.threads(library)
    with closing(open_reader(library)) as db:
        back = inverse(command, queries.edits(db, 1), queries.names(db, 1), queries.settings(db))

    assert back is not None
    yarn.perform(library, command)
    yarn.perform(library, back)

    assert yarn.threads(library) == before


@pytest.mark.parametrize(
    "command", [SplitThread(S, "g2"), RenameThread(S, "g0", "My beds"), SetSensitivity(3.0)]
)
def test_a_decision_waits_for_the_disk_and_what_follows_from_it_does_not(
    library: Path, command: ThreadCommand
) -> None:
    ran: list[str] = []
    with writing(library) as (db, _):
        weaver = Weaver(db)
        weaver.begin()
        db.set_trace_callback(ran.append)
        weaver.perform(command)
        db.set_trace_callback(None)

    safe = ran.index("PRAGMA synchronous = FULL")
    assert ran[safe + 1] == "BEGIN IMMEDIATE"
    assert ran.index("PRAGMA synchronous = NORMAL") == ran.index("COMMIT") + 1
    assert ran.count("PRAGMA synchronous = FULL") == 1


def test_a_name_stands_before_the_topic_until_it_is_taken_away(library: Path) -> None:
    yarn.perform(library, RenameThread(S, "g0", "My beds 👩‍🌾"))
    assert yarn.threads(library)[0].title == "My beds 👩‍🌾"

    yarn.perform(library, RenameThread(S, "g0", ""))
    assert yarn.threads(library)[0].title == yarn.threads(library)[0].topic


def test_decisions_outlive_reading_the_file_again(tmp_path: Path, library: Path) -> None:
    yarn.perform(
        library, SplitThread(S, "g2"), MergeThreads(S, "k0"), RenameThread(S, "g2", "Mine")
    )
    with writing(library) as (db, ingest):
        db.execute("UPDATE source SET revision = 0, head = x'00', tail = x'00'")
        reads(ingest, yarn.write(tmp_path, [b.prompt("n0", "before it all"), *yarn.two_things()]))
        yarn.weave(db)

    found = [(one.key, one.title) for one in yarn.threads(library)]
    assert found[-1] == ("g2", "Mine")
    assert found[0][0] == "n0"


def test_decisions_outlive_throwing_everything_derived_away(library: Path) -> None:
    yarn.perform(library, SplitThread(S, "g2"), RenameThread(S, "g2", "Mine"))
    before = yarn.threads(library)
    with writing(library) as (db, _):
        for table in ("thread", "stretch", "cut", "tie", "weave"):
            db.execute(f"DELETE FROM {table}")
        yarn.weave(db)

    assert yarn.threads(library) == before


def test_decisions_go_along_when_sessions_are_joined(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    imports(library, yarn.write(tmp_path, yarn.two_things(), "zz"))
    yarn.perform(library, SplitThread("zz", "g2"))
    first = [
        b.prompt("a0", "something earlier", at=-500),
        b.calls("a1", "x", "ExitPlanMode", {}, "a0", at=-400),
    ]
    copied = [one | {"sessionId": "aa"} for one in (*first, *yarn.two_things()[:1])]
    imports(library, b.write(tmp_path / "logs" / "aa.jsonl", *copied))
    yarn.perform(library)

    assert "g2" in keys(library)


def test_the_live_count_is_what_setting_the_sensitivity_gives(library: Path) -> None:
    yarn.perform(library, SplitThread(S, "g2"))
    asked = (-8.0, 0.0, 2.0, 8.0)
    with closing(open_reader(library)) as db:
        told = counts(db, 1, asked)

    given: list[int] = []
    for sensitivity in asked:
        yarn.perform(library, SetSensitivity(sensitivity))
        given.append(len(keys(library)))

    assert list(told) == given
    assert given[1] == 3
    assert given == sorted(given)


_TURNS = 12
_EDITS = st.builds(
    Edit,
    st.integers(0, _TURNS + 1).map(str),
    st.sampled_from(EditKind),
    st.one_of(st.just(""), st.integers(0, _TURNS + 1).map(str)),
)


@given(
    st.sets(st.integers(1, _TURNS - 1)),
    st.lists(st.integers(0, 3), min_size=_TURNS, max_size=_TURNS),
    st.lists(_EDITS, max_size=6),
)
def test_whatever_is_decided_every_turn_is_in_one_part(
    cuts: set[int], labels: list[int], edits: list[Edit]
) -> None:
    ends = sorted(cuts | {_TURNS})
    parts = zip([0, *ends], ends, strict=False)
    segments = [Segment(first, end, labels[first]) for first, end in parts]
    uuids = [str(at) for at in range(_TURNS)]

    found = shaped(segments, uuids, {one.prompt: one for one in edits})

    assert [at for part in found for at in range(part.first, part.end)] == list(range(_TURNS))
    assert all(a.thread != z.thread for a, z in pairwise(found))
    begun = {part.first for part in found}
    for one in {one.prompt: one for one in edits}.values():
        merged = any(e.kind is EditKind.MERGE for e in edits)
        if one.kind is EditKind.SPLIT and not merged and int(one.prompt) < _TURNS:
            assert int(one.prompt) in begun
