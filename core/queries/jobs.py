"""Imports as jobs, the newest first."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.events import JobState, Outcome
from core.records.fields import items, load

MOST = 50  # jobs are kept


@dataclass(frozen=True, slots=True)
class JobRow:
    """One import: what was asked for, how far it came, how it ended."""

    id: int
    roots: tuple[str, ...]
    continues: int | None  # the job that the same roots left unfinished
    state: JobState
    began_at: int  # milliseconds
    ended_at: int | None
    files: int
    files_done: int
    changed: int
    bytes: int
    bytes_done: int
    took_ms: int
    problems: int  # files that could not be read
    reason: str
    flawed: int  # files that were read with problems

    @property
    def rate(self) -> float:
        """Bytes a second; 0 before anything was read."""
        return self.bytes_done * 1000 / self.took_ms if self.took_ms else 0.0

    @property
    def is_flawed(self) -> bool:
        """Whether it completed with problems: a file, or a line of one, could not be read."""
        return self.state is JobState.COMPLETED and self.problems + self.flawed > 0

    @property
    def remaining_ms(self) -> int | None:
        """How long it will go on at this rate; None if it does not run, or that is not known."""
        if self.state is not JobState.RUNNING or not self.rate:
            return None
        return round(max(0, self.bytes - self.bytes_done) * 1000 / self.rate)


@dataclass(frozen=True, slots=True)
class JobError:
    """A file that could not be read."""

    label: str
    reason: str
    attempts: int
    at: int  # milliseconds


@dataclass(frozen=True, slots=True)
class JobFile:
    """What an import made of a file, or of several of one outcome that are not listed."""

    label: str  # "": several
    outcome: Outcome
    files: int
    messages: int  # that were written
    bytes: int  # that were new
    took_us: int  # of the writer: reading the file, writing its rows
    problems: int  # lines that were not understood
    reason: str  # why it could not be read


JOBS = """
SELECT id, roots, continues, state, began_at, ended_at, files, files_done, changed, bytes,
       bytes_done, took_ms, problems, reason, flawed
FROM job ORDER BY id DESC LIMIT :most
"""
FILES = """
SELECT job_file.label, outcome, files, messages, bytes, took_us, problems, coalesce(reason, '')
FROM job_file LEFT JOIN job_error
  ON job_error.job_id = job_file.job_id AND job_error.label = job_file.label
WHERE job_file.job_id = :job ORDER BY place
"""
ERRORS = "SELECT label, reason, attempts, at FROM job_error WHERE job_id = :job ORDER BY label"


def jobs(db: Connection, most: int = MOST) -> tuple[JobRow, ...]:
    """Return the last *most* jobs, the newest first."""
    return tuple(
        JobRow(id_, tuple(map(str, items(load(roots)))), continues, JobState(state), *rest)
        for id_, roots, continues, state, *rest in db.execute(JOBS, {"most": most})
    )


def errors(db: Connection, job: int) -> tuple[JobError, ...]:
    """Return the files that *job* could not read, by name; a thousand at most are listed."""
    return tuple(JobError(*row) for row in db.execute(ERRORS, {"job": job}))


def files(db: Connection, job: int) -> tuple[JobFile, ...]:
    """Return what *job* made of its files: those with trouble first, then what took longest.

    A thousand at most have a row of their own; the others have one for each outcome, behind
    them. All together they are the files that the job has looked at. Nothing if it did not come
    to its end.
    """
    return tuple(
        JobFile(label, Outcome(outcome), *rest)
        for label, outcome, *rest in db.execute(FILES, {"job": job})
    )
