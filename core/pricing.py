"""The writer of a library with the prices that hold for it: the list's, and the person's own."""

from pathlib import Path
from sqlite3 import Connection

from core.config import prices_file
from core.measures import prices
from core.store.writer import Writer


def priced_writer(db: Connection, library: Path) -> tuple[Writer, str]:
    """Return the writer of *db*, the library at *library*, and what is wrong with its prices.

    Replies whose price changed since the library was last opened are priced anew.
    """
    book, trouble = prices.load(prices_file(library))
    writer = Writer(db, book)
    writer.price()
    return writer, trouble


def read_again(writer: Writer, library: Path) -> tuple[int, str]:
    """Let *writer* use the prices as they are now; return how many replies cost something else.

    The second value says what is wrong with the person's own prices, or is "".
    """
    book, trouble = prices.load(prices_file(library))
    writer.use(book)
    return writer.price(), trouble
