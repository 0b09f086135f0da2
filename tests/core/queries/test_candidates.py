"""How few rows are looked at for the first hits of a search, and that none is missed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.queries import beginnings, candidates
from core.queries.search import Found, find
from tests import builders as b
from tests.library import imported

MANY = 60


def lines(session: str, number: int, *, at: int, cwd: str = b.CWD) -> list[dict[str, object]]:
    return [
        line
        for n in range(number)
        for line in b.of(
            session,
            b.prompt(f"{session}{n}", f"common {n} words", at=at + n, cwd=cwd),
        )
    ]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    logs = tmp_path_factory.mktemp("candidates") / "logs"
    b.write(logs / "a.jsonl", *lines("a", MANY, at=10))
    b.write(logs / "b.jsonl", *lines("b", 3, at=1, cwd="/rare"))
    tools = (
        b.calls("t1", "t1", "Bash", {"command": "common"}, "c0", at=1),
        b.answers("r1", "t1", "common failure", "t1", error=True, at=2),
        b.calls("t2", "t2", "Grep", {"pattern": "common"}, "r1", at=3),
        b.answers("r2", "t2", "common finding", "t2", at=4),
    )
    b.write(logs / "c.jsonl", *lines("c", 1, at=0), *b.of("c", *tools))
    b.write(logs / "d.jsonl", *lines("d", MANY, at=200))
    with closing(imported(logs.parent, logs)) as found:
        yield found


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Ten rows are many."""
    monkeypatch.setattr(candidates, "MOST", 10)
    monkeypatch.setattr(candidates, "_AIM", 5)
    return monkeypatch


@pytest.mark.usefixtures("few")
def test_of_very_many_the_newest_come_first(db: Connection) -> None:
    found = find(db, "common ", limit=4)

    assert [hit.uuid for hit in found.hits] == ["d59", "d58", "d57", "d56"]
    assert (found.at_least, found.cut, found.total) == (True, False, 100)
    assert found.newest


FILTERED = (
    ("common project:rare", 3),
    ("common tool:grep", 2),
    ("common is:error", 2),
    ("common is:error tool:Bash in:output", 1),
    ("common is:error project:rare", 0),
    ("project:rare comm", 3),
    ("tool:Grep comm", 2),
    ("comm", 2 * MANY + 8),
    ("common -finding ", 2 * MANY + 7),
    ("in:prompt common ", 2 * MANY + 4),
)


@pytest.mark.parametrize(("typed", "hits"), FILTERED)
@pytest.mark.parametrize("sessions", [1, 64])
def test_none_is_missed_however_rare_what_narrows_is(
    db: Connection, few: pytest.MonkeyPatch, typed: str, hits: int, sessions: int
) -> None:
    few.setattr(candidates, "_NEWEST", sessions)
    found = find(db, typed, limit=500)

    assert (found.total, len(found.hits)) == (hits, hits)
    assert not found.at_least


@pytest.mark.parametrize(("typed", "hits"), FILTERED)
def test_few_are_all_counted(db: Connection, typed: str, hits: int) -> None:
    found = find(db, typed, limit=5)

    assert (found.total, len(found.hits), found.at_least) == (hits, min(5, hits), False)


@pytest.mark.usefixtures("few")
def test_a_project_is_looked_through_from_its_newest_session_on(db: Connection) -> None:
    found = find(db, "common ", limit=12, project=b.CWD)

    assert {hit.uuid[0] for hit in found.hits} == {"d"}
    assert found.at_least


def test_calls_beyond_the_newest_are_looked_for_in_everything(
    db: Connection, few: pytest.MonkeyPatch
) -> None:
    few.setattr(candidates, "_CALLS", 1)
    found = find(db, "failure OR common is:error OR tool:Bash ", limit=50)

    assert {hit.tool for hit in found.hits} == {"Bash"}


def test_copies_at_the_ends_do_not_hide_what_lies_between(
    tmp_path: Path, few: pytest.MonkeyPatch
) -> None:
    few.setattr(candidates, "MOST", 4)
    said = lines("a", 12, at=0)
    for copy in ("b", "c", "d"):
        b.write(tmp_path / "logs" / f"{copy}.jsonl", *[line | {"sessionId": copy} for line in said])
    b.write(tmp_path / "logs" / "a.jsonl", *said)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        found = find(db, "common ", limit=10)

    assert len({hit.uuid for hit in found.hits}) == len(found.hits) == 10


def _steps(db: Connection, typed: str) -> tuple[Found, int]:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    db.set_progress_handler(count, 10)
    try:
        return find(db, typed, limit=5), steps
    finally:
        db.set_progress_handler(None, 0)


@pytest.mark.parametrize("typed", ["common ", "com", "common words", "common -rare "])
def test_the_work_for_a_word_that_is_everywhere_does_not_grow(
    tmp_path: Path, few: pytest.MonkeyPatch, typed: str
) -> None:
    few.setattr(beginnings, "MOST_PAGES", -1)
    few.setattr(beginnings, "_TEXTS", (10, 10))
    few.setattr(candidates, "_SPAN", 20)
    work: list[int] = []
    for number in (100, 800):
        folder = tmp_path / str(number)
        path = b.write(folder / "a.jsonl", *lines("a", number, at=0))
        with closing(imported(folder, path)) as db:
            found, steps = _steps(db, typed)
        assert (found.at_least, len(found.hits)) == (True, 5)
        work.append(steps)

    assert work[1] <= work[0] * 1.1
