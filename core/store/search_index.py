"""The rows of the full-text index that wait for the end of their transaction.

FTS5 keeps what is inserted in memory and makes a piece of the index of it whenever any other
statement opens a savepoint, which many that change several rows do. So what a transaction adds
goes in at its end, in one statement: fewer and larger pieces, and less merging of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from sqlite3 import Connection
from typing import TypeAlias

from core.model import BlockKind
from core.store.keys import listed
from core.store.packing import Packer
from core.store.rows import Rows

# Every block is in the index, if only as an empty row: the index's own check wants that. Many go
# in with one step of one statement, without Python's lock: with a step each, readers on other
# threads hold the writer up at every one. SQLite reads bytes as UTF-8.
_INSERT = """
INSERT INTO search (rowid, prompt, reply, thinking, input, output, note)
SELECT :first + key, CASE place WHEN 0 THEN text END, CASE place WHEN 1 THEN text END,
    CASE place WHEN 2 THEN text END, CASE place WHEN 3 THEN text END,
    CASE place WHEN 4 THEN text END, CASE place WHEN 5 THEN text END
FROM (SELECT key, value & 15 AS place, substr(:texts, value >> 4 & 0xFFFFFFF, value >> 32) AS text
      FROM json_each(:pieces))
"""
# Characters or bytes before the last of the texts that go in together. Each statement leaves one
# piece of the index, and holds its texts twice: with 8 MB an import took 5 MB more at its peak.
_MOST = 2 << 20
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
_NOWHERE = 15


def column(kind: BlockKind) -> int:
    """Return the place of the index's column for texts of blocks of *kind*; 15: in none."""
    return _COLUMN.get(kind, _NOWHERE)


_Waiting: TypeAlias = tuple[int, int, str | bytes]  # block, column, and text


class SearchIndex:
    """Writes the index of one open library, inside its caller's transactions."""

    def __init__(self, db: Connection) -> None:
        """Write through *db*."""
        self._db = db
        self.packer = Packer()  # for the texts themselves
        self._waiting: list[_Waiting] = []

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
        for asked in _together(self._waiting):
            self._db.execute(_INSERT, asked)
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


def _together(waiting: Sequence[_Waiting]) -> Iterator[dict[str, object]]:
    """Yield what `_INSERT` takes for all of *waiting*: once or twice, as a rule.

    Blocks whose numbers do not follow on each other, and very much text, are more than one.
    """
    begin, size = 0, 0
    for at, (block, _, text) in enumerate(waiting):
        if block - at != waiting[begin][0] - begin or size > _MOST:
            yield _asked(waiting[begin:at])
            begin, size = at, 0
        size += len(text)
    if waiting:
        yield _asked(waiting[begin:])


def _asked(run: Sequence[_Waiting]) -> dict[str, object]:
    """Return *run*, whose blocks follow on each other, as `_INSERT` takes it.

    A text's column, its place among the texts, counted from 1, and its size are one number.
    """
    texts = [text if isinstance(text, bytes) else text.encode() for _, _, text in run]
    begins = accumulate(map(len, texts), initial=1)
    pieces = [
        len(data) << 32 | begin << 4 | place
        for (_, place, _), data, begin in zip(run, texts, begins, strict=False)
    ]
    return {"first": run[0][0], "pieces": listed(pieces), "texts": b"".join(texts)}
