"""Records to slices: what is written in one transaction, bounded by records and bytes."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from core.files.bundles import Member
from core.files.cursor import Cursor, Stat, edges
from core.files.patience import Patience
from core.framing import Step, steps
from core.messages.format import Format, Framing, Memory
from core.model import Facts, Kind, Problem, Severity
from core.records.fields import dump, load, mapping
from core.spill import filled, folder_of
from core.store.keys import key64
from core.store.slices import UNFINISHED, Slice, SourceInfo

SLICE_RECORDS = 500  # records in a transaction at most
BRIEF_RECORDS = 100  # the same while files are written to that cannot wait
SLICE_BYTES = 2 << 20  # bytes of the source in a transaction, unless one line is longer
MOST_PROBLEMS = 2000  # of one file that are listed in one reading; it is no transcript


# What only a made-up key has: a piece of a uuid, many hex digits, a time to the minute.
_UNIQUE = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|[0-9a-f]{12,}|\d{10,}|\dT\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """One file that is open, and from where on it is read."""

    info: SourceInfo
    form: Format
    stream: BinaryIO  # its text; not the file itself where that is UTF-16
    file: BinaryIO  # asked for the hashes of the cursor
    stat: Stat
    cursor: Cursor = field(default_factory=Cursor)
    memory: str = ""  # what the reader remembered there
    again: bool = False  # it was read before, and is read from its beginning
    afresh: bool = False  # and all it holds is written anew
    misread: bool = False  # it was taken for another format when it was shorter
    wide: bool = False
    bundle: tuple[Member, ...] = ()
    patience: Patience | None = None  # with the files beside it, which may not answer

    @property
    def whole(self) -> bool:
        """Whether it is read whole or not at all: offsets in it are no places to go on from."""
        return self.wide or self.form.framing is not Framing.LINES


def slices(
    reading: Reading,
    most: Callable[[], int] = lambda: SLICE_RECORDS,
    courtesy: Callable[[], None] = lambda: None,
    largest: int = SLICE_BYTES,
) -> Iterator[Slice]:
    """Yield what *reading* holds after its cursor, one transaction after the other.

    None holds many more records than *most* says while it is put together, or a line more than
    *largest* bytes. *courtesy* is called at each record: it may hold things up for a moment.

    Yields at least one slice for a file that was never read, so that it is known; none when
    there is only the beginning of a line.
    """
    return _Slicer(reading, most, courtesy, largest).run()


class _Slicer:
    def __init__(
        self,
        reading: Reading,
        most: Callable[[], int],
        courtesy: Callable[[], None],
        largest: int,
    ) -> None:
        self._reading = reading
        self._largest = largest
        self._most = most
        self._courtesy = courtesy
        self._memory: Memory = mapping(load(reading.memory)) if reading.memory else {}
        self._facts: list[Facts] = []
        self._problems: list[Problem] = []
        self._broken = self._size = self._listed = 0
        self._begin = reading.cursor.offset
        self._again = reading.again
        self._first = not reading.again and not reading.cursor.offset
        self._outputs = folder_of(Path(os.fsdecode(reading.info.path)))

    def run(self) -> Iterator[Slice]:
        reading = self._reading
        offset, line = reading.cursor.offset, reading.cursor.line
        for step in steps(
            reading.form, reading.stream, offset, line, reading.bundle, reading.patience
        ):
            self._courtesy()
            self._take(step)
            offset, line = step.offset, step.line
            if len(self._facts) >= self._most() or self._size >= self._largest:
                # What is read whole cannot be gone on with: an import that ends here begins again.
                done = Cursor() if reading.whole else _cursor(reading.file, offset, line)
                # No file has these facts: it is taken up again.
                yield self._slice(replace(reading.stat, mtime_ns=UNFINISHED), done)
        if reading.whole:
            offset = reading.stat.size
        fresh = not reading.cursor.head
        if self._facts or self._problems or self._again or offset > self._begin or fresh:
            yield self._slice(reading.stat, _cursor(reading.file, offset, line))

    def _take(self, step: Step) -> None:
        form, decoded = self._reading.form, step.decoded
        self._size += step.size
        if decoded.problems:
            self._broken += not decoded.records
            self._list(decoded.problems)
        for record in decoded.records:
            told, self._memory = form.read(record, self._memory)
            for fact in told:
                self._facts.append(self._settled(fact))
                if fact.notes:
                    self._problems += fact.notes

    def _settled(self, fact: Facts) -> Facts:
        """Return *fact* with what only the file's place and format tell."""
        place = self._reading.info.layout
        if fact.message is not None:
            fact = filled(fact, self._outputs, self._reading.patience)
        if fact.part.startswith("#"):  # the n-th conversation of a file that names none
            fact = replace(fact, part=f"{place.key}{fact.part}")
        if self._reading.form.local:
            fact = scoped(fact, self._prefix(fact.part))
        message = fact.message
        if place.agent and message is not None and message.kind is Kind.PROMPT:
            # Nobody types in the file of a sub-agent: the agent above does.
            fact = replace(fact, message=replace(message, kind=Kind.TASK, sidechain=True))
        return fact

    def _prefix(self, part: str) -> str:
        """Return what makes ids of session *part* unique everywhere."""
        info = self._reading.info
        if info.aside and part:
            return part
        return f"{info.scope}/{part}" if part else info.scope

    def _list(self, problems: Sequence[Problem]) -> None:
        before = self._listed
        self._listed += len(problems)
        if self._listed <= MOST_PROBLEMS:
            self._problems += problems
        elif before <= MOST_PROBLEMS:
            most = f"More than {MOST_PROBLEMS:,} problems in one go"
            reason = f"{most}; those from here on are not listed."
            last = problems[0]
            self._problems.append(Problem(last.line, last.offset, Severity.ERROR, reason))

    def _slice(self, stat: Stat, done: Cursor) -> Slice:
        reading = self._reading
        info = reading.info
        if reading.afresh and stat.mtime_ns == UNFINISHED:
            info = replace(info, revision=0)  # what is written anew in part is begun again
        part = Slice(
            info, stat, self._begin, done, tuple(self._facts), tuple(self._problems),
            first=self._first, again=self._again, afresh=self._again and reading.afresh,
            misread=self._again and reading.misread, broken=self._broken,
            memory=dump(self._memory) if self._memory and not reading.whole else "",
        )  # fmt: skip
        self._facts, self._problems = [], []
        self._broken = self._size = 0
        self._again = self._first = False
        self._begin = done.offset
        return part


def scope(form: Format, key: str, label: str) -> str:
    """Return what makes the ids of a file unique: its session's key, if that is one of a kind.

    A key that is only a file's name, as ``messages``, is joined by a hash of the path: two
    files of one name are two sessions. Two copies of such a file are counted twice.
    """
    if not form.local or form.aside or _UNIQUE.search(key):
        return key
    return f"{key}~{key64(label) & 0xFFFFFFFFFF:010x}"


def scoped(fact: Facts, key: str) -> Facts:
    """Return *fact* with the ids that its log uses only inside session *key* made unique."""
    message, hop, reply = fact.message, fact.hop, fact.reply

    def wide(id_: str) -> str:
        return f"{key}/{id_}" if id_ else ""

    if message is not None:
        own = message.reply
        message = replace(
            message,
            uuid=wide(message.uuid or f"@{message.place.offset}"),
            parent=wide(message.parent),
            reply=replace(own, api_id=wide(own.api_id)) if own else None,
        )
    if hop is not None:
        hop = replace(hop, uuid=wide(hop.uuid), parent=wide(hop.parent))
    if reply is not None:
        reply = replace(reply, api_id=wide(reply.api_id))
    return replace(fact, message=message, hop=hop, reply=reply)


def _cursor(file: BinaryIO, offset: int, line: int) -> Cursor:
    here = file.tell()
    head, tail, _ = edges(file, offset)
    file.seek(here)
    return Cursor(offset, line, head, tail)
