"""Rows about API replies on their way to the library, which prices them where it writes them."""

from collections.abc import Collection, Mapping, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple, Protocol

from core.model import Reply, Usage
from core.store.rows import AS_IT_IS, REPLY, SESSION, Base, Rows, insert

COLUMNS = (
    "id, session_id, key, api_id, model, at, input, output, cache_read, cache_creation, "
    "cache_5m, cache_1h, final, fast, searches, stated, cost"
)
_SAVE = f"INSERT INTO reply ({COLUMNS}, counted)"
_SHAPE = (REPLY, SESSION, *(AS_IT_IS,) * 15, "1")
_AGAIN = """
ON CONFLICT (id) DO UPDATE SET model = excluded.model, at = excluded.at,
    input = excluded.input, output = excluded.output, cache_read = excluded.cache_read,
    cache_creation = excluded.cache_creation, cache_5m = excluded.cache_5m,
    cache_1h = excluded.cache_1h, final = excluded.final, fast = excluded.fast,
    searches = excluded.searches, stated = excluded.stated, cost = excluded.cost
"""
_SPEND = "UPDATE session SET cost = cost + ?, unpriced = unpriced + ? WHERE id = ?"


class Pricing(Protocol):
    """What replies cost; see `core.measures.prices.PriceBook`."""

    @property
    def version(self) -> str:
        """Another version may give other prices."""
        ...

    def cost(
        self, model: str, usage: Usage, at: int | None, *, fast: bool = False, searches: int = 0
    ) -> int | None:
        """Return micro-dollars; None where no price is known."""
        ...


class ReplyRow(NamedTuple):
    """A reply as its row has it, but for the session and what it costs."""

    id: int
    key: int
    api_id: str
    model: str
    at: int | None
    input: int
    output: int
    cache_read: int
    cache_creation: int
    cache_5m: int
    cache_1h: int
    final: int
    fast: int
    searches: int
    stated: int | None  # micro-dollars

    @classmethod
    def of(cls, id_: int, key: int, reply: Reply, at: int | None) -> "ReplyRow":
        """Return the row of *reply*, which was written *at*."""
        used = reply.usage
        return cls(
            id_, key, reply.api_id, reply.model, at, used.input, used.output, used.cache_read,
            used.cache_creation, used.cache_5m, used.cache_1h, int(reply.final), int(reply.fast),
            reply.searches, reply.stated,
        )  # fmt: skip

    @classmethod
    def stored(cls, row: Sequence[Any]) -> "ReplyRow":
        """Return *row*, the `COLUMNS` of a reply in the library."""
        return cls(row[0], *row[2:16])

    @property
    def total(self) -> int:
        """All tokens of the reply."""
        return self.input + self.output + self.cache_read + self.cache_creation

    def cost(self, pricing: Pricing) -> int | None:
        """Return what it cost: as its log says, else by *pricing*; None: no price is known."""
        if self.stated is not None:
            return self.stated
        return pricing.cost(
            self.model, Usage(*self[5:11]), self.at, fast=bool(self.fast), searches=self.searches
        )


def put(  # noqa: PLR0913, PLR0917  rows, what they cost, and what is known of them
    db: Connection,
    rows: Sequence[ReplyRow],
    base: Base,
    pricing: Pricing,
    before: Mapping[int, tuple[int, int]],
    elsewhere: Collection[int],
) -> tuple[Sequence[int | None], set[int]]:
    """Insert or update *rows*, whose ids are counted from *base*; add what they cost.

    *before* is what stored ones were counted with, *elsewhere* those that other files have too,
    both by key. Returns what each costs, and the ids of the latter: they are to be settled.
    """
    costs = [row.cost(pricing) for row in rows]
    full = Rows.of(16, ((*row, cost) for row, cost in zip(rows, costs, strict=True)))
    insert(db, _SAVE, full, _AGAIN, columns=_SHAPE, base=base)
    spent = unpriced = 0
    for row, cost in zip(rows, costs, strict=True):
        if row.key not in elsewhere:
            now, was = spending(cost, row.total), before.get(row.key, (0, 0))
            spent += now[0] - was[0]
            unpriced += now[1] - was[1]
    if spent or unpriced:
        db.execute(_SPEND, (spent, unpriced, base.session))
    return costs, {row.id + base.reply for row in rows if elsewhere and row.key in elsewhere}


def spending(cost: int | None, tokens: int) -> tuple[int, int]:
    """Return what a reply adds to its session: micro-dollars, and 1 if it has no price."""
    return (0, int(tokens > 0)) if cost is None else (cost, 0)
