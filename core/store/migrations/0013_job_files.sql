-- What each import found in its files, and imports that wait for their turn.

CREATE TABLE job_file (
    job_id   INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    place    INTEGER NOT NULL,           -- from 1: with trouble first, then what took longest
    label    TEXT    NOT NULL,           -- '': files that are not listed, of one outcome
    outcome  TEXT    NOT NULL,           -- new, grown, again, unknown, unreadable, unchanged
    files    INTEGER NOT NULL,           -- how many: their sum is that of the job
    messages INTEGER NOT NULL,           -- that were written
    bytes    INTEGER NOT NULL,           -- that were new
    took_us  INTEGER NOT NULL,
    problems INTEGER NOT NULL,           -- lines that were not understood
    PRIMARY KEY (job_id, place)
) STRICT, WITHOUT ROWID;

ALTER TABLE job ADD COLUMN flawed INTEGER NOT NULL DEFAULT 0;  -- files read with problems

-- At most some fifty rows are looked through at the start.
DROP INDEX job_running;

-- No statement asks for it: stretches are found by their conversation.
DROP INDEX stretch_by_place;
