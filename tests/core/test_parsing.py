"""What was read ahead of the writer comes with all that could be made of it there."""

from pathlib import Path

import pytest

from core import parsing
from core.files.cursor import Stat
from core.parsing import Task, parse, source_info, unpacked
from core.store.digests import digest_of
from core.store.keys import key64
from tests import builders as b
from tests.library import reads, writing


def test_every_message_comes_with_its_digest_and_every_id_with_its_key(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "a.jsonl",
        *b.of(
            "a",
            b.attachment("h1"),
            b.prompt("p1", "question", "h1", at=1),
            b.calls("c1", "t1", parent="p1", api="m1", at=2),
            b.answers("r1", "t1", "listing", "c1", at=3),
            b.says("a1", "answer", "r1", at=4),
        ),
    )

    with writing(tmp_path / "l.clew") as (_, ingest):
        reads(ingest, path)
        stored = ingest.writer.source(source_info(path), Stat.of(path.stat()))

    found = unpacked(parse(Task(source_info(path), path, stored)))  # it is not new: no draft

    assert found is not None
    (part,) = found.slices
    assert part.draft is None
    assert part.made is not None
    assert list(part.made.digests) == [
        digest_of(fact.message) if fact.message else 0 for fact in part.facts
    ]
    assert {"h1", "p1", "c1", "r1", "a1", "t1"} <= part.made.keys.keys()
    assert all(key64(id_) == key for id_, key in part.made.keys.items())


def test_a_new_file_comes_as_rows_and_what_they_do_not_say(tmp_path: Path) -> None:
    path = b.write(
        tmp_path / "a.jsonl",
        b.prompt("p1", "question", at=1),
        b.calls("c1", "t1", parent="p1", api="m1", at=2),
        b.answers("r1", "t1", "listing", "c1", at=3),
        b.says("a1", "answer", "r1", at=4),
    )

    found = unpacked(parse(Task(source_info(path), path)))

    assert found is not None
    (part,) = found.slices
    assert part.draft is not None
    assert part.draft.arrival.uuids == ("p1", "c1", "r1", "a1")
    assert part.draft.arrival.uids == [key64(uuid) for uuid in part.draft.arrival.uuids]
    assert len(part.draft.rows.calls) == 1
    assert not any(fact.message and fact.message.blocks for fact in part.facts)


def test_a_long_new_file_begins_with_rows_and_goes_on_with_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "_MOST_RECORDS", 10)
    monkeypatch.setattr(parsing, "_MOST_DRAFTED", 25)
    lines = [b.says(f"a{n}", parent=f"a{n - 1}" if n else None, at=n) for n in range(42)]
    path = b.write(tmp_path / "a.jsonl", *lines)

    found = unpacked(parse(Task(source_info(path), path)))

    assert found is not None
    first, *rest = found.slices
    assert first.draft is not None
    assert first.draft.records == 20
    assert [len(part.facts) for part in rest] == [10, 10, 2]
    assert [part.begin for part in rest] == [part.cursor.offset for part in found.slices[:-1]]
    with (
        writing(tmp_path / "one.clew") as (_, ingest),
        writing(tmp_path / "two.clew") as (_, other),
    ):
        for part in found.slices:
            ingest.writer.commit(part)
        reads(other, path)
        assert ingest.writer.rows == other.writer.rows == 42
