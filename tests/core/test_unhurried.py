"""The collector looks less often while anybody is at much work, and as before afterwards."""

import gc
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from core.unhurried import OBJECTS, unhurried


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_the_collector_looks_less_often_meanwhile() -> None:
    with unhurried():
        assert gc.get_threshold() == (OBJECTS, 10, 10)
        with unhurried():
            assert gc.get_threshold() == (OBJECTS, 10, 10)
        assert gc.get_threshold() == (OBJECTS, 10, 10)
    assert gc.get_threshold() == (700, 10, 10)


def test_a_collector_that_is_off_stays_off() -> None:
    gc.set_threshold(0, 10, 10)
    with unhurried():
        assert gc.get_threshold()[0] == 0


def test_two_threads_that_end_in_the_order_they_began_leave_it_as_it_was() -> None:
    began, ended = Event(), Event()

    def other() -> None:
        with unhurried():
            began.set()
            ended.wait()

    thread = Thread(target=other)
    with unhurried():
        thread.start()
        began.wait()
    assert gc.get_threshold()[0] == OBJECTS
    ended.set()
    thread.join()

    assert gc.get_threshold() == (700, 10, 10)
