"""What a slice of a file becomes in the library, all of it or nothing."""

import json
import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import ConversationChanged
from core.files.discover import SourceFile, find
from core.queries import census, pictures, problems, totals, transcript
from core.slicing import SLICE_RECORDS
from core.store.connection import open_reader
from tests import builders as b
from tests.library import dump, imported, imports, listed, only, reads, shown, sound, writing


def texts(db: sqlite3.Connection) -> list[str]:
    return [message["text"] for message in shown(db)]


def log(root: Path, *lines: b.Line) -> Path:
    return b.write(root / "logs" / f"{b.SESSION}.jsonl", *lines)


def test_one_commit_is_one_event(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1"), b.says("a1", parent="u1"), b.attachment("h1"))

    with writing(tmp_path / "l.clew") as (_, ingest):
        first = reads(ingest, path)
        b.append(path, b.prompt("u2", parent="a1"))
        second = reads(ingest, path)

    assert first == [
        ConversationChanged(
            event_id=1,
            conversation=b.SESSION,
            session=b.SESSION,
            messages=("u1", "a1"),
            first_block=1,
            regrouped=False,
        )
    ]
    assert second == [
        ConversationChanged(
            event_id=2,
            conversation=b.SESSION,
            session=b.SESSION,
            messages=("u2",),
            first_block=3,
            regrouped=False,
        )
    ]


def test_event_ids_grow_across_restarts(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u0"))
    ids: list[int] = []
    for number in range(3):
        with writing(tmp_path / "l.clew") as (_, ingest):
            ids += [change.event_id for change in reads(ingest, path)]
        b.append(path, b.prompt(f"more{number}"))

    assert ids == [1, 2, 3]


def test_a_commit_that_fails_leaves_nothing_and_the_next_one_is_whole(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", "first"))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        before = dump(db)
        b.append(path, b.prompt("u2", "second"), b.calls("a2", "t1"), b"broken\n")
        # A library that takes no more tool calls, as a full disk would.
        db.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON call BEGIN SELECT raise(FAIL, ''); END"
        )
        with pytest.raises(sqlite3.IntegrityError):
            reads(ingest, path)
        after = dump(db)
        db.execute("DROP TRIGGER full")

        reads(ingest, path)

        assert after == before
        assert texts(db) == ["first", "second", ""]
        assert totals.totals(db).problems == 1


def test_a_long_file_is_committed_in_slices(tmp_path: Path) -> None:
    path = log(tmp_path, *(b.prompt(f"u{n}") for n in range(SLICE_RECORDS * 2 + 1)))

    with writing(tmp_path / "l.clew") as (_, ingest):
        changed = reads(ingest, path)

    assert [len(change.messages) for change in changed] == [SLICE_RECORDS, SLICE_RECORDS, 1]


def test_a_record_is_stored_once_however_often_its_file_repeats_it(tmp_path: Path) -> None:
    again = b.prompt("u1", "hello")

    with closing(imported(tmp_path, log(tmp_path, again, b.says("a1"), again, again))) as db:
        assert texts(db) == ["hello", "Sure."]
        assert totals.totals(db).records == 4
        assert problems.count(db) == 0


def test_one_uuid_with_two_contents_is_two_messages_and_a_note(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        b.prompt("u1", "one"),
        b.prompt("u1", "two"),
        b.says("a1", "yes", "u1"),
        b.prompt("u1", "two"),
    )

    with closing(imported(tmp_path, path)) as db:
        assert texts(db) == ["one", "two", "yes"]
        assert [(note.line, note.severity) for note in problems.page(db)] == [
            (2, "info"),
            (4, "info"),
        ]
        assert shown(db)[2]["parent"] == "u1"


def test_records_without_a_uuid_are_told_apart_by_their_place(tmp_path: Path) -> None:
    bare = b.prompt("", "no id") | {"uuid": None}

    with closing(imported(tmp_path, log(tmp_path, bare, bare))) as db:
        assert texts(db) == ["no id", "no id"]
        assert len({message["uuid"] for message in shown(db)}) == 2


def test_parents_are_found_through_records_that_are_not_shown(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        b.prompt("u1"),
        b.attachment("h1", "u1"),
        b.progress("h2", "h1"),
        b.says("a1", parent="h2"),
    )

    with closing(imported(tmp_path, path)) as db:
        assert [message["parent"] for message in shown(db)] == [None, "u1"]


def test_cycles_orphans_and_self_parents_keep_every_message_in_file_order(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        b.prompt("A", "a", "B"),
        b.prompt("B", "b", "A"),
        b.prompt("C", "c", "C"),
        b.prompt("D", "d", "nowhere"),
    )

    with closing(imported(tmp_path, path)) as db:
        assert texts(db) == ["a", "b", "c", "d"]


def test_unknown_kinds_of_records_are_kept_counted_and_no_problem(tmp_path: Path) -> None:
    new = {"type": "brand-new", "uuid": "n1", "payload": {"k": 1}}
    path = log(tmp_path, b.prompt("u1"), new, new)

    with closing(imported(tmp_path, path)) as db:
        kinds = {row.kind: row for row in census.census(db)}
        kept = [json.loads(raw) for (raw,) in db.execute("SELECT raw FROM unread")]
        places = [
            *db.execute("SELECT offset, length FROM unread"),
            *db.execute("SELECT offset, length FROM census WHERE kind = 'brand-new'"),
        ]

    assert (kinds["brand-new"].known, kinds["brand-new"].count) == (False, 2)
    assert kinds["brand-new"].line == 2
    assert kinds["user"].known
    assert kept == [new, new]
    data = path.read_bytes()
    assert [json.loads(data[at : at + length]) for at, length in places] == [new] * 3


def test_a_problem_tells_file_line_offset_and_what_is_there(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1"), b"\n", b"garbage\n")

    with closing(imported(tmp_path, path)) as db:
        (problem,) = problems.page(db)

    assert (problem.source, problem.line, problem.excerpt) == (str(path), 3, "garbage")
    assert problem.offset == path.stat().st_size - len("garbage\n")


def test_pictures_are_kept_as_bytes(tmp_path: Path) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": b.PNG}
    path = log(tmp_path, b.prompt("u1", [{"type": "image", "source": source}]))

    with closing(imported(tmp_path, path)) as db:
        spine = transcript.spine(db, 1)
        found = pictures.held(db, spine.ids[0])

    assert found is not None
    assert found.media_type == "image/png"
    assert found.data.startswith(b"\x89PNG")


def test_a_nul_inside_a_text_hides_nothing_behind_it(tmp_path: Path) -> None:
    path = log(tmp_path, b.prompt("u1", "before\0behind"))

    with closing(imported(tmp_path, path)) as db:
        (row,) = transcript.rows(db, transcript.spine(db, 1).ids)

    assert row.text == "before␀behind"
    assert row.size == len(row.text)


def test_utf16_is_read_as_a_whole(tmp_path: Path) -> None:
    path = log(tmp_path)
    lines = b.data([b.prompt("u1", "naïve"), b.prompt("u2", "😀")]).decode()
    path.write_bytes(lines.encode("utf-16"))

    with closing(imported(tmp_path, path)) as db:
        assert texts(db) == ["naïve", "😀"]


def test_a_utf16_file_whose_reading_was_cut_short_lists_its_problems_once(tmp_path: Path) -> None:
    path = log(tmp_path)
    many: list[b.Line] = [b"garbage\n", *(b.prompt(f"u{n}") for n in range(SLICE_RECORDS + 10))]
    path.write_bytes(b.data(many).decode().encode("utf-16"))
    with writing(tmp_path / "l.clew") as (_, ingest):
        (file,) = find((path,))
        assert isinstance(file, SourceFile)
        list(islice(ingest.file(file), 1))

    with closing(imported(tmp_path / "l.clew", path)) as db:
        assert totals.totals(db).messages == SLICE_RECORDS + 10
        assert totals.totals(db).records == SLICE_RECORDS + 10
        assert problems.count(db) == 1


_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
_BLOCK = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "thinking", "tool_use", "tool_result", "image", "x"])},
    optional={
        "text": _VALUE, "thinking": _VALUE, "id": _VALUE, "name": _VALUE, "input": _VALUE,
        "tool_use_id": _VALUE, "content": _VALUE, "source": _VALUE, "is_error": _VALUE,
    },
)  # fmt: skip
_RECORD = st.fixed_dictionaries(
    {"type": st.sampled_from(["user", "assistant", "system", "attachment", "progress", "odd"])},
    optional={
        "uuid": st.sampled_from(["a", "b", "c", "\0", ""]) | _VALUE,
        "parentUuid": st.sampled_from(["a", "b", "c"]) | _VALUE,
        "sessionId": _VALUE, "timestamp": _VALUE, "cwd": _VALUE, "version": _VALUE,
        "isSidechain": st.booleans(), "agentId": _VALUE, "subtype": st.just("compact_boundary"),
        "logicalParentUuid": _VALUE, "toolUseResult": _VALUE, "attachment": _VALUE,
        "requestId": _VALUE, "forkedFrom": _VALUE, "data": _VALUE,
        "message": st.fixed_dictionaries(
            {"content": st.lists(_BLOCK, max_size=3) | _VALUE},
            optional={"usage": _VALUE, "id": _VALUE, "model": _VALUE},
        ) | _VALUE,
    },
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(records=st.lists(_RECORD, max_size=8))
def test_records_of_any_shape_never_end_an_import_and_leave_a_sound_library(
    records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    lines = [json.dumps(record).encode() + b"\n" for record in records]

    imports(folder / "l.clew", b.write(folder / "s.jsonl", *lines))

    assert sound(folder / "l.clew")
    with closing(open_reader(folder / "l.clew")) as db:
        dump(db)
        assert totals.totals(db).records == len(records)


def test_sessions_of_any_names_are_kept_apart(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    for name in ("same.jsonl", "x/same.jsonl", "CON.jsonl", "é\n😀.jsonl"):
        b.write(logs / name, *b.of(name, b.prompt(f"u-{name}", name)))

    with closing(imported(tmp_path, logs)) as db:
        assert len(listed(db)) == 4
        assert len({one["id"] for one in listed(db)}) == 4


def test_an_empty_file_is_known_and_is_no_conversation(tmp_path: Path) -> None:
    b.write(tmp_path / "logs" / "a.jsonl")
    b.write(tmp_path / "logs" / "b.jsonl", b"\n \n")
    b.write(tmp_path / "logs" / "c.jsonl", {"type": "mode"})

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert listed(db) == []
        assert problems.count(db) == 0


def test_a_message_is_shown_with_its_session_kind_and_lane(tmp_path: Path) -> None:
    with closing(imported(tmp_path, log(tmp_path, b.prompt("u1", "hi", at=3)))) as db:
        (message,) = only(db)["messages"]

    assert message["kind"] == "prompt"
    assert message["at"] == "2026-01-01T00:00:03.000Z"
    assert (message["agent"], message["branch"], message["session"]) == (None, 0, b.SESSION)
