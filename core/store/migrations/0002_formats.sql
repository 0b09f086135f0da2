-- Many formats: why a file was taken for what it is, several sessions in one file, what things
-- cost, how a session ended. Foreign keys are off while steps run; see core.store.migrate.

ALTER TABLE source ADD COLUMN recognised TEXT NOT NULL DEFAULT '';  -- how the format was recognised
ALTER TABLE source ADD COLUMN memory  TEXT    NOT NULL DEFAULT '';  -- JSON: what the reader remembers
ALTER TABLE source ADD COLUMN understood INTEGER NOT NULL DEFAULT 0;   -- records that were understood
ALTER TABLE source ADD COLUMN strange INTEGER NOT NULL DEFAULT 0;   -- records that were not
ALTER TABLE source ADD COLUMN scope   TEXT    NOT NULL DEFAULT '';  -- before ids that only the file knows
ALTER TABLE source ADD COLUMN broken  INTEGER NOT NULL DEFAULT 0;   -- lines that hold no record

-- How long the first record of a kind is, and each that was not understood; 0: not known.
ALTER TABLE census ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE unread ADD COLUMN length INTEGER NOT NULL DEFAULT 0;

ALTER TABLE conversation ADD COLUMN cost     INTEGER NOT NULL DEFAULT 0;  -- micro-dollars at API prices
ALTER TABLE conversation ADD COLUMN unpriced INTEGER NOT NULL DEFAULT 0;  -- replies without a price
ALTER TABLE conversation ADD COLUMN ending   TEXT    NOT NULL DEFAULT ''; -- of its last session
ALTER TABLE conversation ADD COLUMN format   TEXT    NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN bucket   TEXT    NOT NULL DEFAULT ''; -- '', ghost, noise

-- A file may hold several sessions: the one for each of its parts is made anew without UNIQUE.
CREATE TABLE session_2 (
    id              INTEGER PRIMARY KEY,
    source_id       INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    part            TEXT    NOT NULL DEFAULT '',  -- key inside a file that holds several
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    key             TEXT    NOT NULL,    -- file stem, or what the format says
    agent           TEXT    NOT NULL,    -- agent id when the file is a sub-agent's, else ''
    trunk           TEXT    NOT NULL,    -- key of the session that started the agent, else ''
    agent_type      TEXT    NOT NULL DEFAULT '',
    agent_title     TEXT    NOT NULL DEFAULT '',
    cwd             TEXT    NOT NULL DEFAULT '',
    git_branch      TEXT    NOT NULL DEFAULT '',
    version         TEXT    NOT NULL DEFAULT '',
    custom_title    TEXT    NOT NULL DEFAULT '',
    agent_name      TEXT    NOT NULL DEFAULT '',
    ai_title        TEXT    NOT NULL DEFAULT '',
    renamed         TEXT    NOT NULL DEFAULT '',
    summary_title   TEXT    NOT NULL DEFAULT '',
    first_prompt    TEXT    NOT NULL DEFAULT '',
    leaf            TEXT    NOT NULL DEFAULT '',
    forks           INTEGER NOT NULL DEFAULT 0,   -- places where the person rewound
    shared          INTEGER NOT NULL DEFAULT 0,   -- 1: some of its records are in other files too
    copied          INTEGER NOT NULL DEFAULT 0,   -- 1: the log itself says it began as a copy
    moved_to        TEXT    NOT NULL DEFAULT '',  -- the working folder it was moved to
    ghost           INTEGER NOT NULL DEFAULT 0,   -- 1: told of by another file than its transcript
    own_id          INTEGER,                      -- first message that is in no other file
    started_at      INTEGER,
    ended_at        INTEGER,
    messages        INTEGER NOT NULL DEFAULT 0,
    prompts         INTEGER NOT NULL DEFAULT 0,
    tool_calls      INTEGER NOT NULL DEFAULT 0,
    errors          INTEGER NOT NULL DEFAULT 0,
    cost            INTEGER NOT NULL DEFAULT 0,   -- micro-dollars of the replies it counts
    unpriced        INTEGER NOT NULL DEFAULT 0,   -- replies it counts that have no price
    stated          INTEGER,                      -- micro-dollars the agent program names; NULL: none
    complete        INTEGER NOT NULL DEFAULT 1,   -- 0: the program did not know every price
    ending          TEXT    NOT NULL DEFAULT ''   -- see core.measures.endings
) STRICT;
INSERT INTO session_2 (id, source_id, conversation_id, key, agent, trunk, agent_type, agent_title,
    cwd, git_branch, version, custom_title, agent_name, ai_title, renamed, summary_title,
    first_prompt, leaf, forks, shared, copied, own_id, started_at, ended_at, messages, prompts,
    tool_calls, errors)
SELECT id, source_id, conversation_id, key, agent, trunk, agent_type, agent_title,
    cwd, git_branch, version, custom_title, agent_name, ai_title, renamed, summary_title,
    first_prompt, leaf, forks, shared, copied, own_id, started_at, ended_at, messages, prompts,
    tool_calls, errors
FROM session;
DROP TABLE session;
ALTER TABLE session_2 RENAME TO session;
CREATE UNIQUE INDEX session_by_source ON session (source_id, part);
CREATE INDEX session_by_conversation ON session (conversation_id);
CREATE INDEX session_by_key          ON session (key);
CREATE INDEX session_by_agent        ON session (agent) WHERE agent <> '';
CREATE INDEX session_by_trunk        ON session (trunk) WHERE trunk <> '';

ALTER TABLE message ADD COLUMN prompt TEXT NOT NULL DEFAULT '';      -- who wrote it: see PromptKind

ALTER TABLE reply ADD COLUMN fast     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reply ADD COLUMN searches INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reply ADD COLUMN stated   INTEGER;                       -- micro-dollars, as the log says
ALTER TABLE reply ADD COLUMN cost     INTEGER;                       -- micro-dollars; NULL: unpriced

CREATE TABLE model_cost (                -- what the agent program says a model has cost a session
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    model      TEXT    NOT NULL,
    micro      INTEGER NOT NULL,
    input      INTEGER NOT NULL,
    output     INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_creation INTEGER NOT NULL,
    PRIMARY KEY (session_id, model)
) STRICT, WITHOUT ROWID;

-- Pieces of one reply are one place: what hung on any of them hangs on the reply now.
UPDATE message SET hung_on = (
    SELECT reply.key FROM message AS above JOIN reply ON reply.id = above.reply_id
    WHERE above.id = message.parent_id)
WHERE parent_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM message AS above WHERE above.id = message.parent_id
    AND above.reply_id IS NOT NULL);
UPDATE hop SET hung_on = (
    SELECT reply.key FROM message AS above JOIN reply ON reply.id = above.reply_id
    WHERE above.id = hop.message_id)
WHERE EXISTS (
    SELECT 1 FROM message AS above WHERE above.id = hop.message_id AND above.reply_id IS NOT NULL);

CREATE TABLE orphan (                    -- results whose call is in no file of their session
    block_id   INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    session_id INTEGER NOT NULL,
    hash       INTEGER NOT NULL,         -- of the call's key
    outcome    TEXT    NOT NULL,
    at         INTEGER,
    agent      TEXT    NOT NULL,
    detail     TEXT    NOT NULL
) STRICT;
CREATE INDEX orphan_by_session ON orphan (session_id, hash);

-- What things cost: the list by cost, money over time, and whose replies are in a branch or a lane.
CREATE INDEX conversation_by_cost ON conversation (cost, id);
CREATE INDEX project_by_cost      ON conversation (project, cost, id);
CREATE INDEX reply_cost_by_time ON reply (at, model, cost) WHERE counted = 1;
CREATE INDEX reply_unpriced ON reply (at, model)
    WHERE counted = 1 AND cost IS NULL AND input + output + cache_read + cache_creation > 0;
CREATE INDEX reply_on_branch ON message (session_id, branch, reply_id)
    WHERE branch > 0 AND reply_id IS NOT NULL;
CREATE INDEX reply_in_lane ON message (session_id, agent, reply_id)
    WHERE agent <> '' AND reply_id IS NOT NULL;

-- What a copied file repeats: unfolded where its session begins.
CREATE INDEX message_inherited ON message (session_id, agent, id, record) WHERE counted = 0;
