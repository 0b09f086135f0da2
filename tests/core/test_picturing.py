"""Pictures that the archive holds: the library lets go of its own, and loses none by it."""

import base64
import json
import random
import struct
from pathlib import Path
from sqlite3 import Connection

import pytest

from core import packs
from core.errors import DamagedPackError
from core.model import BlockKind
from core.queries import archive, pictures
from core.store import archive as store
from tests import builders as b
from tests.archives import archived, archives, held
from tests.library import imported, imports, reads, sound, writing


def png(seed: int, size: int = 3_000) -> bytes:
    """Return what begins as a PNG of 40 by 30 pixels and is *size* bytes that nothing shortens."""
    head = struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + head + random.Random(seed).randbytes(size)


def shows(uuid: str, data: bytes) -> b.Record:
    encoded = base64.b64encode(data).decode()
    source = {"type": "base64", "media_type": "image/png", "data": encoded}
    said = {"type": "text", "text": f"look at {uuid}"}
    return b.prompt(uuid, [said, {"type": "image", "source": source}])


def blocks(db: Connection) -> list[int]:
    """Return the pictures' blocks in the order in which they were said."""
    rows = db.execute("SELECT id FROM block WHERE kind = ? ORDER BY id", (str(BlockKind.IMAGE),))
    return [id_ for (id_,) in rows]


def own(db: Connection) -> list[int]:
    """Return how many bytes of each picture are in the library itself."""
    return [size for (size,) in db.execute("SELECT length(data) FROM image ORDER BY id")]


def test_a_picture_that_the_archive_holds_is_in_the_library_no_more(tmp_path: Path) -> None:
    data = [png(1), png(2)]
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", data[0]), shows("p2", data[1]))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        assert own(db) == [len(one) for one in data]
        archives(db)

        assert own(db) == [0, 0]
        assert [pictures.content(db, block) for block in blocks(db)] == data
        found = pictures.held(db, blocks(db)[0])
        assert found is not None
        assert (found.size, found.width, found.height) == (len(data[0]), 40, 30)
        assert (found.archived, found.data) == (True, b"")
        assert held(db, path) == [path.read_bytes()]
    assert sound(tmp_path / "l.clew")


def test_pictures_are_there_when_the_log_is_not(tmp_path: Path) -> None:
    data = png(1)
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", data))
    imports(tmp_path / "l.clew", path)
    archived(tmp_path / "l.clew")
    path.unlink()

    db = imported(tmp_path / "l.clew", path.parent)
    assert [pictures.content(db, block) for block in blocks(db)] == [data]
    db.close()


def test_where_no_logs_are_kept_every_picture_stays(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", png(1)))
    with writing(tmp_path / "l.clew") as (db, ingest):
        store.turn(db, on=False)
        reads(ingest, path)
        archives(db)

        assert own(db) == [len(png(1))]
        assert [pictures.content(db, block) for block in blocks(db)] == [png(1)]


def test_a_picture_whose_log_went_before_it_was_kept_stays(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", png(1)))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        path.unlink()
        archives(db)

        assert own(db) == [len(png(1))]


@pytest.mark.parametrize("harm", ["frame", "piece"])
def test_a_picture_is_let_go_of_only_when_its_pack_is_sound(tmp_path: Path, harm: str) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", png(1)))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        db.execute("CREATE TABLE kept_aside AS SELECT * FROM image_due")
        db.execute("DELETE FROM image_due")
        archives(db)
        if harm == "frame":
            db.execute("UPDATE archive_pack SET data = zeroblob(length(data))")
        else:
            db.execute("UPDATE archive_piece SET digest = zeroblob(16)")
        db.execute("INSERT INTO image_due SELECT * FROM kept_aside")
        archives(db)

        assert own(db) == [len(png(1))]
        assert [pictures.content(db, block) for block in blocks(db)] == [png(1)]


def test_a_picture_that_the_archive_has_lost_says_so_in_plain_words(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", png(1)))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        db.execute("UPDATE archive_pack SET data = zeroblob(length(data))")

        with pytest.raises(DamagedPackError, match="The archive is damaged: bytes"):
            pictures.content(db, blocks(db)[0])


def test_a_log_that_grew_and_was_written_anew_keeps_the_pictures_of_before(tmp_path: Path) -> None:
    first, second = png(1), png(2)
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", first))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        b.append(path, b.line(shows("p2", second)))
        reads(ingest, path)
        archives(db)
        path.write_bytes(b.data([b.prompt("p3", "all is new")]))
        reads(ingest, path)
        archives(db)

        assert own(db) == [0, 0]
        assert [pictures.content(db, block) for block in blocks(db)] == [first, second]


def test_a_document_in_the_place_of_a_log_keeps_the_pictures_of_before(tmp_path: Path) -> None:
    data = png(1)
    path = b.write(tmp_path / "logs" / "chat.json", shows("p1", data))
    before = path.read_bytes()
    said = [{"role": "user", "content": "a" * 3_000}, {"role": "assistant", "content": "b" * 6_000}]
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        assert own(db) == [0]
        path.write_text(json.dumps(said))
        reads(ingest, path)
        archives(db)

        assert [pictures.content(db, block) for block in blocks(db)] == [data]
        assert held(db, path) == [path.read_bytes()]
        assert held(db, path, newest=False) == [before]


def test_pictures_are_where_they_were_after_packs_were_joined(tmp_path: Path) -> None:
    data = [png(number) for number in range(20)]
    with writing(tmp_path / "l.clew") as (db, ingest):
        for number, one in enumerate(data):
            path = b.write(tmp_path / "logs" / f"{number:02}.jsonl", shows(f"p{number}", one))
            reads(ingest, path)
            archives(db)

        assert db.execute("SELECT count(*) < 16 FROM archive_pack").fetchone() == (1,)
        assert [pictures.content(db, block) for block in blocks(db)] == data


def test_pictures_of_one_pack_cost_unpacking_it_once(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", *(shows(f"p{n}", png(n)) for n in range(5)))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        unpacked = archive.Unpacked(db)
        for block in blocks(db):
            pictures.content(db, block, unpacked)

        assert unpacked.made == 1


def test_a_small_picture_one_of_unknown_size_and_one_of_a_document_stay(tmp_path: Path) -> None:
    small, other = png(1, 100), random.Random(2).randbytes(3_000)
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", small), shows("p2", other))
    task = tmp_path / "logs" / "tasks" / "mine" / "api_conversation_history.json"
    task.parent.mkdir(parents=True)
    said = shows("x", png(3))["message"]
    task.write_bytes(b"[" + b.line(said).rstrip(b"\n") + b"]")
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path, task)
        archives(db)

        assert own(db) == [len(small), len(other), len(png(3))]
        assert db.execute("SELECT count(*) FROM image_due").fetchone() == (0,)


def test_many_pictures_take_several_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "MOST", 20_000)
    data = [png(number) for number in range(30)]
    path = b.write(tmp_path / "logs" / "a.jsonl", *(shows(f"p{n}", d) for n, d in enumerate(data)))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)

        assert own(db) == [0] * 30
        assert [pictures.content(db, block) for block in blocks(db)] == data


def test_what_is_erased_with_its_message_leaves_no_place_behind(tmp_path: Path) -> None:
    path = b.write(tmp_path / "logs" / "a.jsonl", shows("p1", png(1)))
    with writing(tmp_path / "l.clew") as (db, ingest):
        reads(ingest, path)
        archives(db)
        db.execute("DELETE FROM session")

        assert db.execute("SELECT count(*) FROM image_kept").fetchone() == (0,)
