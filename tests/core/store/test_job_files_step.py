"""The step to reports by file keeps the imports of before, which have none."""

from contextlib import closing
from pathlib import Path

from core.events import JobState
from core.queries import jobs
from core.store import jobs as store
from core.store.connection import open_writer
from core.store.migrate import migrate, steps
from tests.core.store.test_formats_step import fill

BEFORE = 12


def test_imports_of_before_keep_their_state_and_what_they_could_not_read(tmp_path: Path) -> None:
    path = tmp_path / "l.clew"
    with closing(open_writer(path)) as db:
        fill(db, BEFORE)
        db.execute(
            "INSERT INTO job (roots, state, began_at, files, problems) "
            "VALUES ('[\"/logs\"]', 'completed', 5, 3, 1), ('[\"/logs\"]', 'running', 6, 3, 0)"
        )
        db.execute("INSERT INTO job_error VALUES (1, '/logs/a', 'No.', 5, 7)")

    with closing(open_writer(path)) as db:
        assert migrate(db, path) == max(steps()) - BEFORE
        assert store.interrupt(db) == 1
        later, job = jobs.jobs(db)
        assert (later.state, job.state) == (JobState.INTERRUPTED, JobState.COMPLETED)
        assert (job.files, job.problems, job.flawed) == (3, 1, 0)
        assert job.is_flawed
        assert [one.label for one in jobs.errors(db, job.id)] == ["/logs/a"]
        assert jobs.files(db, job.id) == ()
