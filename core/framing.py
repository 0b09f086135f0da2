"""A file to records, however its format lays them out: the steps that slices are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePath
from typing import BinaryIO

from core.files.bundles import Member
from core.files.patience import Patience
from core.light import light
from core.messages.format import NO, Format, Framing, Sample
from core.messages.formats import UNKNOWN, best
from core.opening import narrowed, opened
from core.records import document, markdown
from core.records.decode import Decoded, Line, decode
from core.records.fields import JsonObject
from core.records.reader import lines

MOST = 1 << 29  # bytes of a document, which is held in memory while it is read
_FEW, SOME = 8, 50  # records that a detector sees: at first, and if those leave it unsure
_SURE = 80  # points with which no more records are looked at
_SAMPLE_BYTES = 4 << 20
_TEXT = 4096  # characters
_HEAD = 1 << 20  # bytes of a document's first items that a detector sees


@light
@dataclass(frozen=True, slots=True)
class Step:
    """One line, or one item of a document, and where the file is read to after it."""

    decoded: Decoded
    offset: int
    line: int  # line ends before offset
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Recognised:
    """The format of a file and how it was recognised; None: in no known one."""

    format: Format | None
    reason: str
    settled: bool = False  # what the file holds behind its first records changes nothing


def framings(path: PurePath) -> tuple[Framing, ...]:
    """Return how a file with the name of *path* may be laid out, the likeliest first."""
    return _BY_SUFFIX.get(path.suffix.lower(), (Framing.DOCUMENT, Framing.LINES))


_NAMED = frozenset({".jsonl", ".ndjson"})  # that are JSON Lines whatever is in them
_BY_SUFFIX = {
    ".jsonl": (Framing.LINES,),
    ".ndjson": (Framing.LINES,),
    ".json": (Framing.DOCUMENT, Framing.LINES),
    ".traj": (Framing.DOCUMENT,),
    ".md": (Framing.MARKDOWN,),
}


def recognise(path: PurePath, stream: BinaryIO) -> Recognised:
    """Return which format the file at *path*, open as *stream*, is in.

    Reads its first few records; of a document all of it, since only its end completes it.
    """
    named = path.suffix.lower() in _NAMED
    stream.seek(0)  # wherever its caller left it
    for framing in framings(path):
        form, score, settled = None, NO, False
        for sample in _SAMPLERS[framing](path, stream):
            form, score = best(sample)
            sure, seen = score.points >= _SURE, len(sample.records)
            settled = seen >= SOME or (sure and seen >= _FEW)
            if sure:
                break
        stream.seek(0)
        # Any text has lines: only a name or a format makes a log of them.
        if form is not None and (named or form.name != UNKNOWN):
            return Recognised(form, score.reason, settled)
    return Recognised(None, "")


def steps(  # noqa: PLR0913, PLR0917  a file, from where on, and what is read with it
    form: Format,
    stream: BinaryIO,
    offset: int,
    line: int,
    bundle: tuple[Member, ...],
    patience: Patience | None = None,
) -> Iterator[Step]:
    """Return what *stream* holds after byte *offset*, laid out as *form* says, step by step.

    Ends before a last line that is still being written. Documents are read whole; files of the
    *bundle* that may not answer are read with *patience*.

    Raises:
        OSError: a file of the *bundle* cannot be read.
    """
    if form.framing is Framing.LINES:
        # Nothing here holds on to a line while what it says is written: it may be huge.
        return takewhile(_is_whole, map(_step, lines(stream, offset, line)))
    return _whole_steps(form, stream, bundle, patience)


def _whole_steps(
    form: Format, stream: BinaryIO, bundle: tuple[Member, ...], patience: Patience | None
) -> Iterator[Step]:
    done = 0
    for decoded, size in _whole(form, stream, bundle, patience):
        done += size
        yield Step(decoded, done, 0, size)


def _step(raw: Line) -> Step:
    length = len(raw.data) + (1 if raw.ended else 0)
    return Step(decode(raw), raw.offset + length, raw.number - (0 if raw.ended else 1), length)


def _is_whole(step: Step) -> bool:
    return step.decoded.whole


def _whole(
    form: Format, stream: BinaryIO, bundle: tuple[Member, ...], patience: Patience | None
) -> Iterator[tuple[Decoded, int]]:
    """Yield what a file that is read whole holds, and the bytes that each part of it takes."""
    if form.framing is Framing.MARKDOWN:
        for record in markdown.pieces(stream.read(MOST)):
            yield Decoded((record,)), record.place.length
        return
    if not bundle:
        yield from _document(stream.read(MOST), form, "")
        return
    for member in bundle:
        with opened(member.path, patience) as (other, _, wide):
            data = (narrowed(other) if wide else other).read(MOST)
        yield from _document(data, form, member.section)


def _document(data: bytes, form: Format, section: str) -> Iterator[tuple[Decoded, int]]:
    apart = document.is_listed(data)  # the fields of an object are spread over all of it
    for decoded in document.documents(data, form.arrays, section):
        yield decoded, sum(record.place.length for record in decoded.records) if apart else 0
        apart = True


def _line_samples(path: PurePath, stream: BinaryIO) -> Iterator[Sample]:
    """Yield a sample of few records, then one of more if there are more."""
    found: list[JsonObject] = []
    shown = size = 0
    for raw in lines(stream, 0, 0):
        found += [record.data for record in decode(raw).records]
        size += len(raw.data)
        if not shown and len(found) >= _FEW:
            shown = _FEW
            yield Sample(path, Framing.LINES, tuple(found[:_FEW]))
        if len(found) >= SOME or size > _SAMPLE_BYTES:
            break
    if not found or len(found) > shown:
        yield Sample(path, Framing.LINES, tuple(found[:SOME]))


def _document_samples(path: PurePath, stream: BinaryIO) -> Iterator[Sample]:
    data = stream.read(_SAMPLE_BYTES)
    if document.is_one(data):
        data += stream.read(MOST - len(data))
        records = document.sample(data, _FEW, _HEAD)
        yield Sample(path, Framing.DOCUMENT, records, listed=document.is_listed(data))


def _markdown_samples(path: PurePath, stream: BinaryIO) -> Iterator[Sample]:
    text = stream.read(_TEXT * 4).decode("utf-8-sig", "replace")[:_TEXT]
    yield Sample(path, Framing.MARKDOWN, text=text)


_SAMPLERS = {
    Framing.LINES: _line_samples,
    Framing.DOCUMENT: _document_samples,
    Framing.MARKDOWN: _markdown_samples,
}
