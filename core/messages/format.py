"""What a log format is: how a file is recognised, cut into records, and read.

A file is offered to every format of the table in `core.messages.formats`; the one that
scores highest reads it. Detectors and readers are pure functions of what they are given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePath
from typing import TypeAlias

from core.files.layout import Layout, layout
from core.model import Facts
from core.records.decode import Record
from core.records.fields import JsonObject


class Framing(Enum):
    """How a file is cut into records."""

    LINES = auto()  # JSON Lines: one object a line; may grow at its end
    DOCUMENT = auto()  # one JSON value, rewritten whole; see `core.records.document`
    MARKDOWN = auto()  # a page of headings; see `core.records.markdown`


@dataclass(frozen=True, slots=True)
class Sample:
    """What a detector sees of a file: its place, and what it begins with.

    *records* are the first JSON objects, at most 50. Of a document that is an object there is
    one, in which every array of objects is cut to its first item; of a document that is an
    array they are its first items.
    """

    path: PurePath
    framing: Framing
    records: tuple[JsonObject, ...] = ()
    listed: bool = False  # the document is an array
    text: str = ""  # the first 4,096 characters, for formats that are not JSON


@dataclass(frozen=True, slots=True)
class Score:
    """How well a file fits a format, from 0 (not at all) to 100, and why, for a person."""

    points: int = 0
    reason: str = ""  # ends a sentence that begins "Recognised by"


NO = Score()
Memory: TypeAlias = JsonObject  # what a reader remembers of the records before; JSON values
Reader: TypeAlias = Callable[[Record, Memory], tuple[Sequence[Facts], Memory]]


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of log is recognised and read."""

    name: str  # stored; never changed once released
    title: str  # shown
    revision: int  # raised when the reader learns something: files are then read again
    framing: Framing
    detect: Callable[[Sample], Score]
    read: Reader
    source: str  # what it was built from: a document, or a measured corpus
    arrays: tuple[str, ...] = ()  # of a document that is an object: whose items are records
    place: Callable[[PurePath], Layout] = layout  # which session a file at a path holds
    local: bool = False  # its ids are unique inside a session only
    aside: bool = False  # it tells of sessions whose transcripts are other files
    most: int = 100  # points that its detector gives at most
