"""A record's own bytes, from whatever file it came."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from core.raw import Raw, raw
from core.store.connection import open_reader
from tests import builders as b
from tests.archives import archived
from tests.library import imported, imports, writing


def ids(db: Connection) -> dict[str, int]:
    return dict(db.execute("SELECT uuid, id FROM message"))


def told(db: Connection, uuid: str) -> Raw:
    return raw(db, ids(db)[uuid])


def test_a_record_of_a_log_comes_as_it_stands(tmp_path: Path) -> None:
    records = [b.prompt("p1", "héllo"), b.says("a1", "yes", "p1")]
    path = b.write(tmp_path / "logs" / "one.jsonl", *records)

    with closing(imported(tmp_path, path)) as db:
        found = told(db, "a1")

    assert json.loads(found.text) == records[1]
    assert (found.label, found.line, found.path) == (str(path), 2, path)
    assert found.offset == len(b.line(records[0]))
    assert found.trouble == ""


def test_an_item_of_a_document_comes_alone(tmp_path: Path) -> None:
    items = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "yes"}]
    path = tmp_path / "logs" / "list.json"
    path.parent.mkdir()
    path.write_text(json.dumps(items, indent=2))

    with closing(imported(tmp_path, path)) as db:
        found = [raw(db, id_) for id_ in ids(db).values()]

    assert [json.loads(one.text) for one in found] == items
    assert [one.trouble for one in found] == ["", ""]


def test_a_record_of_a_bundle_is_found_in_its_own_file(tmp_path: Path) -> None:
    storage = tmp_path / "logs" / "storage"
    files = {
        "session/proj/ses_1.json": {
                "id": "ses_1", "projectID": "proj", "directory": "/x", "version": "1.2.20",
                "title": "T", "time": {"created": 1, "updated": 2},
            },
        "message/ses_1/msg_1.json": {
            "id": "msg_1", "sessionID": "ses_1", "role": "user", "time": {"created": 1},
        },
        "message/ses_1/msg_2.json": {
            "id": "msg_2", "sessionID": "ses_1", "role": "user", "time": {"created": 2},
        },
        "part/msg_1/prt_1.json": {
            "id": "prt_1", "messageID": "msg_1", "sessionID": "ses_1", "type": "text", "text": "a",
        },
        "part/msg_2/prt_2.json": {
            "id": "prt_2", "messageID": "msg_2", "sessionID": "ses_1", "type": "text", "text": "b",
        },
    }  # fmt: skip
    for name, held in files.items():
        (storage / name).parent.mkdir(parents=True, exist_ok=True)
        (storage / name).write_text(json.dumps(held))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        found = {uuid.rpartition("/")[2]: raw(db, id_) for uuid, id_ in ids(db).items()}

    assert json.loads(found["msg_2"].text)["id"] == "msg_2"
    assert found["msg_2"].path == storage / "message/ses_1/msg_2.json"
    assert found["msg_2"].label.endswith("msg_2.json")


def test_a_file_that_is_gone_or_was_cut_is_said_plainly(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "one.jsonl", b.prompt("p1"), b.says("a1", "yes", "p1"))
    with closing(imported(tmp_path, path)) as db:
        whole = path.read_bytes()
        path.write_bytes(whole[:-20])
        cut = told(db, "a1")
        path.write_bytes(whole[:20])
        missed = told(db, "a1")
        path.write_bytes(whole.replace(b"{", b"x"))
        odd = told(db, "a1")
        path.unlink()
        gone = told(db, "a1")

    assert "no whole record" in cut.trouble
    assert "no longer found" in missed.trouble
    assert "no whole record" in odd.trouble
    assert "no longer there" in gone.trouble
    assert (gone.text, gone.line, gone.label) == ("", 2, str(path))


def test_a_file_in_utf_16_is_read_as_it_was_imported(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "one.jsonl"
    path.parent.mkdir()
    path.write_bytes(b.data([b.prompt("p1", "hello")]).decode().encode("utf-16"))

    with closing(imported(tmp_path, path)) as db:
        assert json.loads(told(db, "p1").text)["uuid"] == "p1"


def test_a_folder_in_the_place_of_the_file_is_trouble_not_a_crash(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "one.jsonl", b.prompt("p1"))
    with closing(imported(tmp_path, path)) as db:
        path.unlink()
        path.mkdir()
        found = told(db, "p1")

        assert "cannot be read" in found.trouble
        assert raw(db, 999).trouble


def test_a_record_of_a_bundle_whose_key_is_only_a_name_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "logs" / "tasks" / "mine"
    folder.mkdir(parents=True)
    said = [
        {"role": "user", "content": [{"type": "text", "text": "<task>\nfix it\n</task>"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "Fixed."}]},
    ]
    main = folder / "api_conversation_history.json"
    main.write_text(json.dumps(said))
    (folder / "ui_messages.json").write_text(json.dumps([{"ts": 1767225600000, "type": "say"}]))

    with closing(imported(tmp_path, tmp_path / "logs")) as db:
        assert db.execute("SELECT scope LIKE '%~%' FROM source").fetchone()[0] == 1
        found = [raw(db, id_) for id_ in ids(db).values()]

    assert [json.loads(one.text) for one in found] == said
    assert [one.trouble for one in found] == ["", ""]


def kept(tmp_path: Path, *paths: Path) -> Connection:
    """Import *paths* and archive them; return a reader of the library."""
    imports(tmp_path / "l.clew", *paths)
    archived(tmp_path / "l.clew")
    return open_reader(tmp_path / "l.clew")


def test_a_record_whose_file_is_gone_comes_out_of_the_archive(tmp_path: Path) -> None:
    records = [b.prompt("p1", "héllo"), b.says("a1", "yes", "p1")]
    path = b.write(tmp_path / "logs" / "one.jsonl", *records)

    with closing(kept(tmp_path, path)) as db:
        path.unlink()
        found = told(db, "a1")

    assert json.loads(found.text) == records[1]
    assert (found.label, found.line, found.path) == (str(path), 2, path)
    assert "the archive kept" in found.trouble


def test_a_record_of_a_file_that_changed_since_comes_out_of_the_archive(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "one.jsonl", b.prompt("p1"), b.says("a1", "yes", "p1"))

    with closing(kept(tmp_path, path)) as db:
        path.write_bytes(path.read_bytes()[:20])

        assert json.loads(told(db, "a1").text)["uuid"] == "a1"


def test_a_record_in_utf_16_comes_out_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "one.jsonl"
    path.parent.mkdir()
    path.write_bytes(b.data([b.prompt("p1", "hello")]).decode().encode("utf-16"))

    with closing(kept(tmp_path, path)) as db:
        path.unlink()

        assert json.loads(told(db, "p1").text)["uuid"] == "p1"


def test_a_record_of_a_bundle_that_is_gone_comes_out_of_the_archive(tmp_path: Path) -> None:
    folder = tmp_path / "logs" / "tasks" / "mine"
    folder.mkdir(parents=True)
    said = [
        {"role": "user", "content": [{"type": "text", "text": "<task>\nfix it\n</task>"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "Fixed."}]},
    ]
    (folder / "api_conversation_history.json").write_text(json.dumps(said))
    (folder / "ui_messages.json").write_text(json.dumps([{"ts": 1767225600000, "type": "say"}]))

    with closing(kept(tmp_path, tmp_path / "logs")) as db:
        shutil.rmtree(folder)
        found = [raw(db, id_) for id_ in ids(db).values()]

    assert [json.loads(one.text) for one in found] == said
    assert all("the archive kept" in one.trouble for one in found)


def test_a_record_of_an_earlier_state_comes_out_of_the_archive(tmp_path: Path) -> None:
    """Its file was written anew without it."""
    records = [b.prompt("p1", "hello"), b.says("a1", "yes", "p1"), b.says("a2", "no", "a1")]
    path = b.write(tmp_path / "logs" / "one.jsonl", *records)
    kept(tmp_path, path).close()
    b.write(path, b.prompt("p9", "something else altogether"), records[2])

    with closing(kept(tmp_path, path)) as db:
        gone, still = told(db, "a1"), told(db, "a2")

    assert json.loads(gone.text) == records[1]
    assert "of an earlier state" in gone.trouble
    assert (json.loads(still.text), still.trouble) == (records[2], "")


def test_a_record_that_was_never_archived_is_not_found_by_another_that_names_it(
    tmp_path: Path,
) -> None:
    path = b.write(tmp_path / "logs" / "one.jsonl", b.prompt("p1"), b.says("a1", "yes", "p1"))
    imports(tmp_path / "l.clew", path)
    b.write(path, b.prompt("p2", "what was p1?"))

    with closing(kept(tmp_path, path)) as db:
        found = told(db, "p1")

    assert found.text == ""
    assert "written anew" in found.trouble


def test_a_record_that_is_too_long_comes_out_of_the_archive_as_far_as_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.raw.MOST", 300)
    record = b.prompt("p1", "x" * 1_000)
    path = b.write(tmp_path / "logs" / "one.jsonl", record, b.says("a1", "yes", "p1"))

    with closing(kept(tmp_path, path)) as db:
        there = told(db, "p1")
        path.unlink()
        gone = told(db, "p1")

    line = b.line(record)
    assert gone.text == there.text == line[:300].decode()
    assert there.trouble == f"Only the first 300 bytes of {len(line) - 1:,} are shown."
    assert "the archive kept" in gone.trouble
    assert there.trouble in gone.trouble


def test_a_damaged_archive_is_said_with_the_place(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "one.jsonl", b.prompt("p1"))
    with closing(kept(tmp_path, path)):
        path.unlink()
    with writing(tmp_path / "l.clew") as (db, _):
        db.execute("UPDATE archive_pack SET data = x'00'")
        found = told(db, "p1")

    assert "no longer there" in found.trouble
    assert f"bytes 0 to {len(b.line(b.prompt('p1')))}" in found.trouble
