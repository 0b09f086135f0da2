"""Looks into JSON of any shape."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import fields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-01-01T00:00:00.123Z", 1_767_225_600_123),
        ("2026-01-01T05:30:00+05:30", 1_767_225_600_000),
        ("2026-01-01 00:00:00", 1_767_225_600_000),  # no zone: UTC, wherever it is read
        (1_767_225_600, 1_767_225_600_000),
        (1_767_225_600_123, 1_767_225_600_123),
        ("nope", None),
        ("", None),
        (None, None),
        (0, None),
        (True, None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        (10**30, None),
        ([], None),
    ],
)
def test_a_moment_is_milliseconds_or_nothing(written: object, at: int | None) -> None:
    assert fields.moment(written) == at


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (5, 5), (5.0, 5), (-1, 0), (5.5, 0), (True, 0), ("5", 0), (None, 0), (2**53, 2**53),
        (2**70, 0), (math.inf, 0), (math.nan, 0), ([], 0),
    ],
)  # fmt: skip
def test_a_count_is_a_whole_number_that_can_count_something(value: object, count: int) -> None:
    assert fields.count({"n": value}, "n") == count


def test_truth_is_only_true() -> None:
    looks = [True, 1, "true", [1], None]

    assert [fields.truth({"x": look}, "x") for look in looks] == [True, False, False, False, False]


def test_flat_gives_strings_and_numbers_in_order_without_keys() -> None:
    value = {"command": "ls", "more": [{"n": 1, "on": True}, None, 2.5], "last": "x"}

    assert fields.flat(value) == "ls\n1\n2.5\nx"


def test_flat_and_dump_take_any_depth() -> None:
    deep: Any = "x"
    for _ in range(50_000):
        deep = [{"a": deep}]

    assert fields.flat(deep) == "x"
    assert fields.dump(deep).startswith('[{"a":[{"a":')
    assert fields.load(fields.dump(deep)) == fields.dump(deep)


def test_dump_takes_integers_of_any_size() -> None:
    assert fields.dump({"n": 2**70}) == '{"n":1180591620717411303424}'


@given(JSON)
def test_dump_is_json_that_loads_to_the_same(value: object) -> None:
    said = fields.dump(value)

    assert json.dumps(fields.load(said)) == json.dumps(_finite(value))


@given(JSON, st.text())
def test_no_look_raises(value: object, key: str) -> None:
    record = {key: value}

    assert isinstance(fields.text(record, key), str)
    assert isinstance(fields.count(record, key), int)
    assert isinstance(fields.truth(record, key), bool)
    assert isinstance(fields.mapping(value), dict)
    assert len(fields.items(value)) >= 0
    assert isinstance(fields.flat(value), str)
    fields.moment(value)


def _finite(value: Any) -> Any:
    """Return *value* as orjson writes it: no endless numbers."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value
