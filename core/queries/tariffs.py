"""At what prices the replies of a conversation are charged, and who says so."""

from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

from core.config import prices_file
from core.measures import prices
from core.measures.prices import Rates
from core.queries.costs import ModelSpend, Spend


@dataclass(frozen=True, slots=True)
class Charged:
    """The prices of one model: those of its first reply's day and, if others, of its last one's."""

    model: str
    rates: tuple[Rates, ...]  # empty: nobody knows a price


def charged(db: Connection, spend: Spend) -> tuple[Charged, ...]:
    """Return the prices of each model in *spend*; models that used nothing are left out.

    The prices are those that hold now. What replies cost is brought up to date with them when
    the library is opened, and when prices are read again.
    """
    book, _ = prices.load(_own(db))
    return tuple(
        Charged(one.model, tuple(_rates(book, one))) for one in spend.models if one.tokens.total
    )


def _rates(book: prices.PriceBook, one: ModelSpend) -> list[Rates]:
    found: list[Rates] = []
    for at in (one.first_at, one.last_at):
        rates = book.rates(one.model, at) if one.model else None
        if rates is not None and rates not in found:
            found.append(rates)
    return found


def _own(db: Connection) -> Path | None:
    """Return where the person's own prices for the library *db* are."""
    files = {name: path for _, name, path in db.execute("PRAGMA database_list")}
    path = files.get("main")
    return prices_file(Path(path)) if path else None
