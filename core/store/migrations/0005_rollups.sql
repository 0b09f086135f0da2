-- Sums that charts are drawn from, kept in the transaction of each commit: see core.store.rollups.
--
-- A slot is a quarter of an hour of UTC time (at / 900000 ms), because every zone's offset is a
-- multiple of it: local hours and days of any zone are sums of whole slots. Slot -1 is for what
-- has no time that a calendar has. Rows are kept by session: what it belongs to may change.
-- lane: 0 the line a person talks in, 1 agents'. Only what is counted is in here.

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

-- What lies in a slot is found by these two, however long its session is.
CREATE INDEX message_by_moment ON message (session_id, at, reply_id);
DROP INDEX reply_by_session;
CREATE INDEX reply_by_session ON reply (session_id, at);

-- The sums of the touched slots, from the base. One definition serves commits, counting anew
-- and proving that both agree.

-- Active: a gap between neighbours of one lane counts whole for the slot that it ends in if it
-- has at most five minutes, or at most ten and ends with a tool's result.
-- The main line is summed apart from agents': its rows come in the order that they are needed in.
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

-- A reply is an agent's if the piece that it is dated by is.
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

-- Every change of the base tells which slots it touches. A call has its message's time.
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
-- The calls of a reply may lie in later slots; that its model changes is rare.
CREATE TRIGGER rollup_model_changed AFTER UPDATE OF model ON reply WHEN old.model <> new.model
BEGIN
    INSERT INTO rollup_note
    SELECT new.session_id,
        CASE WHEN at >= 0 AND at < 253402300800000 THEN at / 900000 ELSE -1 END
    FROM message WHERE session_id = new.session_id;
END;

-- A library that holds something already is summed here.
INSERT OR IGNORE INTO rollup_touched
SELECT session_id, CASE WHEN at >= 0 AND at < 253402300800000 THEN at / 900000 ELSE -1 END
FROM message
UNION
SELECT session_id, CASE WHEN at >= 0 AND at < 253402300800000 THEN at / 900000 ELSE -1 END
FROM reply;
INSERT INTO rollup_message SELECT * FROM rollup_message_due;
INSERT INTO rollup_call SELECT * FROM rollup_call_due;
INSERT INTO rollup_reply SELECT * FROM rollup_reply_due;
DELETE FROM rollup_touched;
