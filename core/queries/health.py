"""Is the library sound? SQLite's own checks, and Clew's sums done again."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection

from core.queries import archive


@dataclass(frozen=True, slots=True)
class Check:
    """One check and what it found."""

    name: str
    ok: bool
    found: str  # "ok", or what is wrong, in a sentence


_SUMS = """
SELECT count(*) FROM session WHERE
    messages <> (SELECT count(*) FROM message WHERE session_id = session.id AND counted = 1
                 AND record IN ('user', 'assistant'))
    OR prompts <> (SELECT count(*) FROM message WHERE session_id = session.id AND counted = 1
                   AND agent = '' AND kind IN ('prompt', 'queued'))
    OR tool_calls <> (SELECT count(*) FROM call WHERE session_id = session.id AND counted = 1)
    OR errors <> (SELECT count(*) FROM call WHERE session_id = session.id AND counted = 1
                  AND outcome = 'error')
"""
_CONVERSATIONS = """
SELECT count(*) FROM conversation WHERE (messages, prompts, tool_calls, errors) <> (
    SELECT coalesce(sum(messages), 0), coalesce(sum(prompts), 0), coalesce(sum(tool_calls), 0),
           coalesce(sum(errors), 0) FROM session WHERE conversation_id = conversation.id)
"""
_TWICE = """
SELECT count(*) FROM (SELECT 1 FROM message WHERE counted = 1 GROUP BY uid HAVING count(*) > 1)
"""
_NEVER = """
SELECT count(*) FROM (SELECT 1 FROM session JOIN message ON message.session_id = session.id
    WHERE session.ghost = 0 GROUP BY uid HAVING max(counted) = 0)
"""
_REPLIES = """
SELECT count(*) FROM (SELECT 1 FROM reply GROUP BY key HAVING sum(counted) <> 1)
"""
_TEXTLESS = """
SELECT count(*) FROM block LEFT JOIN body ON body.id = block.id WHERE body.id IS NULL
"""
_UNLISTED = """
SELECT count(*) FROM (
    SELECT substr(api_id, -6) AS tail FROM reply INDEXED BY reply_by_tail WHERE api_id <> ''
    GROUP BY substr(api_id, -6) HAVING count(*) > 1)
WHERE tail NOT IN (SELECT tail FROM reply_again)
"""
_SUM_CHECKS = (  # name, statement that counts what is wrong, what that means
    ("session counts", _SUMS, "sessions whose stored counts differ from their rows"),
    ("conversation counts", _CONVERSATIONS, "conversations whose counts are not their sessions'"),
    ("messages once", _TWICE, "messages counted more than once"),
    ("messages at all", _NEVER, "messages counted in no session"),
    ("replies once", _REPLIES, "API replies not counted exactly once"),
    ("texts", _TEXTLESS, "blocks without their text"),
    ("replies told apart", _UNLISTED, "ends of reply ids that several have and no list tells of"),
)


def check(db: Connection) -> list[Check]:
    """Run every check on *db*. Reads the whole library: about 1 s for each 200 MB.

    *db* is a writer: the full-text index's own check is spelled as an insert.
    """
    return [run(db) for _, run in CHECKS]


def _integrity(db: Connection) -> Check:
    return _said("integrity", [row[0] for row in db.execute("PRAGMA integrity_check")], ["ok"])


def _foreign_keys(db: Connection) -> Check:
    return _said("foreign keys", db.execute("PRAGMA foreign_key_check").fetchall(), [])


def _sums(db: Connection, name: str, sql: str, meaning: str) -> Check:
    wrong = db.execute(sql).fetchone()[0]
    return Check(name, wrong == 0, "ok" if wrong == 0 else f"{wrong} {meaning}")


def _said(name: str, rows: list[object], good: list[object]) -> Check:
    return Check(name, rows == good, "ok" if rows == good else "; ".join(map(str, rows[:5])))


def _search(db: Connection) -> Check:
    """Compare the full-text index with the texts it was made from."""
    try:
        db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        return Check("search index", ok=False, found=str(error))
    return Check("search index", ok=True, found="ok")


def _archive(db: Connection) -> Check:
    """Unpack every log that is kept, and compare it with its digests."""
    lost = [str(one) for part in archive.verify(db) for one in part]
    more = f" It is one of {len(lost):,} such places." if len(lost) > 1 else ""
    return Check("archive", not lost, f"{lost[0]}{more}" if lost else "ok")


CHECKS: tuple[tuple[str, Callable[[Connection], Check]], ...] = (  # name, check
    ("integrity", _integrity),
    ("foreign keys", _foreign_keys),
    ("search index", _search),
    ("archive", _archive),
    *(
        (name, partial(_sums, name=name, sql=sql, meaning=meaning))
        for name, sql, meaning in _SUM_CHECKS
    ),
)
