"""Files that grow, shrink, move, are rewritten, or cannot be read."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from core.queries import problems, totals
from tests import builders as b
from tests.library import dump, imported, imports, listed, reads, shown, sound, writing

LINES = [
    b.prompt("u1", "one", at=1),
    b.calls("a1", "t1", parent="u1", at=2),
    b.answers("r1", "t1", "output", "a1", at=3),
    b.prompt("u2", "two", "r1", at=4),
]


def log(root: Path, *lines: b.Line) -> Path:
    return b.write(root / "logs" / f"{b.SESSION}.jsonl", *lines)


def test_a_file_that_grew_is_read_from_where_it_ended(tmp_path: Path) -> None:
    long = [b.prompt(f"u{n}", "word " * 50) for n in range(200)]
    path = log(tmp_path, *long)
    with writing(tmp_path / "l.clew") as (_, ingest):
        reads(ingest, path)
        before, size = ingest.tally.read, path.stat().st_size
        b.append(path, b.prompt("new", "more"))
        added = path.stat().st_size - size

        changed = reads(ingest, path)

        assert [change.messages for change in changed] == [("new",)]
        # Both edges of what was read are compared, no more.
        assert ingest.tally.read - before == added + 2 * 4096
        assert ingest.writer.rows == 201


def test_a_file_that_did_not_change_is_not_opened(tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        before, read = db.total_changes, ingest.tally.read

        assert reads(ingest, path) == []

        assert (db.total_changes, ingest.tally.read) == (before, read)


def test_a_file_that_was_only_touched_is_compared_once(tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        b.older(path, 5)
        reads(ingest, path)
        before = db.total_changes

        assert reads(ingest, path) == []

        assert db.total_changes == before
        assert ingest.writer.rows == len(LINES)


def test_a_torn_tail_waits_for_its_end(tmp_path: Path) -> None:
    whole = b.line(b.prompt("u9", "complete at last"))
    path = log(tmp_path, b.prompt("u1"), whole[:50])

    with closing(imported(tmp_path, path)) as db:
        assert totals.totals(db).messages == 1
        assert problems.count(db) == 0
    b.append(path, whole[50:])
    with closing(imported(tmp_path, path)) as db:
        assert [message["text"] for message in shown(db)] == ["hello", "complete at last"]


def test_a_renamed_file_keeps_its_session(tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    imports(tmp_path / "l.clew", tmp_path / "logs")
    moved = tmp_path / "logs" / "elsewhere" / path.name
    moved.parent.mkdir()
    path.rename(moved)
    b.append(moved, b.prompt("u3", "three", "u2", at=5))

    with closing(imported(tmp_path / "l.clew", tmp_path / "logs")) as db:
        assert totals.totals(db).messages == len(LINES) + 1
        assert totals.totals(db).files == 1
        assert [label for (label,) in db.execute("SELECT label FROM source")] == [str(moved)]


def test_a_new_file_with_the_inode_of_a_deleted_one_is_a_session_of_its_own(
    tmp_path: Path,
) -> None:
    path = log(tmp_path, *LINES)
    imports(tmp_path / "l.clew", tmp_path / "logs")
    # What a file system does that gives a free inode to the next file.
    other = path.with_name("other.jsonl")
    path.rename(other)
    b.write(other, *b.of("other", b.prompt("x1", "something else")))

    with closing(imported(tmp_path / "l.clew", tmp_path / "logs")) as db:
        assert sorted((one["id"], one["messages"]) for one in listed(db)) == [
            (b.SESSION, 4),
            ("other", 1),
        ]


def test_what_a_deleted_file_held_stays(tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    with closing(imported(tmp_path, path)) as db:
        before = dump(db)
    path.unlink()

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert dump(db) == before


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_what_a_truncated_file_held_stays_and_comes_back_once(kept: int, tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    with closing(imported(tmp_path, path)) as db:
        before = dump(db)
    log(tmp_path, *LINES[:kept], *([] if kept else [{"type": "mode"}]))
    with closing(imported(tmp_path, path)) as db:
        assert dump(db)["conversations"] == before["conversations"]

    log(tmp_path, *LINES)
    with closing(imported(tmp_path, path)) as db:
        assert dump(db) == before
        assert db.execute("SELECT count(*) FROM message WHERE offset < 0").fetchone() == (0,)


def test_a_rewritten_file_is_read_again_with_its_earlier_content_kept(tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    imports(tmp_path / "l.clew", path)
    log(tmp_path, b.prompt("n1", "all new", at=9))

    with closing(imported(tmp_path / "l.clew", path)) as db:
        assert [message["text"] for message in shown(db)] == ["one", "", "output", "two", "all new"]
        earlier = db.execute("SELECT uuid FROM message WHERE offset < 0 ORDER BY id").fetchall()
    assert earlier == [("u1",), ("a1",), ("r1",), ("u2",)]


def test_a_rewrite_of_the_same_size_and_time_is_noticed(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", "aaaa"))
    b.older(path, 5)
    imports(tmp_path / "l.clew", path)
    log(tmp_path, b.prompt("u1", "bbbb"))
    b.older(path, 5)

    with closing(imported(tmp_path / "l.clew", path)) as db:
        assert [message["text"] for message in shown(db)] == ["bbbb"]


def test_a_record_that_says_something_else_now_replaces_what_it_said(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", log(tmp_path, *LINES))
    path = log(tmp_path, *LINES[:3], b.prompt("u2", "redacted", "r1", at=4))

    with closing(imported(tmp_path / "l.clew", path)) as db:
        assert [message["text"] for message in shown(db)] == ["one", "", "output", "redacted"]
        assert listed(db)[0]["messages"] == 4
    assert sound(tmp_path / "l.clew")


def test_a_result_that_says_something_else_now_is_still_its_calls(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", log(tmp_path, *LINES))
    path = log(tmp_path, *LINES[:2], b.answers("r1", "t1", "***", "a1", error=True, at=3), LINES[3])

    with closing(imported(tmp_path / "l.clew", path)) as db:
        (call,) = (call for message in shown(db) for call in message["tool_calls"])
        assert (call["outcome"], call["result"], call["duration_ms"]) == ("error", "***", 1000)
        assert listed(db)[0]["errors"] == 1
    assert sound(tmp_path / "l.clew")


def test_a_call_that_says_something_else_now_keeps_its_result(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", log(tmp_path, *LINES))
    path = log(tmp_path, LINES[0], b.calls("a1", "t1", given={"command": "***"}, at=2), *LINES[2:])

    with closing(imported(tmp_path / "l.clew", path)) as db:
        (call,) = (call for message in shown(db) for call in message["tool_calls"])
        assert call["input"] == {"command": "***"}
        assert (call["outcome"], call["result"], call["duration_ms"]) == ("ok", "output", 1000)
        assert listed(db)[0]["tool_calls"] == 1
    assert sound(tmp_path / "l.clew")


def test_a_result_whose_call_is_another_one_now_is_shown_by_itself(tmp_path: Path) -> None:
    imports(tmp_path / "l.clew", log(tmp_path, *LINES))
    path = log(tmp_path, LINES[0], b.calls("a1", "t-other", at=2), *LINES[2:])

    with closing(imported(tmp_path / "l.clew", path)) as db:
        (call,) = (call for message in shown(db) for call in message["tool_calls"])
        assert (call["id"], call["outcome"]) == ("t-other", "none")
        assert db.execute("SELECT shown FROM block WHERE kind = 'result'").fetchall() == [(1,)]


def test_a_file_that_was_not_read_is_told_once_and_forgiven_when_it_is(tmp_path: Path) -> None:
    path = tmp_path / "logs" / f"{b.SESSION}.jsonl"
    path.parent.mkdir()
    path.symlink_to("/dev/null")
    imports(tmp_path / "l.clew", tmp_path / "logs")
    with writing(tmp_path / "l.clew") as (db, _):
        assert [one.reason for one in problems.page(db)] == [
            "Not read: It is a link to a place outside the chosen folder."
        ]
    imports(tmp_path / "l.clew", tmp_path / "logs")
    with writing(tmp_path / "l.clew") as (db, _):
        assert problems.count(db) == 1

    path.unlink()
    log(tmp_path, *LINES)
    with closing(imported(tmp_path / "l.clew", tmp_path / "logs")) as db:
        assert problems.count(db) == 0
        assert totals.totals(db).messages == len(LINES)


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    path = log(tmp_path, *LINES)
    path.chmod(0)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (problem,) = problems.page(db)

    assert problem.reason == "The file cannot be read: Permission denied."


def test_a_reader_that_learned_something_reads_its_files_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = log(tmp_path, *LINES)
    with closing(imported(tmp_path, path)) as db:
        before = dump(db)
    with writing(tmp_path / "library.clew") as (db, _):
        db.execute("UPDATE source SET revision = 0")
        db.execute("DELETE FROM problem")

    with writing(tmp_path / "library.clew") as (_, ingest):
        reads(ingest, path)
        assert ingest.tally.parsed == 1
        assert ingest.writer.rows == len(LINES)  # what it has learnt may be about any of them

    with closing(imported(tmp_path, path)) as db:
        assert dump(db) == before
