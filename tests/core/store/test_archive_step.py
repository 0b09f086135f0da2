"""The steps that make the archive, and let go of pictures that it has, on a library of before."""

from base64 import b64encode
from pathlib import Path

from core.queries import archive, pictures
from core.store.migrate import migrate
from tests import builders as b
from tests.archives import archives
from tests.core.store.test_all_time_step import AWAY
from tests.library import imports, writing

_AWAY = """
DROP VIEW coloured;
ALTER TABLE coloured_kept RENAME TO coloured;
DROP TRIGGER image_new;
DROP TABLE image_due;
DROP TABLE image_kept;
DROP TRIGGER archive_new;
DROP TRIGGER archive_changed;
DROP TABLE archive_piece;
DROP TABLE archive_pack;
DROP TABLE archive_file;
DROP TABLE archive_due;
DROP TABLE archive_setting;
PRAGMA user_version = 8;
"""


def test_a_library_of_before_is_archived_from_the_files_that_are_still_there(
    tmp_path: Path,
) -> None:
    here = b.write(tmp_path / "logs" / "a.jsonl", b.prompt("p1"))
    gone = b.write(tmp_path / "logs" / "b.jsonl", b.prompt("p2", sessionId="other"))
    library = tmp_path / "l.clew"
    imports(library, here, gone)
    gone.unlink()
    with writing(library) as (db, _):
        db.executescript(AWAY + _AWAY)
        assert migrate(db, library) > 0
        assert archive.figures(db).due == 2
        archives(db)

        (file,) = archive.files(db)
        assert (file.label, file.size) == (str(here), here.stat().st_size)
        assert archive.figures(db).due == 0
        assert db.execute("SELECT count(*) FROM message").fetchone() == (2,)


def test_pictures_of_a_library_of_before_are_let_go_of_and_none_is_lost(tmp_path: Path) -> None:
    data = b"GIF89a" + b"\x08\x00\x04\x00" + bytes(range(256)) * 8
    source = {"type": "base64", "media_type": "image/gif", "data": b64encode(data).decode()}
    path = b.write(
        tmp_path / "logs" / "a.jsonl", b.prompt("p1", [{"type": "image", "source": source}])
    )
    library = tmp_path / "l.clew"
    imports(library, path)
    with writing(library) as (db, _):
        db.executescript(AWAY + _AWAY)
        assert migrate(db, library) > 0
        (block,) = db.execute("SELECT id FROM image").fetchone()
        assert pictures.content(db, block) == data
        archives(db)

        assert db.execute("SELECT length(data) FROM image").fetchone() == (0,)
        assert pictures.content(db, block) == data
