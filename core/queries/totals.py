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


_TOTALS = """
SELECT (SELECT count(*) FROM source JOIN session ON session.source_id = source.id),
       (SELECT coalesce(sum(count), 0) FROM census),
       coalesce(sum(messages), 0),
       (SELECT count(DISTINCT CASE api_id WHEN '' THEN key ELSE api_id END)
        FROM reply WHERE counted = 1),
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
SELECT tool, count(*), sum(outcome = 'ok'), sum(outcome = 'error'), sum(outcome = 'denied'),
       sum(outcome = 'interrupted'), sum(outcome = 'none')
FROM call INDEXED BY call_by_tool WHERE counted = 1 GROUP BY tool ORDER BY count(*) DESC, tool
"""
_TOKENS = """
SELECT model, sum(input), sum(output), sum(cache_read), sum(cache_creation)
FROM reply WHERE counted = 1 GROUP BY model ORDER BY sum(output) DESC, model
"""
_DAYS = """
SELECT date(at / 1000, 'unixepoch') AS day,
       sum(record IN ('user', 'assistant')), sum(agent = '' AND kind IN ('prompt', 'queued')),
       sum((SELECT count(*) FROM call WHERE call.message_id = message.id))
FROM message WHERE counted = 1 AND at IS NOT NULL GROUP BY day ORDER BY day
"""


def totals(db: Connection) -> Totals:
    """Return the counts of the whole library. Costs a pass over its replies."""
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
    """Return every day with a dated message."""
    return [Day(*row) for row in db.execute(_DAYS)]
