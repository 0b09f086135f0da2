"""Long outputs in files of their own: read from the session's folder, and from nowhere else."""

from contextlib import closing
from pathlib import Path

import pytest

from core.queries import search
from tests import builders as b
from tests.library import imported


def log(tmp_path: Path, pointed_at: str) -> Path:
    """Write a session whose one result is kept in a file that it gives as *pointed_at*."""
    kept = {"stdout": "", "persistedOutputPath": pointed_at, "persistedOutputSize": 30}
    return b.write(
        tmp_path / "logs" / f"{b.SESSION}.jsonl",
        b.prompt("u1"),
        b.calls("a1", "t1", "Bash", {"command": "x"}, "u1"),
        b.answers("r1", "t1", "<persisted-output>only the beginning", "a1", toolUseResult=kept),
    )


def found(tmp_path: Path) -> int:
    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        return search.find(db, "okapi").total


def test_the_whole_output_is_found_wherever_the_folder_was_moved(tmp_path: Path) -> None:
    path = log(tmp_path, "/somewhere/else/tool-results/t1.txt")
    kept = path.with_suffix("") / "tool-results" / "t1.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("only the beginning and then an okapi at the very end of it all")

    assert found(tmp_path) == 1


def test_an_output_that_is_gone_leaves_what_the_log_holds(tmp_path: Path) -> None:
    log(tmp_path, "/somewhere/else/tool-results/t1.txt")

    assert found(tmp_path) == 0


@pytest.mark.parametrize("name", ["../../secret.txt", "..", "link.txt", "folder", "a\0b"])
def test_nothing_outside_of_the_folder_is_read(name: str, tmp_path: Path) -> None:
    path = log(tmp_path, f"/x/tool-results/{name}")
    folder = path.with_suffix("") / "tool-results"
    (folder / "folder").mkdir(parents=True)
    secret = tmp_path / "logs" / "secret.txt"
    secret.write_text("an okapi that nobody may read here, and some more words to be longer")
    (folder / "link.txt").symlink_to(secret)

    assert found(tmp_path) == 0
