"""One file to slices, without a library: the part of an import that any process can do.

`parse` takes what the library knows of a file and gives back bytes, so it runs through any
`concurrent.futures.Executor`: of processes on this machine, or of machines that see the same
files. What comes back is written by the one writer as if it had been read there.
"""

import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from core.files.bundles import Member, members
from core.files.cursor import Cursor, Stat
from core.files.layout import layout
from core.files.patience import Patience
from core.framing import recognise
from core.measures.plain import plain
from core.messages import formats
from core.messages.format import Format
from core.model import Block, Facts
from core.opening import narrowed, opened
from core.slicing import Reading, scope, slices
from core.store.digests import digest_of
from core.store.drafting import draft, remarks
from core.store.keys import key64, reply_id
from core.store.packing import Packer
from core.store.slices import UNFINISHED, Made, Slice, SourceInfo, StoredSource

MOST_AT_ONCE = 8 << 20  # bytes of a file that one task reads; the rest is left to the writer
_MOST_RECORDS = 1000  # of a file that become one slice
_MOST_DRAFTED = 2000  # with which a new file begins that become rows here: a transaction's worth


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was found when it was opened."""

    file: BinaryIO
    stat: Stat  # of all its bundle, if it is the main file of one
    wide: bool  # UTF-16
    bundle: tuple[Member, ...] = ()
    patience: Patience | None = None  # with the files beside it


@dataclass(frozen=True, slots=True)
class Task:
    """A file that is to be read from its beginning."""

    info: SourceInfo
    path: Path
    stored: StoredSource | None = None  # how far it was read, as the library had it


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds, or its first part."""

    format: str  # "" if it is in none
    slices: tuple[Slice, ...]
    done: bool  # False: the file goes on


def ready() -> bool:
    """Return True: whoever runs this has started, and has read the code of `parse`."""
    return True


def parse(task: Task) -> bytes:
    """Read the file of *task*; return a `Parsed` for `unpacked`, or nothing.

    Nothing means that the writer reads it itself, as in `parsed`.
    """
    found = parsed(task)
    return pickle.dumps(found, pickle.HIGHEST_PROTOCOL) if found is not None else b""


def parsed(task: Task, courtesy: Callable[[], None] = lambda: None) -> Parsed | None:
    """Return what the file of *task* holds; None: the writer is to read it in its turn.

    It cannot be read here, or is read whole and too large to be sent. *courtesy* is called at
    each record. Costs memory for `MOST_AT_ONCE` bytes of the file.
    """
    try:
        with opened(task.path) as (stream, facts, wide):
            if members(task.path):
                return None  # the facts of a bundle are those of all its files
            start = begin(task.info, task.stored, Opened(stream, facts, wide))
            if isinstance(start, Slice):
                return Parsed("", (start,), done=True)
            return _read(start, courtesy)
    except OSError:  # the writer finds out the same, and says it
        return None


def unpacked(data: bytes) -> Parsed | None:
    """Return what `parse` has packed; None: nothing."""
    found: object = pickle.loads(data) if data else None  # noqa: S301  from our own workers only
    return found if isinstance(found, Parsed) else None


def begin(
    info: SourceInfo, stored: StoredSource | None, now: Opened, *, whole: bool = False
) -> Reading | Slice:
    """Return how to read a file from its beginning, or what there is to say if it is no log.

    *stored* is how far it was read before; with *whole* all of that is still there.
    """
    now.file.seek(0)  # it is converted from there if it is UTF-16
    stream = narrowed(now.file) if now.wide else now.file
    found = recognise(info.place, stream)
    form = found.format
    again = stored is not None
    if form is None:
        none = replace(info, revision=formats.REVISION, reason="Nothing in it is a log's.")
        return Slice(none, now.stat, 0, Cursor(), (), (), again=again)
    same = stored.scope if stored is not None and stored.format == form.name else ""
    return Reading(
        named(info, form, found.reason, same), form, stream, now.file, now.stat, again=again,
        afresh=stored is not None and not is_current(stored), wide=now.wide,
        misread=whole and stored is not None and stored.format != form.name, bundle=now.bundle,
        patience=now.patience,
    )  # fmt: skip


def named(info: SourceInfo, form: Format, reason: str, known: str) -> SourceInfo:
    """Return *info* with what *form* says of its file; *known* is the scope it had before."""
    place = form.place(info.place)
    return replace(
        info, format=form.name, revision=form.revision, reason=reason, layout=place,
        scope=known or scope(form, place.key, info.label), aside=form.aside,
    )  # fmt: skip


def is_current(stored: StoredSource) -> bool:
    """Tell whether the reader of *stored*'s format has learnt nothing since."""
    return stored.revision == formats.revision(stored.format)


def source_info(path: Path) -> SourceInfo:
    """Return what is known of the file at *path* before it is opened."""
    raw = os.fsencode(path)
    label = raw.decode("utf-8", "replace")
    place = Path(label)
    return SourceInfo(raw, label, place, layout(place))


def _read(reading: Reading, courtesy: Callable[[], None]) -> Parsed | None:
    if reading.whole and reading.stat.size > MOST_AT_ONCE:
        return None
    parts: list[Slice] = []
    done = True
    for part in slices(reading, lambda: _MOST_RECORDS, courtesy, MOST_AT_ONCE):
        parts.append(part)
        unfinished = part.stat.mtime_ns == UNFINISHED and not reading.whole
        if unfinished and MOST_AT_ONCE <= part.cursor.offset < reading.stat.size:
            done = False
            break
    packer = Packer()
    found: list[Slice] = []
    if parts and parts[0].first:
        totals = accumulate(len(part.facts) for part in parts)
        begin = max(1, sum(total <= _MOST_DRAFTED for total in totals))
        one = _drafted(_joined(parts[:begin]), packer)
        if one is not None:
            found, parts = [one], parts[begin:]
    found += (_ready(part, packer) for part in parts)
    return Parsed(reading.form.name, tuple(found), done=done)


def _joined(parts: Sequence[Slice]) -> Slice:
    """Return *parts*, which follow each other in one file, as one."""
    last = parts[-1]
    return replace(
        parts[0], source=last.source, stat=last.stat, cursor=last.cursor, memory=last.memory,
        facts=tuple(fact for part in parts for fact in part.facts),
        problems=tuple(one for part in parts for one in part.problems),
        broken=sum(part.broken for part in parts),
    )  # fmt: skip


def _drafted(part: Slice, packer: Packer) -> Slice | None:
    """Return *part*, with which a new file begins, as rows; None: it is left as facts."""
    made = draft(part.source, part.facts, packer)
    return None if made is None else replace(part, facts=tuple(remarks(part.facts)), draft=made)


def _ready(part: Slice, packer: Packer) -> Slice:
    """Return *part* with what the writer need not make then."""
    return replace(part, facts=tuple(_packed(part.facts, packer)), made=_made(part.facts))


def _made(facts: Sequence[Facts]) -> Made:
    """Make what the writer needs of *facts* and any process can make."""
    ids = {id_ for fact in facts for id_ in _ids(fact) if id_}
    digests = (digest_of(fact.message) if fact.message is not None else 0 for fact in facts)
    return Made({id_: key64(id_) for id_ in ids}, tuple(digests))


def _ids(fact: Facts) -> Iterator[str]:
    message, hop = fact.message, fact.hop
    if message is not None:
        yield message.uuid
        yield message.parent
        yield message.logical_parent
        if message.reply is not None and message.reply.api_id:
            yield reply_id(message.reply)
        for block in message.blocks:
            if block.call is not None:
                yield block.call.key
            if block.result is not None:
                yield block.result.key
    if hop is not None:
        yield hop.uuid
        yield hop.parent


def _packed(facts: Iterable[Facts], packer: Packer) -> Iterable[Facts]:
    """Yield *facts* with their texts packed beside them, which the writer then need not do."""
    for fact in facts:
        message = fact.message
        if message is None or not any(len(one.text) >= Packer.LEAST for one in message.blocks):
            yield fact
            continue
        blocks = tuple(_kept(one, packer) for one in message.blocks)
        yield replace(fact, message=replace(message, blocks=blocks))


def _kept(block: Block, packer: Packer) -> Block:
    found = packer.packed(plain(block.text.replace("\0", "␀")))
    return replace(block, packed=found) if isinstance(found, bytes) else block
