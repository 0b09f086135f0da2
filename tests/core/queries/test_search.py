"""Search over everything that was said and done."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.queries import listing, snippet
from core.queries.search import CLOSE, OPEN, find
from tests import builders as b
from tests.library import imported

LINES = [
    b.prompt("p1", "alpha common words in a prompt", at=1),
    b.thinks("a1", "bravo common thought", "p1", at=2),
    b.says("a2", "charlie common reply, café", "a1", at=3),
    b.calls("a3", "t1", "Bash", {"command": "delta --common", "timeout": 77123}, "a2", at=4),
    b.answers("r1", "t1", "echo common output", "a3", at=5),
    b.calls("a4", "t2", "Edit", {"file_path": "/src/foxtrot.py"}, "r1", at=6),
    b.answers("r2", "t2", "golf failed common", "a4", error=True, at=7),
    b.prompt("m1", "hotel common meta", "r2", isMeta=True, at=8),
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    logs = tmp_path_factory.mktemp("search") / "logs"
    b.write(logs / "one.jsonl", *b.of("one", *LINES))
    b.write(logs / "copy.jsonl", *b.of("copy", *LINES), b.prompt("p9", "india", "m1", at=9))
    b.write(logs / "other.jsonl", *b.of("other", b.prompt("x1", "common", cwd="/other", at=9)))
    with closing(imported(logs.parent, logs)) as found:
        yield found


def fields(db: Connection, typed: str) -> list[str]:
    found = find(db, typed)
    assert found.total == len(found.hits)
    return sorted(hit.field for hit in found.hits)


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("alpha", "prompt"),
        ("bravo", "thinking"),
        ("charlie", "reply"),
        ("delta", "input"),
        ("77123", "input"),
        ("foxtrot", "input"),
        ("echo", "output"),
        ("hotel", "note"),
        ("india", "prompt"),
    ],
)
def test_everything_is_found_once_in_its_field(db: Connection, word: str, field: str) -> None:
    assert fields(db, word) == [field]


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("common", 8),
        ('"common words"', 1),
        ('"words common"', 0),
        ("common -failed ", 7),
        ("alpha OR bravo ", 2),
        ("char", 1),
        ("char ", 0),
        ("char* ", 1),
        ("CAFE ", 1),
        ("common in:prompt", 2),
        ("in:prompt common", 2),
        ("in:input in:output common", 3),
        ("in:thinking common", 1),
        ("in:note common", 1),
        ("tool:Bash common", 2),
        ("tool:bash common", 2),
        ("tool:Edit common", 1),
        ("is:error common", 1),
        ("is:error tool:Bash common", 0),
        ("tool:Bash is:error", 0),
        ("--common", 8),
        ("/src/foxtrot.py", 1),
        ("nothing", 0),
        ("", 0),
        ("is:error", 1),
        ("tool:bash ", 1),
        ("tool:Bash in:output", 1),
        ("tool:Bash in:prompt", 0),
        ("tool:Read", 0),
        ("in:prompt", 3),
        ("in:note in:thinking", 2),
        ("project:OTHER", 1),
        ("common project:other", 1),
        ("is:error project:other", 0),
        ("project:nowhere", 0),
    ],
)
def test_words_and_operators_narrow_the_search(db: Connection, typed: str, hits: int) -> None:
    assert find(db, typed).total == hits, [hit.snippet for hit in find(db, typed).hits]


def test_a_hit_tells_where_it_is(db: Connection) -> None:
    (hit,) = find(db, "golf").hits

    assert (hit.conversation, hit.uuid, hit.tool, hit.abandoned) == ("one", "r2", "Edit", False)
    assert (hit.title, hit.project) == ("alpha common words in a prompt", b.CWD)
    assert hit.snippet == f"{OPEN}golf{CLOSE} failed common"
    assert hit.at == 1_767_225_607_000


def test_what_is_listed_without_words_is_the_newest_first(db: Connection) -> None:
    assert find(db, "in:prompt").hits[0].uuid == "p9"
    (hit,) = find(db, "is:error").hits
    assert (hit.field, hit.tool, hit.snippet) == ("output", "Edit", "golf failed common")
    (hit,) = find(db, "tool:Edit").hits
    assert (hit.field, hit.tool) == ("input", "Edit")
    assert find(db, "is:error", project="/other").total == 0
    assert find(db, "in:prompt", limit=1).total == 3


def test_a_listing_counts_so_far_and_says_that_there_is_more(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_TEXTS", 2)
    found = find(db, "in:prompt", limit=2)

    assert (found.total, found.at_least) == (2, True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("中文", True),
        ("文搜", True),
        ("索", True),
        ("全文中", False),
        ("検索 エンジン", True),
        ("ンジ", True),
        ('"中文搜索"', True),
        ("搜索 -エンジン", False),
        ("bug修", True),
        ("ค้นหา", True),
    ],
)
def test_words_without_spaces_are_found_inside_of_others(
    tmp_path: Path, typed: str, found: bool
) -> None:
    said = "请实现中文搜索。検索エンジンを直す。 Fix bug修复 now ระบบค้นหาข้อความ"
    path = b.write(tmp_path / "a.jsonl", b.prompt("p1", said), b.says("a1", "nothing", "p1"))

    with closing(imported(tmp_path, path)) as db:
        hits = find(db, typed).hits

    assert [hit.uuid for hit in hits] == (["p1"] if found else [])
    assert all(OPEN in hit.snippet for hit in hits)


def test_a_clause_so_long_that_the_index_cuts_it_keeps_no_search_from_its_answer(
    tmp_path: Path,
) -> None:
    clause = "".join(chr(0x4E00 + number * 37 % 20_000) for number in range(12_000))
    path = b.write(tmp_path / "a.jsonl", b.prompt("p1", clause), b.says("a1", "请搜索", "p1"))

    with closing(imported(tmp_path, path)) as db:
        assert [hit.uuid for hit in find(db, "搜索").hits] == ["a1"]
        assert not find(db, clause[5:8]).hits


def test_of_two_equal_hits_the_newer_one_comes_first(tmp_path: Path) -> None:
    day = 86_400
    lines = [b.prompt(f"p{n}", "same words here", at=n * 20 * day) for n in range(4)]

    with closing(imported(tmp_path, b.write(tmp_path / "a.jsonl", *lines))) as db:
        assert [hit.uuid for hit in find(db, "words").hits] == ["p3", "p2", "p1", "p0"]


def test_a_project_narrows_the_search(db: Connection) -> None:
    assert find(db, "common", project="/other").total == 1
    assert find(db, "common", project="/nowhere").total == 0
    assert find(db, "tool:Bash common", project=b.CWD).total == 2


def test_the_total_counts_what_the_limit_leaves_out(db: Connection) -> None:
    found = find(db, "common", limit=3)

    assert (found.total, len(found.hits)) == (8, 3)
    assert find(db, "common", limit=0).hits == ()


@settings(max_examples=400, deadline=None)
@given(
    st.text(max_size=30)
    | st.lists(
        st.sampled_from(
            ["common", '"', "-", "OR", "AND", "NOT", "NEAR(", "*", "in:prompt", "in:", "tool:",
             "is:error", "(", ")", "{", ":", "^", "+", "a", "\\", "'", "½", "²", "é", "你", "\0",
             "project:", "project:x"]
        ),
        max_size=8,
    ).map(" ".join)
    | st.text(alphabet='ab"-*:()^+{}OR ', max_size=20)
)  # fmt: skip
def test_no_text_makes_the_search_fail(db: Connection, typed: str) -> None:
    found = find(db, typed)

    assert found.total >= len(found.hits)
    assert all(hit.snippet.count(OPEN) == hit.snippet.count(CLOSE) for hit in found.hits)


@pytest.mark.parametrize(
    "typed",
    [
        "word " * 5000,
        "a OR " * 5000,
        "-a " * 5000 + "b",
        '"' + "word " * 5000 + '"',
        "x" * 100_000,
        "(" * 5000,
        "in:prompt " * 5000 + "x",
        "tool:" + "x" * 5000 + " y",
    ],
)
def test_a_text_of_any_length_is_a_search(db: Connection, typed: str) -> None:
    assert find(db, typed).total >= 0


@settings(max_examples=200, deadline=None)
@given(
    st.text(min_size=1, max_size=12) | st.sampled_from(["comm", "café", "77123", "/src/f", "fox"])
)
def test_what_is_found_holds_what_was_looked_for(db: Connection, typed: str) -> None:
    word = "".join(re.findall(r"[^\W_]+", typed))

    for hit in find(db, f'"{word}"').hits:
        (text,) = db.execute("SELECT text FROM body WHERE id = ?", (hit.block,)).fetchone()
        assert snippet.folded(word) in snippet.folded(text)


def test_a_hit_far_into_a_long_text_is_still_a_hit(tmp_path: Path) -> None:
    said = "filler " * 100_000 + "needle"

    with closing(imported(tmp_path, b.write(tmp_path / "a.jsonl", b.prompt("p1", said)))) as db:
        (hit,) = find(db, "needle").hits

    assert hit.snippet.startswith("filler")


def test_a_word_that_a_terminal_coloured_is_found(tmp_path: Path) -> None:
    path = b.write(tmp_path / "a.jsonl", b.answers("r1", "t1", "\x1b[31mfailed\x1b[0m: 3"))

    with closing(imported(tmp_path, path)) as db:
        assert find(db, "failed").total == 1
