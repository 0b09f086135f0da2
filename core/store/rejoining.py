"""Sessions whose rows went or came back by another way than reading: everything is right again.

What belongs together, and which of several copies counts, depends only on what is in the
library. So behind such a change it is decided anew where it may be another decision.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from core.store import families, replies, reunion, settling, threads
from core.store.keys import listed
from core.store.sessions import Sessions

_SHARING = """
SELECT DISTINCT mine.session_id, other.session_id FROM message AS mine
CROSS JOIN message AS other ON other.uid = mine.uid
WHERE mine.session_id IN (SELECT value FROM json_each(:sessions))
    AND other.session_id NOT IN (SELECT value FROM json_each(:sessions))
"""
_REPLIES = """
SELECT DISTINCT other.id FROM reply AS mine CROSS JOIN reply AS other ON other.key = mine.key
WHERE mine.session_id IN (SELECT value FROM json_each(:sessions))
    AND other.session_id NOT IN (SELECT value FROM json_each(:sessions))
"""
_AGENTS = """
SELECT trunk, agent FROM session WHERE id IN (SELECT value FROM json_each(?)) AND agent <> ''
"""
_IN_ORDER = """
SELECT id FROM session WHERE id IN (SELECT value FROM json_each(?)) ORDER BY agent <> '', id
"""


@dataclass(frozen=True, slots=True)
class Outside:
    """What other sessions have in common with some."""

    copies: frozenset[tuple[int, int]]  # one of them, and another that holds a message of it too
    replies: frozenset[int]  # ids of other sessions' rows of the same API replies

    @property
    def anything(self) -> bool:
        """Whether there is any."""
        return bool(self.copies or self.replies)

    @property
    def sessions(self) -> list[int]:
        """The others that hold some of their messages."""
        return sorted({other for _, other in self.copies})


def outside(db: Connection, sessions: Iterable[int]) -> Outside:
    """Return what others have in common with *sessions*. Costs a look at each of their rows."""
    asked = {"sessions": listed(sessions)}
    copies = frozenset((one, other) for one, other in db.execute(_SHARING, asked).fetchall())
    return Outside(copies, frozenset(id_ for (id_,) in db.execute(_REPLIES, asked).fetchall()))


def settle(db: Connection, met: Outside) -> None:
    """Decide anew about *met*, which had something in common with sessions that are gone."""
    stale = {_settle(db, one) for one in met.sessions}
    replies.settle(db, set(met.replies))
    families.refresh(db, stale)


def join(db: Connection, sessions: Iterable[int]) -> bool:
    """Put *sessions*, whose rows came back, where they belong; return whether that is as it was.

    It is where nothing that came meanwhile belongs with them, or has anything in common.
    """
    ours = set(sessions)
    known = Sessions(db)
    for agent in db.execute(_AGENTS, (listed(ours),)).fetchall():
        known.agents.introduce(*agent)
    for one in ours:
        known.agents.match(one, 0)
    met = outside(db, ours)
    for one, other in met.copies:
        known.share(one, {other})
    told = known.arrive(ours)
    same = not met.anything
    stale: set[int] = set()
    done: set[int] = set()
    for (one,) in db.execute(_IN_ORDER, (listed(ours | told),)).fetchall():
        if one in done:
            continue
        conversation, _ = families.regroup(db, one)
        members = families.family(db, one)
        done |= members
        stale.add(conversation)
        if members & ours and members != ours:
            same = False
            stale.add(_settle(db, one))
    replies.settle(db, set(met.replies))
    families.refresh(db, stale)
    return same


def _settle(db: Connection, session: int) -> int:
    """Decide anew what *session* and those it belongs with count; return their conversation."""
    settling.shade(db, session)
    _, shared = settling.settle(db, session, None)
    conversation, _ = families.regroup(db, session)
    reunion.claim(db, conversation)
    reunion.reunite(db, conversation)
    replies.settle(db, shared)
    threads.mark(db, (conversation,), anew=True)
    return conversation
