"""One JSON document, however it is written or torn, to the records in it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Severity
from core.records import document
from core.records.decode import EXCERPT, Record
from core.records.document import documents, is_listed, is_one, sample
from core.records.fields import JsonObject

ARRAYS = ("messages", "parts")
TORN = "This JSON document is not complete; what could be read of it was kept."


def records(data: bytes, arrays: tuple[str, ...] = ARRAYS, section: str = "") -> list[Record]:
    return [one for found in documents(data, arrays, section) for one in found.records]


def told(data: bytes) -> list[tuple[int, int, str]]:
    return [
        (one.line, one.offset, one.reason)
        for found in documents(data, ARRAYS)
        for one in found.problems
    ]


def pairs(data: bytes) -> list[tuple[str, Any]]:
    return [(one.section, one.data) for one in records(data)]


def at_its_place(data: bytes, record: Record) -> bytes:
    return data[record.place.offset : record.place.offset + record.place.length]


# What it gives -------------------------------------------------------------------------------


def test_an_object_gives_its_fields_then_the_items_of_its_named_arrays() -> None:
    data = b'{"id":"s","messages":[{"n":1},{"n":2}],"tags":[{"n":3}],"parts":[{"n":4}]}'

    assert pairs(data) == [
        ("", {"id": "s", "tags": [{"n": 3}]}),
        ("messages", {"n": 1}),
        ("messages", {"n": 2}),
        ("parts", {"n": 4}),
    ]


def test_an_array_gives_its_items_in_the_section_of_its_file() -> None:
    assert pairs(b'[{"n":1},{"n":2}]') == [("", {"n": 1}), ("", {"n": 2})]
    assert [one.section for one in records(b'[{"n":1}]', section="part")] == ["part"]
    assert [one.section for one in records(b'{"n":1}', section="part")] == ["part"]


def test_a_named_field_that_is_no_array_stays_with_the_others() -> None:
    data = b'{"messages":{"0":{"n":1}},"parts":null}'

    assert pairs(data) == [("", {"messages": {"0": {"n": 1}}, "parts": None})]


def test_a_name_written_with_escapes_is_the_same_name() -> None:
    assert pairs(b'{"m\\u0065ssages":[{"n":1}]}') == [("", {}), ("messages", {"n": 1})]


def test_every_item_has_its_own_line_and_bytes() -> None:
    data = b'{\n "messages": [\n  {"n":1},\n\n  {\n"n":2 }  ]\n}\n'

    head, first, second = records(data)

    assert [one.place.line for one in (head, first, second)] == [1, 3, 5]
    assert at_its_place(data, head) == data.strip()
    assert at_its_place(data, first) == b'{"n":1}'
    assert at_its_place(data, second) == b'{\n"n":2 }'


def test_brackets_commas_and_quotes_inside_strings_are_text() -> None:
    said = ',:[{"\\'
    data = json.dumps({"messages": [{said: said}, {"n": [said, {"x": said}]}]}).encode()

    assert [one.data for one in records(data)][1:] == [{said: said}, {"n": [said, {"x": said}]}]
    assert told(data) == []


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_an_empty_document_holds_nothing_and_is_no_problem(data: bytes) -> None:
    assert list(documents(data, ARRAYS)) == []
    assert sample(data, 8, 1000) == ()
    assert not is_listed(data)


def test_a_byte_order_mark_and_any_blanks_may_come_first() -> None:
    before = b"\xef\xbb\xbf" + b" \n" * 500

    (record,) = records(before + b'[{"n":1}]')
    assert (record.place.line, record.place.offset) == (501, len(before) + 1)
    assert is_listed(before + b"[]")
    assert sample(before + b'{"n":1}', 8, 1000) == ({"n": 1},)


# What is wrong with it -----------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"null", b'"{}"', b"5", b"hello {", b"\f{}", b"\x1f\x8b["])
def test_what_is_no_object_or_array_is_one_error(data: bytes) -> None:
    assert records(data) == []
    assert told(data) == [(1, 0, "This is no JSON document.")]


def test_an_item_that_is_damaged_costs_itself_only() -> None:
    data = b'{"id":1,"messages":[{"n":1},\n{"n":tru},\n5,{"n":2}]}'

    assert [one.data for one in records(data)] == [{"id": 1}, {"n": 1}, {"n": 2}]
    assert told(data) == [
        (2, data.index(b'{"n":tru'), "This part of the document is not valid JSON."),
        (3, data.index(b"5,"), "This is valid JSON but not an object, so it cannot be a record."),
    ]


def test_a_field_that_is_damaged_costs_itself_only() -> None:
    data = b'{"id":1,\n"a":tru,"b":2,"messages":[{"n":1}],"c"}'

    assert pairs(data) == [("", {"id": 1, "b": 2}), ("messages", {"n": 1})]
    assert [line for line, _, _ in told(data)] == [2, 2]
    assert told(data)[0][1] == data.index(b"tru")


def test_a_record_inside_a_damaged_item_is_not_taken_for_an_item() -> None:
    inner = b'{"type":"user","sessionId":"s"}'

    assert records(b'[{"a":' + inner + b",}]") == []
    assert records(b'[{"a":' + inner) == []


@pytest.mark.parametrize("data", [b'[{"n":1},]', b'[,{"n":1}]', b'[{"n":1},,{"n":1}]'])
def test_a_comma_too_many_is_told(data: bytes) -> None:
    assert {one.data["n"] for one in records(data)} == {1}
    assert [reason for _, _, reason in told(data)] == [
        "There is nothing before or after a comma here."
    ]


def test_what_follows_a_document_is_told() -> None:
    data = b'{"messages":[{"n":1}]}\n\0\0\0'

    assert len(records(data)) == 2
    assert told(data) == [(2, 23, "The document ends before this; what follows was not read.")]


def test_what_is_wrong_between_a_named_array_and_the_next_field_is_told() -> None:
    data = b'{"messages":[{"n":1}]x,"id":1}'

    assert pairs(data) == [("", {"id": 1}), ("messages", {"n": 1})]
    assert told(data) == [(1, data.index(b"x"), "This part of the document is not valid JSON.")]


def test_an_excerpt_is_short() -> None:
    for data in (b"x" * 1000, b"[" + b"x" * 1000 + b"]", b'{"a":' + b"x" * 1000 + b"}"):
        problems = [one for found in documents(data, ()) for one in found.problems]
        assert [len(one.excerpt) for one in problems] == [EXCERPT]


def test_invalid_characters_in_an_item_are_replaced_and_noted() -> None:
    ((found,)) = [list(documents(b'[{"a":"\xff","b":NaN,"c":"\x01"}]', ()))]

    (record,) = found[0].records
    assert record.data == {"a": "\ufffd", "b": None, "c": "\x01"}
    assert [one.severity for one in found[0].problems] == [Severity.INFO]


def test_of_a_torn_document_what_is_complete_is_kept() -> None:
    data = b'{"id":"s","messages":[{"n":1},{"n":2},{"n":3'

    assert pairs(data) == [("", {"id": "s"}), ("messages", {"n": 1}), ("messages", {"n": 2})]
    assert told(data) == [(1, data.index(b'{"n":3'), TORN)]


@pytest.mark.parametrize(
    "data",
    [b"[", b"{", b'[{"n":1}', b'{"messages":[{"n":1},', b'{"messages":[]', b'{"a', b'{"a":1'],
)
def test_every_torn_document_is_one_error(data: bytes) -> None:
    assert [reason for _, _, reason in told(data)] == [TORN]


def test_a_number_that_may_go_on_is_not_taken_from_a_torn_document() -> None:
    assert pairs(b'{"a":"x","n":12') == [("", {"a": "x"})]
    assert pairs(b'{"n":12,"a":"x"') == [("", {"n": 12, "a": "x"})]


@pytest.mark.parametrize(
    "data",
    [
        b'{"messages":[{"a":"' + b'\\"x' * 1_000_000,  # an unclosed string full of quotes
        b'[{"a":' * 300_000,
        b"[" * 1_000_000,
        b'{"a":' + b"[" * 1_000_000,
        b'["' + b"\\" * 1_000_001,
        b"[" + b"{]" * 300_000,
        b'{"messages":' + b"\n" * 1_000_000 + b"[" + b'{"n":1},\n' * 50_000,
    ],
    ids=["quotes", "deep", "arrays", "field", "escapes", "crossed", "lines"],
)
def test_no_torn_document_takes_longer_than_its_length(data: bytes) -> None:
    """Were the time for one of these quadratic, it would be hours."""
    found = list(documents(data, ARRAYS))

    assert any(one.problems for one in found)
    sample(data, 8, 1000)
    is_one(data)


# What is asked before it is read -------------------------------------------------------------


def test_a_sample_of_an_object_has_every_array_of_objects_cut_to_its_first_item() -> None:
    data = b'{"id":"s","messages":[{"n":1},{"n":2}],"tags":["a","b"],"none":[ ]}'

    assert sample(data, 8, 1000) == (
        {"id": "s", "messages": [{"n": 1}], "tags": ["a", "b"], "none": []},
    )


def test_a_sample_of_an_array_has_its_first_objects() -> None:
    data = b"[1," + b",".join(b'{"n":%d}' % n for n in range(99)) + b"]"

    assert [one["n"] for one in sample(data, 8, 1000)] == list(range(8))


def test_a_sample_leaves_out_what_is_long() -> None:
    long = b'"' + b"x" * 2000 + b'"'

    assert sample(b'{"a":' + long + b',"b":1}', 8, 1000) == ({"a": None, "b": 1},)
    assert sample(b'[{"a":' + long + b'},{"b":1}]', 8, 1000) == ({"b": 1},)


def test_a_sample_of_a_torn_or_damaged_document_holds_what_is_complete() -> None:
    assert sample(b'{"id":"s","messages":[{"n":1},{"n":', 8, 1000) == (
        {"id": "s", "messages": [{"n": 1}]},
    )
    assert sample(b'{"id":"s","messages":[{"n":1', 8, 1000) == ({"id": "s", "messages": []},)
    assert sample(b'{"id":"s","a":tru,"b":2}', 8, 1000) == ({"id": "s", "b": 2},)
    assert sample(b'[{"n":1},{"n":', 8, 1000) == ({"n": 1},)


def test_a_sample_of_an_array_of_scalars_does_not_look_at_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[bytes] = []

    def look(raw: bytes) -> list[JsonObject]:
        looked.append(raw)
        return []

    monkeypatch.setattr(document, "_objects", look)

    assert sample(b"[" + b"1," * 10_000 + b"1]", 8, 1000) == ()
    assert len(looked) < 100


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"n":1}', True),
        (b'\n{"n":1}\n', True),
        (b'{"n":1}\n5', True),
        (b'{\n"n":1}\n{"n":1}', True),
        (b'[{"n":1}\n{"n":1}]', True),
        (b"\xef\xbb\xbf [", True),
        (b'{"n":', True),
        (b'{"n":1}\n{"n":2}\n', False),
        (b'\xef\xbb\xbf{"n":1}\r\n\r\n  {"n":', False),
        (b"5", False),
        (b'"x"\n{"n":1}', False),
        (b"", False),
        (b"\n", False),
    ],
)
def test_a_document_is_told_from_json_lines(data: bytes, expected: bool) -> None:
    assert is_one(data) is expected


# Anything ------------------------------------------------------------------------------------

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['"', "\\", '{"', "[,", "}:", "\n", "é😀", "messages"]
)
_KEYS = st.sampled_from(["messages", "parts", "a", "", 'b"', "é"]) | _TEXT
_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_OBJECT = st.dictionaries(_KEYS, _VALUE, max_size=3)
_DOCUMENT = (
    st.dictionaries(_KEYS, _VALUE | st.lists(_OBJECT, max_size=4), max_size=5)
    | st.lists(_OBJECT, max_size=4)
    | st.lists(_VALUE, max_size=4)
)
_SPACES = st.lists(st.sampled_from(["", "", "", " ", "\n", "\t", "\r\n", "  \n "]), min_size=1)


def written(value: object, spaces: list[str], ascii_: bool) -> bytes:
    """Return *value* as JSON with *spaces*, over and over, between its pieces."""

    def pieces(one: object) -> Iterator[str]:
        if isinstance(one, dict):
            yield "{"
            for at, (key, inner) in enumerate(one.items()):
                yield from ("," if at else "", json.dumps(key, ensure_ascii=ascii_), ":")
                yield from pieces(inner)
            yield "}"
        elif isinstance(one, list):
            yield "["
            for at, inner in enumerate(one):
                yield "," if at else ""
                yield from pieces(inner)
            yield "]"
        else:
            yield json.dumps(one, ensure_ascii=ascii_)

    said = [p for p in pieces(value) if p]
    spaced = (piece + spaces[at % len(spaces)] for at, piece in enumerate(said))
    return (spaces[-1] + "".join(spaced)).encode()


def expected(value: Any) -> tuple[list[tuple[str, Any]], int]:
    """Return what a document of *value* gives, and how many of its items are no objects."""
    if isinstance(value, list):
        listed = [("", one) for one in value]
        head = []
    else:
        split = {k: v for k, v in value.items() if k in ARRAYS and isinstance(v, list)}
        head = [("", {k: v for k, v in value.items() if k not in split})]
        listed = [(key, one) for key, items in split.items() for one in items]
    found = [one for one in listed if isinstance(one[1], dict)]
    return head + found, len(listed) - len(found)


@given(_DOCUMENT, _SPACES, st.booleans())
def test_any_document_gives_the_same_records_however_it_is_spaced(
    value: Any, spaces: list[str], ascii_: bool
) -> None:
    data = written(value, spaces, ascii_)
    found = records(data)

    assert ([(one.section, one.data) for one in found], len(told(data))) == expected(value)
    heads = 0 if isinstance(value, list) else 1
    for record in found[:heads]:
        assert json.loads(at_its_place(data, record)) == value
    for record in found[heads:]:
        assert json.loads(at_its_place(data, record)) == record.data
    for record in found:
        assert record.place.line == data.count(b"\n", 0, record.place.offset) + 1


@given(_DOCUMENT, _SPACES, st.data())
def test_whatever_is_complete_before_the_end_of_a_torn_document_is_kept(
    value: Any, spaces: list[str], drawn: st.DataObject
) -> None:
    data = written(value, spaces, ascii_=False).strip()
    end = drawn.draw(st.integers(1, len(data) - 1))
    heads = 0 if isinstance(value, list) else 1
    whole, found = records(data), records(data[:end])

    complete = [one for one in whole[heads:] if one.place.offset + one.place.length <= end]
    assert found[heads:] == complete
    for record in found[:heads]:
        assert record.data.items() <= whole[0].data.items()
    assert [reason for _, _, reason in told(data[:end])].count(TORN) == 1


@given(st.binary(), st.sampled_from([b"", b"{", b"[", b'{"messages":[', b"\xef\xbb\xbf{"]))
def test_no_bytes_make_it_raise(data: bytes, before: bytes) -> None:
    for record in records(before + data):
        json.dumps(record.data, allow_nan=False).encode()
    sample(before + data, 8, 1000)
    is_one(before + data)
    is_listed(before + data)


@given(_DOCUMENT, st.integers(0, 2**20), st.binary(max_size=2))
def test_whatever_is_damaged_records_lie_inside_the_file(
    value: Any, place: int, other: bytes
) -> None:
    data = written(value, [""], ascii_=False)
    place %= len(data)
    spoilt = data[:place] + other + data[place + 1 :]

    for record in records(spoilt):
        begin, end = record.place.offset, record.place.offset + record.place.length
        assert 0 <= begin < end <= len(spoilt)
