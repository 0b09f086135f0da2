"""How the statements behind the views are run: a page costs a page, however large the library."""

import re
from collections.abc import Iterator
from contextlib import closing
from sqlite3 import Connection

import pytest

from core.queries import (
    agents,
    beginnings,
    boundaries,
    candidates,
    conversations,
    formats,
    locating,
    problems,
    search,
    structure,
    transcript,
    within,
)
from core.queries.conversations import Sort
from tests import builders as b
from tests.library import imported

SORT = "USE TEMP B-TREE FOR ORDER BY"
BY_ROWID = "SEARCH {} USING INTEGER PRIMARY KEY (rowid=?)"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("plans")
    path = b.write(folder / "a.jsonl", b.prompt("p1"), b.calls("a1", "t1"), b.answers("r1", "t1"))
    with closing(imported(folder, path)) as found:
        yield found


def plan(db: Connection, sql: str) -> list[str]:
    given: dict[str, object] = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    given |= {name: "[1]" for name in ("ids", "blocks", "ranges") if name in given}
    given |= {"match": '"a"'} if "match" in given else {}
    return [detail for *_, detail in db.execute(f"EXPLAIN QUERY PLAN {sql}", given)]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.RECENT, "SEARCH conversation USING INDEX conversation_by_time (sort_at<?)"),
        (
            Sort.LONGEST,
            "SEARCH conversation USING INDEX conversation_by_size (messages<?)",
        ),
        (Sort.ERRORS, "SEARCH conversation USING INDEX conversation_by_errors (errors<?)"),
        (Sort.COST, "SEARCH conversation USING INDEX conversation_by_cost (cost<?)"),
    ],
)
def test_a_page_of_the_list_costs_a_page(db: Connection, sort: Sort, expected: str) -> None:
    assert plan(db, conversations.PAGES[sort, False, False]) == [expected]


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        (Sort.RECENT, "conversation_by_project"),
        (Sort.LONGEST, "project_by_size"),
        (Sort.ERRORS, "project_by_errors"),
        (Sort.COST, "project_by_cost"),
    ],
)
def test_a_page_of_a_project_costs_a_page(db: Connection, sort: Sort, index: str) -> None:
    (line,) = plan(db, conversations.PAGES[sort, True, False])

    assert line.startswith(f"SEARCH conversation USING INDEX {index} (project=? AND ")


def test_a_spine_is_read_from_an_index_alone(db: Connection) -> None:
    (line,) = plan(db, transcript.SPINE)

    assert line.startswith(("SEARCH block USING COVERING INDEX block_shown", _SHOWN))
    assert line.endswith("(session_id=? AND agent=? AND id>?)")


_SHOWN = "SEARCH block USING INDEX block_shown"  # a partial index is not called covering


def test_rows_are_found_by_their_ids(db: Connection) -> None:
    scanned, *rest = plan(db, transcript.ROWS)

    assert scanned.startswith("SCAN wanted VIRTUAL TABLE")
    assert all(" USING INTEGER PRIMARY KEY (rowid=?)" in line or "branch" in line for line in rest)


def test_the_lanes_of_a_conversation_are_found_by_its_id(db: Connection) -> None:
    expected = ["SEARCH session USING INDEX session_by_conversation (conversation_id=?)", SORT]

    assert plan(db, boundaries.LANE) == expected
    assert plan(db, structure._LANES) == expected


@pytest.mark.parametrize("shape", candidates.SHAPES)
def test_rows_of_the_index_are_looked_up_by_id(db: Connection, shape: tuple[bool, bool]) -> None:
    first, *steps = [step for step in plan(db, candidates.KEPT[shape]) if "subquery" not in step]

    assert first == "SCAN wanted VIRTUAL TABLE INDEX 1:"
    assert steps[0] == BY_ROWID.format("block")
    assert BY_ROWID.format("message") in steps
    assert not [step for step in steps if step.startswith("SCAN") or "B-TREE" in step]


@pytest.mark.parametrize("sql", [candidates.NEWEST, candidates.OLDEST, search.RANKED])
def test_the_index_alone_tells_what_matches_and_in_what_order(db: Connection, sql: str) -> None:
    (step,) = plan(db, sql)

    assert step.startswith("SCAN search VIRTUAL TABLE INDEX ")


def test_the_pages_of_a_beginning_are_looked_up(db: Connection) -> None:
    scans = [step for step in plan(db, beginnings.PAGES) if step.startswith("SCAN")]

    assert scans == ["SCAN segment", "SCAN segment"]


OTHERS = {
    "hits": search.HITS,
    "where a message is shown": locating._LOCATE,
    "one conversation": conversations._ONE,
    "conversation by id": conversations._BY_ID,
    "marks": structure.MARKS,
    "branches": structure._BRANCHES,
    "agents": agents._FILES,
    "what a session inherits, counted": boundaries._COUNT,
    "why sessions belong together": boundaries._NAMED,
    "problems": problems.PAGE,
}
SORTED = {  # bounded by one conversation or a page of files, and sorted in memory
    "files": formats.PAGE,
    "sessions": conversations._SESSIONS,
    "calls": structure._CALLS,
    "usage": structure._USAGE,
    "tools": structure._TOOLS,
    "agents inside the main file": agents._INLINE,
    "agents of agents": agents._STARTED,
    "find": within._SLICE,
    "what a session inherits": boundaries.INHERITED,
    "failures": within._FAILED,
    "problems of a conversation": problems._OF_SESSIONS,
}


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_is_scanned_or_sorted(db: Connection, name: str) -> None:
    steps = plan(db, OTHERS[name])

    scans = [step for step in steps if step.startswith("SCAN") and "wanted VIRTUAL" not in step]
    assert scans == []
    assert [step for step in steps if "B-TREE" in step] == []


@pytest.mark.parametrize("name", SORTED)
def test_nothing_is_scanned(db: Connection, name: str) -> None:
    scans = [step for step in plan(db, SORTED[name]) if step.startswith("SCAN")]

    assert [scan for scan in scans if scan != "SCAN wanted"] == []  # a bounded subquery's rows


@pytest.mark.parametrize("sql", [boundaries._OWNERS, transcript._AMID])
def test_messages_are_found_by_their_index(db: Connection, sql: str) -> None:
    steps = [step for step in plan(db, sql) if "message" in step or "place" in step]

    assert steps
    assert [step for step in steps if step.startswith("SCAN")] == []
