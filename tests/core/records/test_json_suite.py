"""Every kind of right, wrong and undecided JSON, each as one line of a file.

The cases are in the manner of a well known suite of JSON texts (RFC 8259): ``Y`` has to be
taken, ``N`` has to be refused, ``I`` is up to the reader.
"""

import json
import math
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Severity
from core.queries import problems, totals
from core.records.decode import Decoded, Line, decode
from core.store.connection import open_reader
from tests import builders as b
from tests.library import imports, sound

# Values that are right: one of each thing the grammar allows.
Y: tuple[bytes, ...] = (
    b"[]", b"{}", b"[ ]", b"{ }", b"[[]]", b"[[]   ]", b'[""]', b"[null]", b"[true]", b"[false]",
    b"null", b"true", b"false", b'""', b'"a"', b'" "', b"[1 ]", b" [1]", b"[1]\t", b"[1,null,2]",
    b'[null, 1, "1", {}]', b"[1\r]", b'{"":0}', b'{"a":[]}', b'{"a": "b", "c" :"d"}',
    b'{"a":"b","a":"c"}', b'{"a":"b","a":"b"}', b'{"a\\u0000b": 42}', b'{"min":-1e28,"max":1e28}',
    # numbers
    b"0", b"-0", b"[-0]", b"42", b"-1", b"-12", b"[123]", b"0e1", b"0e+1", b"[0.5]", b"1E22",
    b"1E-2", b"1E+2", b"123e65", b"123e45", b"123.456e78", b"123.456789", b"1e-2", b"1e+2",
    b"20e1", b"-237462374673276894279832", b"[" + b"9" * 40 + b"]",
    b"-0." + b"0" * 70 + b"1", b"1.000000000000000000000000000000000001",
    # strings
    b'"\\""', b'"\\\\"', b'"\\/"', b'"\\b\\f\\n\\r\\t"', b'"\\u0060\\u012a\\u12AB"', b'"\\u0022"',
    b'"\\u005C"', b'"\\\\u0000"', b'"\\\\a"', b'"\\\\n"', b'"\\u0000"', b'"\\u0012"', b'"\\u000a"',
    b'"\\uD801\\udc37"', b'"\\ud83d\\ude39\\ud83d\\udc8d"', b'"\\uDBFF\\uDFFF"',
    b'"\\uD834\\uDd1e"',
    b'"\\uFDD0"', b'"\\uFFFE"', b'"\\uD83F\\uDFFE"', b'"\\u200B"', b'"\\u2064"', b'"\\uA66D"',
    b'"asd "', b'"a/*b*/c/*d//e"', b'"//"', b'"#"', b'"\x7f"', b'"a\x7fa"',
    '"é"'.encode(), '"€𝄞"'.encode(), '"\u2028\u2029"'.encode(), '"\u2342\u3238\u2341"'.encode(),
    '"\uffff"'.encode(), '"\U0010ffff"'.encode(), '"\U0001bfff"'.encode(),
    '{"é":"\u0821"}'.encode(),
    '"\ufeff"'.encode(), '"π"'.encode(), b'"new\\u00A0line"', b'"[,]{:}"', b'"{\\"type\\":1}"',
)  # fmt: skip
# Values that are wrong.
N: tuple[bytes, ...] = (
    # arrays
    b"[", b"]", b"[1", b'["x"', b"[1,", b"[,1]", b"[,]", b"[1,]", b"[1,,]", b"[1,,2]", b'["",]',
    b'[""', b"[1 true]", b"[1:2]", b"[3[4]]", b"[x", b"[1]]", b"[][]", b"[a", b"[*]", b"[-]",
    b"[\f]", b"[\v]", b"[\xc2\xa0]", "[\u2060]".encode(), "[\ufeff]".encode(), b"[1,\f2]", b'["a',
    b'["asd]', b"['x']", b"[1}", b"[{}", b'["a" "b"]', b"[\xe5]", b"[1]x", b"[1] [2]", b"[\x00]",
    # objects
    b"{", b"}", b"{]", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b'{"a":1,}', b'{"a":1,,"b":2}',
    b'{"a" 1}', b'{"a"::1}', b'{"a",1}', b"{:1}", b"{a:1}", b"{'a':1}", b"{1:1}", b"{null:null}",
    b'{"a":1 "b":2}', b'{"a":"b"}#', b'{"a":"b"}/**/', b'{"a":"b"}//', b'{"a":"b"}/', b'{"a":"b",}',
    b'{"a":"b"', b'{"a":"b"}}', b'{"a":"b"}{}', b'{"a":/**/"b"}', b'{"a","b"}', b'{"x"', b'{"x":}',
    b'{"x", null}', b'{"x"::"b"}', b'{"id":0,,,,,}', b'{"a":"a" 123}', b"{9999E9999:1}", b'{[:"x"}',
    b"{\xf0\x9f\x87\xa8}", b'{"b":"a', b'{"\xb9":"0",}', b"{,}", b'{"a":b}', b'{"a":true} "x"',
    # numbers
    b"-", b"+1", b"++1", b"-01", b"01", b"-1.0.", b".5", b"-.5", b"2.", b"-2.", b"2.e3", b"2.e-3",
    b"0.e1", b"0.1.2", b"0.3e", b"0.3e+", b"0e", b"0E+", b"1.0e", b"1.0e-", b"1.0e+", b"1 000.0",
    b"1e", b"1eE2", b"9.e+", b"0x1", b"0x42", b"-0x1", b"1.2a-3", b"1a", b"1.8011670033376514H-308",
    b"-123.123foo", b"- 1", b"-x", b"+Inf", b"Inf", b"-Inf", b"inf", b"nan", b"+NaN", b"infinity",
    b"1+2", b"1/2", b"1_000", b"1,000", "\uff11".encode(), "\u0663".encode(), b"-\xe5",
    b"0e-\xe5", b"1e1\xe5",
    b"123\x00", b"012", b"-012", b"0b1", b"0o7", b"1f", b"1.5L", b"$1", b"1%",
    # literals
    b"nul", b"tru", b"fals", b"True", b"FALSE", b"None", b"nulL", b"undefined", b"truth", b"trueX",
    # strings
    b'"', b'"a', b'"\\', b'"\\"', b'"\\a"', b'"\\x00"', b'"\\u"', b'"\\u1"', b'"\\u12"',
    b'"\\u123"',
    b'"\\u00A"', b'"\\u123g"', b'"\\uD834\\uDd"', b'"\\uD800\\u"', b'"\\uD800\\u1"',
    b'"\\uD800\\u1x"',
    b'"\\uD800\\"', b'"\\\\\\"', b'"\\ "', b"\"\\'\"", b'"\\0"', b'"\\U0001F600"', b'"\\{"',
    b'"\\v"',
    b"'single'", b"`x`", b'"a" "b"', b'"a"b', b'a"b"', b'"\xf0\x9f\x8c\x80', b'"\\\xe5"',
    # structures
    b"#", b"//", b"/**/", b"/* x */ 1", b"1 // x", b"<.>", b"<null>", b"<html>", b"---", b"key: 1",
    b"asd", b"abc def", b"*", b"&", b"\\", b"\\u0020", b",", b":", b"[1],", b"{},{}", b"()", b"?",
    b"\x00", b"\x1b[31m", b"\xe5", b"\xc3\xa5", b"\xe2\x81\xa0", b"\xff", b"[\xef\xbb\xbf",
    b"{\x00}",
    b"<" * 500, b"[" * 100_000, b'[{"":' * 50_000, b'{"a":' * 100_000, b"]" * 9, b"}" * 9,
    b'["\\u0041' + b"x" * 5000, b"9" * 500 + b"x",
)  # fmt: skip
# Of these: what ends the record around it early, so that it is one, with rubbish behind it.
CLOSES: tuple[bytes, ...] = (b'{"a":"b"}}',)
# Control characters inside a string: wrong, but real logs hold them, so they are taken and noted.
LENIENT: tuple[bytes, ...] = tuple(b'"a%cb"' % code for code in range(32) if code != 10)
# No JSON, but what programs write where they have no number: taken as null, and noted.
ENDLESS: tuple[bytes, ...] = (b"NaN", b"Infinity", b"-Infinity")
# Undecided: the limits of numbers, of characters and of nesting.
I: tuple[bytes, ...] = (  # noqa: E741  the suite's own letter
    b"123123e100000", b"-1e9999",
    b"0.4e00669999999999999999999999999999999999999999999969999999006",
    b"1e-9999", b"1.5e+9999", b"-123123e100000", b"9" * 400, b"-" + b"9" * 5000,
    b'"\\uDADA"', b'"\\uD888\\u1234"', b'"\\uDd1e\\uD834"', b'"\\ud800abc"', b'"\\uDFAA"',
    b'"\\uD800\\uD800\\n"', b'"\\ud800"', b'{"\\uDFAA":0}', b'"\xff"', b'"\xe9"', b'"\xed\xa0\x80"',
    b'"\xf4\xbf\xbf\xbf"', b'"\xc0\xaf"', b'"\xfc\x83\xbf\xbf\xbf\xbf"', b'"\x81"',
    b'"\xe6\x97\xa5\xd1"',
    b'"\xe0\xff"', b"[" * 500 + b"]" * 500, b"[" * 5_000 + b"]" * 5_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
)  # fmt: skip


def _name(value: bytes) -> str:
    return repr(value[:20])[2:-1]


START = b'{"type":"user","sessionId":"s","uuid":"%d","x":'
NO_RECORD = "This line is valid JSON but not an object, so it cannot be a record."


def decoded(data: bytes, *, ended: bool = True) -> Decoded:
    return decode(Line(1, 0, data, ended))


def inside(value: bytes, number: int = 0) -> bytes:
    """Return a record that holds *value*."""
    return START % number + value + b"}"


def severities(found: Decoded) -> list[Severity]:
    return [problem.severity for problem in found.problems]


# One line ------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", Y, ids=_name)
def test_what_is_right_is_taken_as_it_stands(value: bytes) -> None:
    found = decoded(inside(value))

    (record,) = found.records
    # Integers beyond 64 bits are taken as JavaScript takes them.
    expected = json.loads(value, parse_int=lambda said: _as_number(int(said)))
    assert record.data["x"] == expected
    assert found.problems == ()


@pytest.mark.parametrize("value", Y, ids=_name)
def test_what_is_right_but_no_object_is_one_error(value: bytes) -> None:
    found = decoded(value)

    if isinstance(json.loads(value), dict):
        (record,) = found.records
        assert (record.data, found.problems) == (json.loads(value), ())
    else:
        assert found.records == ()
        assert [(p.severity, p.reason) for p in found.problems] == [(Severity.ERROR, NO_RECORD)]


@pytest.mark.parametrize("value", N, ids=_name)
@pytest.mark.parametrize("alone", [True, False])
def test_what_is_wrong_is_one_error_and_no_record(value: bytes, alone: bool) -> None:
    found = decoded(value if alone else inside(value))

    nothing = Severity.WARNING if value == b"\0" and alone else Severity.ERROR
    assert severities(found) == [nothing]
    assert len(found.records) == (value in CLOSES and not alone)


@pytest.mark.parametrize("value", N, ids=_name)
def test_what_is_wrong_costs_the_record_behind_it_nothing(value: bytes) -> None:
    good = b'{"type":"user","sessionId":"s","uuid":"behind"}'

    found = decoded(value + good)

    # Of a line with thousands of beginnings only the first few hundred are tried.
    expected = [] if value.count(b'{"a') > 1000 else ["behind"]
    assert [record.data["uuid"] for record in found.records] == expected
    assert len(found.problems) == 1


@pytest.mark.parametrize("value", LENIENT, ids=_name)
def test_control_characters_in_a_string_are_taken_with_a_note(value: bytes) -> None:
    found = decoded(inside(value))

    (record,) = found.records
    assert record.data["x"] == value[1:-1].decode()
    assert severities(found) == [Severity.INFO]


@pytest.mark.parametrize("value", ENDLESS, ids=_name)
def test_what_is_no_number_is_null_with_a_note(value: bytes) -> None:
    found = decoded(inside(value))

    (record,) = found.records
    assert record.data["x"] is None
    assert severities(found) == [Severity.INFO]


@pytest.mark.parametrize("value", I, ids=_name)
def test_what_is_undecided_is_taken_or_refused_but_never_both(value: bytes) -> None:
    found = decoded(inside(value))

    assert (len(found.records), severities(found)) in (
        (1, []),
        (1, [Severity.INFO]),  # taken, with what was replaced told
        (0, [Severity.ERROR]),
    )
    json.dumps(found.records[0].data if found.records else None).encode()


@pytest.mark.parametrize("value", [*N, *ENDLESS], ids=_name)
def test_a_line_that_has_not_ended_is_never_an_error(value: bytes) -> None:
    for line in (value, inside(value)[:-1]):
        found = decoded(line, ended=False)
        assert found.problems == () or found.records


# A file ----------------------------------------------------------------------------------------


def test_all_cases_as_the_lines_of_one_file_cost_themselves_only(tmp_path: Path) -> None:
    taken, refused, either = (*Y, *LENIENT), N, (*I, *ENDLESS)
    alone = [value for value in Y if not value.strip().startswith(b"{")]
    lines = [inside(value, number) for number, value in enumerate((*taken, *refused, *either))]
    path = b.write(tmp_path / "s.jsonl", *(line + b"\n" for line in (*lines, *alone)))

    imports(tmp_path / "l.clew", path)

    with closing(open_reader(tmp_path / "l.clew")) as db:
        told = problems.page(db, limit=10_000)
        counts = totals.totals(db)
    errors = Counter(p.line for p in told if p.severity is Severity.ERROR)
    begin = len(taken) + 1
    wrong = set(range(begin, begin + len(refused)))
    wrong |= set(range(len(lines) + 1, len(lines) + len(alone) + 1))
    undecided = set(range(begin + len(refused), len(lines) + 1))
    assert {line for line in errors if line not in undecided} == wrong
    assert set(errors.values()) == {1}
    accepted = len(undecided - errors.keys())
    assert counts.messages == len(taken) + len(CLOSES) + accepted
    assert counts.records == counts.messages
    assert {p.line for p in told if p.severity is Severity.INFO} <= undecided | set(range(begin))
    assert sound(tmp_path / "l.clew")


# Anything --------------------------------------------------------------------------------------

_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('ab\\"é\n😀'), inner),
    max_leaves=8,
)
_BLANKS = st.text(" \t\r", max_size=3)


@given(
    st.dictionaries(st.text("abé"), _VALUE), st.booleans(), _BLANKS, _BLANKS, st.sampled_from(",:")
)
def test_any_object_is_taken_however_it_is_written(
    value: dict[str, Any], ascii_: bool, before: str, after: str, mark: str
) -> None:
    separators = (before + "," + after, after + ":" + before)
    written = json.dumps(value, ensure_ascii=ascii_, separators=separators)

    found = decoded((before + written + after).encode())

    assert [record.data for record in found.records] == [value]
    assert found.problems == ()


@given(st.dictionaries(st.text("abé"), _VALUE, min_size=1), st.data())
def test_the_beginning_of_an_object_is_one_error_if_ended_and_waits_if_not(
    value: dict[str, Any], data: st.DataObject
) -> None:
    line = json.dumps(value).encode()
    torn = line[: data.draw(st.integers(1, len(line) - 1))]

    assert decoded(torn, ended=False) == Decoded(whole=False)
    found = decoded(torn)
    assert found.records == ()
    assert severities(found) == [Severity.ERROR]


@given(st.dictionaries(st.text("abé"), _VALUE), st.integers(0, 2**20), st.binary(max_size=3))
def test_an_object_with_any_damage_is_taken_or_told(
    value: dict[str, Any], place: int, other: bytes
) -> None:
    line = inside(json.dumps(value).encode())
    place %= len(line)
    spoilt = (line[:place] + other + line[place + 1 :]).replace(b"\n", b" ")

    found = decoded(spoilt)

    assert found.records or found.problems
    for record in found.records:
        begin, end = record.place.offset, record.place.offset + record.place.length
        assert 0 <= begin < end <= len(spoilt)
        json.dumps(record.data, allow_nan=False).encode()


def _as_number(number: int) -> int | float:
    return number if -(2**63) <= number < 2**64 else float(number)


def test_the_lists_are_what_they_say() -> None:
    """Ask the standard library, so that a slip in a list is not taken for a finding."""
    for value in Y:
        json.loads(value)
    for value in N:
        with pytest.raises((ValueError, RecursionError)):
            json.loads(value)
    for value in ENDLESS:
        assert not math.isfinite(json.loads(value))
    assert not {b"\n" in value for value in (*Y, *N, *LENIENT, *ENDLESS, *I)} - {False}
