"""Of what several files hold one counts, and what has not changed is not looked at again."""

from contextlib import closing
from pathlib import Path
from random import Random
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.store import settling
from core.store.connection import open_writer
from tests import builders as b
from tests.library import reads, sound, steps_of, writing

_STANDING = (
    "SELECT id, counted FROM message", "SELECT id, shown FROM block",
    "SELECT id, counted, result_id, outcome FROM call", "SELECT id, counted FROM reply",
    "SELECT id, own_id, messages, prompts, tool_calls, errors FROM session",
)  # fmt: skip


def turns(count: int, name: str = "x") -> list[b.Record]:
    """Return *count* turns with a call and its result each."""
    found: list[b.Record] = []
    last: str | None = None
    for turn in range(count):
        p, c, r, a = (f"{kind}{name}{turn}" for kind in "pcra")
        at = turn * 4
        found += [
            b.prompt(p, f"question {turn}", last, at=at),
            b.calls(c, f"t{name}{turn}", parent=p, api=f"m{name}{turn}", at=at + 1),
            b.answers(r, f"t{name}{turn}", "listing", c, at=at + 2),
            b.says(a, f"answer {turn}", r, at=at + 3),
        ]
        last = a
    return found


def copies(root: Path, count: int, of: int) -> list[Path]:
    """Write *count* files that hold the same *of* turns and one prompt of their own each."""
    begin = turns(of)
    last = begin[-1]["uuid"]
    return [
        b.write(
            root / f"s-{number:02}.jsonl",
            *b.of(f"s-{number:02}", *begin, b.prompt(f"own{number}", "on", last, at=900 + number)),
        )
        for number in range(count)
    ]


def standing(db: Connection) -> list[list[Any]]:
    return [db.execute(f"{sql} ORDER BY 1").fetchall() for sql in _STANDING]


def looked_at(library: Path, path: Path) -> int:
    """Import *path* and return for how many sessions it was decided anew what is shown."""
    told: list[str] = []
    with writing(library) as (db, ingest):
        db.set_trace_callback(told.append)
        reads(ingest, path)
    return sum("WITH due (id, shown)" in one for one in told)


def test_one_more_copy_costs_a_look_at_itself_however_many_there_are(tmp_path: Path) -> None:
    looks = [looked_at(tmp_path / "l.clew", path) for path in copies(tmp_path, 9, 3)]

    assert looks == [0, 2, 1, 1, 1, 1, 1, 1, 1]


def test_twice_as_many_copies_are_twice_the_work(tmp_path: Path) -> None:
    paths = copies(tmp_path, 48, 30)
    few = steps_of(tmp_path / "few.clew", paths[:24])
    many = steps_of(tmp_path / "many.clew", paths)
    reverse = steps_of(tmp_path / "reverse.clew", paths[::-1])

    assert many < 2.2 * few
    assert reverse < 2.6 * few  # another one counts everything after each transaction


def test_a_session_that_falls_back_behind_many_copies_is_compared_with_all_of_them(
    tmp_path: Path,
) -> None:
    """The first of four copies is one no more when its own prompt turns up elsewhere."""
    paths = copies(tmp_path, 4, 2)
    last = b.prompt("own1", "on", "ax1", at=901)
    early = b.write(
        tmp_path / "t-00.jsonl",
        *b.of("t-00", *turns(2), b.prompt("own0", "on", "ax1", at=900), last),
    )
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, *paths, early)
        before = standing(db)
        for (session,) in db.execute("SELECT id FROM session").fetchall():
            settling.settle(db, session, None)
        after = standing(db)

    assert after == before


def test_a_copy_of_an_older_session_is_counted_by_that(tmp_path: Path) -> None:
    paths = copies(tmp_path, 4, 2)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, *reversed(paths))
        rows = db.execute(
            "SELECT session.key, sum(counted), count(*) FROM message "
            "JOIN session ON session.id = session_id GROUP BY 1 ORDER BY 1"
        ).fetchall()

    assert rows == [("s-00", 9, 9), ("s-01", 1, 9), ("s-02", 1, 9), ("s-03", 1, 9)]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_settling_everything_again_changes_nothing(seed: int) -> None:
    random = Random(seed)
    begin = turns(4)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        paths: list[Path] = []
        for number in range(random.randint(2, 6)):
            kept = [one for one in begin[: random.randint(1, 16)] if random.random() < 0.9]
            own = turns(random.randint(0, 2), f"o{number}")
            key = f"s-{number}"
            records = [one | {"sessionId": random.choice([key, "s-0"])} for one in kept + own]
            paths.append(b.write(root / f"{key}.jsonl", *records))
        random.shuffle(paths)
        with writing(root / "l.clew") as (_, ingest):
            with ingest.writer.together():
                for path in paths:
                    reads(ingest, path)
                    if random.random() < 0.5:
                        ingest.writer.flush()
                ingest.writer.flush()
            for path in paths[: random.randint(0, 2)]:  # written anew, without some of it
                lines = path.read_bytes().splitlines(keepends=True)
                path.write_bytes(b"".join(line for line in lines if random.random() < 0.8))
                reads(ingest, path)
        assert sound(root / "l.clew")
        with closing(open_writer(root / "l.clew")) as db:
            before = standing(db)
            for (session,) in db.execute("SELECT id FROM session WHERE shared = 1").fetchall():
                settling.settle(db, session, None)
            assert standing(db) == before
