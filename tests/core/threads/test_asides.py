"""Asides: a few turns about something else inside of a stretch."""

from typing import SupportsIndex

from core.threads.asides import LONGEST, Part, parted
from core.threads.pairs import BAND

Ties = list[list[float]]


def ties(topics: str) -> Ties:
    """Return running sums: one for each pair near each other of the same letter, else minus one."""
    found: Ties = []
    for i, topic in enumerate(topics):
        column = [0.0]
        for other in topics[i + 1 : i + 1 + BAND]:
            column.append(column[-1] + (1.0 if other == topic else -1.0))
        found.append(column)
    return found


def test_a_stretch_about_one_thing_stays_whole() -> None:
    assert parted(0, 6, [0.0] * 6, ties("aaaaaa")) == [Part(0, 6)]


def test_turns_that_nothing_ties_to_the_rest_are_taken_out() -> None:
    before, aside, after = parted(0, 7, [0.0] * 7, ties("aaabbaa"))

    assert [(part.first, part.end) for part in (before, aside, after)] == [(0, 3), (3, 5), (5, 7)]
    assert before.sure == 0
    assert 0.5 < aside.sure == after.sure <= 1


def test_two_turns_have_no_room_for_an_aside() -> None:
    assert parted(0, 2, [9.0] * 2, ties("ab")) == [Part(0, 2)]


def test_places_where_nothing_begins_hold_a_stretch_together() -> None:
    assert parted(0, 7, [-20.0] * 7, ties("aaabbaa")) == [Part(0, 7)]


def test_only_the_stretch_itself_is_looked_at() -> None:
    assert parted(2, 5, [0.0] * 7, ties("bbaaabb")) == [Part(2, 5)]


def test_a_longer_stretch_takes_more_looks_in_proportion() -> None:
    class Counted(list[float]):
        looks = 0

        def __getitem__(self, at: SupportsIndex) -> float:  # type: ignore[override]  # no slices
            Counted.looks += 1
            return super().__getitem__(at)

    def looks(size: int) -> int:
        Counted.looks = 0
        parted(0, size, Counted([0.0] * size), ties("a" * size))
        return Counted.looks

    assert looks(60) <= 60 * LONGEST * 2
    assert looks(60) - looks(50) == looks(50) - looks(40)
