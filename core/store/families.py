"""Joins sessions into conversations, and keeps the totals of those.

Sessions belong together when one is the other's agent, holds copies of its records,
or says that it was forked from it or continues it. The result depends only on what is
in the library, never on the order in which it came.
"""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any, TypeAlias

from core.measures.titles import Names, title
from core.store.keys import listed

_NEIGHBOURS = """
WITH me (id, key, agent, trunk) AS MATERIALIZED (
    SELECT id, key, agent, trunk FROM session WHERE id IN (SELECT value FROM json_each(:ids)))
SELECT other.id FROM me CROSS JOIN link ON link.session_id = me.id
    CROSS JOIN session AS other ON other.key = link.target
UNION SELECT link.session_id FROM me CROSS JOIN link ON link.target = me.key
UNION SELECT other.id FROM me CROSS JOIN session AS other
    ON other.key = me.trunk AND other.agent = '' WHERE me.trunk <> ''
UNION SELECT other.id FROM me CROSS JOIN session AS other
    ON other.trunk = me.key AND other.trunk <> '' WHERE me.agent = ''
"""
_TRUNK = """
SELECT trunk.conversation_id, me.conversation_id FROM session AS me
JOIN session AS trunk ON trunk.key = me.trunk AND trunk.agent = ''
WHERE me.id = :id AND me.agent <> '' AND me.trunk <> ''
    AND NOT EXISTS (SELECT 1 FROM link WHERE session_id = me.id)
    AND NOT EXISTS (SELECT 1 FROM link WHERE target = me.key)
"""
RANKS = """
SELECT session.id, session.key,
       CASE WHEN session.agent <> '' THEN 2 ELSE session.ghost END AS lane, session.copied,
       coalesce(own.at, CASE WHEN session.own_id IS NOT NULL THEN 1 WHEN session.shared THEN 0
           ELSE session.started_at END, 0) AS own_at,
       coalesce(CASE WHEN session.shared  -- started_at is that of what it counts itself
           THEN (SELECT min(at) FROM message WHERE session_id = session.id)
           ELSE session.started_at END, 0) AS started, source.label, session.conversation_id
FROM session JOIN source ON source.id = session.source_id
LEFT JOIN message AS own ON own.id = session.own_id
WHERE session.id IN (SELECT value FROM json_each(:ids))
"""
_TOTALS = """
UPDATE conversation SET
    (started_at, ended_at, sort_at, messages, prompts, tool_calls, errors, cost, unpriced) = (
    SELECT min(started_at), max(ended_at), coalesce(max(ended_at), 0), coalesce(sum(messages), 0),
           coalesce(sum(prompts), 0), coalesce(sum(tool_calls), 0), coalesce(sum(errors), 0),
           coalesce(sum(cost), 0), coalesce(sum(unpriced), 0)
    FROM session WHERE conversation_id = conversation.id)
WHERE id = :id
"""
# How the last of its own sessions ended.
ENDING = """
UPDATE conversation SET ending = coalesce((SELECT ending FROM session AS last
    WHERE last.conversation_id = :id
    AND last.agent = '' AND last.ending <> '' AND last.messages > 0
    ORDER BY coalesce(last.ended_at, 0) DESC, last.key LIMIT 1), '')
WHERE id = :id
"""
_STATE = """
UPDATE conversation SET (format, ending, bucket) = (
    SELECT source.format,
           coalesce((SELECT ending FROM session AS last
               WHERE last.conversation_id = :id
               AND last.agent = '' AND last.ending <> '' AND last.messages > 0
               ORDER BY coalesce(last.ended_at, 0) DESC, last.key LIMIT 1), ''),
           CASE WHEN (SELECT min(ghost) FROM session AS any WHERE any.conversation_id =
                   :id AND any.messages > 0 AND any.agent = '') = 1 THEN 'ghost'
                WHEN (SELECT min(agent GLOB 'aprompt_suggestion-*' OR agent GLOB 'acompact-*'
                   OR agent <> '' AND first_prompt = 'Warmup') FROM session AS any
                   WHERE any.conversation_id = :id) = 1 THEN 'noise' ELSE '' END
    FROM session JOIN source ON source.id = session.source_id
    WHERE session.conversation_id = conversation.id
    ORDER BY session.ghost, session.agent <> '', session.messages = 0, session.key, label LIMIT 1)
WHERE id = :id AND EXISTS (SELECT 1 FROM session WHERE conversation_id = :id)
"""
_NAMES = """
SELECT custom_title, agent_name, ai_title, renamed, summary_title, first_prompt, agent_title,
       coalesce(nullif(moved_to, ''), cwd), label
FROM session JOIN source ON source.id = session.source_id
WHERE conversation_id = :id
ORDER BY agent <> '', copied, coalesce(session.started_at, 0), key, label LIMIT 20
"""


# What decides which session of a family comes first: what counts most stands first.
Rank: TypeAlias = tuple[int, int, int, int, str, str, int]


def rank(row: Sequence[Any]) -> Rank:
    """Return the place that a *row* of `RANKS` has in its family's order."""
    return (*row[2:7], row[1], row[0])


def regroup(db: Connection, session: int) -> tuple[int, bool]:
    """Put *session* and all it belongs with into one conversation.

    Returns the conversation's id, and whether any other session moved.
    """
    joined = _join_trunk(db, session)
    if joined is not None:
        return joined, False
    members = family(db, session)
    asked = {"ids": listed(sorted(members))}
    ranked = sorted(db.execute(RANKS, asked).fetchall(), key=rank)
    key, held = ranked[0][1], ranked[0][7]
    before = {row[0]: row[7] for row in ranked}
    found = db.execute("SELECT id FROM conversation WHERE key = ?", (key,)).fetchone()
    if found is None:
        conversation = held
        db.execute("UPDATE conversation SET key = ? WHERE id = ?", (key, conversation))
    elif found[0] in before.values():
        conversation = found[0]
    else:
        conversation = held  # another conversation has the name: two files with one stem
    db.execute(
        "UPDATE session SET conversation_id = ? "
        "WHERE id IN (SELECT value FROM json_each(?)) AND conversation_id <> ?",
        (conversation, asked["ids"], conversation),
    )
    emptied = {old for old in before.values() if old != conversation}
    db.executemany(
        "DELETE FROM conversation WHERE id = :id "
        "AND NOT EXISTS (SELECT 1 FROM session WHERE conversation_id = :id)",
        ({"id": old} for old in emptied),
    )
    moved = any(old != conversation for one, old in before.items() if one != session)
    return conversation, moved


def _join_trunk(db: Connection, session: int) -> int | None:
    """Put an agent that belongs to one session only into its conversation, without a search.

    A session may have thousands of agents; looking at all of them for each would be quadratic.
    """
    rows = db.execute(_TRUNK, {"id": session}).fetchall()
    if len(rows) != 1:
        return None
    conversation, held = rows[0]
    if conversation != held:
        asked = {"id": session, "conversation": conversation, "held": held}
        db.execute("UPDATE session SET conversation_id = :conversation WHERE id = :id", asked)
        db.execute(
            "DELETE FROM conversation WHERE id = :held "
            "AND NOT EXISTS (SELECT 1 FROM session WHERE conversation_id = :held)",
            asked,
        )
    return int(conversation)


def family(db: Connection, session: int) -> set[int]:
    """Return the sessions that *session* belongs with, and itself.

    Costs a look at every link between them.
    """
    members: set[int] = set()
    todo = {session}
    while todo:
        members |= todo
        found = db.execute(_NEIGHBOURS, {"ids": listed(todo)}).fetchall()
        todo = {other for (other,) in found} - members
    return members


def refresh(db: Connection, conversations: Iterable[int]) -> None:
    """Bring totals, title and project of *conversations* up to date from their sessions."""
    for id_ in conversations:
        db.execute(_TOTALS, {"id": id_})
        db.execute(_STATE, {"id": id_})
        rows = db.execute(_NAMES, {"id": id_}).fetchall()
        if not rows:
            continue
        project = next((row[7] for row in rows if row[7]), "") or _folder(rows[0][8])
        names = [Names(*row[:7]) for row in rows]
        db.execute(
            "UPDATE conversation SET title = :title, project = :project "
            "WHERE id = :id AND (title <> :title OR project <> :project)",
            {"id": id_, "title": title(names), "project": project},
        )


def _folder(label: str) -> str:
    """Return the folder of a source for sessions that recorded no working folder."""
    return label.replace("\\", "/").rpartition("/")[0]
