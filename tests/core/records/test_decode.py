"""One line, however damaged, to what can be read of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Severity
from core.records.decode import EXCERPT, Decoded, Line, decode

RECORD = b'{"type":"user","sessionId":"s","n":1}'
OTHER = b'{"type":"assistant","sessionId":"s","n":2}'


def decoded(data: bytes, *, number: int = 7, offset: int = 100, ended: bool = True) -> Decoded:
    return decode(Line(number, offset, data, ended))


def values(found: Decoded) -> list[Any]:
    return [record.data for record in found.records]


def reasons(found: Decoded) -> list[str]:
    return [problem.reason for problem in found.problems]


def test_a_record_knows_its_line_offset_and_length() -> None:
    found = decoded(b"  " + RECORD + b" \r", number=3, offset=50)

    (record,) = found.records
    assert (record.place.line, record.place.offset, record.place.length) == (3, 52, len(RECORD))
    assert record.data == json.loads(RECORD)
    assert found.problems == ()


@pytest.mark.parametrize("blank", [b"", b" ", b"\t\t", b"\r", b" \r"])
def test_a_blank_line_holds_nothing_and_is_no_problem(blank: bytes) -> None:
    assert decoded(blank) == Decoded()


def test_a_byte_order_mark_is_skipped_at_the_start_of_the_file_only() -> None:
    mark = b"\xef\xbb\xbf"

    assert values(decoded(mark + RECORD, number=1, offset=0)) == [json.loads(RECORD)]
    assert decoded(mark + RECORD, number=1, offset=0).records[0].place.offset == 3
    assert len(decoded(b'"x"' + mark).problems) == 1


def test_records_glued_together_are_both_read() -> None:
    found = decoded(RECORD + OTHER)

    assert values(found) == [json.loads(RECORD), json.loads(OTHER)]
    assert [r.place.offset for r in found.records] == [100, 100 + len(RECORD)]
    assert [r.place.length for r in found.records] == [len(RECORD), len(OTHER)]
    assert found.problems == ()


def test_a_record_cut_off_by_the_next_one_is_a_problem_and_the_next_one_is_read() -> None:
    found = decoded(RECORD[:20] + OTHER)

    assert values(found) == [json.loads(OTHER)]
    (problem,) = found.problems
    assert (problem.line, problem.offset, problem.severity) == (7, 100, Severity.ERROR)
    assert problem.excerpt == RECORD[:20].decode()


def test_an_object_inside_a_torn_record_is_not_taken_for_a_record() -> None:
    found = decoded(b'{"type":"user","message":{"role":"user","content":"x"},"toolUse')

    assert found.records == ()
    assert len(found.problems) == 1


def test_a_run_of_nul_before_a_record_is_skipped_with_a_warning() -> None:
    found = decoded(b"\0" * 400 + RECORD)

    assert values(found) == [json.loads(RECORD)]
    (problem,) = found.problems
    assert problem.severity is Severity.WARNING
    assert problem.reason == "400 NUL bytes where a record should be; they were skipped."


def test_offsets_in_a_damaged_line_count_bytes_not_characters() -> None:
    found = decoded("你好\xff".encode("latin-1", "ignore") + "你好".encode() + b"\xff" + RECORD)

    assert found.records[0].place.offset == 100 + len(b"\xff") + 6 + 1


@pytest.mark.parametrize("line", [b"null", b"5", b'"x"', b"[]", b"true", b"-1.5e3"])
def test_valid_json_that_is_no_object_is_an_error(line: bytes) -> None:
    found = decoded(line)

    assert found.records == ()
    assert reasons(found) == [
        "This line is valid JSON but not an object, so it cannot be a record."
    ]


def test_an_empty_object_is_a_record() -> None:
    assert values(decoded(b"{}")) == [{}]


@pytest.mark.parametrize("line", [b"# note", b"// note", b"cut off", b'{"a":', b"{'a':1}"])
def test_what_is_not_json_is_an_error_with_an_excerpt(line: bytes) -> None:
    found = decoded(line)

    (problem,) = found.problems
    assert problem.severity is Severity.ERROR
    assert problem.excerpt == line.decode()


def test_an_excerpt_is_short_and_shows_control_characters() -> None:
    (problem,) = decoded(b"\x1b[31m\0" + b"x" * 1000).problems

    assert problem.excerpt.startswith("␛[31m␀x")
    assert len(problem.excerpt) == EXCERPT


def test_a_last_line_that_is_torn_waits() -> None:
    for end in range(len(RECORD)):
        found = decoded(RECORD[:end], ended=False)

        assert found == Decoded(whole=False), RECORD[:end]


def test_a_last_line_without_its_end_is_taken_when_it_is_complete() -> None:
    found = decoded(RECORD, ended=False)

    assert values(found) == [json.loads(RECORD)]
    assert found.whole


@pytest.mark.parametrize("line", [b"5", b"[1]", b"nul", b"\0\0\0", b"{}{", RECORD + OTHER[:9]])
def test_a_last_line_that_could_still_become_something_else_waits(line: bytes) -> None:
    assert decoded(line, ended=False) == Decoded(whole=False)


def test_half_an_emoji_is_replaced_and_noted() -> None:
    found = decoded(b'{"type":"user","said":"cut \\ud83d","\\ud83d":["\\udc00"]}')

    assert values(found)[0]["said"] == "cut �"
    assert values(found)[0]["type"] == "user"
    assert [problem.severity for problem in found.problems] == [Severity.INFO]


def test_a_whole_emoji_written_as_two_escapes_is_one_character() -> None:
    assert values(decoded(b'{"a":"\\ud83d\\ude00","b":NaN}'))[0]["a"] == "😀"


def test_invalid_utf8_is_shown_as_replaced_characters() -> None:
    found = decoded(b'{"type":"user","said":"he\xff\xfello"}')

    assert values(found)[0]["said"] == "he��llo"
    assert [problem.severity for problem in found.problems] == [Severity.INFO]


def test_control_characters_in_strings_are_taken_and_noted() -> None:
    found = decoded(b'{"a":"x\x01\ty"}')

    assert values(found) == [{"a": "x\x01\ty"}]
    assert reasons(found) == [
        "Control characters in this record should have been written as escapes; they were kept."
    ]
    # Between its pieces they are blanks, and as escapes they are what JSON asks for.
    assert decoded(b'{\t"a" : "x\\u0001\\ty" }').problems == ()


def test_one_record_has_one_note_whatever_was_replaced_in_it() -> None:
    found = decoded(b'{"a":"\xff\x01","b":NaN}')

    assert [problem.severity for problem in found.problems] == [Severity.INFO]
    assert "replaced. Control" in reasons(found)[0]


def test_a_record_that_is_salvaged_has_its_note_too() -> None:
    found = decoded(b"\0" + RECORD[:-1] + b',"b":NaN}' + OTHER)

    assert values(found) == [json.loads(RECORD) | {"b": None}, json.loads(OTHER)]
    assert [problem.severity for problem in found.problems] == [Severity.WARNING, Severity.INFO]
    assert [problem.offset for problem in found.problems] == [100, 101]


@pytest.mark.parametrize("blank", [b"\f", b"\v", b"\x1c", b"\x85", b"\xc2\xa0"])
def test_what_json_does_not_call_blank_is_a_problem(blank: bytes) -> None:
    (alone,) = decoded(blank).problems
    found = decoded(RECORD + blank)

    assert alone.severity is Severity.ERROR
    assert values(found) == [json.loads(RECORD)]
    assert [problem.offset for problem in found.problems] == [100 + len(RECORD)]
    assert values(decoded(blank + RECORD)) == [json.loads(RECORD)]
    assert len(decoded(blank + RECORD).problems) == 1
    assert decoded(blank, ended=False) == Decoded(whole=False)


def test_records_of_any_format_that_are_glued_together_are_read() -> None:
    first, second = b'{"timestamp":"t","payload":{"a":1}}', b'{"timestamp":"u","payload":{}}'

    found = decoded(first + second + b"\0\0" + RECORD[:5])

    assert values(found) == [json.loads(first), json.loads(second)]
    assert [problem.severity for problem in found.problems] == [Severity.ERROR]


@pytest.mark.parametrize("behind", [b",", b"]", b"}", b" , 1", b"]}"])
def test_the_end_of_a_record_whose_begin_is_lost_is_not_taken_for_one(behind: bytes) -> None:
    assert decoded(b'{"role":"user","content":"x"}' + behind).records == ()


def test_the_work_on_a_long_damaged_line_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every beginning of an object in a torn line could mean to read on to the line's end."""
    tried = 0

    def give_up(written: str, begin: int) -> tuple[object, int, list[str]]:
        nonlocal tried
        tried += len(written) - begin
        raise ValueError

    line = b'{"a":"' + b"x" * (1 << 20) + b'",' + b'"b":{"a":1},' * 500_000
    monkeypatch.setattr("core.records.decode._lenient", give_up)

    assert len(decoded(line).problems) == 1
    assert tried <= 18 * len(line)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_numbers_that_are_none_become_null(number: bytes) -> None:
    assert values(decoded(b'{"type":"user","n":' + number + b"}")) == [{"type": "user", "n": None}]


def test_a_number_beyond_64_bits_is_taken_as_javascript_takes_it() -> None:
    assert values(decoded(b'{"n":' + b"9" * 100 + b"}")) == [{"n": 1e100}]


def test_an_integer_of_ten_thousand_digits_is_a_problem_and_no_crash() -> None:
    found = decoded(b'{"type":"user","n":' + b"9" * 10_000 + b"}")

    assert len(found.records) + len(found.problems) >= 1


@pytest.mark.parametrize("depth", [500, 1020, 5_000, 100_000])
def test_deep_nesting_never_exhausts_the_stack(depth: int) -> None:
    for line in (b'{"a":' * depth + b"1" + b"}" * depth, b"[" * depth):
        found = decoded(line)

        assert len(found.records) + len(found.problems) == 1


def test_a_long_damaged_line_is_given_up_after_some_tries() -> None:
    found = decoded(b'{"a":[' * 3000 + RECORD)

    assert len(found.problems) == 1


@given(st.binary(), st.booleans())
def test_no_bytes_make_it_raise(data: bytes, ended: bool) -> None:
    decoded(data, ended=ended)


_PIECES = st.lists(
    st.sampled_from([RECORD, OTHER, RECORD[:9], b"\0\0", b" ", b"{", b"}", b'"', b"\xff", b"[1]"])
)


@given(_PIECES)
def test_places_of_records_hold_those_records(pieces: list[bytes]) -> None:
    line = b"".join(pieces)
    for record in decoded(line, offset=0).records:
        place = record.place

        assert json.loads(line[place.offset : place.offset + place.length]) == record.data


@given(_PIECES)
def test_every_byte_is_in_a_record_or_in_a_problem_or_blank(pieces: list[bytes]) -> None:
    line = b"".join(pieces)
    found = decoded(line, offset=0)

    assert found.records or found.problems or not line.strip(b" \t\r")
