"""What the engine is doing, as heard from what it says."""

from pathlib import Path

import pytest

from core.events import (
    ConversationChanged,
    EngineEvent,
    EngineFailed,
    FilesFound,
    ImportFinished,
    WatchDegraded,
)
from core.monitoring.pulse import Pulse

CHANGE = ConversationChanged(1, "c", "s", (), 0, regrouped=False)
END = ImportFinished(1, 1, 0, 1, 0.1, cancelled=False)


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def heard() -> list[EngineEvent]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pulse(heard: list[EngineEvent], clock: Clock) -> Pulse:
    return Pulse(heard.append, clock)


def test_every_event_is_passed_on(pulse: Pulse, heard: list[EngineEvent]) -> None:
    for event in (FilesFound(1, 1), CHANGE, END):
        pulse(event)

    assert heard == [FilesFound(1, 1), CHANGE, END]


def test_an_import_is_known_from_beginning_to_end(pulse: Pulse) -> None:
    pulse(FilesFound(1, 1))
    assert pulse.beat().importing
    pulse(CHANGE)
    pulse(END)

    assert not pulse.beat().importing
    assert pulse.beat().commits == 1


def test_the_lag_is_that_of_the_file_that_waits_longest(pulse: Pulse, clock: Clock) -> None:
    pulse.touched(Path("a"))
    clock.now += 2
    pulse.touched(Path("b"))
    pulse.touched(Path("a"))  # it waits since the first time
    clock.now += 1

    assert (pulse.beat().waiting, pulse.beat().lag) == (2, 3.0)

    pulse.read(Path("a"))
    assert (pulse.beat().waiting, pulse.beat().lag, pulse.beat().last_lag) == (1, 1.0, 3.0)

    pulse.read(Path("b"))
    assert (pulse.beat().waiting, pulse.beat().lag, pulse.beat().last_lag) == (0, 0.0, 1.0)


def test_a_file_that_nobody_told_of_has_no_lag(pulse: Pulse) -> None:
    pulse.read(Path("a"))

    assert pulse.beat().last_lag is None


def test_why_something_does_not_work_is_kept(pulse: Pulse) -> None:
    pulse(FilesFound(1, 1))
    pulse(WatchDegraded("Too many folders."))
    pulse(EngineFailed("The disk is full."))

    beat = pulse.beat()
    assert (beat.degraded, beat.failed) == ("Too many folders.", "The disk is full.")
    assert not beat.importing
