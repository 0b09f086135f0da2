"""One physical line to JSON objects: a fast decoder, then a tolerant one, then salvage.

Real logs hold lines that no strict decoder takes: half emoji, invalid UTF-8, two
records with the newline between them lost, a record cut off by the next one, runs of
NUL after a crash. What can be read is read; what cannot becomes a `Problem`.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import orjson

from core.light import light
from core.model import Place, Problem, Severity
from core.records.fields import JsonObject, text

EXCERPT = 200  # bytes of a bad line that are kept
BLANKS = b" \t\r\n"  # what JSON calls blank; a form feed, say, is not
_BLANK = BLANKS.decode()
_TRIES = 400  # record starts that are tried in one damaged line
_MOST_TRIED = 64 << 20  # characters that all tries may look at, or 16 times the line
_START = re.compile(r'\{\s*"[A-Za-z]')
_DECODER = json.JSONDecoder(strict=False)
_STRICT = json.JSONDecoder()
_CONTROL = re.compile(r"[\x00-\x1f]")
_VISIBLE = {code: 0x2400 + code for code in range(32)}  # control characters as pictures
WRONG = "This part of the document is not valid JSON."
_REPLACED = "Some characters or numbers in this record are invalid and were replaced."
_RAW = "Control characters in this record should have been written as escapes; they were kept."


@light
@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object of a source, and where it stands."""

    place: Place
    data: JsonObject
    section: str = ""  # of a document: the array, or the file of several, that it is an item of


@light
@dataclass(frozen=True, slots=True)
class Line:
    """One physical line, without its end. *ended* is False for a last line still being written."""

    number: int  # from 1
    offset: int  # bytes
    data: bytes
    ended: bool = True


@light
@dataclass(frozen=True, slots=True)
class Decoded:
    """What a line holds. A line that is still being written and not whole holds nothing."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    whole: bool = True


def decode(line: Line) -> Decoded:
    """Return the records and problems of *line*.

    A line that has not ended is taken only if it is a complete object already: an object
    cannot be the beginning of another one, so nothing that follows can change it.
    """
    start, body = 0, line.data
    if body[:1] != b"{" or body[-1:] != b"}":
        start = len(body) - len(body.lstrip(BLANKS))
        if line.offset == 0 and body.startswith(b"\xef\xbb\xbf"):
            start = 3
        body = body[start:].rstrip(BLANKS)
        if not body:
            return Decoded(whole=line.ended)
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _tolerant(line, start, body)
    if isinstance(value, dict):  # as `_judged`, which is asked only about what is rare
        place = Place(line.number, line.offset + start, len(body))
        return Decoded((Record(place, cast("JsonObject", value)),))
    return _judged(line, start, body, value, ())


def item(line: Line, section: str = "") -> Decoded:
    """Return the record that *line*, cut out of a document without blanks around it, is.

    Nothing inside a damaged item is taken for a record: it may be any part of one.
    """
    try:
        value: object = orjson.loads(line.data)
    except orjson.JSONDecodeError:
        found = _tolerant(replace(line, ended=False), 0, line.data)
        if found.whole:
            return replace(found, records=tuple(replace(r, section=section) for r in found.records))
        reason = WRONG
    else:
        if isinstance(value, dict):
            place = Place(line.number, line.offset, len(line.data))
            return Decoded((Record(place, cast("JsonObject", value), section),))
        reason = "This is valid JSON but not an object, so it cannot be a record."
    return Decoded(problems=(problem(line, 0, line.data, Severity.ERROR, reason),))


def _judged(
    line: Line, start: int, body: bytes, value: object, notes: tuple[Problem, ...]
) -> Decoded:
    """Accept *value* if it is an object; anything else is valid JSON but no record."""
    if isinstance(value, dict):
        place = Place(line.number, line.offset + start, len(body))
        return Decoded((Record(place, cast("JsonObject", value)),), notes)
    if not line.ended:
        return Decoded(whole=False)
    reason = "This line is valid JSON but not an object, so it cannot be a record."
    return Decoded(problems=(problem(line, start, body, Severity.ERROR, reason),))


def _tolerant(line: Line, start: int, body: bytes) -> Decoded:
    """Try *body* again with the standard library's decoder, then piece by piece."""
    if not line.ended and not body.endswith(b"}"):
        return Decoded(whole=False)
    # surrogateescape keeps every byte, so that places in the text map back to the file.
    written = body.decode("utf-8", "surrogateescape")
    try:
        value, end, wrong = _lenient(written, 0)
    except (ValueError, RecursionError):
        pass
    else:
        if end == len(written):
            return _judged(line, start, body, value, _notes(line, start, body, wrong))
    if not line.ended:
        return Decoded(whole=False)
    return _salvaged(line, start, written)


def _lenient(written: str, begin: int) -> tuple[object, int, list[str]]:
    """Return the value at *begin*, where it ends, and what in it was not as it should be.

    Raises:
        ValueError: there is no complete value.
        RecursionError: it is nested too deeply.
    """
    value, end = _DECODER.raw_decode(written, begin)
    value, replaced = _scrubbed(value)
    wrong = [_REPLACED] if replaced else []
    if _CONTROL.search(written, begin, end):
        try:
            _STRICT.raw_decode(written, begin)
        except ValueError:
            wrong.append(_RAW)
    return value, end, wrong


def _notes(line: Line, start: int, raw: bytes, wrong: list[str]) -> tuple[Problem, ...]:
    """Return the one note about a record that was taken although some of it is *wrong*."""
    if not wrong:
        return ()
    return (problem(line, start, raw, Severity.INFO, " ".join(wrong)),)


def _salvaged(line: Line, start: int, written: str) -> Decoded:
    """Return every complete record inside a damaged line, and what lies between them."""
    records: list[Record] = []
    problems: list[Problem] = []
    done, at = 0, start  # characters of *written* that are accounted for; bytes of the line
    left = max(_MOST_TRIED, 16 * len(written))
    for tries, match in enumerate(_START.finditer(written)):
        if tries >= _TRIES or left < 0:
            break
        begin = match.start()
        if begin < done:
            continue
        try:
            value, end, wrong = _lenient(written, begin)
        except (ValueError, RecursionError):
            left -= len(written) - begin
            continue
        left -= end - begin
        if not _is_record(value, apart=_is_apart(written, done, begin, end)):
            continue
        problems += _torn(line, at, written[done:begin])
        at += _bytes(written[done:begin])
        raw = written[begin:end].encode("utf-8", "surrogateescape")
        place = Place(line.number, line.offset + at, len(raw))
        records.append(Record(place, cast("JsonObject", value)))
        problems += _notes(line, at, raw, wrong)
        done, at = end, at + len(raw)
    problems += _torn(line, at, written[done:])
    return Decoded(tuple(records), tuple(problems))


def _torn(line: Line, at: int, piece: str) -> list[Problem]:
    """Return the problem for the *piece* between two records, if there is anything in it."""
    if not piece.strip(_BLANK):
        return []
    raw = piece[:EXCERPT].encode("utf-8", "surrogateescape")
    if not piece.strip("\0" + _BLANK):
        count = piece.count("\0")
        reason = f"{count:,} NUL bytes where a record should be; they were skipped."
        return [problem(line, at, raw, Severity.WARNING, reason)]
    reason = "This is not a complete JSON object; the record was cut off or is not JSON."
    return [problem(line, at, raw, Severity.ERROR, reason)]


def problem(line: Line, start: int, raw: bytes, severity: Severity, reason: str) -> Problem:
    """Return what is wrong with *raw*, which stands *start* bytes behind the begin of *line*."""
    excerpt = raw[:EXCERPT].decode("utf-8", "replace").translate(_VISIBLE)
    return Problem(line.number, line.offset + start, severity, reason, excerpt)


def _is_apart(written: str, done: int, begin: int, end: int) -> bool:
    """Tell whether the object from *begin* to *end* lies inside nothing.

    It does not where it begins the line or stands directly behind a record, as when the line
    end between two was lost, unless it goes on as only the part of something does.
    """
    behind = written[end : end + 64].lstrip(_BLANK)[:1]
    return behind not in {",", "]", "}"} and not written[done:begin].strip(_BLANK)


def _is_record(value: object, *, apart: bool) -> bool:
    """Tell a record from an object that merely lies inside a torn one."""
    if not isinstance(value, dict):
        return False
    record = cast("JsonObject", value)
    if apart and len(record) > 1:
        return True
    return bool(text(record, "type")) and any(
        isinstance(record.get(key), str) for key in ("sessionId", "leafUuid", "messageId")
    )


def _bytes(piece: str) -> int:
    return len(piece.encode("utf-8", "surrogateescape"))


def _scrubbed(value: object) -> tuple[object, bool]:
    """Return *value* with lone surrogates and endless numbers replaced, and whether any were.

    Iterative over a copy of the tree: a deep record must not exhaust the stack.
    """
    changed = False
    root: list[object] = [value]
    todo: list[tuple[Callable[[object], None], object]] = [(_setter(root, 0), value)]
    while todo:
        put, item = todo.pop()
        if isinstance(item, str):
            clean = _clean(item)
            if clean != item:
                changed = True
                put(clean)
        elif isinstance(item, float) and not math.isfinite(item):
            changed = True
            put(None)
        elif isinstance(item, dict):
            pairs = cast("dict[str, object]", item)
            changed = _scrub_keys(pairs) or changed
            todo.extend((_setter(pairs, key), inner) for key, inner in pairs.items())
        elif isinstance(item, list):
            inners = cast("list[object]", item)
            todo.extend((_setter(inners, index), inner) for index, inner in enumerate(inners))
    return root[0], changed


def _scrub_keys(pairs: dict[str, object]) -> bool:
    """Replace lone surrogates in the keys of *pairs*; return whether there were any."""
    bad = [key for key in pairs if not key.isprintable() and _clean(key) != key]
    for key in bad:
        pairs[_clean(key)] = pairs.pop(key)
    return bool(bad)


def _clean(said: str) -> str:
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _setter(holder: dict[str, object] | list[object], key: str | int) -> Callable[[object], None]:
    """Return a function that replaces the value at *key* of *holder*."""

    def put(value: object) -> None:
        holder[key] = value  # type: ignore[index]  # key fits its holder

    return put
