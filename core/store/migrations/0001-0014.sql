-- What the steps come to. Written by packaging/schema.py.

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
, recognised TEXT NOT NULL DEFAULT '', memory  TEXT    NOT NULL DEFAULT '', understood INTEGER NOT NULL DEFAULT 0, strange INTEGER NOT NULL DEFAULT 0, scope   TEXT    NOT NULL DEFAULT '', broken  INTEGER NOT NULL DEFAULT 0) STRICT;

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
, cost     INTEGER NOT NULL DEFAULT 0, unpriced INTEGER NOT NULL DEFAULT 0, ending   TEXT    NOT NULL DEFAULT '', format   TEXT    NOT NULL DEFAULT '', bucket   TEXT    NOT NULL DEFAULT '') STRICT;

CREATE INDEX conversation_by_time    ON conversation (sort_at, id);

CREATE INDEX conversation_by_project ON conversation (project, sort_at, id);

CREATE INDEX project_by_size   ON conversation (project, messages, id);

CREATE INDEX project_by_errors ON conversation (project, errors, id);

CREATE INDEX conversation_by_size    ON conversation (messages, id);

CREATE INDEX conversation_by_errors  ON conversation (errors, id);

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
, prompt TEXT NOT NULL DEFAULT '') STRICT;

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
, fast     INTEGER NOT NULL DEFAULT 0, searches INTEGER NOT NULL DEFAULT 0, stated   INTEGER, cost     INTEGER) STRICT;

CREATE INDEX reply_by_key     ON reply (key);

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
    offset    INTEGER NOT NULL, length INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source_id, kind, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE unread (                    -- records of unknown kinds, as they are
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    offset    INTEGER NOT NULL,
    line      INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    raw       TEXT    NOT NULL, length INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source_id, offset)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

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

CREATE TABLE "session" (
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

CREATE UNIQUE INDEX session_by_source ON session (source_id, part);

CREATE INDEX session_by_conversation ON session (conversation_id);

CREATE INDEX session_by_key          ON session (key);

CREATE INDEX session_by_agent        ON session (agent) WHERE agent <> '';

CREATE INDEX session_by_trunk        ON session (trunk) WHERE trunk <> '';

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

CREATE INDEX conversation_by_cost ON conversation (cost, id);

CREATE INDEX project_by_cost      ON conversation (project, cost, id);

CREATE INDEX reply_on_branch ON message (session_id, branch, reply_id)
    WHERE branch > 0 AND reply_id IS NOT NULL;

CREATE INDEX reply_in_lane ON message (session_id, agent, reply_id)
    WHERE agent <> '' AND reply_id IS NOT NULL;

CREATE INDEX message_inherited ON message (session_id, agent, id, record) WHERE counted = 0;

CREATE TABLE thread (
    id              INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    key             TEXT    NOT NULL,    -- uuid of its first prompt
    lane            TEXT    NOT NULL,    -- main, branch:<uuid of its first prompt>, agent:<id>
    number          INTEGER NOT NULL,    -- in its lane, from 1
    depth           INTEGER NOT NULL,    -- 0: main line and branches; 1: an agent; 2: an agent's
    first_id        INTEGER NOT NULL,    -- its first message
    topic           TEXT    NOT NULL,
    summary         TEXT    NOT NULL,
    terms           TEXT    NOT NULL,    -- JSON: its words and how often each occurs
    started_at      INTEGER,
    ended_at        INTEGER,
    active_ms       INTEGER NOT NULL,    -- from each prompt to the last thing that followed it
    confidence      REAL    NOT NULL,    -- of its least certain end, 0 to 1
    coherence       REAL,                -- mean likeness of turns next to each other; NULL: one turn
    messages        INTEGER NOT NULL,
    prompts         INTEGER NOT NULL,
    calls           INTEGER NOT NULL,
    errors          INTEGER NOT NULL,
    UNIQUE (conversation_id, lane, key)
) STRICT;

CREATE TABLE stretch (                   -- messages next to each other that are of one thread
    id              INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    thread_id       INTEGER NOT NULL REFERENCES thread (id) ON DELETE CASCADE,
    session_id      INTEGER NOT NULL,    -- one that goes on in another session has two rows
    lane            TEXT    NOT NULL,
    number          INTEGER NOT NULL,    -- in its lane, from 1; rows of one stretch have the same
    first_id        INTEGER NOT NULL,    -- messages of the lane from here
    last_id         INTEGER NOT NULL,    -- to here, by id
    UNIQUE (conversation_id, lane, number, session_id)
) STRICT;

CREATE INDEX stretch_by_thread ON stretch (thread_id);

CREATE TABLE cut (                       -- a prompt at which a thread begins or is taken up again
    message_id      INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    lane            TEXT    NOT NULL,
    kind            TEXT    NOT NULL,    -- see core.threads.explaining.Switch
    confidence      REAL    NOT NULL,    -- 0 to 1
    evidence        TEXT    NOT NULL,    -- JSON: sentences, the strongest first
    made_by         TEXT    NOT NULL,    -- model, person
    returns         INTEGER NOT NULL     -- 1: an earlier thread is taken up again
) STRICT;

CREATE INDEX cut_by_conversation ON cut (conversation_id);

CREATE TABLE tie (                       -- how messages belong together, where that is a guess
    source_id       INTEGER NOT NULL,    -- the later message
    kind            TEXT    NOT NULL,    -- reference, topic_follow_up
    target_id       INTEGER NOT NULL,    -- the earlier one
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    lane            TEXT    NOT NULL,
    confidence      REAL    NOT NULL,
    method          TEXT    NOT NULL,
    PRIMARY KEY (source_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX tie_by_target       ON tie (target_id);

CREATE INDEX tie_by_conversation ON tie (conversation_id);

CREATE TABLE weave (                     -- what a conversation's threads were made with, and measures
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    model           TEXT    NOT NULL,    -- revision of the weights, and of what is made of them
    sensitivity     REAL    NOT NULL,    -- added to the log-odds of every cut
    upto_id         INTEGER NOT NULL,    -- the last message that was threaded
    event_id        INTEGER NOT NULL,
    threads         INTEGER NOT NULL,    -- of the main line and its branches, as all that follow
    mean_messages   REAL    NOT NULL,
    median_messages REAL    NOT NULL,
    mean_active_ms  REAL    NOT NULL,
    median_active_ms REAL   NOT NULL,
    coherence       REAL,                -- mean likeness of turns next to each other in a thread
    across          REAL,                -- the same where a thread ends
    baseline        REAL,                -- the same of all turns: what cuts at random would have
    density         REAL    NOT NULL     -- guessed ties for each message
) STRICT;

CREATE TABLE thread_due (                -- conversations whose threads are older than their messages
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    anew            INTEGER NOT NULL     -- 1: more than new messages at the end
) STRICT;

CREATE TABLE place (                     -- where a session goes on from a message, where that changes
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    cwd        TEXT    NOT NULL,
    git_branch TEXT    NOT NULL,
    PRIMARY KEY (session_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW relation AS
SELECT tie.conversation_id AS conversation_id, kind, source_id, target_id, confidence, method
FROM tie
UNION ALL
SELECT session.conversation_id, 'tool_continuation', block.message_id, call.message_id, 1.0,
       'recorded'
FROM session JOIN call ON call.session_id = session.id JOIN block ON block.id = call.result_id
WHERE call.counted = 1
UNION ALL
SELECT * FROM (
    SELECT session.conversation_id, 'response', message.id AS source_id, (
        SELECT asked.id FROM message AS asked
        WHERE asked.session_id = message.session_id AND asked.id < message.id
            AND asked.agent = message.agent AND asked.branch = message.branch
            AND asked.counted = 1
            AND asked.kind IN ('prompt', 'queued', 'command', 'shell', 'task')
        ORDER BY asked.id DESC LIMIT 1) AS target_id, 1.0, 'recorded'
    FROM session JOIN message ON message.session_id = session.id
    WHERE message.kind = 'reply' AND message.counted = 1
) WHERE target_id IS NOT NULL;

CREATE TABLE thread_edit (
    conversation TEXT NOT NULL,          -- key it had then: that of one of its sessions now
    prompt       TEXT NOT NULL,          -- uuid of the prompt
    kind         TEXT NOT NULL,          -- split: a thread begins here; merge: none does
    target       TEXT NOT NULL,          -- merge: a prompt of the thread it goes to; '': the one before
    PRIMARY KEY (conversation, prompt)
) STRICT, WITHOUT ROWID;

CREATE TABLE thread_name (
    conversation TEXT NOT NULL,
    thread       TEXT NOT NULL,          -- uuid of its first prompt
    name         TEXT NOT NULL,
    PRIMARY KEY (conversation, thread)
) STRICT, WITHOUT ROWID;

CREATE TABLE thread_setting (key TEXT PRIMARY KEY, value REAL NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE thread_weights (            -- what was learnt from this library, newest last
    version   INTEGER PRIMARY KEY,
    learnt_at INTEGER NOT NULL,
    base      TEXT    NOT NULL,          -- revision of the weights that it set out from
    prompts   INTEGER NOT NULL,          -- that the library held then
    kept      INTEGER NOT NULL,          -- 1: better on the halves held back, so it is used
    before    REAL    NOT NULL,          -- accuracy on the halves held back, 0 to 1
    after     REAL    NOT NULL,
    weights   TEXT    NOT NULL           -- JSON; '' when not kept
) STRICT;

CREATE TABLE body_kept (
    id   INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    text ANY NOT NULL                    -- TEXT: as it is; BLOB: packed
) STRICT;

CREATE VIEW body (id, text) AS
SELECT id, CASE typeof(text) WHEN 'blob' THEN unpacked(text) ELSE text END FROM body_kept;

CREATE VIRTUAL TABLE search_term USING fts5vocab ('search', 'row');

CREATE TABLE rollup_message (
    slot       INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    lane       INTEGER NOT NULL,
    messages   INTEGER NOT NULL,         -- user and assistant records
    prompts    INTEGER NOT NULL,         -- typed by a person
    active_ms  INTEGER NOT NULL,         -- see rollup_message_due
    PRIMARY KEY (slot, session_id, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_call (
    slot        INTEGER NOT NULL,
    session_id  INTEGER NOT NULL,
    lane        INTEGER NOT NULL,
    model       TEXT    NOT NULL,        -- that made the calls; '' where the log does not tell
    tool        TEXT    NOT NULL,
    calls       INTEGER NOT NULL,
    ok          INTEGER NOT NULL,
    error       INTEGER NOT NULL,
    denied      INTEGER NOT NULL,
    interrupted INTEGER NOT NULL,
    unanswered  INTEGER NOT NULL,        -- the log holds no result
    duration_ms INTEGER NOT NULL,        -- sum over the calls that have one
    durations   TEXT    NOT NULL,        -- each of them, between blanks: any percentile is exact
    PRIMARY KEY (slot, session_id, lane, model, tool)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_reply (
    slot           INTEGER NOT NULL,
    session_id     INTEGER NOT NULL,
    lane           INTEGER NOT NULL,
    model          TEXT    NOT NULL,
    replies        INTEGER NOT NULL,
    input          INTEGER NOT NULL,
    output         INTEGER NOT NULL,
    cache_read     INTEGER NOT NULL,
    cache_creation INTEGER NOT NULL,
    cost           INTEGER NOT NULL,     -- micro-dollars of those that have a price
    unpriced       INTEGER NOT NULL,     -- replies with tokens and no price
    PRIMARY KEY (slot, session_id, lane, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_note (               -- what a transaction has touched, as triggers note it
    session_id INTEGER NOT NULL,         -- no key: INSERT OR IGNORE in a trigger obeys the clause
    slot       INTEGER NOT NULL          -- of the statement that fired it
) STRICT;

CREATE TABLE rollup_touched (            -- slots of sessions whose sums are due
    session_id INTEGER NOT NULL,
    slot       INTEGER NOT NULL,
    PRIMARY KEY (session_id, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_by_moment ON message (session_id, at, reply_id);

CREATE INDEX reply_by_session ON reply (session_id, at);

CREATE VIEW rollup_message_due AS
SELECT slot, session_id, 0 AS lane, sum(said) AS messages, sum(typed) AS prompts,
       coalesce(sum(CASE WHEN gap <= 300000 OR (result AND gap <= 600000) THEN gap END), 0)
           AS active_ms
FROM (
    SELECT touched.slot, touched.session_id, message.at,
           message.record IN ('user', 'assistant') AS said,
           message.kind IN ('prompt', 'queued') AS typed, message.kind = 'result' AS result,
           message.at - lag(message.at) OVER (
               PARTITION BY touched.session_id, touched.slot
               ORDER BY message.at, message.reply_id, message.id) AS gap  -- as the index has it
    FROM rollup_touched AS touched
    CROSS JOIN session ON session.id = touched.session_id AND session.agent = ''
    CROSS JOIN message INDEXED BY message_by_moment ON message.session_id = touched.session_id
        AND message.at >= touched.slot * 900000 - 600000
        AND message.at < (touched.slot + 1) * 900000
    WHERE touched.slot >= 0 AND message.counted = 1 AND message.agent = '')
WHERE at >= slot * 900000
GROUP BY session_id, slot
UNION ALL
SELECT slot, session_id, 1, sum(said), 0,
       coalesce(sum(CASE WHEN gap <= 300000 OR (result AND gap <= 600000) THEN gap END), 0)
FROM (
    SELECT touched.slot, touched.session_id, message.at,
           message.record IN ('user', 'assistant') AS said, message.kind = 'result' AS result,
           message.at - lag(message.at) OVER (
               PARTITION BY touched.session_id, touched.slot, message.agent
               ORDER BY message.at, message.reply_id, message.id) AS gap
    FROM rollup_touched AS touched CROSS JOIN session ON session.id = touched.session_id
    CROSS JOIN message INDEXED BY message_by_moment ON message.session_id = touched.session_id
        AND message.at >= touched.slot * 900000 - 600000
        AND message.at < (touched.slot + 1) * 900000
    WHERE touched.slot >= 0 AND message.counted = 1
        AND (message.agent <> '' OR session.agent <> ''))
WHERE at >= slot * 900000
GROUP BY session_id, slot
UNION ALL
SELECT slot, touched.session_id, message.agent <> '' OR session.agent <> '' AS lane,
       sum(record IN ('user', 'assistant')),
       sum(message.agent = '' AND session.agent = '' AND kind IN ('prompt', 'queued')), 0
FROM rollup_touched AS touched CROSS JOIN session ON session.id = touched.session_id
CROSS JOIN message INDEXED BY message_by_moment ON message.session_id = touched.session_id
    AND (message.at IS NULL OR message.at < 0 OR message.at >= 253402300800000)
WHERE touched.slot = -1 AND message.counted = 1
GROUP BY slot, touched.session_id, lane;

CREATE VIEW rollup_call_due AS
SELECT slot, here.session_id, lane, coalesce(reply.model, '') AS model, tool, count(*) AS calls,
       sum(outcome = 'ok') AS ok, sum(outcome = 'error') AS error, sum(outcome = 'denied') AS denied,
       sum(outcome = 'interrupted') AS interrupted, sum(outcome = 'none') AS unanswered,
       coalesce(sum(duration_ms), 0) AS duration_ms,
       coalesce(group_concat(duration_ms, ' '), '') AS durations
FROM (
    SELECT touched.slot, touched.session_id, message.id, message.reply_id,
           message.agent <> '' OR session.agent <> '' AS lane
    FROM rollup_touched AS touched CROSS JOIN session ON session.id = touched.session_id
    CROSS JOIN message INDEXED BY message_by_moment ON message.session_id = touched.session_id
        AND message.at >= touched.slot * 900000 AND message.at < (touched.slot + 1) * 900000
    WHERE touched.slot >= 0
    UNION ALL
    SELECT touched.slot, touched.session_id, message.id, message.reply_id,
           message.agent <> '' OR session.agent <> ''
    FROM rollup_touched AS touched CROSS JOIN session ON session.id = touched.session_id
    CROSS JOIN message INDEXED BY message_by_moment ON message.session_id = touched.session_id
        AND (message.at IS NULL OR message.at < 0 OR message.at >= 253402300800000)
    WHERE touched.slot = -1) AS here
CROSS JOIN call INDEXED BY call_by_message ON call.message_id = here.id AND call.counted = 1
LEFT JOIN reply ON reply.id = here.reply_id
GROUP BY slot, here.session_id, lane, 4, tool;

CREATE VIEW rollup_reply_due AS
SELECT slot, session_id, lane, model, count(*) AS replies, sum(input) AS input,
       sum(output) AS output, sum(cache_read) AS cache_read, sum(cache_creation) AS cache_creation,
       coalesce(sum(cost), 0) AS cost,
       sum(cost IS NULL AND input + output + cache_read + cache_creation > 0) AS unpriced
FROM (
    SELECT touched.slot, touched.session_id, reply.*,
           session.agent <> '' OR EXISTS (
               SELECT 1 FROM message INDEXED BY message_by_moment
               WHERE message.session_id = touched.session_id AND message.at = reply.at
                   AND message.reply_id = reply.id AND message.agent <> '') AS lane
    FROM rollup_touched AS touched CROSS JOIN session ON session.id = touched.session_id
    CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = touched.session_id
        AND reply.at >= touched.slot * 900000 AND reply.at < (touched.slot + 1) * 900000
    WHERE touched.slot >= 0 AND reply.counted = 1
    UNION ALL
    SELECT touched.slot, touched.session_id, reply.*, session.agent <> ''
    FROM rollup_touched AS touched CROSS JOIN session ON session.id = touched.session_id
    CROSS JOIN reply INDEXED BY reply_by_session ON reply.session_id = touched.session_id
        AND (reply.at IS NULL OR reply.at < 0 OR reply.at >= 253402300800000)
    WHERE touched.slot = -1 AND reply.counted = 1)
GROUP BY slot, session_id, lane, model;

CREATE TRIGGER rollup_message_added AFTER INSERT ON message BEGIN
    INSERT INTO rollup_note VALUES (new.session_id,
        CASE WHEN new.at >= 0 AND new.at < 253402300800000 THEN new.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_message_gone AFTER DELETE ON message BEGIN
    INSERT INTO rollup_note VALUES (old.session_id,
        CASE WHEN old.at >= 0 AND old.at < 253402300800000 THEN old.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_message_changed
AFTER UPDATE OF session_id, at, counted, kind, record, agent, reply_id ON message
WHEN (old.session_id, old.at, old.counted, old.kind, old.record, old.agent, old.reply_id) IS NOT
    (new.session_id, new.at, new.counted, new.kind, new.record, new.agent, new.reply_id)
BEGIN
    INSERT INTO rollup_note VALUES
        (old.session_id,
         CASE WHEN old.at >= 0 AND old.at < 253402300800000 THEN old.at / 900000 ELSE -1 END),
        (new.session_id,
         CASE WHEN new.at >= 0 AND new.at < 253402300800000 THEN new.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_call_gone AFTER DELETE ON call BEGIN
    INSERT INTO rollup_note VALUES (old.session_id,
        CASE WHEN old.at >= 0 AND old.at < 253402300800000 THEN old.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_call_changed AFTER UPDATE OF tool, outcome, duration_ms, counted ON call
WHEN (old.tool, old.outcome, old.duration_ms, old.counted) IS NOT
    (new.tool, new.outcome, new.duration_ms, new.counted)
BEGIN
    INSERT INTO rollup_note VALUES (new.session_id,
        CASE WHEN new.at >= 0 AND new.at < 253402300800000 THEN new.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_reply_added AFTER INSERT ON reply BEGIN
    INSERT INTO rollup_note VALUES (new.session_id,
        CASE WHEN new.at >= 0 AND new.at < 253402300800000 THEN new.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_reply_gone AFTER DELETE ON reply BEGIN
    INSERT INTO rollup_note VALUES (old.session_id,
        CASE WHEN old.at >= 0 AND old.at < 253402300800000 THEN old.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_reply_changed
AFTER UPDATE OF session_id, at, model, input, output, cache_read, cache_creation, cost, counted
ON reply
WHEN (old.session_id, old.at, old.model, old.input, old.output, old.cache_read,
      old.cache_creation, old.cost, old.counted) IS NOT
    (new.session_id, new.at, new.model, new.input, new.output, new.cache_read,
      new.cache_creation, new.cost, new.counted)
BEGIN
    INSERT INTO rollup_note VALUES
        (old.session_id,
         CASE WHEN old.at >= 0 AND old.at < 253402300800000 THEN old.at / 900000 ELSE -1 END),
        (new.session_id,
         CASE WHEN new.at >= 0 AND new.at < 253402300800000 THEN new.at / 900000 ELSE -1 END);
END;

CREATE TRIGGER rollup_model_changed AFTER UPDATE OF model ON reply WHEN old.model <> new.model
BEGIN
    INSERT INTO rollup_note
    SELECT new.session_id,
        CASE WHEN at >= 0 AND at < 253402300800000 THEN at / 900000 ELSE -1 END
    FROM message WHERE session_id = new.session_id;
END;

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
, flawed INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE job_error (                 -- a file that could not be read, at the last try
    job_id   INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    label    TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    attempts INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (job_id, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    event_id      INTEGER PRIMARY KEY,
    session_id    INTEGER NOT NULL,      -- may be gone since
    first_message INTEGER NOT NULL,      -- smallest id of the new messages; 0: there are none
    last_message  INTEGER NOT NULL
) STRICT;

CREATE TABLE finding_mark (              -- what a person says of a finding; never derived
    key          TEXT PRIMARY KEY,       -- the same in every library, see core.analysis.findings
    dismissed_at INTEGER,                -- ms; NULL: it is shown
    dismissed_of INTEGER NOT NULL DEFAULT 0,  -- cases that it rested on then; 0: not told
    acted_at     INTEGER                 -- ms; what is seen before and after it is told apart
) STRICT, WITHOUT ROWID;

CREATE TABLE analysis_problem (          -- an analysis that failed; it is tried again when due
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    analysis        TEXT    NOT NULL,    -- context or tools
    at              INTEGER NOT NULL,    -- ms
    said            TEXT    NOT NULL,    -- the error
    PRIMARY KEY (conversation_id, analysis)
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER piece_touched AFTER INSERT ON rollup_touched BEGIN
    INSERT OR IGNORE INTO piece_due (session_id, slot)
    SELECT id, new.slot FROM session WHERE id = new.session_id;
    UPDATE piece_due SET taken = 0 WHERE session_id = new.session_id AND taken = 1;
END;

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

CREATE TABLE image_due (                 -- pictures that were not looked for in the archive yet
    id INTEGER PRIMARY KEY REFERENCES image (id) ON DELETE CASCADE
) STRICT;

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

CREATE TABLE coloured_kept (             -- where body has the text without them
    id   INTEGER PRIMARY KEY REFERENCES block (id) ON DELETE CASCADE,
    text ANY NOT NULL                    -- TEXT: as it is; BLOB: packed
) STRICT;

CREATE VIEW coloured (id, text) AS
SELECT id, CASE typeof(text) WHEN 'blob' THEN unpacked(text) ELSE text END FROM coloured_kept;

CREATE INDEX reply_by_time ON reply (at) WHERE counted = 1;

CREATE INDEX call_by_tool ON call (tool, outcome, at) WHERE counted = 1;

CREATE INDEX call_by_duration ON call (tool, duration_ms, at, session_id)
    WHERE counted = 1 AND duration_ms IS NOT NULL;

CREATE INDEX census_by_kind ON census (kind, known, version, source_id, count);

CREATE TABLE rollup_tool (
    tool        TEXT    NOT NULL PRIMARY KEY,
    calls       INTEGER NOT NULL,
    ok          INTEGER NOT NULL,
    error       INTEGER NOT NULL,
    denied      INTEGER NOT NULL,
    interrupted INTEGER NOT NULL,
    unanswered  INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    timed       INTEGER NOT NULL         -- calls that have a duration
) STRICT, WITHOUT ROWID;

CREATE VIEW rollup_tool_due AS
SELECT tool, sum(calls) AS calls, sum(ok) AS ok, sum(error) AS error, sum(denied) AS denied,
       sum(interrupted) AS interrupted, sum(unanswered) AS unanswered,
       sum(duration_ms) AS duration_ms,
       sum(length(durations) - length(replace(durations, ' ', '')) + (durations <> '')) AS timed
FROM rollup_call GROUP BY tool;

CREATE TRIGGER rollup_tool_added AFTER INSERT ON rollup_call BEGIN
    INSERT INTO rollup_tool VALUES (new.tool, new.calls, new.ok, new.error, new.denied,
        new.interrupted, new.unanswered, new.duration_ms,
        length(new.durations) - length(replace(new.durations, ' ', '')) + (new.durations <> ''))
    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, ok = ok + excluded.ok,
        error = error + excluded.error, denied = denied + excluded.denied,
        interrupted = interrupted + excluded.interrupted,
        unanswered = unanswered + excluded.unanswered,
        duration_ms = duration_ms + excluded.duration_ms, timed = timed + excluded.timed;
END;

CREATE TRIGGER rollup_tool_gone AFTER DELETE ON rollup_call BEGIN
    UPDATE rollup_tool SET calls = calls - old.calls, ok = ok - old.ok, error = error - old.error,
        denied = denied - old.denied, interrupted = interrupted - old.interrupted,
        unanswered = unanswered - old.unanswered, duration_ms = duration_ms - old.duration_ms,
        timed = timed - (length(old.durations) - length(replace(old.durations, ' ', ''))
            + (old.durations <> ''))
    WHERE tool = old.tool;
    DELETE FROM rollup_tool WHERE tool = old.tool AND calls = 0;
END;

CREATE TRIGGER rollup_tool_changed AFTER UPDATE ON rollup_call BEGIN
    UPDATE rollup_tool SET calls = calls + new.calls - old.calls, ok = ok + new.ok - old.ok,
        error = error + new.error - old.error, denied = denied + new.denied - old.denied,
        interrupted = interrupted + new.interrupted - old.interrupted,
        unanswered = unanswered + new.unanswered - old.unanswered,
        duration_ms = duration_ms + new.duration_ms - old.duration_ms,
        timed = timed
            + length(new.durations) - length(replace(new.durations, ' ', ''))
            + (new.durations <> '')
            - length(old.durations) + length(replace(old.durations, ' ', ''))
            - (old.durations <> '')
    WHERE tool = old.tool;
END;

CREATE INDEX reply_by_tail ON reply (substr(api_id, -6)) WHERE api_id <> '';

CREATE TABLE reply_again (               -- tails that several replies have, copies among them
    tail TEXT NOT NULL PRIMARY KEY       -- the last six characters of their ids
) STRICT, WITHOUT ROWID;

CREATE TRIGGER reply_again_added AFTER INSERT ON reply WHEN new.api_id <> '' AND EXISTS (
    SELECT 1 FROM reply INDEXED BY reply_by_tail
    WHERE substr(api_id, -6) = substr(new.api_id, -6) AND api_id <> '' AND id <> new.id)
BEGIN
    INSERT INTO reply_again SELECT substr(new.api_id, -6)
    WHERE NOT EXISTS (SELECT 1 FROM reply_again WHERE tail = substr(new.api_id, -6));
END;

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

INSERT INTO setting VALUES ('event_id', 0);

INSERT INTO thread_setting VALUES ('self_training', 0.0);

INSERT INTO thread_setting VALUES ('sensitivity', 0.0);

INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
