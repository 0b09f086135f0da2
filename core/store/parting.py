"""Which session each record of a file is of, without those that a person has removed."""

from collections.abc import Iterable
from sqlite3 import Connection

from core.model import Facts

_REMOVED = "SELECT part FROM removed_session WHERE source_id = ?"


def by_part(db: Connection, source: int, facts: Iterable[Facts]) -> dict[str, list[Facts]]:
    """Return *facts* by the session of the file *source* that each is of, in their order.

    The head of a file that holds several sessions is nobody's. Costs a look into an index.
    """
    found: dict[str, list[Facts]] = {}
    for fact in facts:
        found.setdefault(fact.part, []).append(fact)
    if len(found) > 1 and not any(fact.message for fact in found.get("", ())):
        found.pop("", None)
    for (part,) in db.execute(_REMOVED, (source,)).fetchall():
        found.pop(part, None)
    return found
