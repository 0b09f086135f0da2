"""Brings a conversation's totals up to date when one of its sessions went on, and no more.

What `core.store.families` makes anew from all sessions is here what it was plus a difference: a
conversation may have a thousand agents, and each of them writes line by line.
"""

from dataclasses import dataclass
from sqlite3 import Connection

from core.store import families

_STANDING = """
SELECT started_at, ended_at, messages, prompts, tool_calls, errors, cost, unpriced,
       agent, ending, ghost, messages = 0, custom_title, agent_name, ai_title, renamed,
       summary_title, first_prompt, agent_title, cwd, moved_to, copied
FROM session WHERE id = :id
"""
_ADD = """
UPDATE conversation SET
    started_at = min(coalesce(started_at, :started), coalesce(:started, started_at)),
    ended_at   = max(coalesce(ended_at, :ended), coalesce(:ended, ended_at)),
    sort_at    = max(sort_at, coalesce(:ended, 0)),
    messages   = messages + :messages, prompts  = prompts + :prompts,
    tool_calls = tool_calls + :calls,  errors   = errors + :errors,
    cost       = cost + :cost,         unpriced = unpriced + :unpriced
WHERE id = :id
"""
_KEYS = ("messages", "prompts", "calls", "errors", "cost", "unpriced")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a conversation's row depends on, of one of its sessions."""

    started: int | None
    ended: int | None
    counts: tuple[int, ...]  # in the order of `_KEYS`
    agent: str
    ending: str
    named: tuple[object, ...]  # what its title, its project and its kind are made of


def standing(db: Connection, session: int) -> Standing:
    """Return how *session* stands; to be asked before it is written to."""
    row = db.execute(_STANDING, {"id": session}).fetchone()
    return Standing(row[0], row[1], row[2:8], row[8], row[9], row[10:])


def grow(db: Connection, conversation: int, session: int, was: Standing) -> None:
    """Bring *conversation* up to date after *session*, which stood as *was*, went on.

    Nothing else of the conversation may have changed. Costs one row where only counts grew, and
    a look at the conversation's sessions where its main line ends another way now.
    """
    now = standing(db, session)
    if now.named != was.named or _shrank(was, now):
        families.refresh(db, (conversation,))
        return
    added = dict(
        zip(_KEYS, (a - b for a, b in zip(now.counts, was.counts, strict=True)), strict=True)
    )
    db.execute(_ADD, {"id": conversation, "started": now.started, "ended": now.ended, **added})
    if not now.agent:
        db.execute(families.ENDING, {"id": conversation})


def _shrank(was: Standing, now: Standing) -> bool:
    """Tell whether *now* covers less time than *was*: then others' times count again."""
    if was.started is None or was.ended is None:
        return False
    return (
        now.started is None
        or now.ended is None
        or now.started > was.started
        or now.ended < was.ended
    )
