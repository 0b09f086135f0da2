"""Joins what several files of one conversation hold apart: calls and results, agents and tasks.

A session that is gone on with in another file may leave a call in the old one and its result in
the new one; a copy may have the result that the original lacks; a sub-agent's file may be known
by nothing but the prompt it was given.
"""

from collections.abc import Collection
from sqlite3 import Connection

from core.records.fields import load, mapping, text
from core.store.keys import key64, listed

# A result without a call, and the earliest call of another file of the conversation that waits.
_MEETINGS = """
SELECT orphan.block_id, min(call.id) FROM session AS mine
JOIN orphan ON orphan.session_id = mine.id
JOIN session AS other ON other.conversation_id = mine.conversation_id AND other.id <> mine.id
JOIN call ON call.session_id = other.id AND call.hash = orphan.hash AND call.result_id IS NULL
WHERE mine.conversation_id = :conversation GROUP BY orphan.block_id
"""
_ANSWER = """
UPDATE call SET result_id = orphan.block_id, outcome = orphan.outcome, detail = orphan.detail,
    agent = CASE WHEN orphan.agent <> '' THEN orphan.agent ELSE call.agent END,
    duration_ms = CASE WHEN orphan.at >= call.at THEN orphan.at - call.at END
FROM orphan WHERE orphan.block_id = :block AND call.id = :call
"""
# A copy of a call shows nothing: its result goes on standing for itself.
_HIDE = """
UPDATE block SET shown = 0 WHERE id = :block
    AND EXISTS (SELECT 1 FROM call WHERE id = :call AND counted = 1)
"""
_FAILED = """
UPDATE session SET errors = (SELECT count(*) FROM call WHERE session_id = session.id
    AND counted = 1 AND outcome = 'error')
WHERE id = (SELECT session_id FROM call WHERE id = :call)
"""
_HAS_ORPHANS = """
SELECT 1 FROM session JOIN orphan ON orphan.session_id = session.id
WHERE session.conversation_id = :conversation AND session.agent = '' LIMIT 1
"""
# A counted call without a result, and the copy of it in another file that has one. Returns
# the sessions of both, the other one's to be shown no longer by itself.
TWINS = """
UPDATE call SET (outcome, result_id, duration_ms, agent, detail) = (
    SELECT twin.outcome, twin.result_id, twin.duration_ms, twin.agent, twin.detail
    FROM message AS mine JOIN message AS copy ON copy.uid = mine.uid AND copy.id <> mine.id
    JOIN call AS twin ON twin.message_id = copy.id AND twin.hash = call.hash
    WHERE mine.id = call.message_id AND twin.result_id IS NOT NULL
    ORDER BY twin.id LIMIT 1)
WHERE session_id IN (SELECT value FROM json_each(:sessions))
    AND counted = 1 AND result_id IS NULL AND EXISTS (
    SELECT 1 FROM message AS mine JOIN message AS copy
        ON copy.uid = mine.uid AND copy.id <> mine.id
    JOIN call AS twin ON twin.message_id = copy.id AND twin.hash = call.hash
    WHERE mine.id = call.message_id AND twin.result_id IS NOT NULL)
RETURNING session_id, (SELECT session_id FROM block WHERE block.id = call.result_id)
"""
# Files of agents that no call names, of some lanes or of all, and calls that started one
# nobody knows.
_UNNAMED = """
SELECT agent.agent, (
    SELECT body.text FROM message JOIN block ON block.message_id = message.id
    JOIN body ON body.id = block.id
    WHERE message.session_id = agent.id AND message.kind = 'task'
    ORDER BY message.id, block.id LIMIT 1)
FROM session AS agent WHERE {lanes} AND agent.conversation_id = :conversation
    AND agent.agent <> ''
    -- The second condition lets the partial index on agents be used.
    AND NOT EXISTS (SELECT 1 FROM call WHERE call.agent = agent.agent AND call.agent <> '')
"""
_UNNAMED_OF_ALL = _UNNAMED.format(lanes="1")
_UNNAMED_OF_SOME = _UNNAMED.format(
    lanes="agent.id IN (SELECT value FROM json_each(:lanes)) AND +agent.conversation_id = "
    ":conversation"
)
_UNCLAIMED = """
SELECT call.id, call.input FROM session JOIN call ON call.session_id = session.id
WHERE session.conversation_id = :conversation AND call.agent = ''
    AND call.tool IN ('Task', 'Agent') ORDER BY call.id
"""


def reunite(db: Connection, conversation: int) -> bool:
    """Give results to the calls of *conversation* that wait for them in other files.

    Returns whether any got one: then the conversation may have more failed calls than before.

    Costs a look at its sessions where nothing is apart, which is nearly always.
    """
    asked = {"conversation": conversation}
    if db.execute(_HAS_ORPHANS, asked).fetchone() is None:
        return False
    meetings = db.execute(_MEETINGS, asked).fetchall()
    for block, call in meetings:
        met = {"block": block, "call": call}
        db.execute(_ANSWER, met)
        db.execute(_HIDE, met)
        db.execute(_FAILED, met)
        db.execute("DELETE FROM orphan WHERE block_id = :block", met)
    return bool(meetings)


def claim(db: Connection, conversation: int, lanes: Collection[int] = ()) -> None:
    """Attach agents that no call names to the calls that were given the very same prompt.

    *lanes* are the sessions of the agents that are new; none of them: look at all agents.
    """
    asked = {"conversation": conversation, "lanes": listed(lanes)}
    found = db.execute(_UNNAMED_OF_SOME if lanes else _UNNAMED_OF_ALL, asked)
    unnamed = [row for row in found if row[1]]
    if not unnamed:
        return
    waiting: dict[int, list[int]] = {}
    for call, given in db.execute(_UNCLAIMED, asked):
        said = text(mapping(load(given)), "prompt")
        if said:
            waiting.setdefault(key64(said), []).append(call)
    for agent, prompt in unnamed:
        calls = waiting.get(key64(prompt))
        if calls:
            db.execute("UPDATE call SET agent = ? WHERE id = ?", (agent, calls.pop(0)))
