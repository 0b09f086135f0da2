"""Beginnings of too many words, and the words that are looked for in their place."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.queries import beginnings
from core.queries.beginnings import meant, pages
from core.queries.search import find
from core.queries.words import Term, understood
from tests import builders as b
from tests.library import imported

SAID = (
    "read the report",
    "Résumé of a release, and the remainder",
    "look into src/components/button.py and src/core",
    "nothing that would matter: zebra, re-read",
    "src components are read_only",
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("beginnings")
    lines = [b.prompt(f"p{n}", said, at=n) for n, said in enumerate(SAID)]
    with closing(imported(folder, b.write(folder / "a.jsonl", *lines))) as found:
        yield found


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No beginning is left to the index."""
    monkeypatch.setattr(beginnings, "MOST_PAGES", -1)
    return monkeypatch


def uuids(db: Connection, typed: str) -> list[str]:
    return sorted(hit.uuid for hit in find(db, typed).hits)


def test_a_beginning_of_few_words_is_left_to_the_index(db: Connection) -> None:
    found = meant(db, understood("re"))

    assert (found.match, found.joined, found.cut) == ('("re"*)', True, False)


def test_whole_words_are_looked_for_as_they_are(db: Connection) -> None:
    found = meant(db, understood("read "))

    assert (found.match, found.joined, found.cut) == ('("read")', False, False)


@pytest.mark.usefixtures("strict")
def test_a_beginning_of_too_many_words_is_written_out(db: Connection) -> None:
    found = meant(db, understood("re"))

    assert found.match == ('("re" OR "read" OR "release" OR "remainder" OR "report" OR "resume")')
    assert (found.joined, found.cut) == (False, False)


def test_the_commonest_words_are_taken_where_there_are_too_many(
    db: Connection, strict: pytest.MonkeyPatch
) -> None:
    strict.setattr(beginnings, "MOST_PHRASES", 2)
    found = find(db, "re")

    assert meant(db, understood("re")).match == '("re" OR "read")'
    assert (found.cut, found.at_least, found.total) == (True, True, 3)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("src/comp", ["p2", "p4"]),
        ("src/components/b", ["p2"]),
        ("zebra re", ["p3"]),
        ("rel* re", ["p1"]),
        ("zebra OR rel", ["p1", "p3"]),
        ("zeb* OR rel", ["p1", "p3"]),
        ("-report re", ["p1", "p3", "p4"]),
        ("-rep re", ["p0", "p1", "p3", "p4"]),
        ("in:prompt re", ["p0", "p1", "p3", "p4"]),
        ("in:output re", []),
        ("resu", ["p1"]),
        ("Résu", ["p1"]),
        ("xyz", []),
        ("zebra xyz", []),
    ],
)
def test_it_finds_what_the_index_finds(db: Connection, typed: str, hits: list[str]) -> None:
    assert uuids(db, typed) == hits


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["re", "rea", "src", "src/co", "the", "zebra", "r*", "-re*", "OR", "l"]),
        min_size=1, max_size=4,
    ).map(" ".join)
)  # fmt: skip
def test_what_was_seen_whole_is_found_as_by_the_index(db: Connection, typed: str) -> None:
    expected = uuids(db, typed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beginnings, "MOST_PAGES", -1)
        assert uuids(db, typed) == expected


def test_where_no_newest_text_has_it_the_index_is_asked(
    db: Connection, strict: pytest.MonkeyPatch
) -> None:
    strict.setattr(beginnings, "_TEXTS", (1, 1))

    assert meant(db, understood("remai")).joined
    assert uuids(db, "remai") == ["p1"]


def test_a_text_that_was_not_read_to_its_end_says_so(
    db: Connection, strict: pytest.MonkeyPatch
) -> None:
    strict.setattr(beginnings, "_LOOKED_AT", 6)

    assert meant(db, understood("zebra re")) != meant(db, understood("zebra read "))
    assert meant(db, understood("re")).cut


def test_no_more_is_read_than_is_worth_it(db: Connection, strict: pytest.MonkeyPatch) -> None:
    strict.setattr(beginnings, "_IN_ALL", (1, 1))
    found = meant(db, understood("re"))

    assert found.match == '("re" OR "read")'  # of the last text, "src components are read_only"
    assert found.cut


def test_pages_are_more_where_more_words_begin_so(tmp_path: Path) -> None:
    said = " ".join(f"word{n:05} w{n:05}" for n in range(3_000))
    with closing(imported(tmp_path, b.write(tmp_path / "a.jsonl", b.prompt("p1", said)))) as db:
        few, some, all_ = (pages(db, Term(word, "", begun=True)) for word in ("zz", "wo", "w"))

    assert few <= 1 < some < all_


def test_an_empty_index_has_no_pages(tmp_path: Path) -> None:
    with closing(imported(tmp_path, b.write(tmp_path / "a.jsonl"))) as db:
        assert pages(db, Term("re", "", begun=True)) == 0
        assert pages(db, Term("", "", begun=True)) == 0
        assert find(db, "re").total == 0
