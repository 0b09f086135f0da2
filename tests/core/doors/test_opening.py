"""A command is ready as soon as what it takes itself was imported."""

import argparse

import pytest

from core import doors
from core.doors.opening import opened
from tests.apart import said


@pytest.mark.parametrize("name", doors.NAMES)
def test_every_command_has_a_door(name: str) -> None:
    door = opened(name)
    taken = argparse.ArgumentParser()
    door.add(taken)

    assert callable(door.run)


def test_a_name_that_is_none_has_no_door() -> None:
    with pytest.raises(KeyError):
        opened("open-sesame")


def test_a_command_imports_nothing_of_the_others() -> None:
    script = """
import sys
from core import doors
doors.main(["list", "--library", "nowhere.clew"])
print(*(name for name in sys.modules if name.startswith("core.")))
"""
    found = set(said(script).split())

    assert "core.doors.reading" in found
    assert not {"core.analysis.context", "core.stream.feed", "core.weaving.weaver"} & found
