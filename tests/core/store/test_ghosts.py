"""Sessions that only another file tells of: shown until their transcript is here, joined then."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.queries import conversations, search, totals
from tests import builders as b
from tests.library import imported, imports, sound

GONE = "22222222-aaaa-4bbb-8ccc-000000000002"


def typed(said: str, session: str, **more: Any) -> b.Record:
    """Return a line of Claude Code's history of prompts."""
    at = {"timestamp": 1767225600000, "project": b.CWD, "sessionId": session}
    return {"display": said, "pastedContents": {}, **at, **more}


def test_prompts_of_a_deleted_session_are_a_conversation(tmp_path: Path) -> None:
    b.write(tmp_path / "logs" / "history.jsonl", typed("where is the zebra", GONE))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        (row,) = conversations.page(db)
        assert (row.key, row.prompts, row.title, row.project) == (
            GONE, 1, "where is the zebra", b.CWD,
        )  # fmt: skip
        assert db.execute("SELECT bucket FROM conversation").fetchall() == [("ghost",)]
        assert search.find(db, "zebra").total == 1


@pytest.mark.parametrize("history_first", [True, False])
def test_a_history_stands_back_behind_the_transcript(history_first: bool, tmp_path: Path) -> None:
    history = b.write(tmp_path / "h" / "history.jsonl", typed("hello", b.SESSION))
    log = b.write(tmp_path / f"{b.SESSION}.jsonl", b.prompt("u1"), b.says("a1", parent="u1"))
    order = (history, log) if history_first else (log, history)

    for path in order:
        imports(tmp_path / "l.clew", path)

    with closing(imported(tmp_path / "l.clew", log)) as db:
        (row,) = conversations.page(db)
        assert (row.key, row.prompts, row.messages) == (b.SESSION, 1, 2)
        assert db.execute("SELECT bucket FROM conversation").fetchall() == [("",)]
        assert totals.totals(db).prompts == 1
        assert search.find(db, "hello").total == 1
    assert sound(tmp_path / "l.clew")


def test_one_history_holds_many_sessions(tmp_path: Path) -> None:
    lines = [typed(f"prompt {n}", f"session-{n % 3}") for n in range(12)]
    b.write(tmp_path / "logs" / "history.jsonl", *lines)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        found = conversations.page(db)
        assert sorted((row.key, row.prompts) for row in found) == [
            ("session-0", 4), ("session-1", 4), ("session-2", 4),
        ]  # fmt: skip


def test_a_title_that_the_desktop_app_keeps_is_the_sessions(tmp_path: Path) -> None:
    log = tmp_path / "logs"
    b.write(log / f"{b.SESSION}.jsonl", b.prompt("u1"))
    b.write(
        log / "local_1.json",
        {"cliSessionId": b.SESSION, "title": "The zebra hunt", "cwd": b.CWD},
    )

    with closing(imported(tmp_path, log)) as db:
        assert [row.title for row in conversations.page(db)] == ["The zebra hunt"]


def test_a_history_that_was_cut_at_its_beginning_counts_nothing_twice(tmp_path: Path) -> None:
    lines = [typed(f"prompt {n}", "gone", timestamp=1767225600000 + n) for n in range(6)]
    path = b.write(tmp_path / "logs" / "history.jsonl", *lines)
    imports(tmp_path / "l.clew", path)
    b.write(path, *lines[2:], typed("prompt 6", "gone", timestamp=1767225600006))

    with closing(imported(tmp_path / "l.clew", path)) as db:
        assert totals.totals(db).prompts == 7
    assert sound(tmp_path / "l.clew")


def test_two_copies_of_a_history_count_each_prompt_once(tmp_path: Path) -> None:
    lines = [typed(f"prompt {n}", "gone", timestamp=1767225600000 + n) for n in range(3)]
    for folder in ("one", "two"):
        b.write(tmp_path / "logs" / folder / "history.jsonl", *lines)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert totals.totals(db).prompts == 3
    assert sound(tmp_path / "library.clew")
