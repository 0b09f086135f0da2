"""Dataclasses that are cheap to build are what they were in everything else."""

from dataclasses import dataclass, field, fields, replace

from core.light import light
from core.model import Place


@light
@dataclass(frozen=True, slots=True)
class _Point:
    across: int
    down: int = 2
    names: list[str] = field(default_factory=list[str])


def test_it_takes_its_fields_by_place_and_by_name_with_their_defaults() -> None:
    assert (_Point(1).across, _Point(1).down, _Point(1, down=5).down) == (1, 2, 5)
    assert _Point(1).names is not _Point(1).names


def test_it_is_compared_hashed_copied_and_shown_as_before() -> None:
    place = Place(1, 2, 3)

    assert place == Place(line=1, offset=2, length=3)
    assert len({place, Place(1, 2, 3), replace(place, line=4)}) == 2
    assert repr(place) == "Place(line=1, offset=2, length=3)"
    assert [one.name for one in fields(place)] == ["line", "offset", "length"]
