from array import array

from hypothesis import given
from hypothesis import strategies as st

from desktop.views.transcript.heights import Heights

HEIGHTS = st.lists(st.integers(1, 500), min_size=1, max_size=900)
CHANGES = st.lists(
    st.tuples(st.sampled_from("mir"), st.integers(0, 10_000), st.integers(1, 700)), max_size=8
)


@given(HEIGHTS, CHANGES)
def test_sums_and_look_ups_are_those_of_a_plain_list(
    start: list[int], changes: list[tuple[str, int, int]]
) -> None:
    heights, plain = Heights(array("i", start)), list(start)
    for what, place, size in changes:
        if what == "i":
            row = place % (len(plain) + 1)
            heights.insert(row, [size] * (size % 300))
            plain[row:row] = [size] * (size % 300)
        elif plain and what == "m":
            heights.measure(place % len(plain), size)
            plain[place % len(plain)] = size
        elif plain:
            row = place % len(plain)
            count = min(size, len(plain) - row)
            heights.remove(row, count)
            del plain[row : row + count]

    assert heights.total == sum(plain)
    assert len(heights) == len(plain)
    for row in range(0, len(plain) + 1, 97):
        assert heights.offset(row) == sum(plain[:row])
    for row in range(0, len(plain), 89):
        assert heights.at(sum(plain[:row])) == row
        assert heights.at(sum(plain[: row + 1]) - 1) == row


def test_outside_of_all_rows_the_nearest_row_is_meant() -> None:
    heights = Heights(array("i", [10, 20, 30]))

    assert heights.at(-5) == 0
    assert heights.at(1_000) == 2
    assert Heights().at(0) == -1


def test_only_measured_rows_are_exact_and_rows_put_in_between_are_not() -> None:
    heights = Heights(array("i", [10, 20, 30]))
    grown = heights.measure(1, 25)
    heights.insert(1, [7, 7])

    assert grown == 5
    assert [heights.exact(row) for row in range(5)] == [False, False, False, True, False]
