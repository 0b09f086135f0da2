-- Pictures whose bytes the archive holds are not kept a second time. See docs/storage.md, "Pictures".

CREATE TABLE image_due (                 -- pictures that were not looked for in the archive yet
    id INTEGER PRIMARY KEY REFERENCES image (id) ON DELETE CASCADE
) STRICT;
INSERT INTO image_due SELECT id FROM image;
CREATE TRIGGER image_new AFTER INSERT ON image BEGIN
    INSERT INTO image_due SELECT new.id
    WHERE NOT EXISTS (SELECT 1 FROM image_due WHERE id = new.id);
END;

CREATE TABLE image_kept (                -- pictures that the archive alone holds: image.data is empty
    id      INTEGER PRIMARY KEY REFERENCES image (id) ON DELETE CASCADE,
    file_id INTEGER NOT NULL REFERENCES archive_file (id) ON DELETE RESTRICT,
    begin   INTEGER NOT NULL,            -- of its base64, in that file
    length  INTEGER NOT NULL,            -- of its base64
    size    INTEGER NOT NULL,            -- bytes of the picture
    width   INTEGER NOT NULL,            -- pixels
    height  INTEGER NOT NULL
) STRICT;
CREATE INDEX image_kept_by_file ON image_kept (file_id);

-- Texts with a terminal's colours are packed as the others are: see 0004_text.sql.
CREATE TABLE coloured_kept (             -- where body has the text without them
    id   INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    text ANY NOT NULL                    -- TEXT: as it is; BLOB: packed
) STRICT;
INSERT INTO coloured_kept SELECT id, packed(text) FROM coloured ORDER BY id;
DROP TABLE coloured;
CREATE VIEW coloured (id, text) AS
SELECT id, CASE typeof(text) WHEN 'blob' THEN unpacked(text) ELSE text END FROM coloured_kept;
