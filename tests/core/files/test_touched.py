"""What waits to be read, and who is woken for it."""

from pathlib import Path

from core.files.touched import Touched

A, B = Path("a"), Path("b")


def test_a_flood_about_one_file_is_one_entry_and_one_wake() -> None:
    woken: list[int] = []
    touched = Touched(lambda: woken.append(1))

    for _ in range(1000):
        touched.add(A)

    assert (touched.take(), len(woken)) == ((A,), 1)
    assert not touched


def test_what_is_taken_by_somebody_else_goes_on_waiting() -> None:
    touched = Touched(lambda: None)
    touched.add(A)
    touched.add(B)

    assert touched.take({A}) == (B,)
    assert touched.take() == (A,)


def test_who_takes_is_reminded_of_what_still_waits() -> None:
    woken: list[int] = []
    touched = Touched(lambda: woken.append(1))
    touched.add(A)
    touched.take({A})

    touched.remind()
    touched.take()
    touched.remind()

    assert len(woken) == 2
