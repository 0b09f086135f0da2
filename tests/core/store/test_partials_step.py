"""The step to pieces keeps what a person said of findings, and has a library analysed anew."""

from contextlib import closing
from pathlib import Path

from core.analyst import catch_up
from core.contexts import context_of
from core.queries import insights
from core.queries import pieces as queries
from core.store.connection import open_writer
from core.store.migrate import migrate, steps
from tests.core.store.test_formats_step import fill

BEFORE = 7


def test_a_library_of_before_keeps_its_marks_and_is_analysed_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        fill(db, BEFORE)
        db.execute("INSERT INTO finding_mark VALUES ('sleep-1', 5, 3, NULL)")
        db.execute("INSERT INTO tool_part VALUES (1, 1, '{}')")

    with closing(open_writer(path)) as db:
        assert migrate(db, path) == max(steps()) - BEFORE
        assert insights.marks(db)["sleep-1"].dismissed_of == 3
        assert len(queries.due(db, 9)) == 1
        assert context_of(db, 1, kept=True) is None
        assert catch_up(db) == 1
        found = context_of(db, 1, kept=True)

    assert found is not None
    assert len(found.context.intents.prompts) == 2
