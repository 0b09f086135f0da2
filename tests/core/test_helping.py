"""Work done by other processes over pipes."""

import os
import subprocess
import sys
import threading
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from core.helper import FLAG
from core.helping import Helpers

ROOT = Path(__file__).parents[2]


def test_work_is_done_in_another_process_and_in_order() -> None:
    helpers = Helpers(1)
    done = [helpers.submit(pow, number, 2) for number in range(20)]
    where = helpers.submit(os.getpid)

    assert [one.result() for one in done] == [number * number for number in range(20)]
    assert where.result() != os.getpid()
    helpers.shutdown()


def test_an_error_comes_back_as_it_was_raised_and_the_next_work_is_done() -> None:
    helpers = Helpers(1)
    wrong, right = helpers.submit(int, "x"), helpers.submit(int, "7")

    with pytest.raises(ValueError, match="invalid literal"):
        wrong.result()
    assert right.result() == 7
    helpers.shutdown()


def test_what_is_large_comes_through_the_pipe_whole() -> None:
    helpers = Helpers(1)

    assert helpers.submit(bytes, 20_000_000).result() == bytes(20_000_000)
    helpers.shutdown()


def test_a_process_runs_without_docstrings_where_this_one_does() -> None:
    script = """
import sys
from core.helping import Helpers
helpers = Helpers(1)
print(helpers.submit(eval, "__import__('sys').flags.optimize").result())
helpers.shutdown()
"""
    said = [
        subprocess.run(
            [sys.executable, *flags, "-c", script], cwd=ROOT, capture_output=True, check=True
        ).stdout.strip()
        for flags in ((), ("-O",), ("-OO",))
    ]

    assert said == [b"0", b"1", b"2"]


def test_no_process_begins_before_there_is_work() -> None:
    before = threading.active_count()
    helpers = Helpers(4)

    assert threading.active_count() == before
    helpers.submit(int).result()
    assert threading.active_count() == before + 1
    helpers.shutdown()
    assert threading.active_count() == before


def test_a_process_that_dies_fails_its_work_and_what_waits_and_takes_no_more() -> None:
    helpers = Helpers(1)
    dying, waiting = helpers.submit(os._exit, 3), helpers.submit(int, "7")

    for one in (dying, waiting):
        with pytest.raises(BrokenExecutor, match="is gone"):
            one.result()
    with pytest.raises(RuntimeError, match="Nobody works here"):
        helpers.submit(int)
    helpers.shutdown()


def test_a_process_that_cannot_begin_fails_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    helpers = Helpers(1)
    first = helpers.submit(int, "7")

    with pytest.raises(BrokenExecutor, match="is gone"):
        first.result(timeout=60)
    with pytest.raises(RuntimeError, match="Nobody works here"):
        helpers.submit(int)
    helpers.shutdown()


def test_an_answer_that_cannot_be_sent_fails_its_work() -> None:
    helpers = Helpers(1)

    with pytest.raises(BrokenExecutor):
        helpers.submit(eval, "lambda: 0").result()
    helpers.shutdown()


def test_who_does_not_wait_ends_the_processes_and_cancels_what_waits() -> None:
    helpers = Helpers(1)
    helpers.submit(int).result()  # it has begun
    busy, waiting = helpers.submit(eval, "__import__('time').sleep(600)"), helpers.submit(int)

    while not busy.running():
        pass
    helpers.shutdown(wait=False, cancel_futures=True)

    assert waiting.cancelled()
    with pytest.raises(BrokenExecutor):
        busy.result(timeout=60)


def test_what_work_prints_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    helpers = Helpers(1)

    assert helpers.submit(print, "said").result() is None
    assert helpers.submit(int, "7").result() == 7
    helpers.shutdown()
    assert capfd.readouterr().out == ""


def test_a_helper_reads_nothing_of_the_program_but_what_its_work_needs() -> None:
    script = (
        "import sys; from core import helper, parsing\n"
        "named = ('core.doors', 'core.engine', 'core.store.writer', 'core.weaving', 'desktop',\n"
        "         'PySide6', 'asyncio', 'multiprocessing', 'watchdog', 'psutil',\n"
        "         'concurrent', 'logging', 'subprocess')\n"
        "print([name for name in named if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


def test_a_frozen_program_helps_when_it_is_told_to() -> None:
    script = "import sys; from desktop.__main__ import main; sys.exit(main())"
    ended = subprocess.run(
        [sys.executable, "-c", script, FLAG],
        cwd=ROOT, input=b"", capture_output=True, check=False, timeout=60,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == b""
