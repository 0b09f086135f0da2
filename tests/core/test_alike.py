"""Dataclasses that share methods are what they are without, looked at in processes of their own."""

import sys

import pytest

from tests.apart import said

CLASSES = """
from dataclasses import FrozenInstanceError, dataclass, field
from typing import ClassVar

@dataclass(frozen=True)
class Place:
    kind: ClassVar[str] = "place"
    name: str
    secret: str = field(default="x", repr=False)

@dataclass(frozen=True)
class Town(Place):
    near: tuple[Place, ...] = ()

class Wild(Town):
    pass

@dataclass
class Ring:
    next: object = None

class Outer:
    @dataclass(frozen=True, slots=True)
    class Inner:
        number: int = 1

def refused(change):
    try:
        change()
    except FrozenInstanceError as error:
        return str(error)
    return "done"

place, town, wild, ring = Place("a"), Town("b", near=(Place("c"),)), Wild("d"), Ring()
ring.next = ring
wild.other = 1
print(place, repr(town), wild, ring, Outer.Inner(2))
print(refused(lambda: setattr(place, "name", "z")), refused(lambda: setattr(place, "new", 1)),
      refused(lambda: delattr(town, "near")), refused(lambda: setattr(wild, "name", "z")),
      refused(lambda: setattr(wild, "other", 2)), refused(lambda: delattr(wild, "other")),
      refused(lambda: delattr(town, "nothing")),
      refused(lambda: setattr(Outer.Inner(), "number", 2)))
print(Place.__repr__.__qualname__, Outer.Inner.__setattr__.__qualname__, Town.__delattr__.__name__)
print(place == Place("a"), hash(town) == hash(Town("b", near=(Place("c"),))), wild.__dict__)
"""


def test_dataclasses_that_share_methods_do_all_as_without() -> None:
    shared = said(f"from core.alike import share_methods\nshare_methods()\n{CLASSES}")

    assert shared == said(CLASSES)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the names are others")
def test_what_is_the_same_is_compiled_once() -> None:
    script = f"from core.alike import share_methods\nshare_methods()\n{CLASSES}"
    script += "print(len({one.__repr__.__code__ for one in (Place, Town, Ring)}),"
    script += "len({one.__setattr__.__code__ for one in (Place, Town)}))"

    assert said(script).splitlines()[-1] == "1 1"


def test_nothing_happens_where_a_name_is_missing() -> None:
    script = """
import dataclasses
del dataclasses._repr_fn
before = dataclasses._frozen_get_del_attr
from core.alike import share_methods
share_methods()
print(dataclasses._frozen_get_del_attr is before)
"""
    assert said(script) == "True"


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the names are others")
def test_a_class_without_a_docstring_is_described_by_its_name_in_every_python() -> None:
    script = f"from core.alike import share_methods\nshare_methods()\n{CLASSES}"
    # The first releases of 3.11 do not foresee that a class cannot be described.
    script += "import dataclasses\nprint(repr(dataclasses.inspect.signature(Place)), Place.__doc__)"

    assert said(script).splitlines()[-1] == "'' Place"
