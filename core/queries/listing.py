"""What a search lists when it names no words: the newest calls of a tool, errors, or texts."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.queries.words import Words

MOST_CALLS = 20_000  # that are counted
MOST_TEXTS = 500  # likewise: where few are meant, each costs a look at hundreds of others

_KINDS = {"input": "call", "output": "result", "note": "note"}
# Newest first straight from the index; a tool that is rare is looked for in all of it.
_CALLS = """
FROM call INDEXED BY call_by_time
WHERE call.counted = 1 AND (:tool = '' OR call.tool = :tool COLLATE NOCASE)
    AND (:failed = 0 OR call.outcome = 'error')
    AND (:project IS NULL OR EXISTS (
        SELECT 1 FROM session JOIN conversation ON conversation.id = session.conversation_id
        WHERE session.id = call.session_id AND conversation.project = :project))
    AND (:within = '' OR EXISTS (
        SELECT 1 FROM session JOIN conversation ON conversation.id = session.conversation_id
        WHERE session.id = call.session_id AND instr(lower(conversation.project), :within)))
"""
CALLS = (
    "SELECT CASE WHEN :answer THEN coalesce(call.result_id, call.id) ELSE call.id END"
    + _CALLS
    + "ORDER BY call.at DESC LIMIT :limit"
)
COUNT = f"SELECT count(*) FROM (SELECT 1 {_CALLS} LIMIT :most)"  # noqa: S608  a constant
# Conversations newest first, and what was said in each in its order: no index has all by time.
_BLOCKS = """
FROM conversation INDEXED BY conversation_by_time
CROSS JOIN session INDEXED BY session_by_conversation
    ON session.conversation_id = conversation.id
CROSS JOIN message INDEXED BY message_by_session
    ON message.session_id = session.id AND message.counted = 1
CROSS JOIN block INDEXED BY block_by_message ON block.message_id = message.id
WHERE (:project IS NULL OR conversation.project = :project)
    AND (:within = '' OR instr(lower(conversation.project), :within))
    AND (:kinds = '' OR instr(:kinds, ',' || block.kind || ','))
"""
BLOCKS = "SELECT block.id" + _BLOCKS + "ORDER BY conversation.sort_at DESC LIMIT :limit"


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest blocks, and how many there are."""

    total: int
    blocks: tuple[int, ...] = ()
    at_least: bool = False  # there may be more than *total*


def listed(db: Connection, words: Words, limit: int, project: str | None) -> Listed:
    """Return the newest blocks that *words*, which name none to look for, narrow down to.

    Costs a pass over the index of calls, or over as many texts as it takes to find `MOST_TEXTS`:
    all of them where fewer than that are meant.
    """
    if not words.narrows:
        return Listed(0)
    calls = bool(words.tool) or words.failed
    asked: dict[str, object] = {
        "tool": words.tool,
        "failed": words.failed,
        "project": project,
        "within": words.project,
        "limit": limit if calls else max(limit, MOST_TEXTS),
        "most": MOST_CALLS,
        "answer": "input" not in words.fields and (words.failed or "output" in words.fields),
        "kinds": "".join(f",{_KINDS.get(one, one)}," for one in words.fields),
    }
    if calls and words.fields and not {"input", "output"} & set(words.fields):
        return Listed(0)  # a call has no other texts
    found = tuple(block for (block,) in db.execute(CALLS if calls else BLOCKS, asked))
    if calls:
        total, most = int(db.execute(COUNT, asked).fetchone()[0]), MOST_CALLS
    else:
        total, most = len(found), max(limit, MOST_TEXTS)
    return Listed(total, found[:limit], at_least=total >= most)
