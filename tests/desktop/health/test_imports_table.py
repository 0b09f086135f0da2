"""The table of imports: how each stands, and what it could not read."""

import pytest
from pytestqt.qtbot import QtBot

from core.events import JobState
from core.queries.jobs import JobError, JobRow
from desktop.models.imports_table import ImportsModel, InImport


def _job(
    state: JobState, *, continues: int | None = None, problems: int = 0, flawed: int = 0
) -> JobRow:
    return JobRow(
        2, ("/logs",), continues, state, 86_400_000, 86_401_000, 3, 3, 2, 2_000, 2_000, 1_000,
        problems, "", flawed,
    )  # fmt: skip


def _shown(model: ImportsModel, column: InImport) -> str:
    return str(model.data(model.index(0, column)))


def test_an_import_says_how_it_stands(qtbot: QtBot) -> None:
    model = ImportsModel()
    said = []
    for state in JobState:
        model.show_jobs([_job(state)], {})
        said.append(_shown(model, InImport.STATE))
        assert model.icon(0, InImport.STATE) is not None
    assert len(set(said)) == len(JobState)


@pytest.mark.parametrize(("problems", "flawed"), [(1, 0), (0, 1), (2, 3)])
def test_an_import_that_could_not_read_everything_completed_with_problems(
    qtbot: QtBot, problems: int, flawed: int
) -> None:
    model = ImportsModel()
    model.show_jobs([_job(JobState.COMPLETED, problems=problems, flawed=flawed)], {})
    assert _shown(model, InImport.STATE) == "Completed with problems"
    model.show_jobs([_job(JobState.CANCELLED, problems=problems, flawed=flawed)], {})
    assert _shown(model, InImport.STATE) == "Stopped by you"


def test_an_import_that_goes_on_says_so(qtbot: QtBot) -> None:
    model = ImportsModel()
    model.show_jobs([_job(JobState.COMPLETED, continues=1)], {})
    assert _shown(model, InImport.STATE) == "Completed, continuing"


def test_unreadable_files_are_named_with_their_tries(qtbot: QtBot) -> None:
    model = ImportsModel()
    job = _job(JobState.COMPLETED, problems=3)
    model.show_jobs([job], {2: (JobError("/a", "No.", 5, 0), JobError("/b", "Not yours.", 1, 0))})
    tip = model.tip(0, InImport.UNREAD)
    assert tip.splitlines() == ["/a: No. Tried 5 times.", "/b: Not yours. ", "and 1 more"]
    assert model.tip(0, InImport.ROOTS) == "/logs"
