"""Brings what is stored up to date with prices that have changed."""

from sqlite3 import Connection

from core.store import families, replies
from core.store.keys import key64
from core.store.reply_rows import Pricing

_VERSION = "SELECT value FROM setting WHERE key = 'prices'"
_PRICED = "INSERT OR REPLACE INTO setting (key, value) VALUES ('prices', ?)"


def is_priced(db: Connection, pricing: Pricing) -> bool:
    """Tell whether everything in *db* was priced by *pricing*."""
    row = db.execute(_VERSION).fetchone()
    return row is not None and row[0] == key64(pricing.version)


def price_anew(db: Connection, pricing: Pricing) -> int:
    """Price all replies by *pricing*; return how many changed. Runs in its caller's transaction.

    Costs a pass over all replies, about 1 s for a million.
    """
    changed = replies.price(db, pricing)
    if changed:
        every = db.execute("SELECT id FROM conversation").fetchall()
        families.refresh(db, [id_ for (id_,) in every])
    db.execute(_PRICED, (key64(pricing.version),))
    return changed
