"""What removing old conversations would take, and what has been removed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection
from typing import Final

DAYS_KEPT: Final = 30  # from a removal until it may be deleted for good
DAY_MS: Final = 86_400_000

_OLD = """
SELECT id, key, title, project, ended_at, messages FROM conversation
WHERE sort_at > 0 AND sort_at < :before AND (:project = '' OR project = :project
    OR substr(project, -length(:project) - 1) IN ('/' || :project, '\\' || :project))
ORDER BY sort_at
"""
_STILL = """
SELECT id, key, title, project, ended_at, messages FROM conversation
WHERE id = :id AND key = :key AND sort_at > 0 AND sort_at < :before
"""
_UNDATED = "SELECT count(*) FROM conversation WHERE sort_at = 0 AND messages + prompts > 0"
_LOGS = """
SELECT DISTINCT conversation_id, path FROM session JOIN source ON source.id = source_id
WHERE conversation_id IN (SELECT value FROM json_each(:ids)) ORDER BY path
"""
_EARLIER = """
SELECT DISTINCT conversation_id FROM session CROSS JOIN message ON session_id = session.id
WHERE conversation_id IN (SELECT value FROM json_each(:ids)) AND message.offset = -1
"""
_TEXTS = """
SELECT coalesce(sum(length(CAST(text AS BLOB))), 0)
FROM session CROSS JOIN message ON message.session_id = session.id
CROSS JOIN block ON block.message_id = message.id CROSS JOIN body_kept ON body_kept.id = block.id
WHERE conversation_id IN (SELECT value FROM json_each(:ids))
"""
# A pack shrinks as a whole, so a piece of it is taken to weigh its share.
_PACKED = """
SELECT coalesce(sum(length * (SELECT 1.0 * length(data) / size FROM archive_pack
    WHERE archive_pack.id = pack_id)), 0)
FROM archive_file CROSS JOIN archive_piece ON file_id = archive_file.id
WHERE source_id IN (SELECT source_id FROM session
        WHERE conversation_id IN (SELECT value FROM json_each(:ids)))
    AND source_id NOT IN (SELECT source_id FROM session
        WHERE conversation_id NOT IN (SELECT value FROM json_each(:ids)))
"""
_REMOVALS = """
SELECT removal.id, conversation, title, project, ended_at, messages, removed_at, alone, gone_at,
    coalesce((SELECT min(label) FROM removed_session JOIN source ON source.id = source_id
              WHERE removal_id = removal.id), ''),
    coalesce((SELECT sum(length(data)) FROM removed_rows WHERE removal_id = removal.id), 0)
FROM removal ORDER BY gone_at IS NOT NULL, removed_at DESC, ended_at DESC, removal.id
"""
_DUE = """
SELECT removal.id, alone, path
FROM removal CROSS JOIN removed_session ON removal_id = removal.id AND removed_session.key <> ''
CROSS JOIN source ON source.id = source_id
WHERE gone_at IS NULL AND removed_at <= :until ORDER BY removed_at, removal.id
"""


@dataclass(frozen=True, slots=True)
class OldRow:
    """A conversation in which nothing was said for long."""

    id: int
    key: str
    title: str
    project: str
    ended_at: int  # ms
    messages: int
    logs: tuple[bytes, ...]  # paths of its files, as the operating system has them
    earlier: bool  # some of its messages are not in these any more: they were written anew


@dataclass(frozen=True, slots=True)
class DueRow:
    """A removal that is to be deleted for good."""

    id: int
    alone: bool  # its logs on the disk did not hold all of it when it was removed
    logs: tuple[bytes, ...]  # paths of its files, as the operating system has them


@dataclass(frozen=True, slots=True)
class Weight:
    """What some conversations take."""

    texts: int  # bytes of their texts, as the library stores them
    archive: int  # bytes of their logs in the archive, packed: of files that hold nothing else


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A conversation that was removed."""

    id: int
    key: str
    title: str  # "" when it is gone for good
    project: str  # likewise
    ended_at: int | None  # ms
    messages: int
    removed_at: int  # ms
    alone: bool  # its logs on the disk did not hold all of it when it was removed
    gone_at: int | None  # ms, when it was deleted for good; None: it can be taken back
    log: str  # one of its files, for display
    bytes: int  # that it takes meanwhile

    @property
    def until(self) -> int:
        """When it may be deleted for good, in ms."""
        return self.removed_at + DAYS_KEPT * DAY_MS


def older(db: Connection, before: int, project: str = "") -> list[OldRow]:
    """Return the conversations in which nothing was said since *before*, in ms, the oldest first.

    Of *project* only, if it is named: its folder, or the end of that. Those without any date are
    never among them. Costs a look at each of them and of their messages.
    """
    return _old(db, db.execute(_OLD, {"before": before, "project": project}).fetchall())


def still(db: Connection, conversation: int, key: str, before: int) -> OldRow | None:
    """Return *conversation*, a row id, if it has that *key* and nothing was said since *before*."""
    asked = {"id": conversation, "key": key, "before": before}
    found = _old(db, db.execute(_STILL, asked).fetchall())
    return found[0] if found else None


def _old(db: Connection, rows: Sequence[tuple[int, str, str, str, int, int]]) -> list[OldRow]:
    asked = {"ids": json.dumps([row[0] for row in rows])}
    logs: dict[int, list[bytes]] = {}
    for id_, path in db.execute(_LOGS, asked):
        logs.setdefault(id_, []).append(path)
    earlier = {id_ for (id_,) in db.execute(_EARLIER, asked)}
    return [OldRow(*row, tuple(logs.get(row[0], ())), row[0] in earlier) for row in rows]


def undated(db: Connection) -> int:
    """Return how many conversations have no date, and so no age."""
    return int(db.execute(_UNDATED).fetchone()[0])


def weight(db: Connection, conversations: Iterable[int]) -> Weight:
    """Return what *conversations*, row ids, take. Costs a look at each of their texts' lengths."""
    asked = {"ids": json.dumps(sorted(conversations))}
    texts = db.execute(_TEXTS, asked).fetchone()[0]
    return Weight(int(texts), round(db.execute(_PACKED, asked).fetchone()[0]))


def removed(db: Connection) -> list[RemovedRow]:
    """Return what was removed: what can be taken back first, of that the latest order first."""
    return [
        replace(one, alone=bool(one.alone))
        for one in (RemovedRow(*row) for row in db.execute(_REMOVALS))
    ]


def due(db: Connection, now: int) -> list[DueRow]:
    """Return the removals whose time to be taken back is over by *now*, in ms, the first first."""
    found: dict[int, DueRow] = {}
    for id_, alone, path in db.execute(_DUE, {"until": now - DAYS_KEPT * DAY_MS}):
        known = found.setdefault(id_, DueRow(id_, bool(alone), ()))
        found[id_] = replace(known, logs=(*known.logs, path))
    return list(found.values())
