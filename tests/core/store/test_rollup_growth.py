"""What is written behind the end of a session makes the sums grow by what it adds."""

from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ingest import Ingest
from core.store import removals, rollups
from tests import builders as b
from tests.library import NO_LOCK, PRICES, reads, writing

OTHER = "22222222-aaaa-4bbb-8ccc-000000000002"


def log(root: Path, *lines: b.Line, name: str = b.SESSION) -> Path:
    return b.write(root / "logs" / f"{name}.jsonl", *lines)


def grown(ingest: Ingest) -> int:
    return ingest.writer._sums.grown


def steps(db: Connection, ingest: Ingest, path: Path) -> int:
    """Read what is new in *path*; return the steps of SQLite's machine that took, in tens."""
    count = 0

    def note() -> int:
        nonlocal count
        count += 1
        return 0

    db.set_progress_handler(note, 10)
    reads(ingest, path)
    db.set_progress_handler(None, 10)
    return count


def test_an_appended_line_costs_no_more_in_a_full_quarter_of_an_hour(tmp_path: Path) -> None:
    def least(messages: int) -> int:
        root = tmp_path / str(messages)
        lines = [
            b.says(f"m{n}", parent=f"m{n - 1}" if n else None, at=n / 10) for n in range(messages)
        ]
        path = log(root, *lines)
        with writing(root / "l.clew") as (db, ingest):
            reads(ingest, path)
            found = []
            for n in range(messages, messages + 4):
                b.append(path, b.says(f"m{n}", parent=f"m{n - 1}", at=n / 10))
                found.append(steps(db, ingest, path))
            assert rollups.recount(db, repair=False).sound
            return min(found)

    assert least(5_000) <= least(100) * 1.2


def test_a_turn_behind_the_end_only_makes_the_sums_grow(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", at=0))
    with writing(tmp_path / "l.clew", PRICES) as (db, ingest):
        reads(ingest, path)
        before = grown(ingest)
        for line in (
            b.says("a1", parent="u1", at=5),
            b.calls("a2", "t1", "Bash", parent="a1", at=6),
            b.answers("r1", "t1", parent="a2", at=400, error=True),  # in the same quarter
            b.calls("a3", "t2", "Bash", parent="r1", at=890),
            b.answers("r2", "t2", parent="a3", at=910),  # in the next one
            b.prompt("u2", "more", "r2", at=1000),
        ):
            b.append(path, line)
            reads(ingest, path)

        assert grown(ingest) == before + 6
        assert rollups.recount(db, repair=False).sound
        told = "SELECT sum(calls), sum(ok), sum(error), sum(unanswered), sum(duration_ms)"
        assert db.execute(f"{told} FROM rollup_call").fetchone() == (2, 1, 1, 0, 414_000)


def test_what_comes_before_the_end_is_summed_anew(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", at=0), b.says("a1", parent="u1", at=200))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        before = grown(ingest)
        b.append(path, b.says("a2", parent="a1", at=100))
        reads(ingest, path)

        assert grown(ingest) == before
        assert rollups.recount(db, repair=False).sound


def test_a_change_besides_what_was_added_has_all_summed_anew(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", at=0), b.says("a1", parent="u1", at=5))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        before = grown(ingest)
        db.execute("UPDATE reply SET output = output + 7")
        b.append(path, b.says("a2", parent="a1", at=9))
        reads(ingest, path)

        assert grown(ingest) == before
        assert rollups.recount(db, repair=False).sound


def test_what_another_program_wrote_meanwhile_is_not_added_twice(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", at=0))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        b.append(path, b.says("a1", parent="u1", at=5))
        with writing(tmp_path / "l.clew", hold=NO_LOCK) as (_, other):
            reads(other, path)
        b.append(path, b.says("a2", parent="a1", at=9))
        reads(ingest, path)

        assert rollups.recount(db, repair=False).sound


def test_a_result_that_stood_in_for_the_calls_own_is_taken_off(tmp_path: Path) -> None:
    """A file that goes on holds the result first; then the call's own file gets it too."""
    first = log(tmp_path, b.prompt("u1", at=0), b.calls("a1", "t1", parent="u1", at=5))
    moved = [b.prompt("u1", at=0), b.answers("r1", "t1", parent="a1", at=20)]
    second = log(tmp_path, *b.of(OTHER, *moved), name=OTHER)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, first, second)
        b.append(first, b.answers("r2", "t1", parent="a1", at=9, error=True))
        reads(ingest, first)

        assert rollups.recount(db, repair=False).sound


_LINES = st.lists(
    st.tuples(
        st.sampled_from(("prompt", "says", "calls", "answers", "again", "compacted", "rewind")),
        st.integers(-300, 700),  # seconds after the line before
        st.booleans(),  # in the other file
        st.integers(1, 3),  # lines until the next reading
    ),
    max_size=24,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_LINES)
def test_sums_that_grew_line_by_line_are_those_of_their_rows(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, int, bool, int]]
) -> None:
    root = tmp_path_factory.mktemp("grown")
    paths = log(root, b.prompt("u", at=0)), log(root, *b.of(OTHER, b.prompt("o", at=0)), name=OTHER)
    with writing(root / "l.clew", PRICES) as (db, ingest):
        reads(ingest, *paths)
        at, above, call, left = 0, ["u", "o"], "", 1
        for n, (kind, later, which, until) in enumerate(drawn):
            at = max(0, at + later)
            parent = above[which]
            if kind == "calls":
                call = f"t{n}"
            lines = {
                "prompt": b.prompt(f"m{n}", "go on", parent, at=at),
                "says": b.says(f"m{n}", parent=parent, at=at),
                "calls": b.calls(f"m{n}", f"t{n}", parent=parent, at=at),
                "answers": b.answers(f"m{n}", call or "t", parent=parent, at=at, error=n % 2 == 0),
                "again": b.says(parent, "once more", at=at),
                "compacted": b.compacted(f"m{n}", parent, at=at),
                "rewind": b.prompt(f"m{n}", "no", "u", at=at),
            }
            b.append(paths[which], *b.of(OTHER if which else b.SESSION, lines[kind]))
            above[which] = parent if kind == "again" else f"m{n}"
            left -= 1
            if left <= 0:
                left = until
                reads(ingest, *paths)
                assert rollups.recount(db, repair=False).sound


def test_ids_that_a_removal_has_left_are_not_taken_for_old_ones(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", at=0))
    gone = log(
        tmp_path, *b.of(OTHER, b.prompt("v1", at=1), b.says("v2", parent="v1", at=2)), name=OTHER
    )
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        reads(ingest, gone)
        b.append(path, b.reply("u2", [], "u1", at=3))  # a message without a block is the newest
        reads(ingest, path)
        assert removals.remove(db, OTHER, 1_800_000_000_000) is not None

        b.append(path, b.calls("u3", "t1", parent="u2", at=4))
        reads(ingest, path)

        assert rollups.recount(db, repair=False).sound
        assert db.execute("SELECT sum(calls) FROM rollup_call").fetchone() == (1,)
