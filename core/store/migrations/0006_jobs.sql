-- Imports as jobs: what was asked for, how far it came, how it ended. The last fifty are kept.

CREATE TABLE job (
    id         INTEGER PRIMARY KEY,      -- grows
    roots      TEXT    NOT NULL,         -- JSON: the folders and files that were named, for people
    continues  INTEGER,                  -- the job that the same roots left unfinished
    state      TEXT    NOT NULL,         -- running, completed, failed, cancelled, interrupted
    began_at   INTEGER NOT NULL,         -- milliseconds
    ended_at   INTEGER,
    files      INTEGER NOT NULL DEFAULT 0,   -- transcripts that were found
    files_done INTEGER NOT NULL DEFAULT 0,
    changed    INTEGER NOT NULL DEFAULT 0,   -- of them, those with something new
    bytes      INTEGER NOT NULL DEFAULT 0,
    bytes_done INTEGER NOT NULL DEFAULT 0,
    took_ms    INTEGER NOT NULL DEFAULT 0,
    problems   INTEGER NOT NULL DEFAULT 0,   -- files that could not be read
    reason     TEXT    NOT NULL DEFAULT ''   -- why it failed
) STRICT;
CREATE INDEX job_running ON job (state) WHERE state = 'running';

CREATE TABLE job_error (                 -- a file that could not be read, at the last try
    job_id   INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    label    TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    attempts INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (job_id, label)
) STRICT, WITHOUT ROWID;

-- For the local stream: which messages each of the last events brought; see core.store.journal.
CREATE TABLE journal (
    event_id      INTEGER PRIMARY KEY,
    session_id    INTEGER NOT NULL,      -- may be gone since
    first_message INTEGER NOT NULL,      -- smallest id of the new messages; 0: there are none
    last_message  INTEGER NOT NULL
) STRICT;
-- End of what the local stream needs.
