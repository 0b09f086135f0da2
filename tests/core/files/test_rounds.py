"""Rounds through folders that the system does not watch."""

import threading
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

from core.files.rounds import Rounds, changed

SECONDS = 20  # until news that never comes is given up


def test_a_round_finds_what_is_new_or_changed_and_nothing_else(tmp_path: Path) -> None:
    known: dict[int, int] = {}
    first, second = tmp_path / "a.jsonl", tmp_path / "p" / "b.jsonl"
    first.write_text("{}\n")
    assert changed(tmp_path, known) == [first]
    assert changed(tmp_path, known) == []

    second.parent.mkdir()
    second.write_text("{}\n")
    (tmp_path / "c.txt").touch()
    assert changed(tmp_path, known) == [second]
    first.write_text("{}\n{}\n")
    assert changed(tmp_path, known) == [first]


def test_what_is_old_is_only_noted_at_the_first_round(tmp_path: Path) -> None:
    known: dict[int, int] = {}
    (tmp_path / "a.jsonl").write_text("{}\n")

    assert changed(tmp_path, known, since=4e9) == []
    assert changed(tmp_path, known) == []


def test_a_folder_that_is_gone_or_hangs_ends_nothing(tmp_path: Path) -> None:
    assert changed(tmp_path / "gone", {}) == []


def test_each_root_has_a_thread_that_ends(tmp_path: Path) -> None:
    told: SimpleQueue[Path] = SimpleQueue()
    (tmp_path / "a.jsonl").write_text("{}\n")
    before = threading.active_count()
    with closing(Rounds(told.put)) as rounds:
        rounds.begin(tmp_path)
        rounds.begin(tmp_path)

        assert told.get(timeout=SECONDS) == tmp_path / "a.jsonl"
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
