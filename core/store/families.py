"""Joins sessions into conversations, and counts what several files hold only once.

Sessions belong together when one is the other's agent, holds copies of its records,
or says that it was forked from it or continues it. The result depends only on what is
in the library, never on the order in which it came.
"""

import json
from collections.abc import Iterable
from sqlite3 import Connection

from core.measures.titles import Names, title
from core.store.keys import listed
from core.store.reunion import TWINS

_NEIGHBOURS = """
SELECT other.id FROM link JOIN session AS other ON other.key = link.target
WHERE link.session_id = :id
UNION SELECT link.session_id FROM session AS me JOIN link ON link.target = me.key
WHERE me.id = :id
UNION SELECT other.id FROM session AS me JOIN session AS other
    ON other.key = me.trunk AND other.agent = '' WHERE me.id = :id AND me.trunk <> ''
UNION SELECT other.id FROM session AS me JOIN session AS other
    ON other.trunk = me.key AND other.trunk <> '' WHERE me.id = :id AND me.agent = ''
"""
_TRUNK = """
SELECT trunk.conversation_id, me.conversation_id FROM session AS me
JOIN session AS trunk ON trunk.key = me.trunk AND trunk.agent = ''
WHERE me.id = :id AND me.agent <> '' AND me.trunk <> ''
    AND NOT EXISTS (SELECT 1 FROM link WHERE session_id = me.id)
    AND NOT EXISTS (SELECT 1 FROM link WHERE target = me.key)
"""
_RANKS = """
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
_OWN = """
SELECT min(id) FROM message AS mine WHERE session_id = :id AND NOT EXISTS (
    SELECT 1 FROM message AS other WHERE other.uid = mine.uid AND other.session_id <> :id)
"""
# In one pass over the messages of all: of a message that several hold the first one counts it.
_COUNT = """
WITH rank (session_id, place) AS MATERIALIZED (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:ranks)),
first (uid, place) AS MATERIALIZED (
    SELECT uid, min(place) FROM rank CROSS JOIN message USING (session_id) GROUP BY uid),
due (id, counted) AS (
    SELECT message.id, rank.place = first.place
    FROM rank CROSS JOIN message USING (session_id) JOIN first USING (uid))
UPDATE message SET counted = due.counted FROM due
WHERE message.id = due.id AND message.counted <> due.counted
"""
_CALLS = """
UPDATE call SET counted = message.counted FROM message
WHERE call.session_id = :id AND message.id = call.message_id AND call.counted <> message.counted
"""
_SHOWN = """
WITH due (id, shown) AS (
    SELECT block.id, message.counted AND (size > 0 OR block.kind IN ('call', 'result', 'image'))
        AND NOT EXISTS (SELECT 1 FROM call WHERE call.result_id = block.id AND call.counted = 1)
    FROM message JOIN block ON block.message_id = message.id WHERE message.session_id = :id)
UPDATE block SET shown = due.shown FROM due WHERE block.id = due.id AND block.shown <> due.shown
"""
RECOUNT = """
UPDATE session SET
    started_at = (SELECT min(at) FROM message WHERE session_id = session.id AND counted = 1),
    ended_at   = (SELECT max(at) FROM message WHERE session_id = session.id AND counted = 1),
    messages   = (SELECT count(*) FROM message WHERE session_id = session.id
                  AND counted = 1 AND record IN ('user', 'assistant')),
    prompts    = (SELECT count(*) FROM message WHERE session_id = session.id
                  AND counted = 1 AND agent = '' AND kind IN ('prompt', 'queued')),
    tool_calls = (SELECT count(*) FROM call WHERE session_id = session.id AND counted = 1),
    errors     = (SELECT count(*) FROM call WHERE session_id = session.id AND counted = 1
                  AND outcome = 'error')
WHERE id = :id
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
_SHARED_REPLIES = """
SELECT DISTINCT key FROM reply WHERE session_id IN (SELECT value FROM json_each(:sessions))
    AND EXISTS (SELECT 1 FROM reply AS other
                WHERE other.key = reply.key AND other.session_id <> reply.session_id)
"""
_GHOSTS = "SELECT id FROM session WHERE key = :key AND ghost = 1"
_REAL = "SELECT 1 FROM session WHERE key = :key AND ghost = 0 AND messages > 0 LIMIT 1"
# Of several files that tell of one session the first counts a prompt that all of them hold.
_SHADE = """
WITH told (id, here) AS (
    SELECT message.id, :counted AND NOT EXISTS (
        SELECT 1 FROM message AS other JOIN session AS its ON its.id = other.session_id
        JOIN source ON source.id = its.source_id
        WHERE other.uid = message.uid AND its.ghost = 1 AND source.label < (
            SELECT label FROM session JOIN source ON source.id = session.source_id
            WHERE session.id = :id))
    FROM message WHERE session_id = :id)
UPDATE message SET counted = told.here FROM told
WHERE message.id = told.id AND counted <> told.here
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


def regroup(db: Connection, session: int) -> tuple[int, bool]:
    """Put *session* and all it belongs with into one conversation.

    Returns the conversation's id, and whether any other session moved.
    """
    joined = _join_trunk(db, session)
    if joined is not None:
        return joined, False
    family = _family(db, session)
    asked = {"ids": listed(sorted(family))}
    ranked = sorted(db.execute(_RANKS, asked).fetchall(), key=lambda row: tuple(row[2:7]))
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


def _family(db: Connection, session: int) -> set[int]:
    family = {session}
    todo = [session]
    while todo:
        for (other,) in db.execute(_NEIGHBOURS, {"id": todo.pop()}).fetchall():
            if other not in family:
                family.add(other)
                todo.append(other)
    return family


def settle(db: Connection, session: int) -> tuple[set[int], set[int]]:
    """Decide which of *session*'s family counts every message that more than one file holds.

    Returns the family, and the keys of the replies that are to be settled now, too.

    The original counts it: not a copy by the log's own word, then the one that first went
    on by itself. Costs a pass over the sessions that share records; runs only when new
    shared records were found or the family's order may have changed.
    """
    family = _family(db, session)
    asked = {"ids": listed(sorted(family))}
    rows = db.execute(
        "SELECT id FROM session WHERE shared = 1 AND id IN (SELECT value FROM json_each(:ids))",
        asked,
    ).fetchall()
    sharing = [id_ for (id_,) in rows]
    for id_ in sharing:
        own = db.execute(_OWN, {"id": id_}).fetchone()[0]
        db.execute("UPDATE session SET own_id = ? WHERE id = ?", (own, id_))
    asked = {"ids": listed(sharing)}
    ranked = sorted(db.execute(_RANKS, asked).fetchall(), key=lambda row: tuple(row[2:7]))
    ranks = json.dumps([(row[0], place) for place, row in enumerate(ranked)])
    db.execute(_COUNT, {"ranks": ranks})
    for id_ in sharing:
        db.execute(_CALLS, {"id": id_})
        db.execute(TWINS, {"id": id_})
    for id_ in sharing:
        db.execute(_SHOWN, {"id": id_})
        db.execute(RECOUNT, {"id": id_})
    keys = db.execute(_SHARED_REPLIES, {"sessions": listed(sharing)}).fetchall()
    return family, {key for (key,) in keys}


def shade(db: Connection, session: int) -> bool:
    """Let what another file than the transcript tells of a session stand back behind it.

    A prompt in a history is counted and shown only while no transcript of its session is here.
    Returns whether anything changed. *session* may be either of the two.
    """
    row = db.execute("SELECT key FROM session WHERE id = ?", (session,)).fetchone()
    ghosts = db.execute(_GHOSTS, {"key": row[0]}).fetchall()
    if not ghosts:
        return False
    real = db.execute(_REAL, {"key": row[0]}).fetchone() is not None
    changed = False
    for (ghost,) in ghosts:
        asked = {"id": ghost, "counted": int(not real)}
        if db.execute(_SHADE, asked).rowcount:
            changed = True
            db.execute(_CALLS, asked)
            db.execute(_SHOWN, asked)
            db.execute(RECOUNT, asked)
    return changed


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
