"""The last 24 hours: minute by minute, bounded, and only what happened."""

from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from core.store.connection import open_writer, transaction
from core.store.day import Day, LastDay, Minute, last_day
from core.store.readers import Readers
from tests import builders as b
from tests.library import imports


class Clock:
    def __init__(self) -> None:
        self.now = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now


def test_what_happens_in_one_minute_is_one_entry() -> None:
    clock = Clock()
    clock.now -= clock.now % 60
    day = Day(clock)
    day.note_commit(100)
    day.note_commit(40)
    day.note_checkpoint(12.0, held=True)
    day.note_checkpoint(3.0, held=False)
    clock.now += 59
    day.note_read(7.0, 2)
    day.note_read(5.0, 3)
    clock.now += 1
    day.note_commit(7)

    number = int(clock.now // 60)
    assert day.minutes() == (
        Minute(number - 1, 2, 100, 2, 1, 12.0, 2, 3, 7.0),
        Minute(number, commits=1, log=7),
    )


def test_a_day_ends_after_24_hours_whether_or_not_anything_comes() -> None:
    clock = Clock()
    day = Day(clock)
    day.note_commit(100)
    clock.now += 24 * 3600 - 60
    assert last_day(day.minutes()).log == 100

    clock.now += 60
    assert day.minutes() == ()


@given(st.lists(st.integers(-100_000, 100_000), max_size=60))
def test_whatever_the_clock_does_there_are_no_more_than_a_days_minutes(steps: list[int]) -> None:
    clock = Clock()
    day = Day(clock)
    for step in steps:
        clock.now += step
        day.note_commit(1)

        numbers = [one.number for one in day.minutes()]
        now = int(clock.now // 60)
        assert now in numbers
        assert all(now - 1440 < number <= now for number in numbers)


def test_a_full_day_is_bounded() -> None:
    clock = Clock()
    day = Day(clock)
    for _ in range(3_000):
        day.note_commit(1)
        clock.now += 60

    assert len(day.minutes()) == 1_439  # that of now is not noted yet


def test_minutes_of_who_writes_and_who_reads_are_taken_together() -> None:
    wrote = [Minute(n, commits=1, log=n, checkpoints=1, longest=n / 2) for n in range(1, 101)]
    read = [Minute(100, reads=2, reading=2, read=9.0), Minute(101, reads=1, reading=1, read=3.0)]

    found = last_day(wrote, read)

    assert (found.minutes, found.commits, found.checkpoints, found.reads) == (101, 100, 100, 3)
    assert (found.log, found.log_p95) == (100, 96)
    assert (found.longest, found.longest_p95) == (50.0, 48.0)
    assert (found.reading, found.reading_p95, found.read) == (2, 2, 9.0)
    assert found.by_minute[-2] == Minute(100, 1, 100, 1, 0, 50.0, 2, 2, 9.0)
    assert last_day() == LastDay()


def test_a_writer_and_the_readers_take_note(tmp_path: Path) -> None:
    library = tmp_path / "l.clew"
    imports(library, b.write(tmp_path / "a.jsonl", b.prompt("u")))
    readers = Readers(library)
    with closing(open_writer(library)) as db:
        with transaction(db):
            db.execute("UPDATE session SET ended_at = ended_at")
        size = (tmp_path / "l.clew-wal").stat().st_size
        with readers.lend("one"), readers.lend("two"):
            pass
        db.checkpoints.run("TRUNCATE")

        found = last_day(db.checkpoints.day.minutes(), readers.day.minutes())

    assert (found.commits, found.log, found.checkpoints, found.held) == (1, size, 1, 0)
    assert (found.reads, found.reading) == (2, 2)
    readers.close()
