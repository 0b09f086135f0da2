"""Threads beside each other are told apart, also by those who see fewer colours."""

from itertools import combinations, pairwise
from math import dist

from hypothesis import given
from hypothesis import strategies as st

from desktop.look import bars, theme
from desktop.models.thread_colours import ALIKE, FULL, INKS, coloured, fill

# Machado, Oliveira, Fernandes 2009: linear RGB without one kind of cone.
_SEEN = (
    ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
     (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
     (-0.011820, 0.042940, 0.968881)),
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
     (0.004733, 0.691367, 0.303900)),
)  # fmt: skip
_LEAST = 20


def _lab(colour: str, seen: tuple[tuple[float, float, float], ...]) -> tuple[float, float, float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    r, g, b = (
        min(1.0, max(0.0, sum(a * c for a, c in zip(row, linear, strict=True)))) for row in seen
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_the_pairs_that_look_alike_are_those_that_are_measured_to() -> None:
    found = {
        frozenset(pair)
        for name in ("light", "dark")
        for seen in _SEEN
        for pair in combinations(range(INKS), 2)
        if dist(*(_lab(theme.load(name).chart[one], seen) for one in pair)) < _LEAST
    }
    assert found == ALIKE


def test_every_theme_has_all_inks() -> None:
    assert {len(theme.load(name).chart) for name in ("light", "dark")} == {INKS}


@given(st.lists(st.integers(0, 20), min_size=2, max_size=60))
def test_threads_beside_each_other_never_look_the_same(order: list[int]) -> None:
    threads = sorted(set(order), key=order.index)
    found = coloured(threads, pairwise(order))
    assert len(set(found.values())) == len(threads)
    for one, other in pairwise(order):
        near = {b for a, b in (*pairwise(order), *pairwise(order[::-1])) if a == one} - {one}
        if one != other and len(near) < INKS:
            assert found[one] % INKS != found[other] % INKS


def test_threads_in_a_row_are_clear_of_those_that_look_alike() -> None:
    found = coloured(range(40), pairwise(range(40)))
    inks = [number % INKS for number in found.values()]
    assert not [pair for pair in pairwise(inks) if frozenset(pair) in ALIKE]


def test_the_ninth_thread_is_filled_otherwise() -> None:
    found = coloured(range(9), pairwise(range(9)))
    assert {fill(found[one]) for one in range(8)} == {FULL}
    assert fill(found[8]) != FULL


def test_what_comes_later_changes_no_colour() -> None:
    before = coloured(range(9), pairwise(range(9)))
    after = coloured(range(12), pairwise(range(12)))
    assert {one: after[one] for one in before} == before


def test_a_narrow_bar_still_shows_how_it_is_filled() -> None:
    assert bars.stripes(3, FULL) == [(0, 3)]
    assert bars.stripes(3, fill(INKS)) == [(0, 1), (2, 1)]
    assert bars.stripes(8, fill(INKS)) == [(0, 3), (5, 3)]
    assert len({tuple(bars.stripes(3, fill(INKS * n))) for n in range(4)}) == 4
