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
_NOTHING = (0, 0)
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
    def each(cls, rows: Rows) -> "list[ReplyRow]":
        """Return *rows*, made by `row`, one by one."""
        columns = (rows.column(place) for place in range(_COST))
        return [cls(*values) for values in zip(*columns, strict=True)]

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


# Places in a row of `row`.
KEY, MODEL, AT = map(ReplyRow._fields.index, ("key", "model", "at"))
TOKENS = tuple(map(ReplyRow._fields.index, ("input", "output", "cache_read", "cache_creation")))
_COST = len(ReplyRow._fields)
WIDTH = _COST + 1


def row(id_: int, key: int, reply: Reply, at: int | None) -> tuple[object, ...]:
    """Return the values of *reply*, which was written *at*: a `ReplyRow`, and no cost yet."""
    used = reply.usage
    return (
        id_, key, reply.api_id, reply.model, at, used.input, used.output, used.cache_read,
        used.cache_creation, used.cache_5m, used.cache_1h, int(reply.final), int(reply.fast),
        reply.searches, reply.stated, None,
    )  # fmt: skip


def put(  # noqa: PLR0913, PLR0917  rows, what they cost, and what is known of them
    db: Connection,
    rows: Rows,
    base: Base,
    pricing: Pricing,
    before: Mapping[int, tuple[int, int]],
    elsewhere: Collection[int],
) -> tuple[Sequence[tuple[int, int]], set[int]]:
    """Insert or update *rows*, made by `row`, with what they cost; ids are counted from *base*.

    *before* is what stored ones were counted with, *elsewhere* those that other files have too,
    both by key. Returns the `spending` of each, and the ids of the latter: they are to be settled.
    """
    replies = ReplyRow.each(rows)
    costs = [one.cost(pricing) for one in replies]
    rows.fill(_COST, costs)
    insert(db, _SAVE, rows, _AGAIN, columns=_SHAPE, base=base)
    spent = [spending(cost, one.total) for cost, one in zip(costs, replies, strict=True)]
    cost = unpriced = 0
    for one, now in zip(replies, spent, strict=True):
        if one.key not in elsewhere:
            was = before.get(one.key, _NOTHING)
            cost += now[0] - was[0]
            unpriced += now[1] - was[1]
    if cost or unpriced:
        db.execute(_SPEND, (cost, unpriced, base.session))
    return spent, {one.id + base.reply for one in replies if elsewhere and one.key in elsewhere}


def spending(cost: int | None, tokens: int) -> tuple[int, int]:
    """Return what a reply adds to its session: micro-dollars, and 1 if it has no price."""
    return (0, int(tokens > 0)) if cost is None else (cost, 0)
