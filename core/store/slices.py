"""What is written in one transaction: a stretch of one file, and how far it now is read."""

from dataclasses import dataclass
from pathlib import PurePath

from core.files.cursor import Cursor, Stat
from core.files.layout import Layout
from core.model import Facts, Problem
from core.store.arrivals import Arrival
from core.store.composing import Composed
from core.store.counting import Census
from core.store.drafted_sums import DraftedSums
from core.store.places import Row

UNFINISHED = -1  # modification time of a file that is read in part: no file has it


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A file, as the store keeps it."""

    path: bytes  # as the operating system has it
    label: str  # for people
    place: PurePath  # the same, for what a place tells
    layout: Layout
    format: str = ""  # "": none, or not looked at yet
    revision: int = 0  # of that format's reader
    reason: str = ""  # how the format was recognised
    scope: str = ""  # before ids that are unique inside the file only
    aside: bool = False  # it tells of sessions whose transcripts are other files


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a slice ahead of the writer, which else makes it itself."""

    keys: dict[str, int]  # by ids, as `core.store.keys.Keys` has them; maybe not all
    digests: tuple[int, ...]  # of the facts one by one; 0 where there is no message


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new file begins with, all of one session, as rows made ahead of the writer.

    Ids in them are counted from one. The facts of its slice are then only those that say more
    than rows do, with their messages' blocks left out.
    """

    part: str  # the session's key, where the file holds several
    records: int
    rows: Composed
    arrival: Arrival
    uids: str  # of the new messages, as `listed` gives them
    replies: str  # keys of the replies, likewise
    places: tuple[Row, ...]  # where the session works, with 0 for its id
    census: Census
    notes: tuple[Problem, ...]
    sums: DraftedSums | None  # of its rows


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of one file. Rows, problems and cursor are committed together or not at all."""

    source: SourceInfo
    stat: Stat
    begin: int  # offset before this stretch
    cursor: Cursor  # after this stretch
    facts: tuple[Facts, ...]
    problems: tuple[Problem, ...]
    first: bool = False  # of a file that nobody has read
    again: bool = False  # the file is read from its beginning although it was read before
    afresh: bool = False  # and all it holds is written anew: its reader has learnt something
    misread: bool = False  # it was taken for another format: nothing of that was ever in it
    broken: int = 0  # lines of this stretch that hold no record
    memory: str = ""  # JSON: what the reader remembers after this stretch
    made: Made | None = None
    draft: Draft | None = None  # instead of most facts

    @property
    def size(self) -> int:
        """How many bytes of the file it is; 0 inside of one that is read whole."""
        return max(0, self.cursor.offset - self.begin)


@dataclass(frozen=True, slots=True)
class StoredSource:
    """How far a file was read, as of the last commit."""

    id: int
    stat: Stat
    cursor: Cursor
    revision: int
    path: bytes
    format: str
    reason: str
    memory: str
    scope: str


def is_stale(part: Slice, stored: StoredSource) -> bool:
    """Tell whether another process has read the file of *part* since its reading began."""
    if part.again:
        return False
    if part.first or stored.cursor.offset != part.begin:
        return True
    # Of a file that is read whole the cursor tells nothing before its end.
    return part.begin == 0 and stored.stat.mtime_ns != UNFINISHED
