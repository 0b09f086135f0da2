-- Texts are packed where that makes them shorter; see core.store.packing. What reads them reads
-- the view, under the name that the table had.
CREATE TABLE body_kept (
    id   INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    text ANY NOT NULL                    -- TEXT: as it is; BLOB: packed
) STRICT;
INSERT INTO body_kept SELECT id, packed(text) FROM body ORDER BY id;
DROP TABLE body;
CREATE VIEW body (id, text) AS
SELECT id, CASE typeof(text) WHEN 'blob' THEN unpacked(text) ELSE text END FROM body_kept;

-- Index pieces are written once for a transaction: see core.store.search_index.
INSERT INTO search (search, rank) VALUES ('hashsize', 16777216);

-- The words of the index, to look inside of those of scripts that set no spaces: core.queries.search.
CREATE VIRTUAL TABLE search_term USING fts5vocab ('search', 'row');
