"""When something is worth a word."""

from dataclasses import replace

import pytest

from core.monitoring.alerts import MOST_MEMORY, Subject, alerts
from core.monitoring.pulse import Beat
from core.monitoring.sampling import Sample
from core.store.readers import Reading, Reads

GB = 1 << 30
WELL = Sample(memory=100 << 20, processes=1, library=GB // 4, wal=0, free=10 * GB)


def subjects(seen: Sample) -> list[Subject]:
    return [one.subject for one in alerts(seen)]


def test_when_all_is_well_there_is_nothing_to_say() -> None:
    assert alerts(WELL) == ()


@pytest.mark.parametrize(
    ("seen", "subject"),
    [
        (replace(WELL, free=GB - 1), Subject.DISK),
        (replace(WELL, library=6 * GB), Subject.DISK),  # less than twice that is free
        (replace(WELL, wal=(64 << 20) + 1), Subject.WAL),
        (replace(WELL, memory=MOST_MEMORY + 1), Subject.MEMORY),
        (replace(WELL, beat=Beat(degraded="Too many folders.")), Subject.WATCH),
        (replace(WELL, beat=Beat(failed="The disk is full.")), Subject.ENGINE),
        (replace(WELL, reads=Reads(reading=(Reading("charts", 31.0),))), Subject.READER),
    ],
)
def test_one_thing_is_told(seen: Sample, subject: Subject) -> None:
    assert subjects(seen) == [subject]


@pytest.mark.parametrize(
    "seen",
    [
        replace(WELL, free=GB, library=1),
        replace(WELL, wal=64 << 20),
        replace(WELL, memory=MOST_MEMORY),
        replace(WELL, memory=None, free=None),  # the system does not tell
        replace(WELL, reads=Reads(reading=(Reading("charts", 29.0),))),
    ],
)
def test_at_the_limit_nothing_is_told(seen: Sample) -> None:
    assert alerts(seen) == ()


def test_what_is_serious_comes_first() -> None:
    seen = replace(WELL, wal=100 << 20, free=1, beat=Beat(degraded="Why."))

    found = alerts(seen)

    assert [one.serious for one in found] == [True, False, False]
    assert found[0].subject is Subject.DISK


def test_who_holds_the_log_back_is_named() -> None:
    reading = (Reading("charts", 2.0), Reading("search", 1.0), Reading("charts", 0.5))

    (alert,) = alerts(replace(WELL, wal=100 << 20, reads=Reads(reading=reading)))

    assert alert.said == "charts, search"
