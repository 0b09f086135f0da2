"""One physical line to JSON objects: a fast decoder, then a tolerant one, then salvage.

Real logs hold lines that no strict decoder takes: half emoji, invalid UTF-8, two
records with the newline between them lost, a record cut off by the next one, runs of
NUL after a crash. What can be read is read; what cannot becomes a `Problem`.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import orjson

from core.model import Place, Problem, Severity
from core.records.fields import JsonObject, text

EXCERPT = 200  # bytes of a bad line that are kept
_TRIES = 400  # record starts that are tried in one damaged line
_START = re.compile(r'\{\s*"[A-Za-z]')
_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _name: None)
_VISIBLE = {code: 0x2400 + code for code in range(32)}  # control characters as pictures


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object of a source, and where it stands."""

    place: Place
    data: JsonObject


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line, without its end. *ended* is False for a last line still being written."""

    number: int  # from 1
    offset: int  # bytes
    data: bytes
    ended: bool = True


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
    start = len(line.data) - len(line.data.lstrip(b" \t\r"))
    if line.offset == 0 and line.data.startswith(b"\xef\xbb\xbf"):
        start = 3
    body = line.data[start:].rstrip()
    if not body:
        return Decoded(whole=line.ended)
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _tolerant(line, start, body)
    return _judged(line, start, body, value, ())


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
    return Decoded(problems=(_problem(line, start, body, Severity.ERROR, reason),))


def _tolerant(line: Line, start: int, body: bytes) -> Decoded:
    """Try *body* again with the standard library's decoder, then piece by piece."""
    if not line.ended and not body.endswith(b"}"):
        return Decoded(whole=False)
    # surrogateescape keeps every byte, so that places in the text map back to the file.
    written = body.decode("utf-8", "surrogateescape")
    try:
        value, end = _DECODER.raw_decode(written)
    except (ValueError, RecursionError):
        pass
    else:
        if end == len(written):
            value, repaired = _scrubbed(value)
            note = "Some characters or numbers in this record are invalid and were replaced."
            notes = (_problem(line, start, body, Severity.INFO, note),) if repaired else ()
            return _judged(line, start, body, value, notes)
    if not line.ended:
        return Decoded(whole=False)
    return _salvaged(line, start, written)


def _salvaged(line: Line, start: int, written: str) -> Decoded:
    """Return every complete record inside a damaged line, and what lies between them."""
    records: list[Record] = []
    problems: list[Problem] = []
    done = 0  # characters of *written* that are accounted for
    for tries, match in enumerate(_START.finditer(written)):
        if tries >= _TRIES:
            break
        if match.start() < done:
            continue
        try:
            value, end = _DECODER.raw_decode(written, match.start())
        except (ValueError, RecursionError):
            continue
        clean, _ = _scrubbed(value)
        if not _is_record(clean):
            continue
        problems += _torn(line, start, written, done, match.start())
        at = start + _bytes(written[: match.start()])
        length = _bytes(written[match.start() : end])
        records.append(
            Record(Place(line.number, line.offset + at, length), cast("JsonObject", clean))
        )
        done = end
    problems += _torn(line, start, written, done, len(written))
    return Decoded(tuple(records), tuple(problems))


def _torn(line: Line, start: int, written: str, begin: int, end: int) -> list[Problem]:
    """Return the problem for the characters between two records, if there are any."""
    piece = written[begin:end]
    if not piece.strip():
        return []
    at = start + _bytes(written[:begin])
    raw = piece[:EXCERPT].encode("utf-8", "surrogateescape")
    if not piece.strip("\0 \t\r"):
        reason = f"{len(piece):,} NUL bytes where a record should be; they were skipped."
        return [_problem(line, at, raw, Severity.WARNING, reason)]
    reason = "This is not a complete JSON object; the record was cut off or is not JSON."
    return [_problem(line, at, raw, Severity.ERROR, reason)]


def _problem(line: Line, start: int, raw: bytes, severity: Severity, reason: str) -> Problem:
    excerpt = raw[:EXCERPT].decode("utf-8", "replace").translate(_VISIBLE)
    return Problem(line.number, line.offset + start, severity, reason, excerpt)


def _is_record(value: object) -> bool:
    """Tell a record from an object that merely lies inside a torn one."""
    if not isinstance(value, dict):
        return False
    record = cast("JsonObject", value)
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
