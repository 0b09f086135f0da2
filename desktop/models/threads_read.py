"""Threads and tree of one conversation, read together: transcript and inspector show both."""

from dataclasses import dataclass
from sqlite3 import Connection

from core.queries import structure, threads
from core.queries.structure import Node
from desktop.models.thread_groups import grouped
from desktop.models.thread_map import ThreadMap

LONG = 5_000  # messages, or rows, of a conversation that is not read between two frames
GROWN = 1_000  # messages of one that is not read so again and again while it grows


@dataclass(frozen=True, slots=True)
class ThreadsRead:
    """What was read of one conversation at one moment. Never changed, so threads may share it."""

    conversation: int  # row id
    map: ThreadMap
    tree: tuple[Node, ...]  # with a node for each stretch of a thread


def read(db: Connection, conversation: int) -> ThreadsRead:
    """Read threads, cuts and tree of *conversation*; a quarter of a second for 50,000 messages."""
    found = ThreadMap(threads.threads(db, conversation), threads.cuts(db, conversation))
    return ThreadsRead(conversation, found, grouped(structure.tree(db, conversation), found))
