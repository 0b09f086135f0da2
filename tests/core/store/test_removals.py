"""What a person removes is nowhere; what he takes back is as it was; what is gone stays away."""

import json
import random
from base64 import b64encode
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ingest import Ingest
from core.queries import archive, conversations, pictures
from core.store import removals
from core.store.removed_rows import OF_A_FILE, TABLES
from core.store.rollups import recount
from core.store.writer import Writer
from core.weaving.background import Background
from tests import builders as b
from tests.core.test_same_library import BACKUP, OTHER, dumped, family
from tests.library import dump, imports, listed, reads, sound, writing

AT = 1_800_000_000_000


def woven(db: Connection, library: Path) -> None:
    """Do in *db* all that is done while nobody asks for anything."""
    aside = Background(db, library, lambda _event: None, lambda: None)
    while aside.step():
        pass
    aside.close()


def ids(db: Connection) -> dict[str, int]:
    """Return the row id of each conversation by its key."""
    return dict(db.execute("SELECT key, id FROM conversation").fetchall())


def everything(db: Connection) -> dict[str, list[Any]]:
    """Return all rows of all tables, but those of the index's own and of what is due."""
    names = [
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' "
            "AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'"
        )
    ]
    return {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in names}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    family(tmp_path / "logs")
    imports(tmp_path / "l.clew", tmp_path / "logs")
    return tmp_path / "l.clew"


def test_a_removed_conversation_is_nowhere(library: Path) -> None:
    with writing(library) as (db, _):
        woven(db, library)
        removals.remove(db, OTHER, AT)

        assert [one["id"] for one in listed(db)] == [BACKUP]
        assert "unrelated" not in json.dumps(dump(db))
        assert not db.execute("SELECT 1 FROM search WHERE search MATCH 'unrelated'").fetchall()
        assert recount(db, repair=False).sound
    assert sound(library)


def test_what_is_taken_back_is_row_by_row_as_it_was(library: Path) -> None:
    with writing(library) as (db, _):
        woven(db, library)
        before = everything(db)
        made = [removals.remove(db, one, AT) for one in ids(db)]
        assert listed(db) == []
        assert recount(db, repair=False).sound
        for one in made:
            assert one is not None
            removals.restore(db, one)
        woven(db, library)

        assert everything(db) == before
        assert recount(db, repair=False).sound
    assert sound(library)


def test_what_was_woven_and_archived_meanwhile_changes_nothing(library: Path) -> None:
    with writing(library) as (db, _):
        woven(db, library)
        before = everything(db)
        made = [removals.remove(db, one, AT) for one in ids(db)]
        woven(db, library)
        for one in reversed(made):
            assert one is not None
            removals.restore(db, one)
        woven(db, library)

        assert everything(db) == before
    assert sound(library)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_is_read_meanwhile_it_is_as_if_nothing_had_been_removed(
    data: st.DataObject, expected: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    files = family(folder / "logs")
    order = [files[place] for place in data.draw(st.permutations(range(len(files))))]
    draw = random.Random(data.draw(st.integers(0, 2**32)))
    library = folder / "l.clew"
    with writing(library) as (db, ingest):
        gone: list[int] = []
        for path in order:
            reads(Ingest(Writer(db)), path)
            if draw.random() < 0.4:
                held = [*ids(db)]
                gone += filter(None, (removals.remove(db, one, AT) for one in held[:2]))
                assert recount(db, repair=False).sound
            if gone and draw.random() < 0.3:
                removals.restore(db, gone.pop(draw.randrange(len(gone))))
        draw.shuffle(gone)
        for one in gone:
            removals.restore(db, one)
        assert recount(db, repair=False).sound
        reads(ingest, *order)

    assert dumped(library, folder) == expected


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("expected")
    with writing(folder / "l.clew") as (_, ingest):
        reads(ingest, *family(folder / "logs"))
    return dumped(folder / "l.clew", folder)


def test_a_log_whose_conversation_is_removed_is_not_read_again(library: Path) -> None:
    with writing(library) as (db, _):
        one = removals.remove(db, OTHER, AT)
        assert one is not None
    path = library.parent / "logs" / f"{OTHER}.jsonl"
    imports(library, library.parent / "logs")
    with path.open("ab") as stream:
        stream.write(b.line(b.prompt("q2", "grown", "q1", sessionId=OTHER, at=51)))
    path.rename(path.with_name("renamed.jsonl"))
    ended = imports(library, library.parent / "logs")

    assert ended.files_changed == 0
    with writing(library) as (db, ingest):
        assert OTHER not in ids(db)
        (told,) = removals.restore(db, one)
        assert Path(told.decode()) == path.with_name("renamed.jsonl")
        reads(ingest, path.with_name("renamed.jsonl"))
        (row,) = [
            row
            for row in conversations.page(db)
            if row.key == "s-other~renamed" or row.title == "Said elsewhere"
        ]
        assert row.messages == 2


def test_of_a_file_that_holds_several_only_what_was_removed_stays_away(tmp_path: Path) -> None:
    log = b.write(
        tmp_path / "logs" / "history.jsonl",
        *(
            {"session_id": f"s{one}", "ts": 1_700_000_000 + one, "text": f"asked {one}"}
            for one in range(3)
        ),
    )
    library = tmp_path / "l.clew"
    imports(library, log)
    with writing(library) as (db, ingest):
        whole = dump(db)
        one = removals.remove(db, "s1", AT)
        assert one is not None
        with log.open("ab") as stream:
            stream.write(b.line({"session_id": "s1", "ts": 1_700_000_009, "text": "later"}))
            stream.write(b.line({"session_id": "s2", "ts": 1_700_000_010, "text": "other"}))
        reads(ingest, log)
        assert sorted(ids(db)) == ["s0", "s2"]

        removals.restore(db, one)
        assert sorted(ids(db)) == ["s0", "s1", "s2"]
        reads(ingest, log)
        assert dump(db)["totals"]["messages"] == whole["totals"]["messages"] + 2
    assert sound(library)


def test_what_is_deleted_for_good_leaves_nothing_of_what_was_said(library: Path) -> None:
    secret = "unrelated"
    with writing(library) as (db, _):
        woven(db, library)
        (library.parent / "logs" / f"{OTHER}.jsonl").unlink()
        before = archive.figures(db)
        one = removals.remove(db, OTHER, AT)
        assert one is not None
        removals.forget(db, one, AT)
        woven(db, library)
        after = archive.figures(db)
        assert after.files == before.files - 1
        assert not db.execute("SELECT 1 FROM removal").fetchall()
        assert all(not lost for lost in archive.verify(db))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert secret not in json.dumps(everything(db))
    assert sound(library)


def test_a_log_on_the_disk_stays_unread_when_its_conversation_is_gone_for_good(
    library: Path,
) -> None:
    with writing(library) as (db, _):
        woven(db, library)
        one = removals.remove(db, OTHER, AT)
        assert one is not None
        removals.forget(db, one, AT)
    imports(library, library.parent / "logs")

    with writing(library) as (db, ingest):
        woven(db, library)
        assert OTHER not in ids(db)
        assert removals.restore(db, one)
        reads(ingest, library.parent / "logs" / f"{OTHER}.jsonl")
        assert OTHER in ids(db)
    assert sound(library)


def test_what_a_person_named_comes_back_and_goes_for_good_with_the_rest(library: Path) -> None:
    name = "INSERT INTO thread_name VALUES (?, 'q1', 'called so')"
    with writing(library) as (db, _):
        db.execute(name, (OTHER,))
        one = removals.remove(db, OTHER, AT)
        assert one is not None
        removals.restore(db, one)
        assert db.execute("SELECT name FROM thread_name").fetchall() == [("called so",)]

        again = removals.remove(db, OTHER, AT)
        assert again is not None
        removals.forget(db, again, AT)
        assert db.execute("SELECT name FROM thread_name").fetchall() == []


def test_pictures_that_the_archive_alone_has_come_back(tmp_path: Path) -> None:
    data = b"GIF89a" + b"\x08\x00\x04\x00" + bytes(range(256)) * 8
    source = {"type": "base64", "media_type": "image/gif", "data": b64encode(data).decode()}
    said = b.prompt("p1", [{"type": "image", "source": source}], sessionId="one")
    log = b.write(tmp_path / "logs" / "one.jsonl", said)
    library = tmp_path / "l.clew"
    imports(library, log)
    with writing(library) as (db, ingest):
        woven(db, library)
        before = everything(db)
        assert db.execute("SELECT count(*) FROM image_kept").fetchone() == (1,)
        one = removals.remove(db, "one", AT)
        assert one is not None
        b.write(log, b.prompt("p2", "written anew", sessionId="one"))  # meanwhile
        reads(ingest, log)
        woven(db, library)
        removals.restore(db, one)
        assert everything(db)["image_kept"] == before["image_kept"]
        reads(ingest, log)
        woven(db, library)

        (block,) = db.execute("SELECT id FROM image").fetchone()
        assert pictures.content(db, block) == data
        assert [one["messages"] for one in listed(db)] == [2]
    assert sound(library)


_APART = {  # tables whose rows are no conversation's, or follow the others by triggers and sums
    "source", "setting", "problem", "census", "unread", "search", "search_term", "thread_edit",
    "thread_name", "thread_setting", "thread_weights", "job", "job_error", "job_file", "journal",
    "rollup_message", "rollup_call", "rollup_reply", "rollup_note", "rollup_touched",
    "rollup_tool", "reply_again", "term", "finding_mark", "archive_file",
    "archive_pack", "archive_piece", "archive_due", "archive_setting", "removal",
    "removed_session", "removed_rows",
}  # fmt: skip


def test_every_table_is_taken_along_or_known_to_be_nobodys(library: Path) -> None:
    with writing(library) as (db, _):
        names = {
            name
            for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith(("search_", "sqlite_"))
        }

    assert names - {"search"} == {one.name for one in TABLES} | _APART - {"search", "search_term"}
    assert {one.name for one in OF_A_FILE} <= _APART


def test_every_column_that_names_a_row_is_known(library: Path) -> None:
    told = {
        "source_id": "source", "file_id": "archive_file", "event_id": "event", "api_id": "reply",
    }  # fmt: skip
    with writing(library) as (db, _):
        for table in TABLES:
            for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table.name,)):
                if (name == "id" or name.endswith("_id")) and name not in table.ids:
                    assert name in told, (table.name, name)
