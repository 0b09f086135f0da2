"""The library as a whole, in numbers whose definitions stand beside them."""

from dataclasses import dataclass
from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Totals:
    """What the library holds."""

    files: int  # transcripts that were read at least in part
    records: int  # JSON objects in them, of every kind
    messages: int  # distinct user and assistant records, by uuid
    replies: int  # distinct API replies, by message.id
    prompts: int  # what a person typed
    tool_calls: int  # distinct tool calls
    errors: int  # of which failed
    conversations: int  # that hold at least one message
    problems: int
    hidden: int = 0  # conversations of these that the list hides: warm-ups and the like


@dataclass(frozen=True, slots=True)
class Held:
    """What a window says of the library all the time; see `Totals` for what each is."""

    conversations: int
    messages: int
    problems: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the calls of one tool ended."""

    calls: int = 0
    ok: int = 0
    error: int = 0
    denied: int = 0
    interrupted: int = 0
    none: int = 0


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one model, each API reply counted once."""

    input: int
    output: int
    cache_read: int
    cache_creation: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day, in UTC."""

    date: str  # ISO 8601
    messages: int
    prompts: int
    tool_calls: int


# Replies are summed by request; those that were asked for again are one reply.
_TOTALS = """
SELECT (SELECT count(*) FROM source JOIN session ON session.source_id = source.id),
       (SELECT coalesce(sum(count), 0) FROM census),
       coalesce(sum(messages), 0),
       (SELECT coalesce(sum(replies), 0) FROM rollup_reply)
           - (SELECT count(*) - count(DISTINCT api_id) FROM reply_again
              CROSS JOIN reply INDEXED BY reply_by_tail ON substr(api_id, -6) = +tail
              WHERE api_id <> '' AND counted = 1),
       coalesce(sum(prompts), 0), coalesce(sum(tool_calls), 0), coalesce(sum(errors), 0),
       coalesce(sum(messages + prompts > 0), 0), (SELECT count(*) FROM problem),
       coalesce(sum(bucket = 'noise' AND messages + prompts > 0), 0)
FROM conversation
"""
_HELD = """
SELECT coalesce(sum(messages + prompts > 0), 0), coalesce(sum(messages), 0),
       (SELECT count(*) FROM problem), coalesce(sum(bucket = 'noise' AND messages + prompts > 0), 0)
FROM conversation
"""
_TOOLS = """
SELECT tool, calls, ok, error, denied, interrupted, unanswered FROM rollup_tool
ORDER BY calls DESC, tool
"""
_TOKENS = """
SELECT model, sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM rollup_reply GROUP BY model ORDER BY sum(output) DESC, model
"""
# The sums are of quarters of an hour, 96 to a day in UTC. What has a time before 1970 or behind the
# year 9999 is among the undated there, and is asked of its rows.
_DAYS = """
SELECT day, sum(messages), sum(prompts), sum(calls) FROM (
    SELECT date(number * 86400, 'unixepoch') AS day, sum(messages) AS messages,
           sum(prompts) AS prompts, sum(calls) AS calls
    FROM (
        SELECT slot / 96 AS number, messages, prompts, 0 AS calls
        FROM rollup_message WHERE slot >= 0
        UNION ALL
        SELECT slot / 96, 0, 0, sum(calls) FROM rollup_call WHERE slot >= 0 GROUP BY slot)
    GROUP BY number
    UNION ALL
    SELECT date(at / 1000, 'unixepoch'), record IN ('user', 'assistant'),
           agent = '' AND kind IN ('prompt', 'queued'),
           (SELECT count(*) FROM call WHERE call.message_id = message.id)
    FROM (SELECT DISTINCT session_id FROM rollup_message WHERE slot = -1) AS undated
    CROSS JOIN message INDEXED BY message_by_moment ON message.session_id = undated.session_id
        AND (at < 0 OR at >= 253402300800000)
    WHERE counted = 1)
GROUP BY day ORDER BY day
"""


def totals(db: Connection) -> Totals:
    """Return the counts of the whole library. Costs a pass over its conversations and sums."""
    return Totals(*db.execute(_TOTALS).fetchone())


def held(db: Connection) -> Held:
    """Return the few counts that cost no more than a pass over the conversations."""
    return Held(*db.execute(_HELD).fetchone())


def last_event(db: Connection) -> int:
    """Return the number of the newest commit's event."""
    return int(db.execute("SELECT value FROM setting WHERE key = 'event_id'").fetchone()[0])


def tools(db: Connection) -> dict[str, Outcomes]:
    """Return the outcomes of every tool's calls, the most used tool first."""
    return {tool: Outcomes(*counts) for tool, *counts in db.execute(_TOOLS)}


def tokens(db: Connection) -> dict[str, Tokens]:
    """Return the tokens of every model; models the log does not name are under ""."""
    return {model: Tokens(*counts) for model, *counts in db.execute(_TOKENS)}


def days(db: Connection) -> list[Day]:
    """Return every day with a dated message, in order. Costs a pass over the sums."""
    return [Day(*row) for row in db.execute(_DAYS)]
