"""Sums that come with the rows of a new session are those that the rows give."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.files.discover import SourceFile, find
from core.ingest import Ahead, Ingest
from core.parsing import Task, parse, source_info, unpacked
from core.store import rollups
from tests import builders as b
from tests.library import PRICES, reads, writing

_TURN = st.tuples(
    st.sampled_from(["prompt", "reply", "call", "answer"]),
    st.floats(0, 4_000),  # seconds: five quarters of an hour, in any order
    st.booleans(),
)
_TURNS = st.lists(_TURN, max_size=30)
_RARELY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def session(turns: list[tuple[str, float, bool]], mark: str = "a") -> list[b.Record]:
    """Return a log of *turns*: what is said, when, and whether it is out of the ordinary."""
    lines: list[b.Record] = []
    above, calls = None, 0
    for number, (kind, at, odd) in enumerate(turns):
        uuid = f"{mark}{number}"
        match kind:
            case "prompt":
                lines.append(b.prompt(uuid, "go on", above, at=at))
            case "reply":
                model = "nobody-knows" if odd else "claude-opus-4-6"
                lines.append(b.says(uuid, "done", above, at=at, model=model))
            case "call":
                calls += 1
                tool = "Read" if odd else "Bash"
                lines.append(b.calls(uuid, f"{mark}t{calls}", tool, parent=above, at=at))
            case _:
                answered = f"{mark}t{calls}"
                lines.append(b.answers(uuid, answered, "said", above, at=at, error=odd))
        above = uuid
    return lines


def ahead(ingest: Ingest, path: Path) -> None:
    """Read *path* as an import does that has a helper."""
    (file,) = (one for one in find((path,)) if isinstance(one, SourceFile))
    task = Task(source_info(path), path)
    found = unpacked(parse(task))
    assert found is not None
    list(ingest.file(file, Ahead(task, found)))


def taken(ingest: Ingest) -> int:
    return ingest.writer._sums.taken


@_RARELY
@given(turns=_TURNS)
def test_they_are_what_the_views_make_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[str, float, bool]]
) -> None:
    root = tmp_path_factory.mktemp("sums")
    path = b.write(root / "logs" / f"{b.SESSION}.jsonl", b.prompt("u", at=1), *session(turns))
    with writing(root / "l.clew", PRICES) as (db, ingest):
        ahead(ingest, path)

        assert taken(ingest) == 1
        assert rollups.recount(db, repair=False).sound


def test_an_agents_are_its_own(tmp_path: Path) -> None:
    lines = session([("prompt", 5, False), ("call", 9, False), ("answer", 400, False)])
    trunk = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("u", at=1))
    path = b.agent_file(tmp_path / "logs", b.SESSION, "a1", *lines)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, trunk)
        ahead(ingest, path)

        assert taken(ingest) == 1
        assert rollups.recount(db, repair=False).sound
        assert db.execute("SELECT lane, messages, active_ms FROM rollup_message").fetchall() == [
            (0, 1, 0),
            (1, 3, 395_000),
        ]


def test_what_another_session_holds_too_is_summed_from_its_rows(tmp_path: Path) -> None:
    lines = session([("prompt", 5, False), ("reply", 9, False)])
    first = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *lines)
    other = "22222222-aaaa-4bbb-8ccc-000000000002"
    copy = b.write(tmp_path / "logs" / f"{other}.jsonl", *b.of(other, *lines))
    with writing(tmp_path / "l.clew") as (db, ingest):
        ahead(ingest, first)
        ahead(ingest, copy)

        assert taken(ingest) == 1
        assert rollups.recount(db, repair=False).sound
        assert db.execute("SELECT sum(messages) FROM rollup_message").fetchone() == (2,)


def test_of_what_comes_behind_them_in_one_transaction_they_are_summed_anew(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *session([("prompt", 5, False)]))
    with writing(tmp_path / "l.clew") as (db, ingest):
        with ingest.writer.together():
            ahead(ingest, path)
            b.append(path, b.says("a9", parent="a0", at=7))
            reads(ingest, path)
            ingest.writer.flush()

        assert taken(ingest) == 0
        assert rollups.recount(db, repair=False).sound


def test_a_transaction_that_is_gone_takes_them_along(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", *session([("prompt", 5, False)]))
    with writing(tmp_path / "l.clew") as (db, ingest):
        with ingest.writer.together():
            ahead(ingest, path)
        reads(ingest, path)

        assert taken(ingest) == 0
        assert rollups.recount(db, repair=False).sound


def test_without_a_time_nothing_is_summed_ahead(tmp_path: Path) -> None:
    odd = b.prompt("x", at=5) | {"timestamp": "no time"}
    path = b.write(tmp_path / "logs" / f"{b.SESSION}.jsonl", b.prompt("u", at=1), odd)
    with writing(tmp_path / "l.clew") as (db, ingest):
        ahead(ingest, path)

        assert taken(ingest) == 0
        assert rollups.recount(db, repair=False).sound
