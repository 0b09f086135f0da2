"""Every row of a conversation: taken aside, packed, and put back as it was.

What a conversation consists of stands in one table here, parents of rows before the rows. When
they come back their ids may be other rows' by now; then all of a kind are shifted alike, which
keeps their order. What was derived from them names ids inside of texts, so then it is not put
back but made anew.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from sqlite3 import Connection
from typing import Final

import orjson
import zstandard

from core.records.fields import items, mapping, text
from core.store.keys import listed

_CHUNK: Final = 1 << 20  # bytes of rows in a frame
_ROWS: Final = 500  # fetched at once
_LEVEL: Final = 3  # most of it is packed already
_BYTES: Final = "base64"  # key of what is no text


class Space(StrEnum):
    """Tables whose rows others name by their ids."""

    CONVERSATION = "conversation"
    SESSION = "session"
    MESSAGE = "message"
    REPLY = "reply"
    BLOCK = "block"
    THREAD = "thread"
    STRETCH = "stretch"
    PIECE = "piece"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with rows of conversations."""

    name: str
    rows: str  # what a statement says behind FROM, for the conversation or file :id
    ids: Mapping[str, Space] = field(default_factory=dict[str, Space])  # columns that hold ids
    derived: bool = False  # it can be made anew from the others
    fired: str = ""  # column by which rows go that triggers have written when others came back
    met: str = ""  # what is done about a row that is there already


_OF_SESSION: Final = (
    "session CROSS JOIN {0} ON {0}.session_id = session.id WHERE session.conversation_id = :id"
)
_OF_BLOCK: Final = (
    "session CROSS JOIN message ON message.session_id = session.id "
    "CROSS JOIN block ON block.message_id = message.id "
    "CROSS JOIN {0} ON {0}.{1} = block.id WHERE session.conversation_id = :id"
)
_OF_BLOCKS: Final = (
    "session CROSS JOIN message ON message.session_id = session.id "
    "CROSS JOIN block ON block.message_id = message.id WHERE session.conversation_id = :id"
)
_OF_CONVERSATION: Final = "{0} WHERE {0}.conversation_id = :id"


def _of_session(name: str, *, derived: bool = False, fired: str = "", **ids: Space) -> Table:
    held = {"session_id": Space.SESSION, **ids}
    return Table(name, _OF_SESSION.format(name), held, derived, fired)


def _of_block(name: str, key: str = "id", fired: str = "", **ids: Space) -> Table:
    return Table(name, _OF_BLOCK.format(name, key), {key: Space.BLOCK, **ids}, fired=fired)


def _derived(name: str, fired: str = "", **ids: Space) -> Table:
    held = {"conversation_id": Space.CONVERSATION, **ids}
    return Table(name, _OF_CONVERSATION.format(name), held, derived=True, fired=fired)


TABLES: Final = (  # parents first
    Table("conversation", "conversation WHERE id = :id", {"id": Space.CONVERSATION}),
    Table(
        "session",
        "session WHERE conversation_id = :id",
        {"id": Space.SESSION, "conversation_id": Space.CONVERSATION, "own_id": Space.MESSAGE},
    ),
    Table(
        "agent_file",
        "agent_file WHERE trunk IN (SELECT key FROM session WHERE conversation_id = :id)",
        met="OR IGNORE",
    ),
    _of_session("link"),
    _of_session("wanted"),
    _of_session("model_cost"),
    _of_session("reply", id=Space.REPLY),
    _of_session("message", id=Space.MESSAGE, parent_id=Space.MESSAGE, reply_id=Space.REPLY),
    _of_session("hop", message_id=Space.MESSAGE),
    _of_session("branch", forked_at=Space.MESSAGE, first_id=Space.MESSAGE),
    _of_session("place", message_id=Space.MESSAGE),
    Table(
        "block",
        _OF_BLOCKS,
        {"id": Space.BLOCK, "message_id": Space.MESSAGE, "session_id": Space.SESSION},
    ),
    _of_block("body_kept"),
    _of_block("coloured_kept"),
    _of_block("call", session_id=Space.SESSION, message_id=Space.MESSAGE, result_id=Space.BLOCK),
    _of_block("orphan", "block_id", session_id=Space.SESSION),
    _of_block("image"),
    _of_block("image_due", fired="id"),
    _of_block("image_kept"),
    _derived("thread", id=Space.THREAD, first_id=Space.MESSAGE),
    _derived(
        "stretch",
        id=Space.STRETCH,
        thread_id=Space.THREAD,
        session_id=Space.SESSION,
        first_id=Space.MESSAGE,
        last_id=Space.MESSAGE,
    ),
    _derived("cut", message_id=Space.MESSAGE),
    _derived("tie", source_id=Space.MESSAGE, target_id=Space.MESSAGE),
    _derived("weave", upto_id=Space.MESSAGE),
    _derived("thread_due"),
    _derived("term_said"),
    _derived("term_due", fired="conversation_id"),
    _derived("analysis_problem"),
    _of_session(
        "piece",
        derived=True,
        id=Space.PIECE,
        conversation_id=Space.CONVERSATION,
        first_id=Space.MESSAGE,
        last_id=Space.MESSAGE,
    ),
    _of_session("piece_due", derived=True, fired="session_id"),
)
OF_A_FILE: Final = (  # what hangs on a file, and not on any session of it
    Table("problem", "problem WHERE source_id = :id", {"id": Space.PROBLEM}),
    Table("census", "census WHERE source_id = :id"),
    Table("unread", "unread WHERE source_id = :id"),
)
_BY_NAME: Final = {table.name: table for table in (*TABLES, *OF_A_FILE)}


def taken(
    db: Connection, id_: int, tables: Sequence[Table] = TABLES
) -> Iterator[tuple[str, bytes]]:
    """Yield every row of conversation *id_*: the table's name, and some of its rows, packed.

    Or of another thing that *tables* are about. Costs a pass over the rows, and memory for a
    megabyte.
    """
    packer = zstandard.ZstdCompressor(level=_LEVEL)
    for table in tables:
        columns = _columns(db, table.name)
        names = ", ".join(f"{table.name}.{column}" for column in columns)
        found = db.execute(f"SELECT {names} FROM {table.rows}", {"id": id_})  # noqa: S608  names of the schema
        held: list[bytes] = []
        size = 0
        while rows := found.fetchmany(_ROWS):
            fresh = [orjson.dumps(row, default=_plain) for row in rows]
            held += fresh
            size += sum(map(len, fresh))
            if size >= _CHUNK:
                yield table.name, packer.compress(_chunk(columns, held))
                held, size = [], 0
        if held:
            yield table.name, packer.compress(_chunk(columns, held))


class Chunks:
    """Rows that were `taken`, to be put back into one library."""

    def __init__(self, db: Connection, chunks: Iterable[tuple[str, bytes]]) -> None:
        """Put *chunks* into *db*, inside the caller's transaction. Holds them all, packed."""
        self._db = db
        self._chunks: dict[str, list[bytes]] = {}
        for name, data in chunks:
            self._chunks.setdefault(name, []).append(data)
        self.shifts = {space: self._shift(space) for space in Space}

    @property
    def shifted(self) -> bool:
        """Whether other rows have any of the ids now."""
        return any(shift for space, shift in self.shifts.items() if not _BY_NAME[space].derived)

    def ids(self, space: Space) -> list[int]:
        """Return the ids of the rows of *space*, as they are after they are put back."""
        shift = self.shifts[space]
        return [id_ + shift for id_ in self._held(space)]

    def put(self, id_: int = 0, *, derived: bool = False) -> None:
        """Put back what is *derived*, or all that is not; *id_* is what the rows are of."""
        for table in _BY_NAME.values():
            if table.derived is not derived:
                continue
            if table.fired:
                column = f"{table.name}.{table.fired}"
                self._db.execute(
                    f"DELETE FROM {table.name} WHERE {table.fired} IN "  # noqa: S608  names of the schema
                    f"(SELECT {column} FROM {table.rows})",
                    {"id": id_},
                )
            for data in self._chunks.get(table.name, ()):
                self._put(table, data)

    def _put(self, table: Table, data: bytes) -> None:
        columns, rows = _unpacked(data)
        spaces = [table.ids.get(column) for column in columns]
        shifts = [0 if space is None else self.shifts[space] for space in spaces]
        if any(shifts):
            rows = [
                [
                    value + shift if shift and isinstance(value, int) else value
                    for value, shift in zip(row, shifts, strict=True)
                ]
                for row in rows
            ]
        marks = ", ".join("?" * len(columns))
        self._db.executemany(
            f"INSERT {table.met} INTO {table.name} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608  names of the schema
            rows,
        )

    def _held(self, space: Space) -> Iterator[int]:
        for data in self._chunks.get(space, ()):
            columns, rows = _unpacked(data)
            at = columns.index("id")
            for row in rows:
                id_ = row[at]
                assert isinstance(id_, int)
                yield id_

    def _shift(self, space: Space) -> int:
        ids = list(self._held(space))
        asked = {"ids": listed(ids)}
        taken_by = f"SELECT 1 FROM {space} WHERE id IN (SELECT value FROM json_each(:ids)) LIMIT 1"  # noqa: S608  a name of the schema
        if not ids or self._db.execute(taken_by, asked).fetchone() is None:
            return 0
        last = self._db.execute(f"SELECT max(id) FROM {space}").fetchone()[0]  # noqa: S608  likewise
        return max(int(last), *ids) + 1 - min(ids)


def _columns(db: Connection, table: str) -> list[str]:
    """Return the columns of *table* that hold something of their own."""
    rows = db.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))
    return [name for (name,) in rows.fetchall()]


def _chunk(columns: list[str], rows: list[bytes]) -> bytes:
    return b'{"columns":' + orjson.dumps(columns) + b',"rows":[' + b",".join(rows) + b"]}"


def _unpacked(data: bytes) -> tuple[list[str], list[list[object]]]:
    found = mapping(orjson.loads(zstandard.ZstdDecompressor().decompress(data)))
    columns = [str(name) for name in items(found["columns"])]
    return columns, [[_value(one) for one in items(row)] for row in items(found["rows"])]


def _plain(value: object) -> object:
    """Return what JSON has no word for: bytes."""
    if isinstance(value, bytes):
        return {_BYTES: b64encode(value).decode()}
    raise TypeError(type(value))


def _value(value: object) -> object:
    said = text(mapping(value), _BYTES)
    return b64decode(said) if said or mapping(value) else value
