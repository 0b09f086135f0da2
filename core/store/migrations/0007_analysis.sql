-- Tools and findings ---------------------------------------------------------------------------

CREATE TABLE tool_part (                 -- what a conversation adds to the figures about tools
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    revision        INTEGER NOT NULL,    -- of the analysers; another one makes it anew
    part            TEXT    NOT NULL     -- JSON, see core.analysis.tools_part
) STRICT;                                -- revision 0: it is being made; gone: the rows changed

CREATE TABLE finding_mark (              -- what a person says of a finding; never derived
    key          TEXT PRIMARY KEY,       -- the same in every library, see core.analysis.findings
    dismissed_at INTEGER,                -- ms; NULL: it is shown
    dismissed_of INTEGER NOT NULL DEFAULT 0,  -- cases that it rested on then; 0: not told
    acted_at     INTEGER                 -- ms; what is seen before and after it is told apart
) STRICT, WITHOUT ROWID;

-- A part goes when a row of its conversation changes: whatever touches a sum touches it.
CREATE TRIGGER tool_part_touched AFTER INSERT ON rollup_touched BEGIN
    DELETE FROM tool_part
    WHERE conversation_id = (SELECT conversation_id FROM session WHERE id = new.session_id);
END;
CREATE TRIGGER tool_part_moved AFTER UPDATE OF conversation_id ON session
WHEN old.conversation_id <> new.conversation_id BEGIN
    DELETE FROM tool_part WHERE conversation_id IN (old.conversation_id, new.conversation_id);
END;
CREATE TRIGGER tool_part_branched AFTER UPDATE OF active ON branch
WHEN old.active <> new.active BEGIN
    DELETE FROM tool_part
    WHERE conversation_id = (SELECT conversation_id FROM session WHERE id = new.session_id);
END;
CREATE TRIGGER tool_part_employed AFTER UPDATE OF agent ON call WHEN old.agent <> new.agent BEGIN
    DELETE FROM tool_part
    WHERE conversation_id = (SELECT conversation_id FROM session WHERE id = new.session_id);
END;
-- End of tools and findings ---------------------------------------------------------------------
-- What conversations were about and how they went ----------------------------------------------

CREATE TABLE context_part (              -- what one analyser found in one conversation
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    analyser        TEXT    NOT NULL,    -- topics, flow, …; see core.analysis.context
    revision        INTEGER NOT NULL,    -- of the analyser; another one makes it anew
    upto_id         INTEGER NOT NULL,    -- the last message that was analysed
    computed_at     INTEGER NOT NULL,    -- ms
    part            ANY     NOT NULL,    -- JSON, packed but of "terms": the words that were said
    PRIMARY KEY (conversation_id, analyser)
) STRICT, WITHOUT ROWID;

CREATE TABLE term (                      -- in how many conversations each word is said
    term          TEXT PRIMARY KEY,
    conversations INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER term_said AFTER INSERT ON context_part WHEN new.analyser = 'terms' BEGIN
    INSERT INTO term SELECT value, 1 FROM json_each(new.part) WHERE true
    ON CONFLICT (term) DO UPDATE SET conversations = conversations + 1;
END;
CREATE TRIGGER term_unsaid AFTER DELETE ON context_part WHEN old.analyser = 'terms' BEGIN
    UPDATE term SET conversations = conversations - 1
    WHERE term IN (SELECT value FROM json_each(old.part));
    DELETE FROM term
    WHERE term IN (SELECT value FROM json_each(old.part)) AND conversations <= 0;
END;

CREATE TABLE context_due (               -- conversations whose analysis is older than they are
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    taken           INTEGER NOT NULL DEFAULT 0   -- 1: it is being made, and nothing changed since
) STRICT;
INSERT INTO context_due (conversation_id) SELECT id FROM conversation;
CREATE TRIGGER context_touched AFTER INSERT ON rollup_touched BEGIN
    INSERT OR IGNORE INTO context_due (conversation_id)
    SELECT conversation_id FROM session WHERE id = new.session_id;
    UPDATE context_due SET taken = 0
    WHERE conversation_id = (SELECT conversation_id FROM session WHERE id = new.session_id);
END;
CREATE TRIGGER context_moved AFTER UPDATE OF conversation_id ON session
WHEN old.conversation_id <> new.conversation_id BEGIN
    INSERT OR IGNORE INTO context_due (conversation_id)
    SELECT id FROM conversation WHERE id IN (old.conversation_id, new.conversation_id);
    UPDATE context_due SET taken = 0
    WHERE conversation_id IN (old.conversation_id, new.conversation_id);
END;
CREATE TRIGGER context_branched AFTER UPDATE OF active ON branch
WHEN old.active <> new.active BEGIN
    INSERT OR IGNORE INTO context_due (conversation_id)
    SELECT conversation_id FROM session WHERE id = new.session_id;
    UPDATE context_due SET taken = 0
    WHERE conversation_id = (SELECT conversation_id FROM session WHERE id = new.session_id);
END;
CREATE TRIGGER context_woven AFTER INSERT ON weave BEGIN
    INSERT OR IGNORE INTO context_due (conversation_id) VALUES (new.conversation_id);
    UPDATE context_due SET taken = 0 WHERE conversation_id = new.conversation_id;
END;
CREATE TRIGGER context_rewoven AFTER UPDATE ON weave BEGIN
    INSERT OR IGNORE INTO context_due (conversation_id) VALUES (new.conversation_id);
    UPDATE context_due SET taken = 0 WHERE conversation_id = new.conversation_id;
END;
-- End of contexts -------------------------------------------------------------------------------
-- What could not be analysed ---------------------------------------------------------------------

CREATE TABLE analysis_problem (          -- an analysis that failed; it is tried again when due
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    analysis        TEXT    NOT NULL,    -- context or tools
    at              INTEGER NOT NULL,    -- ms
    said            TEXT    NOT NULL,    -- the error
    PRIMARY KEY (conversation_id, analysis)
) STRICT, WITHOUT ROWID;
-- End of what could not be analysed ---------------------------------------------------------------
