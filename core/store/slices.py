"""What is written in one transaction: a stretch of one file, and how far it now is read."""

from dataclasses import dataclass

from core.files.cursor import Cursor, Stat
from core.files.layout import Layout
from core.model import Facts, Problem


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A file, as the store keeps it."""

    path: bytes  # as the operating system has it
    label: str  # for people
    format: str
    revision: int
    layout: Layout


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of one file. Rows, problems and cursor are committed together or not at all."""

    source: SourceInfo
    stat: Stat
    begin: int  # offset before this stretch
    cursor: Cursor  # after this stretch
    facts: tuple[Facts, ...]
    problems: tuple[Problem, ...]
    again: bool = False  # the file is read from its beginning although it was read before


@dataclass(frozen=True, slots=True)
class StoredSource:
    """How far a file was read, as of the last commit."""

    id: int
    stat: Stat
    cursor: Cursor
    revision: int
    path: bytes
