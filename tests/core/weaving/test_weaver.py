"""Threads kept up to date as a library grows."""

from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.queries import relations
from core.queries import threads as queries
from core.store.connection import open_reader
from core.weaving import weaver
from core.weaving.commands import WeaveThreads
from core.weaving.weaver import Unfinished, Weaver
from tests import builders as b
from tests.core.weaving import yarn
from tests.library import imports, reads, writing


def test_two_things_are_two_threads_that_say_what_they_are_about(tmp_path: Path) -> None:
    path = yarn.write(tmp_path, yarn.two_things())
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        yarn.weave(db)

    garden, kernel = yarn.threads(tmp_path / "l.clew")

    assert (garden.key, kernel.key) == ("g0", "k0")
    assert garden.topic == "Plant tomato seedlings in the greenhouse soil"
    assert "tomato" in garden.keywords
    assert "scheduler" in kernel.keywords
    assert (garden.messages, garden.prompts, garden.calls) == (16, 4, 4)
    assert garden.summary.splitlines()[1:] == ["Tools: Read ×4", "Files: beds.py ×4"]
    assert (garden.number, kernel.number, garden.depth) == (1, 2, 0)


def test_a_cut_says_why(tmp_path: Path) -> None:
    path = yarn.write(tmp_path, yarn.two_things())
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        yarn.weave(db)
        ((id_,),) = db.execute("SELECT id FROM conversation").fetchall()
        ((message,),) = db.execute("SELECT id FROM message WHERE uuid = 'k0'").fetchall()

        cut = queries.why(db, message)

        assert cut is not None
        assert cut.confidence > 0.5
        assert cut.evidence
        assert queries.cuts(db, id_) == (cut,)
        told = yarn.threads_of(db, id_)
        assert (told["k0"], told["g3s"]) == ("k0", "g0")


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 17, 18, 31])
def test_growing_gives_the_rows_that_reading_at_once_gives(cut: int, tmp_path: Path) -> None:
    records = yarn.two_things()
    with writing(tmp_path / "a.clew") as (db, ingest):
        path = yarn.write(tmp_path / "a", records[:cut])
        reads(ingest, path)
        weaver = yarn.weave(db)
        for at in range(cut, len(records), 3):
            yarn.grown(ingest, path, records[at : at + 3])
            yarn.all_of(weaver)
        grown = yarn.rows(db)
    with writing(tmp_path / "b.clew") as (db, ingest):
        reads(ingest, yarn.write(tmp_path / "b", records))
        yarn.weave(db)

        assert yarn.rows(db) == grown


_KINDS = st.sampled_from(["garden", "kernel", "says", "agent", "compacted", "rewind", "command"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_KINDS, st.integers(1, 9000)), min_size=1, max_size=25), st.data())
def test_however_a_session_grows_its_rows_are_those_of_one_reading(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("grows")
    records = _told(steps)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(records)), max_size=4)))
    with writing(root / "a.clew") as (db, ingest):
        path = yarn.write(root / "a", [])
        weaver = yarn.weave(db)
        for begin, end in zip([0, *cuts], [*cuts, len(records)], strict=True):
            yarn.grown(ingest, path, records[begin:end])
            yarn.all_of(weaver)
        grown = yarn.rows(db) if records else {}
    with writing(root / "b.clew") as (db, ingest):
        reads(ingest, yarn.write(root / "b", records))
        yarn.weave(db)
        once = yarn.rows(db)
        counted = db.execute("SELECT count(*) FROM message WHERE counted = 1").fetchone()[0]

    assert grown == once
    assert sum(one.messages for rows in once.values() for one in rows.threads) == counted


def _told(steps: list[tuple[str, int]]) -> list[b.Record]:
    found: list[b.Record] = []
    above: str | None = None
    before: str | None = None
    at = 0
    for number, (kind, pause) in enumerate(steps):
        at += pause
        uuid = f"u{number}"
        if kind in {"garden", "kernel"}:
            said = (yarn.GARDEN if kind == "garden" else yarn.KERNEL)[number % 4]
            before = above
            found += yarn.turn(uuid, said, above, at, f"{kind}/x.py")
            above = f"{uuid}s"
        elif kind == "rewind":
            found += yarn.turn(uuid, f"instead, {yarn.GARDEN[number % 4]}", before, at)
            above = f"{uuid}s"
        elif kind == "agent":
            found += b.lane(f"x{number % 2}", b.prompt(uuid, "look around", None, at=at))
        elif kind == "compacted":
            found.append(b.boundary(uuid, above or "none", at=at))
            above = uuid
        elif kind == "command":
            said = "<command-name>/clear</command-name>"
            found.append(b.prompt(uuid, said, above, at=at))
            above = uuid
        else:
            found.append(b.says(uuid, "Going on.", above, at=at))
            above = uuid
    return found


def _work(root: Path, turns: int) -> tuple[int, int, int]:
    """Return the messages read, rows changed and statements run for one line more."""
    statements: list[str] = []
    with writing(root / "l.clew") as (db, ingest):
        path = yarn.write(root, yarn.two_things(turns))
        reads(ingest, path)
        weaver = yarn.weave(db)
        yarn.grown(ingest, path, [b.says("x1", "one more", f"k{turns - 1}s", at=9e5)])
        yarn.all_of(weaver)
        yarn.grown(ingest, path, [b.says("x2", "one more", "x1", at=9e5)])
        taken, changed = weaver.taken, db.total_changes
        db.set_trace_callback(statements.append)
        yarn.all_of(weaver)
        db.set_trace_callback(None)
        return weaver.taken - taken, db.total_changes - changed, len(statements)


def test_an_appended_line_costs_the_same_however_long_the_conversation_is(tmp_path: Path) -> None:
    short = _work(tmp_path / "short", 125)  # a thousand messages

    assert short == _work(tmp_path / "long", 750)
    assert short[0] == 1
    assert short[1] <= 6  # the thread, its stretch, its last cut, what was woven, what is due


def test_what_stands_there_already_is_not_written_again(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things()))
    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)
        ids = db.execute("SELECT id, key FROM thread").fetchall()
        db.execute("INSERT INTO thread_due SELECT id, 1 FROM conversation")
        before = db.total_changes

        yarn.weave(db)

        assert db.execute("SELECT id, key FROM thread").fetchall() == ids
        assert db.total_changes - before <= 4  # what was woven, what is due here and elsewhere


def test_what_is_due_outlives_the_program(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things()))
    with closing(open_reader(tmp_path / "l.clew")) as db:
        ((id_,),) = db.execute("SELECT id FROM conversation").fetchall()
        assert queries.is_due(db, id_)

    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)

        assert not queries.is_due(db, id_)


def test_the_newest_conversation_is_woven_first(tmp_path: Path) -> None:
    old = [one | {"timestamp": "2025-01-01T00:00:00.000Z"} for one in yarn.two_things()]
    old = [one | {"uuid": f"o{one['uuid']}", "parentUuid": None} for one in old]
    imports(tmp_path / "l.clew", yarn.write(tmp_path, old, "old"))
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things(), "new"))
    with writing(tmp_path / "l.clew") as (db, _):
        weaver = Weaver(db)

        steps = [weaver.step(), weaver.step(), weaver.step()]

    assert [one.conversation if one else None for one in steps] == ["new", "old", None]


def test_every_thread_of_an_agent_lies_below_the_line_that_started_it(tmp_path: Path) -> None:
    main = [
        b.prompt("p1", "look into the greenhouse", at=1),
        b.calls("c1", "t1", "Task", {"prompt": "count", "description": "Count beds"}, "p1", at=2),
        b.answers("r1", "t1", "7", "c1", at=20, toolUseResult={"agentId": "one"}),
    ]
    yarn.write(tmp_path, main)
    one = [
        b.prompt("q1", "count", at=3),
        b.calls("q2", "t2", "Task", {"prompt": "help", "description": "Help out"}, "q1", at=4),
        b.answers("q3", "t2", "ok", "q2", at=9, toolUseResult={"agentId": "two"}),
    ]
    b.agent_file(tmp_path / "logs", b.SESSION, "one", *one)
    b.agent_file(tmp_path / "logs", b.SESSION, "two", b.prompt("s1", "help", at=5))
    imports(tmp_path / "l.clew", tmp_path / "logs")
    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)

    found = {one.lane: (one.depth, one.topic) for one in yarn.threads(tmp_path / "l.clew")}

    assert found == {
        "main": (0, "Look into the greenhouse"),
        "agent:one": (1, "Count beds"),
        "agent:two": (2, "Help out"),
    }


def test_measures_compare_threads_with_cuts_at_random(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things()))
    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)
        ((id_,),) = db.execute("SELECT id FROM conversation").fetchall()

        found = queries.metrics(db, id_)

    assert found is not None
    assert (found.threads, found.mean_messages, found.median_messages) == (2, 16, 16)
    assert found.coherence is not None
    assert found.baseline is not None
    assert found.across is not None
    assert found.coherence > found.baseline > found.across
    assert found.mean_active_ms == 36_000  # four turns of nine seconds: pauses do not count


def test_relations_of_all_kinds_name_how_they_were_found(tmp_path: Path) -> None:
    records = yarn.two_things()
    records += yarn.turn("z1", 'you said "About plant tomato seedlings in the" why', "k3s", 9e4)
    imports(tmp_path / "l.clew", yarn.write(tmp_path, records))
    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)
        ((id_,),) = db.execute("SELECT id FROM conversation").fetchall()
        uuids = dict(db.execute("SELECT id, uuid FROM message").fetchall())

        found = relations.relations(db, id_)

    told = {(one.kind.value, uuids[one.source], uuids[one.target], one.recorded) for one in found}
    assert ("response", "g0c", "g0", True) in told
    assert ("tool_continuation", "g0r", "g0c", True) in told
    assert ("reference", "z1", "g0s", False) in told
    assert found == tuple(sorted(found, key=lambda one: (one.source, one.kind, one.target)))


def test_a_message_says_what_it_goes_back_to_and_what_comes_back_to_it(tmp_path: Path) -> None:
    records = yarn.two_things()
    records += yarn.turn("z1", 'you said "About plant tomato seedlings in the" why', "k3s", 9e4)
    imports(tmp_path / "l.clew", yarn.write(tmp_path, records))
    with writing(tmp_path / "l.clew") as (db, _):
        yarn.weave(db)
        ids = dict(db.execute("SELECT uuid, id FROM message").fetchall())

        told = [(one.kind.value, one.target) for one in relations.relations_of(db, ids["g0s"])]
        back = [(one.kind.value, one.method) for one in relations.relations_of(db, ids["z1"])]

    assert told == [("response", ids["g0"]), ("reference", ids["g0s"])]
    assert ("reference", "quotation") in back


@pytest.mark.parametrize("piece", [1, 3, 7])
def test_a_long_conversation_is_woven_in_pieces_and_written_lane_by_lane(
    piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = yarn.two_things()
    b.agent_file(tmp_path / "logs", b.SESSION, "one", b.prompt("q1", "count the beds", at=3))
    imports(tmp_path / "a.clew", yarn.write(tmp_path, records), tmp_path / "logs")
    imports(tmp_path / "b.clew", tmp_path / "logs")
    with writing(tmp_path / "a.clew") as (db, _):
        yarn.weave(db)
        once = yarn.rows(db)

    _ticking(monkeypatch, piece)
    pieces: list[int] = []
    with writing(tmp_path / "b.clew") as (db, _):
        one = Weaver(db, clock=count().__next__)
        while isinstance(one.piece(), Unfinished):
            pieces.append(one.taken - sum(pieces))
            assert yarn.rows(db).items() <= once.items()
            assert db.execute("SELECT count(*) FROM thread_due").fetchone() == (1,)

        assert yarn.rows(db) == once
    assert max(pieces) <= piece
    assert one.taken == 33


def test_a_short_conversation_is_one_piece_however_slow_the_computer_is(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things()))
    with writing(tmp_path / "l.clew") as (db, _):
        one = Weaver(db, clock=count().__next__)

        assert not isinstance(one.piece(), Unfinished)


def test_what_somebody_looks_at_is_woven_next_and_in_pieces_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = "1" * 8, "2" * 8
    yarn.write(tmp_path, [b.prompt("n1", "how warm is the greenhouse", at=9e6)], new)
    imports(tmp_path / "l.clew", yarn.write(tmp_path, yarn.two_things(), old).parent)
    _ticking(monkeypatch, 10)
    with writing(tmp_path / "l.clew") as (db, _):
        one = Weaver(db, clock=count().__next__)

        assert one.perform(WeaveThreads(old)) is None
        assert 0 < one.taken <= 10
        following = one.step()

    assert following is not None
    assert following.conversation == old


def _ticking(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    """Let a piece be *piece* messages, with a clock that each of them moves on by one."""
    monkeypatch.setattr(weaver, "PIECE", piece)
    monkeypatch.setattr(weaver, "LEAST", 1)


def test_a_conversation_that_changes_while_it_is_woven_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ticking(monkeypatch, 10)
    records = yarn.two_things()
    with writing(tmp_path / "l.clew") as (db, ingest):
        path = yarn.write(tmp_path, records)
        reads(ingest, path)
        one = Weaver(db, clock=count().__next__)
        one.piece()
        reads(ingest, yarn.write(tmp_path, [b.prompt("n0", "before it all"), *records]))
        yarn.all_of(one)
        found = yarn.rows(db)
        yarn.weave(db)

        assert yarn.rows(db) == found
        assert sum(one.messages for one in found["main"].threads) == len(records) + 1


def test_a_call_that_turns_out_later_to_have_failed_counts_as_failed(tmp_path: Path) -> None:
    with writing(tmp_path / "l.clew") as (db, ingest):
        path = yarn.write(tmp_path, yarn.two_things())
        reads(ingest, path)
        one = yarn.weave(db)
        db.execute("UPDATE call SET outcome = 'error' WHERE key = 'kg1'")
        db.execute("UPDATE conversation SET errors = 1")
        db.execute("INSERT INTO thread_due SELECT id, 0 FROM conversation")

        yarn.all_of(one)

        assert [thread.errors for thread in yarn.rows(db)["main"].threads] == [1, 0]


def test_of_what_was_woven_once_only_the_last_is_kept_and_of_what_grew_as_many_as_asked_for(
    tmp_path: Path,
) -> None:
    paths: dict[str, Path] = {}
    for name in ("a", "b", "c"):
        own = [
            one | {"uuid": f"{name}{one['uuid']}", "parentUuid": None} for one in yarn.two_things()
        ]
        paths[name] = yarn.write(tmp_path, own, name)
    imports(tmp_path / "l.clew", tmp_path / "logs")
    with writing(tmp_path / "l.clew") as (db, ingest):
        weaver = Weaver(db)
        yarn.all_of(weaver)
        steps: list[int] = []
        for name in ("a", "b", "c", "a", "b", "c"):
            before = weaver.taken
            said = b.prompt(f"{name}{len(steps)}", "and the beds?", at=900 + len(steps))
            yarn.grown(ingest, paths[name], [said | {"sessionId": name}])
            yarn.all_of(weaver)
            steps.append(weaver.taken - before)

    whole = len(yarn.two_things()) + 1
    assert sorted(steps[:3]) == [1, whole, whole]  # one was kept since the import
    assert steps[3:] == [1, 1, 1]
