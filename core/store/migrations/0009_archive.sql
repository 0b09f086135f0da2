-- The raw archive: the bytes of every log as they are, packed. See docs/storage.md, "The archive".

CREATE TABLE archive_file (              -- one file as it was at one time
    id         INTEGER PRIMARY KEY,
    source_id  INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    name       BLOB    NOT NULL,         -- '': the source's own file; else another one of its
                                         -- bundle, seen from the folder of that one
    generation INTEGER NOT NULL,         -- from 0; a higher one was written anew
    section    TEXT    NOT NULL,         -- of a bundle: what its records are
    place      INTEGER NOT NULL,         -- of a bundle: in which order its files are read
    size       INTEGER NOT NULL,         -- bytes that are kept
    device     INTEGER NOT NULL,         -- the file's facts when it was last looked at
    inode      INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,         -- its size by them
    mtime_ns   INTEGER NOT NULL,         -- -1: more of it is to come
    ctime_ns   INTEGER NOT NULL,
    head       BLOB    NOT NULL,         -- hash of the first 4 KiB that are kept
    tail       BLOB    NOT NULL,         -- hash of the last 4 KiB that are kept
    UNIQUE (source_id, name, generation)
) STRICT;

CREATE TABLE archive_pack (              -- pieces of some files, compressed in one go
    id    INTEGER PRIMARY KEY,
    size  INTEGER NOT NULL,              -- bytes before compression
    live  INTEGER NOT NULL,              -- of them, those that a piece still needs
    sound INTEGER NOT NULL DEFAULT 1,    -- 0: it was found damaged, and is left as it is
    tier  INTEGER NOT NULL GENERATED ALWAYS AS (   -- packs of one are joined when they are many
        CASE WHEN live < 8192 THEN 0 WHEN live < 65536 THEN 1 WHEN live < 524288 THEN 2
             WHEN live < 4194304 THEN 3 ELSE 4 END) VIRTUAL,
    data  BLOB    NOT NULL               -- one Zstandard frame
) STRICT;
CREATE INDEX archive_pack_to_join ON archive_pack (tier, live) WHERE tier < 4 AND sound = 1;

CREATE TABLE archive_piece (             -- where a stretch of a file is
    file_id INTEGER NOT NULL REFERENCES archive_file (id) ON DELETE CASCADE,
    begin   INTEGER NOT NULL,            -- in the file
    length  INTEGER NOT NULL,
    pack_id INTEGER NOT NULL REFERENCES archive_pack (id),
    at      INTEGER NOT NULL,            -- in the pack, unpacked
    digest  BLOB    NOT NULL,            -- of its bytes
    PRIMARY KEY (file_id, begin)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_piece_by_pack ON archive_piece (pack_id, at);

CREATE TABLE archive_due (               -- sources that were read, and are to be archived
    source_id INTEGER PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE
) STRICT;
INSERT INTO archive_due SELECT id FROM source;

-- In the transaction that says how far a source is read: none is forgotten. (An OR IGNORE here
-- would be overruled by the statement that sets the trigger off.)
CREATE TRIGGER archive_new AFTER INSERT ON source BEGIN
    INSERT INTO archive_due SELECT new.id
    WHERE NOT EXISTS (SELECT 1 FROM archive_due WHERE source_id = new.id);
END;
CREATE TRIGGER archive_changed AFTER UPDATE OF size, mtime_ns, ctime_ns, inode ON source BEGIN
    INSERT INTO archive_due SELECT new.id
    WHERE NOT EXISTS (SELECT 1 FROM archive_due WHERE source_id = new.id);
END;

CREATE TABLE archive_setting (           -- what a person has set: 1 under 'off' keeps no more
    key   TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
