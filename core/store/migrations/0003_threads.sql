-- Threads: what a conversation's stretches are about. Everything up to "a person's own" is made
-- from the messages and the model, and may be thrown away; see docs/threading.md.

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
CREATE INDEX stretch_by_place  ON stretch (session_id, lane, first_id);

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
INSERT INTO thread_due SELECT id, 1 FROM conversation;

CREATE TABLE place (                     -- where a session goes on from a message, where that changes
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    cwd        TEXT    NOT NULL,
    git_branch TEXT    NOT NULL,
    PRIMARY KEY (session_id, message_id)
) STRICT, WITHOUT ROWID;

-- All four kinds of relations. Of the recorded ones nothing is stored: the log says them.
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

-- A person's own. Keyed by what the log calls things, so that it outlives every row above.

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
INSERT INTO thread_setting VALUES ('sensitivity', 0.0), ('self_training', 0.0);

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
