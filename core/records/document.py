"""One JSON document to records: the items of its arrays, each with its own place in the file.

Many agents write a session as one JSON value and rewrite it whole. Its items become records
as the lines of a JSON Lines file do, so that a damaged one costs itself only and every
message can still be found in the file.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from core.model import Place, Severity
from core.records.decode import BLANKS, EXCERPT, WRONG, Decoded, Line, decode, item, problem
from core.records.fields import JsonObject

# Possessive, and a string need not end: what is torn inside one is passed over once, too.
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_MARK = re.compile(_STRING + rb"|[{}\[\],:]", re.DOTALL)
_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:' + _STRING + rb'[^"{}\[\]]*+)*+([{}\[\]])', re.DOTALL)
_BLANK = re.compile(rb"[ \t\r\n]*+")
_OPENS = (b"{", b"[")
_BOM = b"\xef\xbb\xbf"
_LOOKS = 8  # items that a sample looks at for each that it is to have

_NONE = "This is no JSON document."
_TORN = "This JSON document is not complete; what could be read of it was kept."
_EMPTY = "There is nothing before or after a comma here."
_BEHIND = "The document ends before this; what follows was not read."


@dataclass(frozen=True, slots=True)
class Value:
    """Where a value stands inside its container, blanks included."""

    key: bytes  # with its quotes; empty in an array
    begin: int  # bytes
    end: int
    whole: bool = True  # False: the container ended before it was told where the value ends


class Values:
    """The values directly inside the container that opens at *begin*, in order, once.

    Nothing is decoded. A container that does not close before *end* gives a last value that
    is not whole. Afterwards `end` is where the container ends, and `closed` whether it does.
    """

    def __init__(self, data: bytes, begin: int, end: int) -> None:
        self._data, self._begin, self.end = data, begin, end
        self.closed = False

    def __iter__(self) -> Iterator[Value]:
        data, end = self._data, self.end
        keyed = data[self._begin : self._begin + 1] == b"{"
        start = at = self._begin + 1
        key, first = b"", True
        while token := _MARK.search(data, at, end):
            mark, at = token.group(), token.end()
            if mark in _OPENS:
                at = _closed(data, at, end)
            elif mark == b",":
                yield Value(key, start, token.start())
                start, key, first = at, b"", False
            elif mark == b":" and keyed and not key:
                key, start = data[start : token.start()].strip(BLANKS), at
            elif mark in (b"}", b"]"):
                self.end, self.closed = at, True
                if key or not first or _skipped(data, start) < token.start():
                    yield Value(key, start, token.start())
                return
        yield Value(key, start, end, whole=False)


def is_listed(data: bytes) -> bool:
    """Tell whether the document *data* is an array."""
    begin = _begun(data)
    return data[begin : begin + 1] == b"["


def is_one(data: bytes) -> bool:
    """Tell whether *data* begins a document, and not JSON Lines: an object and one more behind."""
    begin = _begun(data)
    if data[begin : begin + 1] == b"[":
        return True
    end = data.find(b"\n", begin)
    after = _skipped(data, end) if end >= 0 else len(data)
    if data[after : after + 1] != b"{":
        return data[begin : begin + 1] == b"{"
    first = decode(Line(1, begin, data[begin:end], ended=False))
    return data[begin : begin + 1] == b"{" and not first.records


def documents(data: bytes, arrays: Collection[str], section: str = "") -> Iterator[Decoded]:
    """Yield the records of the document *data*, in order, and what is wrong with it.

    Of an array every item is a record of *section*. Of an object the first record holds its
    fields without those of *arrays*, of which every item is a record of its own, with the
    array's name for its section. The place of the first record is that of the whole object.
    """
    begin = _begun(data)
    lines = _Lines(data)
    if begin == len(data):
        return
    outside = Values(data, begin, len(data))
    if data[begin : begin + 1] == b"[":
        yield from _items(data, outside, section, lines)
    elif data[begin : begin + 1] == b"{":
        yield from _object_records(data, outside, arrays, section, lines)
    else:
        yield _problem(data, _NONE, lines, begin, len(data))
        return
    rest = _skipped(data, outside.end)
    if rest < len(data):
        yield _problem(data, _BEHIND, lines, rest, len(data))


def sample(data: bytes, most: int, limit: int) -> tuple[JsonObject, ...]:
    """Return what the document *data* begins with, for recognising it.

    Of an array up to *most* of its first objects. Of an object there is one, with every array
    of objects cut to its first item. Values longer than *limit* bytes are left out.
    """
    begin = _begun(data)
    inside = Values(data, begin, len(data))
    if data[begin : begin + 1] == b"[":
        found: list[JsonObject] = []
        for one in islice(inside, most * _LOOKS):
            if one.end - one.begin <= limit and len(found) < most:
                found += _objects(data[one.begin : one.end])
        return tuple(found)
    if data[begin : begin + 1] != b"{":
        return ()
    pieces = [one.key + b":" + _cut(data, one, limit) for one in inside if one.key]
    whole = _objects(_object(pieces))
    return tuple(whole or _objects(_object([one for one in pieces if _is_field(one)])))


class _Lines:
    """Physical line numbers of growing offsets, counted once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at, self._number = 0, 1

    def number(self, offset: int) -> int:
        if offset < self._at:
            self._at, self._number = 0, 1
        self._number += self._data.count(b"\n", self._at, offset)
        self._at = offset
        return self._number


def _begun(data: bytes) -> int:
    """Return where the value of a document begins: behind its byte order mark and blanks."""
    return _skipped(data, len(_BOM) if data.startswith(_BOM) else 0)


def _skipped(data: bytes, at: int) -> int:
    found = _BLANK.match(data, at)
    return found.end() if found else at


def _closed(data: bytes, at: int, end: int) -> int:
    """Return where the container ends that was entered at *at*; *end* if it does not."""
    depth = 1
    while depth:
        token = _BRACKET.match(data, at, end)
        if token is None:
            return end
        at = token.end()
        depth += 1 if token.group(1) in _OPENS else -1
    return at


def _name(data: bytes, value: Value) -> str:
    """Return the name of *value* if it is an array in an object, else an empty one."""
    at = _skipped(data, value.begin)
    if at >= value.end or data[at : at + 1] != b"[":
        return ""
    if b"\\" not in value.key:
        return value.key[1:-1].decode("utf-8", "replace")
    try:
        return str(json.loads(value.key))
    except ValueError:
        return ""


def _items(data: bytes, inside: Values, section: str, lines: _Lines) -> Iterator[Decoded]:
    for one in inside:
        raw = data[one.begin : one.end].strip(BLANKS)
        at = _skipped(data, one.begin)
        if raw:
            found = item(Line(lines.number(at), at, raw), section)
            if one.whole or found.records:
                yield found
        elif one.whole:
            yield _problem(data, _EMPTY, lines, one.begin, one.end)
        if not one.whole:
            yield _problem(data, _TORN, lines, at, at)


def _object_records(
    data: bytes, outside: Values, arrays: Collection[str], section: str, lines: _Lines
) -> Iterator[Decoded]:
    fields = list(outside)
    names = [_name(data, one) for one in fields]
    kept = [one for one, name in zip(fields, names, strict=True) if name not in arrays]
    begin = _begun(data)
    place = Place(lines.number(begin), begin, outside.end - begin)
    yield _head(data, kept, place, section, lines)
    for one, name in zip(fields, names, strict=True):
        torn = not one.whole
        if name in arrays:
            inside = Values(data, _skipped(data, one.begin), one.end)
            yield from _items(data, inside, name, lines)
            torn = torn and inside.closed
            rest = _skipped(data, inside.end)
            if inside.closed and rest < one.end:
                yield _problem(data, WRONG, lines, rest, one.end)
        if torn:
            yield _problem(data, _TORN, lines, one.begin, one.begin)


def _head(data: bytes, fields: list[Value], place: Place, section: str, lines: _Lines) -> Decoded:
    """Return the record of *fields*, less those that are damaged, and what is wrong with them."""
    done = [one for one in fields if _is_done(data, one)]
    pieces = [one.key + b":" + data[one.begin : one.end] for one in done]
    line = Line(place.line, place.offset, _object(pieces))
    found = item(line)
    told = found.problems
    if not found.records:
        good = [_is_field(piece) for piece in pieces]
        line = replace(
            line, data=_object([piece for piece, ok in zip(pieces, good, strict=True) if ok])
        )
        found = item(line)
        told = found.problems
        for one, ok in zip(done, good, strict=True):
            if not ok:
                told += _problem(data, WRONG, lines, one.begin, one.end).problems
    return Decoded(tuple(replace(one, place=place, section=section) for one in found.records), told)


def _is_done(data: bytes, value: Value) -> bool:
    """Tell whether nothing can be missing at the end of *value*."""
    return value.whole or data[value.begin : value.end].rstrip(BLANKS)[-1:] in {b"}", b"]", b'"'}


def _is_field(piece: bytes) -> bool:
    return bool(_objects(_object([piece])))


def _object(pieces: list[bytes]) -> bytes:
    return b"{" + b",".join(pieces) + b"}"


def _problem(data: bytes, reason: str, lines: _Lines, at: int, end: int) -> Decoded:
    at = _skipped(data, at) if _skipped(data, at) < end else at
    line = Line(lines.number(at), at, data[at : min(end, at + EXCERPT)])
    return Decoded(problems=(problem(line, 0, line.data, Severity.ERROR, reason),))


def _cut(data: bytes, value: Value, limit: int) -> bytes:
    """Return what a sample shows of *value*."""
    at = _skipped(data, value.begin)
    if data[at : at + 1] == b"[" and data[(to := _skipped(data, at + 1)) : to + 1] == b"{":
        first = next(iter(Values(data, at, value.end)))
        raw = b"[" + data[first.begin : first.end] + b"]" if first.whole else b"[]"
    elif _is_done(data, value):
        raw = data[at : value.end]
    else:
        raw = b"null"
    return raw if len(raw) <= limit else b"null"


def _objects(raw: bytes) -> list[JsonObject]:
    return [record.data for record in item(Line(1, 0, raw.strip(BLANKS))).records]
