"""The disk takes the write-ahead log while more is added to it."""

import threading
from contextlib import closing
from pathlib import Path

from core.store.connection import open_writer
from core.store.flushing import flushed


class Disk:
    """Notes what it is handed."""

    def __init__(self, trouble: OSError | None = None) -> None:
        self.asked = 0
        self.twice = threading.Event()
        self._trouble = trouble

    def __call__(self, file: int, /) -> None:
        assert file > 0
        self.asked += 1
        if self.asked == 2:
            self.twice.set()
        if self._trouble is not None:
            raise self._trouble


def test_it_is_asked_time_and_again_and_not_behind_the_body(tmp_path: Path) -> None:
    disk = Disk()
    with closing(open_writer(tmp_path / "l.clew")) as db:
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        with flushed(db, disk, 0.001):
            assert disk.twice.wait(10)
        asked = disk.asked
        threading.Event().wait(0.02)

        assert disk.asked == asked
        assert not any(one.name == "flushing" for one in threading.enumerate())


def test_what_it_refuses_ends_nothing_but_the_asking(tmp_path: Path) -> None:
    disk = Disk(OSError(5, "broken"))
    with closing(open_writer(tmp_path / "l.clew")) as db:
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        with flushed(db, disk, 0.001):
            db.execute("INSERT INTO one VALUES (1)")

        assert disk.asked <= 1
        assert db.execute("SELECT count(*) FROM one").fetchone() == (1,)


def test_where_the_system_cannot_be_asked_nothing_is_done(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "l.clew")) as db, flushed(db, None):
        assert not any(one.name == "flushing" for one in threading.enumerate())


def test_without_a_log_the_body_is_run_all_the_same(tmp_path: Path) -> None:
    disk = Disk()
    with closing(open_writer(tmp_path / "l.clew")) as db:
        (tmp_path / "l.clew-wal").unlink()
        with flushed(db, disk, 0.001):
            pass

    assert disk.asked == 0
