-- Conversations that a person has removed: their rows are kept aside until he takes it back or they
-- are deleted for good. See docs/removing.md. A later step that changes a table whose rows are
-- kept here (core.store.removed_rows) finds them under the names that its columns have now.

CREATE TABLE removal (                   -- one conversation
    id           INTEGER PRIMARY KEY AUTOINCREMENT,   -- named on a command line: never again
    conversation TEXT    NOT NULL,       -- its key
    title        TEXT    NOT NULL,       -- '' when it is deleted for good
    project      TEXT    NOT NULL,       -- likewise
    started_at   INTEGER,                -- ms
    ended_at     INTEGER,
    messages     INTEGER NOT NULL,
    removed_at   INTEGER NOT NULL,       -- ms; the same for all of one order
    alone        INTEGER NOT NULL,       -- 1: some of its logs were not on the disk then
    prices       INTEGER,                -- key of the prices that its replies were priced by
    gone_at      INTEGER                 -- when it was deleted for good; its logs stay unread
) STRICT;
CREATE INDEX removal_by_time ON removal (gone_at, removed_at, id);

CREATE TABLE removed_session (           -- what is not to be read again
    source_id  INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    part       TEXT    NOT NULL,         -- of a file that holds several sessions
    removal_id INTEGER NOT NULL REFERENCES removal (id) ON DELETE CASCADE,
    key        TEXT    NOT NULL,         -- of the session
    read_to    INTEGER NOT NULL,         -- how far its file was read then
    PRIMARY KEY (source_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_session_by_removal ON removed_session (removal_id);

CREATE TABLE removed_rows (              -- the rows themselves
    id         INTEGER PRIMARY KEY,
    removal_id INTEGER REFERENCES removal (id) ON DELETE CASCADE,
    source_id  INTEGER REFERENCES source (id) ON DELETE CASCADE,   -- instead: what hung on a file
                                         -- of which nothing else is in the library
    name       TEXT    NOT NULL,         -- of their table
    data       BLOB    NOT NULL          -- columns and rows as JSON, one Zstandard frame
) STRICT;
CREATE INDEX removed_rows_by_removal ON removed_rows (removal_id, id);
CREATE INDEX removed_rows_by_source  ON removed_rows (source_id, id);
