"""The rows of the full-text index that wait for the end of their transaction.

FTS5 keeps what is inserted in memory and makes a piece of the index of it whenever any other
statement opens a savepoint, which many that change several rows do. So what a transaction adds
goes in at its end, in one statement: fewer and larger pieces, and less merging of them.
"""

from collections.abc import Iterable
from sqlite3 import Connection

from core.model import BlockKind
from core.store.packing import Packer
from core.store.rows import Rows

# Every block is in the index, if only as an empty row: the index's own check wants that.
# The text is handed over once, with its column: an empty value for each of the others costs more.
_INSERT = """
INSERT INTO search (rowid, prompt, reply, thinking, input, output, note)
VALUES (?1, CASE ?2 WHEN 0 THEN ?3 END, CASE ?2 WHEN 1 THEN ?3 END, CASE ?2 WHEN 2 THEN ?3 END,
    CASE ?2 WHEN 3 THEN ?3 END, CASE ?2 WHEN 4 THEN ?3 END, CASE ?2 WHEN 5 THEN ?3 END)
"""
_TAKE_OUT = """
INSERT INTO search (search, rowid, prompt, reply, thinking, input, output, note)
SELECT 'delete', id, prompt, reply, thinking, input, output, note FROM searchable WHERE id = ?
"""
_PUT_BACK = """
INSERT INTO search (rowid, prompt, reply, thinking, input, output, note)
SELECT id, prompt, reply, thinking, input, output, note FROM searchable WHERE id = ?
"""
_COLUMN = {  # of the search index, by kind of block; pictures have no text in it
    BlockKind.PROMPT: 0,
    BlockKind.REPLY: 1,
    BlockKind.THINKING: 2,
    BlockKind.CALL: 3,
    BlockKind.RESULT: 4,
    BlockKind.NOTE: 5,
    BlockKind.OTHER: 5,
}
_NOWHERE = -1


def column(kind: BlockKind) -> int:
    """Return the place of the index's column for the texts of blocks of *kind*; -1: in none."""
    return _COLUMN.get(kind, _NOWHERE)


class SearchIndex:
    """Writes the index of one open library, inside its caller's transactions."""

    def __init__(self, db: Connection) -> None:
        """Write through *db*."""
        self._db = db
        self.packer = Packer()  # for the texts themselves
        # Block, column, and text; SQLite reads bytes as UTF-8.
        self._waiting: list[tuple[int, int, str | bytes]] = []

    def add(self, texts: Rows, base: int = 0) -> None:
        """Let *texts* be found once `flush` has run: block, its `column`, and text in each row.

        Ids of blocks are counted from *base*.
        """
        blocks = texts.column(0)
        if base:
            blocks = [block + base for block in blocks]
        self._waiting.extend(zip(blocks, texts.column(1), texts.column(2), strict=True))

    def flush(self) -> None:
        """Insert what waits. To be called before a transaction ends."""
        if self._waiting:
            self._db.executemany(_INSERT, self._waiting)
            self._waiting.clear()

    def drop(self) -> None:
        """Forget what waits: the transaction it was part of is gone."""
        self._waiting.clear()

    def take_out(self, blocks: Iterable[int]) -> None:
        """Remove *blocks*, whose texts are about to change or go, from the index."""
        self.flush()
        self._db.executemany(_TAKE_OUT, [(block,) for block in blocks])

    def put_back(self, block: int) -> None:
        """Index *block* anew, by the text that it has now."""
        self._db.execute(_PUT_BACK, (block,))
