"""Full-text search over prompts, replies, thinking, tool inputs and tool outputs."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.queries.words import understood

OPEN, CLOSE = "\x02", "\x03"  # around what matched, in a snippet
_LONG = 200_000  # characters of a text above which the index's own snippet is too slow
_AROUND = 80  # characters on each side of a match in a snippet made here


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that matches."""

    block: int
    message: int  # row id
    uuid: str
    conversation: str
    conversation_id: int
    title: str
    project: str
    field: str  # see core.queries.words.FIELDS
    snippet: str  # matches between OPEN and CLOSE
    at: int | None
    abandoned: bool  # on a branch that was left behind
    tool: str  # of calls and results, else ""


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...] = ()
    words: tuple[str, ...] = ()  # what to mark in the text


_TOOL = """
AND EXISTS (SELECT 1 FROM call WHERE (call.id = block.id OR call.result_id = block.id)
    AND (:tool = '' OR call.tool = :tool COLLATE NOCASE)
    AND (:failed = 0 OR call.outcome = 'error'))
"""
_FROM = """
FROM search JOIN block ON block.id = search.rowid
JOIN message ON message.id = block.message_id
"""
_SCOPE = """
JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
    AND conversation.project = :project
"""
_WHERE = "WHERE search MATCH :match AND message.counted = 1 "


# Eight statements, made of the constants above only; nothing typed is ever put in.
def _sql(head: str, tail: str, *, scoped: bool, tool: bool) -> str:
    return head + _FROM + (_SCOPE if scoped else "") + _WHERE + (_TOOL if tool else "") + tail


_SHAPES = [(scoped, tool) for scoped in (False, True) for tool in (False, True)]
COUNT = {s: _sql("SELECT count(*) ", "", scoped=s[0], tool=s[1]) for s in _SHAPES}
BEST = {
    s: _sql("SELECT search.rowid ", "ORDER BY search.rank LIMIT :limit", scoped=s[0], tool=s[1])
    for s in _SHAPES
}
HIT = """
SELECT block.message_id, message.uuid, conversation.key, conversation.id, conversation.title,
       conversation.project, block.kind, message.at, coalesce(branch.active = 0, 0),
       coalesce((SELECT tool FROM call WHERE id = block.id),
                (SELECT tool FROM call WHERE result_id = block.id), ''),
       CASE WHEN block.size <= :long
            THEN snippet(search, -1, char(2), char(3), '…', 24) END
FROM search JOIN block ON block.id = search.rowid
JOIN message ON message.id = block.message_id
JOIN session ON session.id = message.session_id
JOIN conversation ON conversation.id = session.conversation_id
LEFT JOIN branch ON branch.session_id = message.session_id AND branch.number = message.branch
WHERE search.rowid = :block AND search MATCH :match
"""
_FIELD = {"call": "input", "result": "output", "other": "note"}


def find(db: Connection, typed: str, *, limit: int = 50, project: str | None = None) -> Found:
    """Return the best *limit* hits for *typed*, any string at all, and their total.

    Copies of a message in forked or resumed sessions are found once. Order: BM25.
    """
    words = understood(typed)
    if not words.match:
        return Found(0)
    shape = (project is not None, bool(words.tool) or words.failed)
    asked = {
        "match": words.match,
        "limit": limit,
        "project": project,
        "tool": words.tool,
        "failed": words.failed,
        "long": _LONG,
    }
    total = db.execute(COUNT[shape], asked).fetchone()[0]
    best = [block for (block,) in db.execute(BEST[shape], asked)]
    hits: list[Hit] = []
    for block in best:
        row = db.execute(HIT, asked | {"block": block}).fetchone()
        message, uuid, key, id_, title, folder, kind, at, abandoned, tool, snippet = row
        if snippet is None:
            snippet = _snippet(db, block, words.plain)
        hits.append(
            Hit(
                block, message, uuid, key, id_, title, folder, _FIELD.get(kind, kind), snippet,
                at, bool(abandoned), tool,
            )
        )  # fmt: skip
    return Found(total, tuple(hits), words.plain)


def _snippet(db: Connection, block: int, words: tuple[str, ...]) -> str:
    """Return a snippet of a very long text around the first word that is literally in it."""
    text = str(db.execute("SELECT text FROM body WHERE id = ?", (block,)).fetchone()[0])
    lower = text.lower()
    for word in words:
        at = lower.find(word.lower())
        if at >= 0:
            end = at + len(word)
            before, after = text[max(0, at - _AROUND) : at], text[end : end + _AROUND]
            return f"…{before}{OPEN}{text[at:end]}{CLOSE}{after}…"
    return text[: 2 * _AROUND] + "…"
