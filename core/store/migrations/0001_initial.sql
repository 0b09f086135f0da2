-- The first schema. Times are integer milliseconds since the epoch, UTC.
-- "uid" is a 64-bit hash of a record's uuid: an integer index costs a quarter of a text one.

CREATE TABLE source (                    -- one file on disk, and how far it was read
    id        INTEGER PRIMARY KEY,
    path      BLOB    NOT NULL UNIQUE,   -- as the operating system has it, any bytes
    label     TEXT    NOT NULL,          -- the same for people
    format    TEXT    NOT NULL,
    revision  INTEGER NOT NULL,          -- of the format's reader; a higher one reads again
    device    INTEGER NOT NULL,
    inode     INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    mtime_ns  INTEGER NOT NULL,
    ctime_ns  INTEGER NOT NULL,
    offset    INTEGER NOT NULL,          -- bytes read and committed
    line      INTEGER NOT NULL,          -- line ends before offset
    head      BLOB    NOT NULL,          -- hash of the first 4 KiB before offset
    tail      BLOB    NOT NULL           -- hash of the last 4 KiB before offset
) STRICT;
CREATE INDEX source_by_inode ON source (device, inode);

CREATE TABLE conversation (
    id         INTEGER PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,  -- key of its first session
    title      TEXT    NOT NULL,
    project    TEXT    NOT NULL,         -- working folder as recorded
    started_at INTEGER,
    ended_at   INTEGER,
    sort_at    INTEGER NOT NULL,         -- ended_at, or 0 when nothing is dated
    messages   INTEGER NOT NULL,
    prompts    INTEGER NOT NULL,
    tool_calls INTEGER NOT NULL,
    errors     INTEGER NOT NULL          -- tool calls that failed
) STRICT;
CREATE INDEX conversation_by_time    ON conversation (sort_at, id);
CREATE INDEX conversation_by_project ON conversation (project, sort_at, id);
CREATE INDEX project_by_size   ON conversation (project, messages, id);
CREATE INDEX project_by_errors ON conversation (project, errors, id);
CREATE INDEX conversation_by_size    ON conversation (messages, id);
CREATE INDEX conversation_by_errors  ON conversation (errors, id);

CREATE TABLE session (                   -- one transcript file's run
    id              INTEGER PRIMARY KEY,
    source_id       INTEGER NOT NULL UNIQUE REFERENCES source (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    key             TEXT    NOT NULL,    -- file stem
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
    own_id          INTEGER,                      -- first message that is in no other file
    started_at      INTEGER,
    ended_at        INTEGER,
    messages        INTEGER NOT NULL DEFAULT 0,
    prompts         INTEGER NOT NULL DEFAULT 0,
    tool_calls      INTEGER NOT NULL DEFAULT 0,
    errors          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_by_conversation ON session (conversation_id);
CREATE INDEX session_by_key          ON session (key);
CREATE INDEX session_by_agent        ON session (agent) WHERE agent <> '';
CREATE INDEX session_by_trunk        ON session (trunk) WHERE trunk <> '';

CREATE TABLE link (                      -- why sessions belong together
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    target     TEXT    NOT NULL,         -- key of the other session, which may not be here yet
    kind       TEXT    NOT NULL,         -- copy, fork, continues, continued
    PRIMARY KEY (session_id, target, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_target ON link (target);

CREATE TABLE wanted (                    -- said about a message by its uuid, before or after it is here
    uid        INTEGER NOT NULL,
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,         -- summary: text is a title; continues: a compaction's past
    text       TEXT    NOT NULL,
    PRIMARY KEY (uid, session_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE agent_file (                -- what an agent's .meta.json says
    trunk TEXT NOT NULL, agent TEXT NOT NULL,
    type  TEXT NOT NULL, title TEXT NOT NULL, call TEXT NOT NULL,
    PRIMARY KEY (trunk, agent)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id         INTEGER PRIMARY KEY,      -- grows in file order within a session
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    uid        INTEGER NOT NULL,
    uuid       TEXT    NOT NULL,         -- as logged, else made from the file's identity and offset
    parent_id  INTEGER,                  -- nearest message above, in the same session
    hung_on    INTEGER,                  -- its uid, or that of the first record above when none is shown
    record     TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    at         INTEGER,
    agent      TEXT    NOT NULL,         -- '' on the main line
    branch     INTEGER NOT NULL,         -- 0 on the first line; see table branch
    reply_id   INTEGER,
    counted    INTEGER NOT NULL,         -- 0: a copy of a message that is counted elsewhere
    digest     INTEGER NOT NULL,         -- of the content, to tell two messages of one uuid apart
    line       INTEGER NOT NULL,
    offset     INTEGER NOT NULL,         -- -1: earlier content, no longer in the file
    length     INTEGER NOT NULL,
    detail     TEXT    NOT NULL
) STRICT;
CREATE INDEX message_by_uid     ON message (uid);
CREATE INDEX message_by_session ON message (session_id, id);
CREATE INDEX prompt_by_place    ON message (session_id, hung_on) WHERE kind = 'prompt';

CREATE TABLE hop (                       -- records in the parent chain that are not shown
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    uid        INTEGER NOT NULL,
    message_id INTEGER,                  -- nearest message above
    hung_on    INTEGER NOT NULL,         -- its uid, or that of the first record above
    PRIMARY KEY (session_id, uid)
) STRICT, WITHOUT ROWID;

CREATE TABLE branch (                    -- alternatives after a rewind
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    above      INTEGER NOT NULL,         -- the branch it left
    forked_at  INTEGER,                  -- the message it left it after
    first_id   INTEGER NOT NULL,
    active     INTEGER NOT NULL,         -- 1: on the line that the session ended on
    PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE reply (                     -- one API reply as one file has it
    id             INTEGER PRIMARY KEY,
    session_id     INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    key            INTEGER NOT NULL,     -- hash of (message.id, requestId)
    api_id         TEXT    NOT NULL,
    model          TEXT    NOT NULL,
    at             INTEGER,
    input          INTEGER NOT NULL,
    output         INTEGER NOT NULL,
    cache_read     INTEGER NOT NULL,
    cache_creation INTEGER NOT NULL,
    cache_5m       INTEGER NOT NULL,
    cache_1h       INTEGER NOT NULL,
    final          INTEGER NOT NULL,
    counted        INTEGER NOT NULL
) STRICT;
CREATE INDEX reply_by_key     ON reply (key);
CREATE INDEX reply_by_session ON reply (session_id);
CREATE INDEX reply_by_time    ON reply (at, model, input, output, cache_read, cache_creation)
    WHERE counted = 1;

CREATE TABLE block (                     -- one piece of a message
    id         INTEGER PRIMARY KEY,      -- grows in file order within a session
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    session_id INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    said       TEXT    NOT NULL,         -- kind of its message; meta for an editor's note in a prompt
    agent      TEXT    NOT NULL,
    shown      INTEGER NOT NULL,         -- 0: part of another row (a result in its call), empty, or a copy
    size       INTEGER NOT NULL,         -- characters of its text
    lines      INTEGER NOT NULL          -- line ends in its text
) STRICT;
CREATE INDEX block_by_message ON block (message_id);
CREATE INDEX block_shown ON block (session_id, agent, id, kind, said, size, lines, message_id)
    WHERE shown = 1;

CREATE TABLE body (id INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE, text TEXT NOT NULL) STRICT;

CREATE TABLE coloured (                  -- a text with a terminal's colours, where body has it without
    id   INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE call (                      -- a tool call; its id is its block's
    id          INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    session_id  INTEGER NOT NULL,
    message_id  INTEGER NOT NULL,
    hash        INTEGER NOT NULL,        -- of key
    key         TEXT    NOT NULL,
    tool        TEXT    NOT NULL,
    input       TEXT    NOT NULL,        -- JSON
    at          INTEGER,
    outcome     TEXT    NOT NULL,
    result_id   INTEGER,                 -- block of the result
    duration_ms INTEGER,                 -- result time minus call time: waiting for permission included
    agent       TEXT    NOT NULL,        -- the agent it started, else ''
    detail      TEXT    NOT NULL,        -- JSON
    counted     INTEGER NOT NULL
) STRICT;
CREATE INDEX call_by_hash    ON call (session_id, hash);
CREATE INDEX call_by_result  ON call (result_id) WHERE result_id IS NOT NULL;
CREATE INDEX call_by_message ON call (message_id);
CREATE INDEX call_by_tool    ON call (tool, outcome, at, duration_ms) WHERE counted = 1;
CREATE INDEX call_by_time    ON call (at, tool, outcome) WHERE counted = 1;
CREATE INDEX call_by_agent   ON call (agent) WHERE agent <> '';

CREATE TABLE image (
    id         INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    data       BLOB NOT NULL
) STRICT;

CREATE TABLE problem (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    line      INTEGER NOT NULL,
    offset    INTEGER NOT NULL,
    severity  TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    excerpt   TEXT    NOT NULL
) STRICT;
CREATE INDEX problem_by_source ON problem (source_id);

CREATE TABLE census (                    -- every kind of record seen, understood or not
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    kind      TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    known     INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    line      INTEGER NOT NULL,          -- of the first one
    offset    INTEGER NOT NULL,
    PRIMARY KEY (source_id, kind, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE unread (                    -- records of unknown kinds, as they are
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    offset    INTEGER NOT NULL,
    line      INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    raw       TEXT    NOT NULL,
    PRIMARY KEY (source_id, offset)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES ('event_id', 0);

-- What the full-text index is over: one column for each search field.
CREATE VIEW searchable AS
SELECT block.id AS id,
       CASE kind WHEN 'prompt'   THEN text END AS prompt,
       CASE kind WHEN 'reply'    THEN text END AS reply,
       CASE kind WHEN 'thinking' THEN text END AS thinking,
       CASE kind WHEN 'call'     THEN text END AS input,
       CASE kind WHEN 'result'   THEN text END AS output,
       CASE WHEN kind IN ('note', 'other') THEN text END AS note
FROM block JOIN body ON body.id = block.id;

CREATE VIRTUAL TABLE search USING fts5 (
    prompt, reply, thinking, input, output, note,
    content = 'searchable', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('hashsize', 4194304);
