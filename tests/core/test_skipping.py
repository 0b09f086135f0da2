"""What an import leaves alone is told, with what a person can do about it."""

import gzip
from contextlib import closing
from pathlib import Path

import pytest

from core.model import Severity
from core.queries import problems, totals
from tests import builders as b
from tests.library import imported


def told(tmp_path: Path, root: Path) -> list[tuple[str, Severity, str]]:
    with closing(imported(tmp_path, root)) as db:
        return [(Path(one.source).name, one.severity, one.reason) for one in problems.page(db)]


@pytest.mark.parametrize("where", ["..", "."])
def test_a_link_to_the_folder_above_is_told(where: str, tmp_path: Path) -> None:
    b.write(tmp_path / "logs" / "p" / "a.jsonl", b.prompt("p1"))
    (tmp_path / "logs" / "p" / "up").symlink_to(where)

    reason = "Not read: It is a link to a folder. Add that folder itself if it holds transcripts."
    assert told(tmp_path, tmp_path / "logs") == [("up", Severity.INFO, reason)]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "logs.zip"])
def test_what_is_compressed_is_refused_with_what_to_do(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")

    reason = "Not read: It is compressed. Unpack it, and add what was in it."
    assert told(tmp_path, tmp_path / name) == [(name, Severity.WARNING, reason)]


def test_what_is_compressed_is_refused_under_any_name(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    path.write_bytes(gzip.compress(path.read_bytes()))

    reason = "The file cannot be read: It is compressed. Unpack it, and add what was in it."
    assert told(tmp_path, path) == [("a.jsonl", Severity.ERROR, reason)]


def test_what_was_unpacked_in_its_place_is_read_and_no_longer_told(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    plain = path.read_bytes()
    path.write_bytes(gzip.compress(plain))
    assert told(tmp_path, path)

    path.write_bytes(plain)
    assert told(tmp_path, path) == []
    with closing(imported(tmp_path, path)) as db:
        assert totals.totals(db).messages == 1
