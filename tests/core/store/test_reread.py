"""Files that are read again: what changed, in the order of the file, and nothing lost."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.files.discover import SourceFile, find
from core.messages import formats
from core.queries import conversations, search, totals
from tests import builders as b
from tests.library import NO_LOCK, dump, imported, imports, only, reads, sound, writing


def gemini(path: Path, *messages: dict[str, Any]) -> Path:
    """Write a session as Gemini CLI does: one document, rewritten whole."""
    head = {"sessionId": "s", "projectHash": "0" * 64, "startTime": "2026-01-01T00:00:00Z"}
    return b.write(path, head | {"lastUpdated": b.moment(9), "messages": list(messages)})


def said(n: int, words: str) -> dict[str, Any]:
    sort = "user" if n % 2 == 0 else "gemini"
    return {"id": str(n), "timestamp": b.moment(n), "type": sort, "content": words}


def texts(library: Path) -> list[str]:
    with closing(imported(library, library.parent / "nothing")) as db:
        return [message["text"] for message in only(db)["messages"]]


def test_a_document_that_is_rewritten_is_read_again_each_time(tmp_path: Path) -> None:
    path = tmp_path / "session-2026-01-01T00-00-abcdef12.json"
    words = [said(n, f"word {n} " + "x" * 900) for n in range(12)]
    for count in (4, 8, 12):
        imports(tmp_path / "l.clew", gemini(path, *words[:count]))

    assert [text.split()[1] for text in texts(tmp_path / "l.clew")] == [str(n) for n in range(12)]


def test_what_changed_in_the_middle_stays_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "session-2026-01-01T00-00-abcdef12.json"
    words = [said(n, f"word {n}") for n in range(6)]
    imports(tmp_path / "l.clew", gemini(path, *words))
    words[1] = said(1, "word 1 and an okapi")
    imports(tmp_path / "l.clew", gemini(path, *words))

    assert texts(tmp_path / "l.clew") == [
        "word 0", "word 1 and an okapi", "word 2", "word 3", "word 4", "word 5",
    ]  # fmt: skip
    assert sound(tmp_path / "l.clew")


def test_a_change_of_equal_length_in_the_middle_of_a_document_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "session-2026-01-01T00-00-abcdef12.json"
    long = [said(n, f"word {n} " + "x" * 3000) for n in range(7)]
    imports(tmp_path / "l.clew", gemini(path, *long))
    path.write_bytes(path.read_bytes().replace(b"word 3", b"okapi3"))
    imports(tmp_path / "l.clew", path)

    with closing(imported(tmp_path / "l.clew", path)) as db:
        assert search.find(db, "okapi3").total == 1


@pytest.mark.parametrize("name", ["messages.jsonl", "transcript.jsonl"])
def test_unrelated_files_of_one_name_are_sessions_of_their_own(name: str, tmp_path: Path) -> None:
    for n in range(3):
        lines = ({"role": "user", "content": f"ask {n}"}, {"role": "assistant", "content": f"{n}"})
        b.write(tmp_path / "logs" / f"run{n}" / name, *lines)

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert sorted(row.title for row in conversations.page(db)) == ["ask 0", "ask 1", "ask 2"]
        assert totals.totals(db).messages == 6
    assert sound(tmp_path / "library.clew")


def test_a_reader_that_learned_something_writes_all_it_reads_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("u1", "first", at=0),
        b.says("a1", "one", "u1", at=1),
        b.prompt("u2", "second", "a1", at=2),
        b.says("a2", "two", "u2", at=3),
        b.prompt("u3", "instead", "a1", at=4),
    )
    library = tmp_path / "l.clew"
    imports(library, path)
    with writing(library) as (db, _):
        # As an older reader would have left it: no author, no ending, no branches.
        db.execute("UPDATE message SET prompt = '', branch = 0")
        db.execute("UPDATE session SET ending = '', forks = 0")
        db.execute("DELETE FROM branch")
        db.execute("UPDATE source SET revision = revision - 1")
    imports(library, path)

    with closing(imported(library, path)) as db, closing(imported(tmp_path, path)) as fresh:
        assert dump(db) == dump(fresh)
    assert sound(library)


def test_writing_anew_that_was_stopped_is_begun_again(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", *(b.prompt(f"u{n}", at=n) for n in range(1200)))
    library = tmp_path / "l.clew"
    imports(library, path)
    with writing(library) as (db, ingest):
        db.execute("UPDATE message SET prompt = ''")
        db.execute("UPDATE source SET revision = revision - 1")
        (file,) = find((path,))
        assert isinstance(file, SourceFile)
        next(ingest.file(file))  # one slice of three
    imports(library, path)

    with closing(imported(library, path)) as db, closing(imported(tmp_path, path)) as fresh:
        assert dump(db) == dump(fresh)


def test_a_long_output_that_was_read_outlives_its_file(tmp_path: Path) -> None:
    kept = {"stdout": "", "persistedOutputPath": "/x/tool-results/t1.txt"}
    path = b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("u1"),
        b.calls("a1", "t1", "Bash", {"command": "x"}, "u1"),
        b.answers("r1", "t1", "<persisted-output>the beginning", "a1", toolUseResult=kept),
    )
    output = path.with_suffix("") / "tool-results" / "t1.txt"
    output.parent.mkdir(parents=True)
    output.write_text("the beginning and then an okapi at the very end of it")
    library = tmp_path / "l.clew"
    imports(library, path)
    output.unlink()
    with writing(library) as (db, _):
        db.execute("UPDATE source SET revision = revision - 1")
    imports(library, path)
    os.utime(path)

    with closing(imported(library, path)) as db:
        assert search.find(db, "okapi").total == 1
        (call,) = [call for m in only(db)["messages"] for call in m["tool_calls"]]
        assert "okapi" in call["result"]


def test_a_file_of_bare_texts_becomes_what_it_turns_out_to_be(tmp_path: Path) -> None:
    path = b.write(tmp_path / "a.jsonl", {"content": "one"}, {"content": "two"})
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        assert db.execute("SELECT format FROM source").fetchone()[0] == "legacy"
        b.append(path, *({"role": "user", "content": f"ask {n}"} for n in range(30)))
        reads(ingest, path)
        assert db.execute("SELECT format FROM source").fetchone()[0] == "claude-code-v2"


def test_every_format_has_a_name_of_its_own_that_is_found_again() -> None:
    names = [form.name for form in formats.FORMATS]

    assert len(set(names)) == len(names)
    assert all(
        formats.named(name) is form for name, form in zip(names, formats.FORMATS, strict=True)
    )


def test_a_document_that_two_processes_read_at_once_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "session-2026-01-01T00-00-abcdef12.json"
    gemini(path, *(said(n, f"word {n}") for n in range(1200)))
    library = tmp_path / "l.clew"
    with writing(library) as (_, one), writing(library, hold=NO_LOCK) as (db, other):
        (file,) = find((path,))
        assert isinstance(file, SourceFile)
        slow = one.file(file)
        next(slow)
        list(other.file(file))
        assert list(slow) == []
        assert db.execute("SELECT understood FROM source").fetchone()[0] == 1201
    assert sound(library)
