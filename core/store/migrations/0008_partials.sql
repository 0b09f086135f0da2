-- Analyses are kept by pieces of sessions, so that an appended message costs the last piece and
-- not its conversation; see core.pieces. What was kept by conversation is made anew: all of it
-- is derived. Marks of findings and problems stay.

DROP TRIGGER tool_part_touched;
DROP TRIGGER tool_part_moved;
DROP TRIGGER tool_part_branched;
DROP TRIGGER tool_part_employed;
DROP TRIGGER term_said;
DROP TRIGGER term_unsaid;
DROP TRIGGER context_touched;
DROP TRIGGER context_moved;
DROP TRIGGER context_branched;
DROP TRIGGER context_woven;
DROP TRIGGER context_rewoven;
DROP TABLE tool_part;
DROP TABLE context_part;
DROP TABLE context_due;
DROP TABLE term;

CREATE TABLE piece (                     -- turns of a session next to each other, analysed
    id              INTEGER PRIMARY KEY,
    session_id      INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    first_id        INTEGER NOT NULL,    -- its first message; it ends where the next piece begins
    conversation_id INTEGER NOT NULL,    -- whose words its words are counted as
    last_id         INTEGER NOT NULL,    -- the last message that it knows of
    messages        INTEGER NOT NULL,
    first_slot      INTEGER NOT NULL,    -- quarters of an hour, see step 0005; -1: undated ones
    last_slot       INTEGER NOT NULL,
    revision        INTEGER NOT NULL,    -- of all analysers together
    made_at         INTEGER NOT NULL,    -- ms
    failed          INTEGER NOT NULL,    -- sum of 1: its context, 2: its tools
    carry           TEXT    NOT NULL,    -- JSON: what the next piece has to know
    context         ANY,                 -- JSON, packed; NULL: nothing of the main line
    tools           ANY                  -- JSON, packed; NULL: neither prompts nor calls
) STRICT;
CREATE UNIQUE INDEX piece_by_place ON piece (session_id, first_id);
CREATE INDEX piece_by_time         ON piece (session_id, last_slot);
CREATE INDEX piece_by_conversation ON piece (conversation_id);
CREATE INDEX piece_failed          ON piece (conversation_id) WHERE failed <> 0;

CREATE TABLE piece_due (                 -- where sessions have changed since they were analysed
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    slot       INTEGER NOT NULL,         -- the quarter of an hour; -2: anywhere
    taken      INTEGER NOT NULL DEFAULT 0,   -- 1: it is being analysed, and not changed since
    PRIMARY KEY (session_id, slot)
) STRICT, WITHOUT ROWID;
INSERT INTO piece_due (session_id, slot) SELECT id, -2 FROM session;

CREATE TABLE term (                      -- in how many conversations each word is said
    term          TEXT PRIMARY KEY,
    conversations INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE term_said (                 -- the words of each conversation
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    term            TEXT    NOT NULL,
    PRIMARY KEY (conversation_id, term)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER term_added AFTER INSERT ON term_said BEGIN
    INSERT INTO term VALUES (new.term, 1)
    ON CONFLICT (term) DO UPDATE SET conversations = conversations + 1;
END;
CREATE TRIGGER term_gone AFTER DELETE ON term_said BEGIN
    UPDATE term SET conversations = conversations - 1 WHERE term = old.term;
    DELETE FROM term WHERE term = old.term AND conversations <= 0;
END;
CREATE TABLE term_due (                  -- conversations that have lost a piece, or words of one
    conversation_id INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER piece_gone AFTER DELETE ON piece BEGIN
    INSERT OR IGNORE INTO term_due VALUES (old.conversation_id);
END;

-- Whatever touches a sum touches the pieces of its time.
CREATE TRIGGER piece_touched AFTER INSERT ON rollup_touched BEGIN
    INSERT OR IGNORE INTO piece_due (session_id, slot)
    SELECT id, new.slot FROM session WHERE id = new.session_id;
    UPDATE piece_due SET taken = 0 WHERE session_id = new.session_id AND taken = 1;
END;
-- What has no place in time touches all of its session; it is rare.
CREATE TRIGGER piece_moved AFTER UPDATE OF conversation_id ON session
WHEN old.conversation_id <> new.conversation_id BEGIN
    INSERT OR IGNORE INTO piece_due (session_id, slot) VALUES (new.id, -2);
    UPDATE piece_due SET taken = 0 WHERE session_id = new.id AND taken = 1;
END;
CREATE TRIGGER piece_branched AFTER INSERT ON branch BEGIN
    INSERT OR IGNORE INTO piece_due (session_id, slot) VALUES (new.session_id, -2);
    UPDATE piece_due SET taken = 0 WHERE session_id = new.session_id AND taken = 1;
END;
CREATE TRIGGER piece_turned AFTER UPDATE OF active, forked_at ON branch
WHEN (old.active, old.forked_at) IS NOT (new.active, new.forked_at) BEGIN
    INSERT OR IGNORE INTO piece_due (session_id, slot) VALUES (new.session_id, -2);
    UPDATE piece_due SET taken = 0 WHERE session_id = new.session_id AND taken = 1;
END;
CREATE TRIGGER piece_unbranched AFTER DELETE ON branch BEGIN
    INSERT OR IGNORE INTO piece_due (session_id, slot)
    SELECT id, -2 FROM session WHERE id = old.session_id;
    UPDATE piece_due SET taken = 0 WHERE session_id = old.session_id AND taken = 1;
END;
CREATE TRIGGER piece_employed AFTER UPDATE OF agent ON call WHEN old.agent <> new.agent BEGIN
    INSERT OR IGNORE INTO piece_due (session_id, slot)
    SELECT new.session_id, CASE WHEN new.at >= 0 AND new.at < 253402300800000
        THEN new.at / 900000 ELSE -1 END;
    UPDATE piece_due SET taken = 0 WHERE session_id = new.session_id AND taken = 1;
END;
