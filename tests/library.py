"""Libraries for tests: made by the real engine from real files, and compared as people see them."""

import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from sqlite3 import Connection
from typing import Any, TypeAlias

from core.events import ConversationChanged, EngineEvent, ImportFinished
from core.files.discover import SourceFile, find
from core.importing import import_files
from core.ingest import Ingest
from core.measures import prices
from core.queries import census, conversations, export, health, problems, totals, transcript
from core.removal import Remove, Told
from core.store.connection import WritingConnection, open_reader, open_writer
from core.store.locking import Hold
from core.store.migrate import migrate
from core.store.replies import UNPRICED
from core.store.reply_rows import Pricing
from core.store.writer import Writer

# The second writer of a process, as there may be where no lock can be had.
NO_LOCK = Hold(None, "a test looks on")
PRICES = prices.load(None)[0]  # loaded once: it is the same for all of them

Json: TypeAlias = dict[str, Any]


@contextmanager
def writing(
    library: Path, pricing: Pricing = UNPRICED, hold: Hold | None = None
) -> Iterator[tuple[WritingConnection, Ingest]]:
    """Open *library* for writing, made or migrated if need be, and close it afterwards."""
    with closing(open_writer(library, hold=hold)) as db:
        migrate(db, library)
        yield db, Ingest(Writer(db, pricing))


def imports(
    library: Path, *paths: Path, pricing: Pricing = UNPRICED, hold: Hold | None = None
) -> ImportFinished:
    """Import *paths* into *library*; return how it ended."""
    with writing(library, pricing, hold) as (_, ingest):
        return import_files(ingest, paths, threading.Event(), _ignore)


def reads(ingest: Ingest, *paths: Path) -> list[ConversationChanged]:
    """Read what is new in the files *paths*, in that order; return what changed."""
    changed: list[ConversationChanged] = []
    for path in paths:
        for file in find((path,)):
            assert isinstance(file, SourceFile), file
            changed += [change for changes, _ in ingest.file(file) for change in changes]
    return changed


def order(db: Connection, *keys: str) -> Remove:
    """Return the order to remove the conversations with *keys*, of any age, with logs or not."""
    ids = {key: id_ for id_, key in db.execute("SELECT id, key FROM conversation")}
    return Remove(tuple(Told(ids[key], key, sys.maxsize, alone=True) for key in keys))


def steps_of(library: Path, paths: Sequence[Path]) -> int:
    """Read *paths*, four to a transaction; return the steps of SQLite's machine, in hundreds."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with writing(library) as (db, ingest):
        db.set_progress_handler(step, 100)
        with ingest.writer.together():
            for place in range(0, len(paths), 4):
                reads(ingest, *paths[place : place + 4])
                ingest.writer.flush()
        db.set_progress_handler(None, 0)
    return steps


def imported(library: Path, *paths: Path, pricing: Pricing = UNPRICED) -> Connection:
    """Import *paths* into *library*, a file or the folder for one; return a reader of it."""
    if library.is_dir():
        library /= "library.clew"
    imports(library, *paths, pricing=pricing)
    return open_reader(library)


def sound(library: Path) -> bool:
    """Tell whether every check of `health` passes on *library*, whoever writes to it."""
    with closing(open_writer(library, hold=NO_LOCK)) as db:
        return [one for one in health.check(db) if not one.ok] == []


def only(db: Connection) -> Json:
    """Return all of the one conversation that *db* holds."""
    (row,) = conversations.page(db)
    return export.conversation(db, row)


def shown(db: Connection) -> list[Json]:
    """Return the messages of the one conversation that *db* holds."""
    messages: list[Json] = only(db)["messages"]
    return messages


def listed(db: Connection) -> list[Json]:
    """Return the list of conversations."""
    return export.conversation_list(db)


def dump(db: Connection) -> Json:
    """Return everything of *db* that a person can see, without row ids and folders."""
    rows = list(_rows(db))
    return {
        "list": sorted(export.conversation_list(db), key=lambda one: str(one["id"])),
        "conversations": {row.key: _conversation(db, row) for row in rows},
        "totals": asdict(totals.totals(db)),
        "tools": {tool: asdict(ends) for tool, ends in sorted(totals.tools(db).items())},
        "tokens": {model: asdict(use) for model, use in sorted(totals.tokens(db).items())},
        "days": [asdict(day) for day in totals.days(db)],
        "census": sorted((kind.kind, kind.known, kind.count) for kind in census.census(db)),
        "problems": sorted(
            (Path(one.source).name, one.line, one.offset, one.severity.value, one.reason)
            for one in _problems(db)
        ),
        "search": sorted(
            (str(field), text)
            for field, text in db.execute(
                "SELECT block.kind, body.text FROM block JOIN body USING (id) "
                "JOIN message ON message.id = block.message_id WHERE counted = 1"
            )
        ),
    }


def _rows(db: Connection) -> Iterable[conversations.ConversationRow]:
    after: tuple[int, int] | None = None
    while page := conversations.page(db, after=after):
        yield from page
        after = conversations.key_of(page[-1], conversations.Sort.RECENT)


def _problems(db: Connection) -> Iterable[problems.ProblemRow]:
    after = 0
    while page := problems.page(db, after):
        yield from page
        after = page[-1].id


def _conversation(db: Connection, row: conversations.ConversationRow) -> Json:
    said: Json = export.conversation(db, row)
    for session in said["sessions"]:
        del session["why"]  # tells of the file's beginning as it was when it was recognised
    said["problems"] = []  # listed with all others, in an order that does not depend on ids
    sessions = conversations.sessions(db, row.id)
    lanes = {"", *(agent for (agent,) in db.execute(_AGENTS, (row.id,)))}
    return {
        "shown": said,
        "sessions": [
            {
                key: value
                for key, value in asdict(one).items()
                if key not in {"id", "source", "recognised"}
            }
            | {"source": Path(one.source).name}
            for one in sessions
        ],
        "lanes": {lane: _lane(db, row.id, lane) for lane in sorted(lanes)},
    }


_AGENTS = """
SELECT DISTINCT message.agent FROM message JOIN session ON session.id = session_id
WHERE conversation_id = ?
"""


def _lane(db: Connection, conversation: int, agent: str) -> list[Json]:
    spine = transcript.spine(db, conversation, agent)
    return [_block(row) for row in transcript.rows(db, spine.ids)]


def _block(row: transcript.BlockRow) -> Json:
    said = asdict(row)
    for key in ("id", "message_id", "reply_id"):
        del said[key]
    if said["call"]:
        del said["call"]["result_id"]
    if said["boundary"]:
        del said["boundary"]["session"], said["boundary"]["message"]
    return said


def _ignore(_event: EngineEvent) -> None:
    """Take an event and do nothing."""
