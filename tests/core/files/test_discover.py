"""Which files there are, and which are left alone."""

import gzip
import os
from pathlib import Path

import pytest

from core.files.discover import PACKED, Skipped, SourceFile, find
from core.model import Severity
from core.opening import opened


def found(*roots: Path) -> list[str]:
    return sorted(os.fsdecode(f.path.name) for f in find(roots) if isinstance(f, SourceFile))


def skipped(*roots: Path) -> dict[str, str]:
    return {one.path.name: one.reason for one in find(roots) if isinstance(one, Skipped)}


def test_transcripts_and_descriptions_of_agents_are_found_at_any_depth(tmp_path: Path) -> None:
    for name in ("a.jsonl", "x/b.jsonl", "x/y/z/subagents/agent-1.meta.json", "c.json", "d.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    assert found(tmp_path) == ["a.jsonl", "agent-1.meta.json", "b.jsonl", "c.json"]


def test_a_root_that_is_a_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "log.txt").touch()

    assert found(tmp_path / "log.txt") == ["log.txt"]


def test_a_file_that_several_roots_or_hard_links_hold_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    os.link(tmp_path / "a.jsonl", tmp_path / "b.jsonl")

    assert len(found(tmp_path, tmp_path, tmp_path / "a.jsonl")) == 1


def test_a_root_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert skipped(tmp_path / "gone") == {"gone": "It cannot be opened: No such file or directory."}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_nothing_but_regular_files_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.jsonl")
    (tmp_path / "dir.jsonl").mkdir()
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    (tmp_path / "loop.jsonl").symlink_to("loop.jsonl")
    (tmp_path / "gone.jsonl").symlink_to("nowhere.jsonl")

    assert found(tmp_path) == []
    assert skipped(tmp_path) == {
        "fifo.jsonl": "It is not a regular file.",
        "dir.jsonl": "It is a folder, not a file.",
        "zero.jsonl": "It is a link to a place outside the chosen folder.",
        "loop.jsonl": "It cannot be opened: it is a loop of links.",
        "gone.jsonl": "It cannot be opened: No such file or directory.",
    }


def test_a_folder_named_like_a_transcript_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "dir.jsonl").mkdir()
    (tmp_path / "dir.jsonl" / "a.jsonl").touch()

    assert found(tmp_path) == ["a.jsonl"]


def test_links_are_followed_inside_their_root_only(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "a.jsonl").touch()
    (outside / "secret.jsonl").touch()
    (inside / "b.jsonl").symlink_to("a.jsonl")
    (inside / "c.jsonl").symlink_to("../out/secret.jsonl")

    assert len(found(inside)) == 1
    assert list(skipped(inside)) == ["c.jsonl"]


@pytest.mark.parametrize("where", ["..", ".", "/", "real", "p/../real"])
def test_a_link_to_a_folder_is_not_entered_and_that_is_told(where: str, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "p").mkdir()
    (tmp_path / "real" / "a.jsonl").touch()
    (tmp_path / "link").symlink_to(where)
    (tmp_path / "node_modules").symlink_to(where)

    assert found(tmp_path) == ["a.jsonl"]
    assert [one for one in find((tmp_path,)) if isinstance(one, Skipped)] == [
        Skipped(
            tmp_path.resolve() / "link",
            "It is a link to a folder. Add that folder itself if it holds transcripts.",
            Severity.INFO,
        )
    ]


def test_a_link_to_nothing_that_is_not_named_like_a_log_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")

    assert list(find((tmp_path,))) == []


@pytest.mark.parametrize("suffix", PACKED)
def test_what_is_compressed_is_refused_with_what_to_do(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"a.jsonl{suffix}").touch()
    (tmp_path / f"b{suffix}").touch()
    advice = "It is compressed. Unpack it, and add what was in it."

    # In a folder only what is named like a log is told; of files that were chosen each one.
    assert skipped(tmp_path) == {f"a.jsonl{suffix}": advice}
    assert skipped(tmp_path / f"b{suffix}") == {f"b{suffix}": advice}


@pytest.mark.parametrize("begin", [gzip.compress(b"{}"), b"PK\x03\x04zip", b"\x28\xb5\x2f\xfd"])
def test_what_is_compressed_under_another_name_is_not_read(begin: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(begin)

    with pytest.raises(OSError, match="Unpack it"), opened(tmp_path / "a.jsonl"):
        pass


def test_a_root_that_is_a_link_is_the_folder_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.jsonl").touch()
    (tmp_path / "link").symlink_to("real")

    assert found(tmp_path / "link") == ["a.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_that_is_no_text_is_found(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/latin1-\xe9.jsonl")).touch()

    assert found(tmp_path) == ["latin1-\udce9.jsonl"]


@pytest.mark.parametrize(
    "name",
    ["quote ' \" % & x.jsonl", "-rf.jsonl", "new\nline.jsonl", "😀.jsonl", "é" * 60 + ".jsonl"],
)
def test_odd_names_are_found(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()

    assert found(tmp_path) == [name]


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)

    assert skipped(tmp_path) == {"closed": "The folder cannot be listed: Permission denied."}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_file_that_became_a_pipe_since_it_was_found_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")

    with pytest.raises(OSError, match="not a regular file"), opened(tmp_path / "a.jsonl"):
        pass
