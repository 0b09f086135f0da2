-- Questions about all time read sums and narrow indexes, not every row: see docs/storage.md.

-- Money and tokens over time are summed in rollup_reply; only moments are still asked of replies.
DROP INDEX reply_by_time;
CREATE INDEX reply_by_time ON reply (at) WHERE counted = 1;
DROP INDEX reply_cost_by_time;
DROP INDEX reply_unpriced;

-- The slowest calls and any percentile come from an order of their own, whosever calls they are.
DROP INDEX call_by_tool;
CREATE INDEX call_by_tool ON call (tool, outcome, at) WHERE counted = 1;
CREATE INDEX call_by_duration ON call (tool, duration_ms, at, session_id)
    WHERE counted = 1 AND duration_ms IS NOT NULL;

CREATE INDEX census_by_kind ON census (kind, known, version, source_id, count);

-- What every tool has done at all: the sums of rollup_call, which these triggers follow.
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
INSERT INTO rollup_tool SELECT * FROM rollup_tool_due;

-- A reply that was asked for again is one reply with several requests. Which replies may be is told
-- by the tails of their ids, a short key that few have in common by chance. A tail stays listed when
-- its replies go: what is listed is looked at, and only what is not listed has to be alone.
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
INSERT INTO reply_again SELECT substr(api_id, -6) FROM reply WHERE api_id <> ''
GROUP BY substr(api_id, -6) HAVING count(*) > 1;
