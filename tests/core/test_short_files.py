"""A file whose first lines could be of several formats, read as it grows."""

from contextlib import closing
from pathlib import Path

from core.store.connection import open_reader
from tests import builders as b
from tests.core.test_same_library import dumped
from tests.library import imports, reads, writing

HEAD = {"type": "message", "role": "user", "session_id": "s", "id": "m1", "text": "List files"}
REST: list[b.Line] = [
    {"type": "tool_call", "session_id": "s", "id": "t1", "toolName": "Shell",
     "parameters": {"command": "ls"}, "messageId": "m2"},
    {"type": "tool_result", "session_id": "s", "id": "t1", "value": "a.txt", "isError": False},
    {"type": "completion", "session_id": "s", "finalText": "There is one file."},
]  # fmt: skip


def formats(library: Path) -> list[str]:
    with closing(open_reader(library)) as db:
        return [form for (form,) in db.execute("SELECT format FROM source")]


def test_a_format_is_settled_only_when_enough_of_a_file_is_there(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "s.jsonl", HEAD, *REST)
    imports(tmp_path / "whole.clew", path)

    path.write_bytes(b"")
    with writing(tmp_path / "grown.clew") as (db, ingest):
        seen: list[str] = []
        for line in (HEAD, *REST):
            b.append(path, line)
            reads(ingest, path)
            seen += [form for (form,) in db.execute("SELECT format FROM source")]

    assert len(set(seen)) > 1, "the first line alone looks like another format"
    assert formats(tmp_path / "grown.clew") == formats(tmp_path / "whole.clew")
    assert dumped(tmp_path / "grown.clew", tmp_path) == dumped(tmp_path / "whole.clew", tmp_path)


def test_what_is_no_longer_in_the_file_stays_when_the_format_changes(tmp_path: Path) -> None:
    path = b.write(tmp_path / "s.jsonl", HEAD, HEAD | {"id": "m9", "text": "gone soon"})
    imports(tmp_path / "l.clew", path)
    b.write(path, HEAD | {"text": "List all files"})
    imports(tmp_path / "l.clew", path)
    b.append(path, *REST)
    imports(tmp_path / "l.clew", path)

    with closing(open_reader(tmp_path / "l.clew")) as db:
        kept = [uuid for (uuid,) in db.execute("SELECT uuid FROM message WHERE offset < 0")]
    assert [uuid.rpartition("/")[2] for uuid in kept] == ["m1", "m9"]


def test_a_settled_format_is_not_looked_for_again(tmp_path: Path) -> None:
    lines = [b.prompt(f"p{n}", f"word {n}", f"p{n - 1}" if n else None, at=n) for n in range(60)]
    path = b.write(tmp_path / "a.jsonl", *lines[:20])
    with writing(tmp_path / "l.clew") as (_, ingest):
        reads(ingest, path)
        b.append(path, lines[20])
        reads(ingest, path)

        assert len(ingest.settled) == 1
