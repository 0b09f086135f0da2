"""Conversations that a person removes: out of the library, back into it, or gone for good.

Their rows go by the way that the rows of any vanished session go, so no query knows of them;
packed copies of them wait beside, and come back exactly. What was read of their files stays
noted, so nothing of it is read again meanwhile: a file of which nothing else is in the library
gets the format "removed", and of one that holds others too these sessions are left out.
"""

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeAlias

import orjson

from core.messages import formats
from core.records.fields import mapping
from core.store import archive, rejoining, rollups, threads
from core.store.connection import decision, transaction
from core.store.keys import listed
from core.store.removed_rows import OF_A_FILE, Chunks, Space, taken
from core.store.search_index import SearchIndex
from core.store.sessions import suffixed

There: TypeAlias = Callable[[bytes], bool]  # of the path of a file: is it there?

_META: Final = b".meta.json"  # of the file beside an agent's transcript that describes it
_LOG: Final = b".jsonl"
_STATE: Final = ("format", "recognised", "understood", "strange", "broken")  # of a removed file
_SAID: Final = "source"  # under this name

_CONVERSATION = """
SELECT id, key, title, project, started_at, ended_at, messages FROM conversation WHERE key = ?
"""
_SESSIONS = """
SELECT session.id, source_id, part, key, agent, iif(revision < 1, -1, offset), path
FROM session JOIN source ON source.id = source_id WHERE conversation_id = ?
"""
_REMOVAL = """
INSERT INTO removal (conversation, title, project, started_at, ended_at, messages, removed_at,
    alone, prices)
VALUES (:key, :title, :project, :started, :ended, :messages, :at, :alone,
    (SELECT value FROM setting WHERE key = 'prices')) RETURNING id
"""
_REMOVED_SESSION = """
INSERT INTO removed_session (source_id, part, removal_id, key, read_to) VALUES (?, ?, ?, ?, ?)
"""
_KEEP = "INSERT INTO removed_rows (removal_id, source_id, name, data) VALUES (?, ?, ?, ?)"
_BLOCKS = """
SELECT block.id FROM session CROSS JOIN message ON message.session_id = session.id
CROSS JOIN block ON block.message_id = message.id WHERE session.conversation_id = ?
"""
_AGENT_FILES = """
DELETE FROM agent_file WHERE trunk IN (SELECT key FROM session WHERE conversation_id = ?)
"""
_IS_HELD = "SELECT 1 FROM session WHERE source_id = ? LIMIT 1"
_NOTE = "SELECT id FROM source WHERE path = ? AND format = 'claude-agent'"
_READ_STATE = f"SELECT {', '.join(_STATE)} FROM source WHERE id = ?"  # noqa: S608  constants only
_WRITE_STATE = f"UPDATE source SET {', '.join(f'{one} = ?' for one in _STATE)} WHERE id = ?"  # noqa: S608  constants only
_HANGS = tuple(f"DELETE FROM {one.name} WHERE source_id = ?" for one in OF_A_FILE)  # noqa: S608  constants only
_OF_REMOVAL = "SELECT name, data FROM removed_rows WHERE removal_id = ? ORDER BY id"
_OF_SOURCE = "SELECT name, data FROM removed_rows WHERE source_id = ? ORDER BY id"
_SOURCES = """
SELECT DISTINCT source.id, path, format, key <> '' AND offset <> read_to
FROM removed_session JOIN source ON source.id = source_id WHERE removal_id = ?
"""
_DUE = "INSERT OR IGNORE INTO archive_due VALUES (?)"
_READ_ANEW = "UPDATE source SET revision = -1 WHERE id = ?"
_TAKEN_KEY = """
SELECT other.id, source.label FROM removal
JOIN conversation AS other ON other.key = removal.conversation
JOIN removed_session ON removal_id = removal.id JOIN source ON source.id = source_id
WHERE removal.id = ? ORDER BY label LIMIT 1
"""
_HELD_IN = """
SELECT DISTINCT conversation_id FROM session WHERE id IN (SELECT value FROM json_each(?))
"""
_CALLED = """
UPDATE conversation SET key = (SELECT conversation FROM removal WHERE removal.id = :removal)
WHERE id = :id
"""
_RENAME = "UPDATE conversation SET key = ? WHERE id = ?"
_PRICED = """
DELETE FROM setting WHERE key = 'prices'
AND value IS NOT (SELECT prices FROM removal WHERE id = :removal)
"""
_WAITS = """
SELECT 1 FROM removed_session JOIN removal ON removal.id = removal_id
WHERE source_id = ? AND gone_at IS NULL LIMIT 1
"""
_UNMADE = """
DELETE FROM {0} WHERE conversation IN (
    SELECT key FROM removed_session WHERE removal_id = :removal
    UNION SELECT conversation FROM removal WHERE id = :removal)
AND conversation NOT IN (SELECT key FROM session UNION SELECT key FROM conversation)
"""
_MADE = tuple(_UNMADE.format(one) for one in ("thread_edit", "thread_name"))
_GONE = """
UPDATE removal SET gone_at = ?, title = '', project = '', started_at = NULL, ended_at = NULL
WHERE id = ?
"""
_ARCHIVED = "SELECT id FROM archive_file WHERE source_id = ?"
_UNARCHIVED = "DELETE FROM archive_file WHERE id = ?"
_DEAD = """
SELECT DISTINCT source.id, path FROM removal JOIN removed_session ON removal_id = removal.id
JOIN source ON source.id = source_id
WHERE gone_at IS NOT NULL AND format = 'removed' AND NOT EXISTS (
    SELECT 1 FROM removed_session AS its JOIN removal AS other ON other.id = its.removal_id
    WHERE its.source_id = source.id AND other.gone_at IS NULL)
"""
_NOTHING_LEFT = """
DELETE FROM removal WHERE gone_at IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM removed_session WHERE removal_id = removal.id)
"""


@dataclass(frozen=True, slots=True)
class _Session:
    """A session that is removed, and its file."""

    id: int
    source: int
    part: str
    key: str
    agent: str
    read_to: int
    path: bytes


def remove(db: Connection, key: str, at: int, *, alone: bool = False) -> int | None:
    """Remove the conversation with *key* at the moment *at* in ms; return the removal's id.

    None if there is no such conversation any more. *alone*: a person knows that no file holds all
    of it. One transaction, which costs some tenths of a second for a thousand messages.
    """
    with decision(db):
        row = db.execute(_CONVERSATION, (key,)).fetchone()
        if row is None:
            return None
        conversation = row[0]
        sessions = [_Session(*one) for one in db.execute(_SESSIONS, (conversation,)).fetchall()]
        names = ("key", "title", "project", "started", "ended", "messages")
        asked = dict(zip(names, row[1:], strict=True)) | {"at": at, "alone": alone}
        removal = int(db.execute(_REMOVAL, asked).fetchone()[0])
        db.executemany(_KEEP, ((removal, None, *one) for one in taken(db, conversation)))
        met = rejoining.outside(db, (one.id for one in sessions))
        _erase(db, conversation)
        db.executemany(
            _REMOVED_SESSION,
            ((one.source, one.part, removal, one.key, one.read_to) for one in sessions),
        )
        for note in _notes(db, sessions):
            db.execute(_REMOVED_SESSION, (note, "", removal, "", 0))
        for source, *_ in db.execute(_SOURCES, (removal,)).fetchall():
            _hide(db, source)
        rejoining.settle(db, met)
        rollups.settle(db)
    return removal


def _erase(db: Connection, conversation: int) -> None:
    """Delete all rows of *conversation*; triggers and keys take along what hangs on them."""
    index = SearchIndex(db)
    index.take_out([block for (block,) in db.execute(_BLOCKS, (conversation,)).fetchall()])
    db.execute(_AGENT_FILES, (conversation,))
    db.execute("DELETE FROM session WHERE conversation_id = ?", (conversation,))
    db.execute("DELETE FROM conversation WHERE id = ?", (conversation,))


def _notes(db: Connection, sessions: Iterable[_Session]) -> list[int]:
    """Return the files that describe those of *sessions* that are agents'."""
    beside = (
        one.path.removesuffix(_LOG) + _META
        for one in sessions
        if one.agent and one.path.endswith(_LOG)
    )
    found = (db.execute(_NOTE, (path,)).fetchone() for path in beside)
    return [row[0] for row in found if row is not None]


def _hide(db: Connection, source: int) -> None:
    """Keep aside what is known of *source* if nothing else of it is in the library."""
    if db.execute(_IS_HELD, (source,)).fetchone() is not None:
        return
    state = dict(zip(_STATE, db.execute(_READ_STATE, (source,)).fetchone(), strict=True))
    if state["format"] == formats.REMOVED:
        return
    db.execute(_KEEP, (None, source, _SAID, orjson.dumps(state)))
    db.executemany(_KEEP, ((None, source, *one) for one in taken(db, source, OF_A_FILE)))
    for statement in _HANGS:
        db.execute(statement, (source,))
    db.execute(_WRITE_STATE, (formats.REMOVED, "", 0, 0, 0, source))


def _show(db: Connection, source: int) -> None:
    """Take back `_hide`; a file of which nothing was kept is to be read from its beginning."""
    rows = db.execute(_OF_SOURCE, (source,)).fetchall()
    said = next((data for name, data in rows if name == _SAID), None)
    if said is None:
        db.execute(_WRITE_STATE, (formats.UNRECOGNISED, "", 0, 0, 0, source))
        db.execute(_READ_ANEW, (source,))
        return
    state = mapping(orjson.loads(said))
    db.execute(_WRITE_STATE, (*(state[one] for one in _STATE), source))
    Chunks(db, (row for row in rows if row[0] != _SAID)).put(source)
    db.execute("DELETE FROM removed_rows WHERE source_id = ?", (source,))
    db.execute(_DUE, (source,))  # what became of it meanwhile was not archived


def restore(db: Connection, removal: int) -> list[bytes]:
    """Take *removal* back: all is there again as it was; return the paths of its files.

    What is new in these was not read meanwhile. Of one that is gone for good nothing comes back
    but that its logs may be read. One transaction, which costs as much as `remove`.
    """
    with decision(db):
        sources = db.execute(_SOURCES, (removal,)).fetchall()
        chunks = Chunks(db, db.execute(_OF_REMOVAL, (removal,)).fetchall())
        db.execute(_PRICED, {"removal": removal})
        for source, _, form, grown in sources:
            if form == formats.REMOVED:
                _show(db, source)
            if grown:  # before it was hidden, lines of this session were left out
                db.execute(_READ_ANEW, (source,))
        sessions = chunks.ids(Space.SESSION)
        if sessions:
            _put_back(db, removal, chunks, sessions)
        else:  # it was gone for good
            db.executemany(_READ_ANEW, ((source,) for source, *_ in sources))
        db.execute("DELETE FROM removal WHERE id = ?", (removal,))
    return [path for _, path, *_ in sources]


def _put_back(db: Connection, removal: int, chunks: Chunks, sessions: Collection[int]) -> None:
    (conversation,) = chunks.ids(Space.CONVERSATION)
    taken_key = db.execute(_TAKEN_KEY, (removal,)).fetchone()
    if taken_key is not None:  # of unrelated files with one stem one has another name
        other, label = taken_key
        key = db.execute("SELECT key FROM conversation WHERE id = ?", (other,)).fetchone()[0]
        db.execute(_RENAME, (f"{key}\n", other))
        chunks.put(conversation)
        db.execute(_RENAME, (suffixed(key, label), conversation))
        db.execute(_RENAME, (key, other))
    else:
        chunks.put(conversation)
    index = SearchIndex(db)
    for block in chunks.ids(Space.BLOCK):
        index.put_back(block)
    same = rejoining.join(db, sessions) and not chunks.shifted
    rollups.settle(db)
    if same:
        if taken_key is None:  # what it was called may rest on files that have gone since
            db.execute(_CALLED, {"id": conversation, "removal": removal})
        chunks.put(conversation, derived=True)
    else:
        found = db.execute(_HELD_IN, (listed(sessions),)).fetchall()
        threads.mark(db, (id_ for (id_,) in found), anew=True)


def forget(db: Connection, removal: int, at: int, there: There = os.path.lexists) -> None:
    """Delete *removal* for good at the moment *at*: its rows, and what the archive has of it.

    What a file holds beside it stays there, its bytes in the archive too. As long as its logs
    are on the disk that they are not to be read stays noted. Packs that others are in lose
    their bytes by `joining.tightened`.
    """
    with decision(db):
        for statement in _MADE:
            db.execute(statement, {"removal": removal})
        db.execute("DELETE FROM removed_rows WHERE removal_id = ?", (removal,))
        db.execute(_GONE, (at, removal))
        for source, _, form, _ in db.execute(_SOURCES, (removal,)).fetchall():
            if form == formats.REMOVED and db.execute(_WAITS, (source,)).fetchone() is None:
                db.execute("DELETE FROM removed_rows WHERE source_id = ?", (source,))
                _unarchive(db, source)
    tidy(db, there)


def tidy(db: Connection, there: There = os.path.lexists) -> None:
    """Forget files that are gone for good, and from the disk as well: nobody can read them.

    One whose whole folder is gone may be on a disk that comes back: it stays noted.
    """
    with transaction(db):
        for source, path in db.execute(_DEAD).fetchall():
            folder = Path(os.fsdecode(path)).parent
            if not there(path) and there(os.fsencode(os.path.realpath(folder))):
                db.execute("DELETE FROM source WHERE id = ?", (source,))
        db.execute(_NOTHING_LEFT)


def _unarchive(db: Connection, source: int) -> None:
    """Keep nothing of the log of *source*; what other files share of it stays theirs."""
    for (file,) in db.execute(_ARCHIVED, (source,)).fetchall():
        archive.drop(db, file)
        db.execute(_UNARCHIVED, (file,))
