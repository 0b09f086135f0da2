"""The step to threads keeps every row of a library of the second schema, and has them woven."""

from contextlib import closing
from pathlib import Path

from core.queries import threads
from core.store.connection import open_writer
from core.store.migrate import migrate, steps
from core.weaving.weaver import Weaver
from tests.core.store.test_formats_step import fill


def test_a_library_without_threads_keeps_its_rows_and_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        fill(db, 2)
    tables = ("source", "session", "message", "block", "body", "reply", "conversation")

    with closing(open_writer(path)) as db:
        before = [db.execute(f"SELECT count(*) FROM {one}").fetchone() for one in tables]
        assert migrate(db, path) == max(steps()) - 2
        after = [db.execute(f"SELECT count(*) FROM {one}").fetchone() for one in tables]
        weaver = Weaver(db)
        while weaver.step() is not None:
            pass

        (found,) = threads.threads(db, 1)

    assert after == before
    assert (found.key, found.prompts, found.messages) == ("u", 2, 3)
