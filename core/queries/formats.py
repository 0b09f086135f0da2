"""Which formats the library's files are in, and how much of each file was understood."""

from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, Protocol

from core.messages import formats as table

# Written beside transcripts, and described rather than read: no row of the table of formats.
_TITLES = {"claude-agent": "Claude Code agent description"}
_NO_FORMAT = (table.UNRECOGNISED, table.UNKNOWN)
_DAMAGED_SHARE = 0.2  # of a file's lines that hold no record, beyond which it looks damaged
_DAMAGED_LINES = 50  # in fewer, a few broken ones say nothing


class Counted(Protocol):
    """Anything that counts what was understood: one file, or all of a format."""

    @property
    def understood(self) -> int:
        """Records of kinds that the format's reader knows."""
        ...

    @property
    def strange(self) -> int:
        """Records of kinds that it does not know."""
        ...

    @property
    def broken(self) -> int:
        """Lines that hold no record."""
        ...


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One format, and what was read in it."""

    name: str
    title: str
    files: int
    understood: int
    strange: int
    broken: int
    size: int  # bytes
    versions: tuple[str, ...]  # of the programs that wrote it, the oldest first


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file, and what was read in it."""

    id: int
    path: bytes  # as the operating system has it
    label: str  # the same for people
    format: str
    title: str  # of the format; empty if there is none
    version: str  # of the program, as most of its records say
    reason: str  # "Recognised by ...", or why nobody reads it
    understood: int
    strange: int
    broken: int
    problems: int
    size: int  # bytes
    read: int  # bytes of them
    conversation: str  # id of the first one with something to show; empty if there is none

    @property
    def recognised(self) -> bool:
        """Whether it is in a format that Clew knows."""
        return is_known(self.format)


@dataclass(frozen=True, slots=True)
class Sum:
    """What all files come to."""

    files: int
    others: int  # of them in no known format
    understood: int
    strange: int
    broken: int
    damaged: int  # files


def title(name: str) -> str:
    """Return what people call the format *name*; empty for none."""
    form = table.named(name)
    return form.title if form else _TITLES.get(name, name)


def is_known(name: str) -> bool:
    """Tell whether files stored under format *name* are in one that Clew knows."""
    return name not in _NO_FORMAT


def lines(counted: Counted) -> int:
    """Return how many lines or items were looked at: each one is in one of three counts."""
    return counted.understood + counted.strange + counted.broken


def score(counted: Counted) -> float | None:
    """Return the share of the lines that was understood; None if there are none."""
    total = lines(counted)
    return counted.understood / total if total else None


def looks_damaged(counted: Counted) -> bool:
    """Tell whether so many lines hold no record that something has spoiled the file."""
    total = lines(counted)
    return total > _DAMAGED_LINES and counted.broken > _DAMAGED_SHARE * total


def written(share: float) -> str:
    """Return the score *share* in percent: 100 only if nothing is missing."""
    return "100 %" if share >= 1 else f"{int(share * 1000) / 10:g} %"


_FORMATS = """
SELECT format, count(*), sum(understood), sum(strange), sum(broken), sum(size)
FROM source WHERE format <> 'removed' GROUP BY format ORDER BY count(*) DESC, format
"""
_TOTAL = f"""
SELECT count(*), coalesce(sum(format IN ('{table.UNRECOGNISED}', '{table.UNKNOWN}')), 0),
    coalesce(sum(understood), 0), coalesce(sum(strange), 0), coalesce(sum(broken), 0),
    coalesce(sum(understood + strange + broken > {_DAMAGED_LINES}
                 AND broken > {_DAMAGED_SHARE} * (understood + strange + broken)), 0)
FROM source WHERE format <> '{table.REMOVED}'
"""  # noqa: S608  constants only
_VERSIONS = """
SELECT format, census.version FROM census JOIN source ON source.id = source_id
WHERE census.version <> ''
UNION SELECT format, session.version FROM session JOIN source ON source.id = source_id
WHERE session.version <> ''
"""
PAGE = """
SELECT source.id, path, label, format, recognised, understood, strange, broken, size, offset,
    (SELECT count(*) FROM problem WHERE source_id = source.id),
    coalesce(
        (SELECT version FROM census WHERE source_id = source.id AND version <> ''
         GROUP BY version ORDER BY sum(count) DESC, version DESC LIMIT 1),
        (SELECT version FROM session WHERE source_id = source.id AND version <> '' LIMIT 1), ''),
    coalesce(
        (SELECT conversation.key FROM session
         JOIN conversation ON conversation.id = session.conversation_id
         WHERE source_id = source.id AND conversation.messages > 0 ORDER BY session.id LIMIT 1),
        ''),
    coalesce(
        (SELECT reason FROM problem WHERE source_id = source.id AND problem.line = 0 LIMIT 1), '')
FROM source WHERE source.id > :after AND format <> 'removed' ORDER BY source.id LIMIT :limit
"""
_PAGE = 1000


def formats(db: Connection) -> list[FormatRow]:
    """Return every known format that files are in, the one with the most files first."""
    versions: dict[str, list[str]] = {}
    for name, version in db.execute(_VERSIONS):
        versions.setdefault(name, []).append(version)
    return [
        FormatRow(
            name,
            title(name),
            number,
            understood,
            strange,
            broken,
            size,
            _sorted(versions.get(name, ())),
        )
        for name, number, understood, strange, broken, size in db.execute(_FORMATS)
        if is_known(name)
    ]


def total(db: Connection) -> Sum:
    """Return the sum over all files."""
    return Sum(*db.execute(_TOTAL).fetchone())


def files(db: Connection, after: int = 0, limit: int = _PAGE) -> list[FileRow]:
    """Return up to *limit* files after the one with id *after*, as they were first seen."""
    return [_file(row) for row in db.execute(PAGE, {"after": after, "limit": limit})]


def every_file(db: Connection) -> list[FileRow]:
    """Return all files. Costs about 20 ms for a thousand."""
    found: list[FileRow] = []
    while page := files(db, found[-1].id if found else 0):
        found += page
    return found


def _file(row: tuple[Any, ...]) -> FileRow:
    id_, path, label, name, recognised, *counts, version, conversation, trouble = row
    understood, strange, broken, size, read, problems = counts
    return FileRow(
        id=id_, path=path, label=label, format=name, title=title(name) if is_known(name) else "",
        version=version, reason=trouble or recognised, understood=understood, strange=strange,
        broken=broken, problems=problems, size=size, read=read, conversation=conversation,
    )  # fmt: skip


def _sorted(versions: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(versions, key=version_order))


def version_order(version: str) -> list[tuple[int, int, str]]:
    """Return what to sort *version* by: its numbers as numbers, what has none first."""
    parts = version.replace("-", ".").split(".")
    return [
        (1, int(part), "") if part.isdecimal() and len(part) < 19 else (0, 0, part)
        for part in parts
    ]
