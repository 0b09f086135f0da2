"""Where a session goes on: its working folder and git branch, message by message."""

from contextlib import closing
from pathlib import Path

from core.store.connection import open_reader
from tests import builders as b
from tests.library import imports


def test_only_changes_are_noted(tmp_path: Path) -> None:
    records = [
        b.prompt("p1", at=1) | {"cwd": "/a", "gitBranch": "main"},
        b.says("a1", "ok", "p1", at=2) | {"cwd": "/a", "gitBranch": "main"},
        b.prompt("p2", "next", "a1", at=3) | {"cwd": "/a", "gitBranch": "fix"},
        b.says("a2", "ok", "p2", at=4) | {"cwd": "/b", "gitBranch": "fix"},
    ]
    path = b.write(tmp_path / f"{b.SESSION}.jsonl", *records[:3])
    imports(tmp_path / "l.clew", path)
    b.append(path, records[3])
    imports(tmp_path / "l.clew", path)

    with closing(open_reader(tmp_path / "l.clew")) as db:
        found = db.execute(
            "SELECT uuid, cwd, git_branch FROM place JOIN message ON id = message_id ORDER BY id"
        ).fetchall()

    assert found == [("p1", "/a", "main"), ("p2", "/a", "fix"), ("a2", "/b", "fix")]
