"""Transcripts about two things, and what their threads come to, for the tests of weaving."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from core.ingest import Ingest
from core.queries import threads as queries
from core.store import threads as store
from core.store.connection import open_reader, open_writer
from core.threads.woven import Rows
from core.weaving.commands import ThreadCommand
from core.weaving.weaver import Weaver
from tests import builders as b
from tests.library import reads

GARDEN = (
    "plant tomato seedlings in the greenhouse soil",
    "water the tomato seedlings and the soil in the greenhouse",
    "which fertiliser does tomato soil in a greenhouse want",
    "prune the tomato seedlings next to the greenhouse door",
)
KERNEL = (
    "let's start something else: debug the scheduler preemption interrupt latency",
    "trace the interrupt latency of the scheduler preemption path",
    "why does preemption raise interrupt latency under the scheduler",
    "patch the scheduler so that preemption keeps interrupt latency low",
)
HOUR = 3600


def turn(uuid: str, said: str, parent: str | None, at: float, file: str = "a.py") -> list[b.Record]:
    """Return a prompt, a reply that calls a tool, its result, and the last reply."""
    return [
        b.prompt(uuid, said, parent, at=at),
        b.calls(f"{uuid}c", f"k{uuid}", "Read", {"file_path": f"/loom/{file}"}, uuid, at=at + 5),
        b.answers(f"{uuid}r", f"k{uuid}", f"what {file} holds", f"{uuid}c", at=at + 6),
        b.says(f"{uuid}s", f"About {said}: done.", f"{uuid}r", at=at + 9),
    ]


def two_things(count: int = 4) -> list[b.Record]:
    """Return a session of *count* turns about a garden, then as many about a kernel."""
    found: list[b.Record] = []
    above: str | None = None
    for at in range(count):
        said = GARDEN[at % len(GARDEN)]
        found += turn(f"g{at}", said, above, at * 60, "garden/beds.py")
        above = f"g{at}s"
    for at in range(count):
        said = KERNEL[at % len(KERNEL)]
        found += turn(f"k{at}", said, above, 5 * HOUR + at * 60, "kernel/sched.c")
        above = f"k{at}s"
    return found


def write(root: Path, records: Iterable[b.Record], session: str = b.SESSION) -> Path:
    """Write *records* as the transcript of *session*; return its file."""
    return b.write(root / "logs" / f"{session}.jsonl", *b.of(session, *records))


def grown(ingest: Ingest, path: Path, records: Iterable[b.Record]) -> None:
    """Append *records* to the transcript at *path* and read them."""
    b.append(path, *records)
    reads(ingest, path)


def weave(db: Connection) -> Weaver:
    """Weave all that is due in *db* with a weaver that knows nothing yet."""
    weaver = Weaver(db)
    all_of(weaver)
    return weaver


def all_of(weaver: Weaver) -> int:
    """Weave all that is due; return how many conversations that were."""
    count = 0
    while weaver.step() is not None:
        count += 1
    return count


def rows(db: Connection) -> dict[str, Rows]:
    """Return the rows of the one conversation in *db*, by lane."""
    ((id_,),) = db.execute("SELECT id FROM conversation").fetchall()
    return store.read(db, id_)


def threads(library: Path) -> tuple[queries.ThreadRow, ...]:
    """Return the threads of the one conversation in *library*."""
    with closing(open_reader(library)) as db:
        ((id_,),) = db.execute("SELECT id FROM conversation").fetchall()
        return queries.threads(db, id_)


def perform(library: Path, *commands: ThreadCommand) -> None:
    """Give *commands* to a weaver of *library*, and weave what is due after them."""
    with closing(open_writer(library)) as db:
        weaver = Weaver(db)
        for command in commands:
            weaver.perform(command)
        all_of(weaver)


def threads_of(db: Connection, conversation: int) -> dict[str, str]:
    """Return the key of the thread that each counted message is in, by the message's uuid."""
    found = queries.threads(db, conversation)
    where = queries.Whereabouts(found, [one.stretches for one in found])
    told: dict[str, str] = {}
    for session, lane, message, uuid in db.execute(queries.MESSAGES, {"id": conversation}):
        at = where.thread(session, lane, message)
        told[uuid] = "" if at is None else found[at].key
    return told
