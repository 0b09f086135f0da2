"""The list of conversations, page by page."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.measures import prices
from core.queries import conversations
from core.queries.conversations import ConversationRow, Sort
from core.store.connection import open_reader, open_writer
from tests import builders as b
from tests.library import imported, imports

_LIBRARY = st.lists(
    st.tuples(st.sampled_from([None, 0, 1, 2]), st.integers(0, 3), st.integers(0, 2)), max_size=12
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("paging") / "l.clew"
    imports(library)
    return library


def pages(db: Connection, sort: Sort, size: int, project: str | None) -> Iterator[ConversationRow]:
    after: tuple[int, int] | None = None
    while page := conversations.page(db, sort=sort, project=project, after=after, limit=size):
        assert len(page) <= size
        yield from page
        after = conversations.key_of(page[-1], sort)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_LIBRARY, st.sampled_from(Sort), st.integers(1, 4), st.sampled_from([None, "/a"]))
def test_pages_hold_every_conversation_once_in_order(
    empty: Path, rows: list[tuple[int | None, int, int]], sort: Sort, size: int, project: str | None
) -> None:
    with closing(open_writer(empty)) as db:
        db.execute("DELETE FROM conversation")
        db.executemany(
            "INSERT INTO conversation (key, title, project, started_at, ended_at, sort_at, "
            "messages, prompts, tool_calls, errors) VALUES (?, '', ?, ?, ?, ?, ?, 0, 0, ?)",
            (
                (str(number), "/a" if number % 2 else "/b", at, at, at or 0, messages, errors)
                for number, (at, messages, errors) in enumerate(rows)
            ),
        )
    with closing(open_reader(empty)) as db:
        found = list(pages(db, sort, size, project))

    keys = {
        str(number)
        for number, (_, messages, _) in enumerate(rows)
        if messages and (project is None or number % 2)
    }
    assert {row.key for row in found} == keys
    assert len(found) == len(keys)
    order = [conversations.key_of(row, sort) for row in found]
    assert order == sorted(order, reverse=True)


def test_the_list_is_sorted_by_activity_length_errors_and_cost(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    b.write(logs / "late.jsonl", *b.of("late", b.prompt("l1", "late", at=99)))
    b.write(logs / "long.jsonl", *b.of("long", *(b.prompt(f"g{n}", "x", at=n) for n in range(5))))
    failed = [b.calls("f1", "t1", at=3), b.answers("f2", "t1", error=True, at=4)]
    b.write(logs / "failed.jsonl", *b.of("failed", *failed))
    b.write(logs / "undated.jsonl", *b.of("undated", b.prompt("n1", at=None)))
    spent = [b.says("d1", usage=b.usage(given=10_000), at=5), b.says("d2", "thanks", "d1", at=6)]
    b.write(logs / "dear.jsonl", *b.of("dear", *spent))

    with closing(imported(tmp_path, logs, pricing=prices.load(None)[0])) as db:
        first = {sort: conversations.page(db, sort=sort)[0].key for sort in Sort}
        dear = [row.cost for row in conversations.page(db, sort=Sort.COST)]
        recent = [row.key for row in conversations.page(db)]

    assert first == {
        Sort.RECENT: "late", Sort.LONGEST: "long", Sort.ERRORS: "failed", Sort.COST: "dear",
    }  # fmt: skip
    assert dear == sorted(dear, reverse=True)
    assert dear[0] > dear[1] > dear[-1] == 0
    assert recent[-1] == "undated"


def test_projects_are_listed_with_what_was_held_in_them(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    for number, folder in enumerate(["/a", "/b", "/a"]):
        b.write(logs / f"s{number}.jsonl", b.prompt(f"p{number}", cwd=folder, at=number))

    with closing(imported(tmp_path, logs)) as db:
        found = [(row.path, row.conversations) for row in conversations.projects(db)]
        of_a = [row.key for row in conversations.page(db, project="/a")]

    assert found == [("/a", 2), ("/b", 1)]
    assert of_a == ["s2", "s0"]


@pytest.mark.parametrize("key", ["nothing", "", "\udcff", "x' OR 1 = 1 --"])
def test_a_conversation_that_is_not_there_is_none(key: str, tmp_path: Path) -> None:
    with closing(imported(tmp_path, b.write(tmp_path / "a.jsonl", b.prompt("p1")))) as db:
        assert conversations.one(db, key) is None
        assert conversations.by_id(db, 99) is None
        row = conversations.one(db, "a")

        assert row is not None
        assert conversations.by_id(db, row.id) == row
