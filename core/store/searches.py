"""Charges web searches to the replies that asked for them.

Claude Code's own search tool runs as a call, and its reply's usage counts none: how many searches
the provider ran stands in the call's result.
"""

from sqlite3 import Connection

from core.store.replies import reprice
from core.store.reply_rows import Pricing

_ASKED = """
SELECT message.reply_id, (
    SELECT sum(json_extract(call.detail, '$.searchCount')) FROM message AS piece
    JOIN call ON call.message_id = piece.id
    WHERE piece.session_id = message.session_id AND piece.branch = message.branch
        AND piece.reply_id = message.reply_id AND call.detail LIKE '%"searchCount"%')
FROM call AS asked JOIN message ON message.id = asked.message_id
WHERE asked.id = :call AND message.reply_id IS NOT NULL
"""


def charge(db: Connection, pricing: Pricing, call: int) -> None:
    """Bring the reply that *call* is a piece of up to date with the searches of all its calls.

    The same however often it is asked for: the searches are summed anew each time.
    """
    row = db.execute(_ASKED, {"call": call}).fetchone()
    if row is None or not isinstance(row[1], int) or row[1] <= 0:
        return
    asked = {"id": row[0], "searches": row[1]}
    changed = db.execute(
        "UPDATE reply SET searches = :searches WHERE id = :id AND searches < :searches", asked
    )
    if changed.rowcount:
        reprice(db, pricing, row[0])
