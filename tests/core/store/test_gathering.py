"""Many files in one transaction: others see all of it at once, or nothing."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from core.events import ConversationChanged
from core.files.discover import SourceFile, find
from core.ingest import Ingest
from core.queries import search, totals
from core.store.connection import open_reader
from tests import builders as b
from tests.library import dump, imported, reads, sound, writing


def logs(root: Path, count: int) -> list[Path]:
    return [
        b.write(root / "logs" / f"s{n}.jsonl", *b.of(f"s{n}", b.prompt(f"u{n}", f"word{n}")))
        for n in range(count)
    ]


def take(ingest: Ingest, path: Path) -> None:
    for file in find((path,)):
        assert isinstance(file, SourceFile)
        for changes, _ in ingest.file(file):
            assert changes == ()


def seen(library: Path) -> int:
    with closing(open_reader(library)) as db:
        return totals.totals(db).messages


def test_what_is_gathered_is_told_and_seen_after_the_flush(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    first, second = logs(tmp_path, 2)

    with writing(library) as (_, ingest), ingest.writer.together():
        take(ingest, first)
        take(ingest, second)
        before = seen(library)
        told = ingest.writer.flush()
        after = seen(library)

    assert (before, after) == (0, 2)
    assert [change.conversation for change in told] == ["s0", "s1"]
    assert sound(library)


def test_what_was_not_flushed_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    first, second = logs(tmp_path, 2)

    with writing(library) as (db, ingest):
        with suppress(KeyboardInterrupt), ingest.writer.together():
            take(ingest, first)
            ingest.writer.flush()
            take(ingest, second)
            raise KeyboardInterrupt
        assert totals.totals(db).messages == 1
        assert ingest.writer.flush() == ()
        again = reads(ingest, first, second)

    assert [change.conversation for change in again] == ["s1"]
    assert sound(library)


def test_a_failure_undoes_all_that_was_gathered_with_it(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    first, second = logs(tmp_path, 2)

    with writing(library) as (db, ingest):
        db.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON message WHEN new.uuid = 'u1' "
            "BEGIN SELECT raise(FAIL, ''); END"
        )
        with ingest.writer.together():
            take(ingest, first)
            with pytest.raises(sqlite3.IntegrityError):
                take(ingest, second)
        assert totals.totals(db).messages == 0
        db.execute("DROP TRIGGER full")
        reads(ingest, first, second)
        assert totals.totals(db).messages == 2

    assert sound(library)


def test_one_file_may_be_a_transaction_of_its_own_in_between(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    first, second = logs(tmp_path, 2)

    with writing(library) as (_, ingest), ingest.writer.together():
        take(ingest, first)
        told: list[ConversationChanged] = list(ingest.writer.flush())
        with ingest.writer.apart():
            told += reads(ingest, second)
            assert seen(library) == 2

    assert [change.conversation for change in told] == ["s0", "s1"]


def test_a_change_is_told_under_the_name_its_conversation_has_in_the_end(tmp_path: Path) -> None:
    begin = [b.prompt("p1", at=1), b.says("a1", parent="p1", at=2)]
    copy = b.write(
        tmp_path / "logs" / "zz.jsonl", *b.of("zz", *begin, b.prompt("p2", parent="a1", at=9))
    )
    origin = b.write(
        tmp_path / "logs" / "aa.jsonl", *b.of("aa", *begin, b.prompt("p3", parent="a1", at=5))
    )

    with writing(tmp_path / "l.clew") as (_, ingest), ingest.writer.together():
        take(ingest, copy)
        take(ingest, origin)
        told = ingest.writer.flush()

    with closing(imported(tmp_path / "apart", copy, origin)) as expected:
        pass
    with closing(open_reader(tmp_path / "l.clew")) as db:
        held = {key for (key,) in db.execute("SELECT key FROM conversation")}
        assert {change.conversation for change in told} == held
        with closing(imported(tmp_path / "apart", copy, origin)) as expected:
            assert dump(db) == dump(expected)


def test_a_text_that_is_outgrown_in_the_same_transaction_is_found_once(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    short = b.says("a1", "a beginning", api="m1")
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"), short)

    with writing(library) as (_, ingest), ingest.writer.together():
        take(ingest, path)
        b.append(path, b.says("a2", "a beginning and its end", parent="a1", api="m1"))
        take(ingest, path)
        ingest.writer.flush()

    assert sound(library)
    with closing(open_reader(library)) as db:
        assert len(search.find(db, "beginning").hits) == 1


def statements(root: Path, files: list[Path]) -> int:
    count = 0

    def ran(_: str) -> None:
        nonlocal count
        count += 1

    with writing(root / f"{len(files)}.clew") as (db, ingest), ingest.writer.together():
        db.set_trace_callback(ran)
        for path in files:
            take(ingest, path)
        ingest.writer.flush()
        db.set_trace_callback(None)
    return count


def test_copies_of_one_session_cost_nearly_in_step_with_their_number(tmp_path: Path) -> None:
    begin = [b.prompt("p1", at=1), b.says("a1", parent="p1", at=2)]
    files = [
        b.write(
            tmp_path / "logs" / f"c{n:02}.jsonl",
            *b.of(f"c{n:02}", *begin, b.prompt(f"o{n}", parent="a1", at=10 + n)),
        )
        for n in range(32)
    ]

    assert statements(tmp_path, files) < 2.8 * statements(tmp_path, files[:16])


def test_agents_of_one_session_cost_in_step_with_their_number(tmp_path: Path) -> None:
    root = tmp_path / "logs"
    trunk = b.write(root / f"{b.SESSION}.jsonl", b.prompt("p1"))
    files = [
        b.agent_file(root, b.SESSION, f"ag{n}", b.prompt(f"t{n}", f"task {n}")) for n in range(64)
    ]

    assert statements(tmp_path, [trunk, *files]) < 2.2 * statements(tmp_path, [trunk, *files[:32]])
