"""Notifications on a real bus and a real screen: what arrives there, and what a press does."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from tests import builders as b
from tests.desktop.shell.conftest import key

NEEDED = ("Xvfb", "dbus-daemon")
SECONDS = 30  # until an answer that never comes is given up
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason="needs Xvfb and dbus-daemon"
)


class Program:
    """A process that is told lines and says lines of JSON."""

    def __init__(self, module: str, *arguments: Path, **more: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.desktop.shell.{module}", *map(str, arguments)],
            cwd=ROOT, env={**os.environ, **more}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._said: SimpleQueue[dict[str, Any]] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hears(self, word: str) -> dict[str, Any]:
        """Return the next that it says with *word* in it."""
        while word not in (found := self._said.get(timeout=SECONDS)):
            pass
        return found

    def close(self) -> None:
        self.tell("")
        self._process.communicate(timeout=SECONDS)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(json.loads(line))


def served(stack: ExitStack, *command: str) -> str:
    """Start the server *command* until the stack ends; return the first line that it says."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    stack.enter_context(process)
    stack.callback(process.terminate)
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, str]]:
    """A screen and a bus of their own."""
    with ExitStack() as stack:
        screen = served(
            stack, "Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"
        )
        address = served(stack, "dbus-daemon", "--session", "--nofork", "--print-address=1")
        yield {
            "DISPLAY": f":{screen}", "DBUS_SESSION_BUS_ADDRESS": address, "QT_QPA_PLATFORM": "xcb"
        }  # fmt: skip


@pytest.fixture
def desktop(places: dict[str, str]) -> Iterator[Program]:
    """A desktop that takes notifications."""
    service = Program("notification_service", **places)
    assert service.hears("ready") == {"ready": True}
    yield service
    service.close()


@pytest.fixture
def window(tmp_path: Path, places: dict[str, str], desktop: Program) -> Iterator[Program]:
    """The window in front of that desktop, with two conversations."""
    for number in (1, 2):
        said = b.prompt(f"{key(number)}-u", "hello <b>you</b> & all", at=number)
        b.write(tmp_path / "logs" / f"{key(number)}.jsonl", *b.of(key(number), said))
    del desktop  # it is there before the window asks for it
    found = Program("notified_window", tmp_path / "library.clew", tmp_path / "logs", **places)
    found.hears("ready")
    yield found
    found.close()


def test_a_press_on_the_notification_shows_the_conversation_that_waits(
    window: Program, desktop: Program, tmp_path: Path
) -> None:
    answer = b.says("s", "<b>Done</b> & dusted.", f"{key(1)}-u", at=9)
    b.append(tmp_path / "logs" / f"{key(1)}.jsonl", *b.of(key(1), answer))

    told = desktop.hears("body")
    assert told["body"] == "A conversation has waited for you for 2 minutes."
    assert (told["app"], told["title"]) == ("Clew", "Clew")
    assert told["actions"] == ["default", "Show"]
    desktop.tell(f"{told['number'] + 1} default")  # another program's
    desktop.tell(f"{told['number']} default")

    while window.hears("shown")["shown"] != key(1):
        pass
    assert desktop.hears("closed") == {"closed": told["number"]}


def test_what_would_be_markup_arrives_as_text(window: Program, desktop: Program) -> None:
    window.tell("say 2 < 3 & <b>4</b>")

    assert window.hears("taken") == {"taken": True}
    assert desktop.hears("body")["body"] == "2 &lt; 3 &amp; &lt;b&gt;4&lt;/b&gt;"


def test_a_newer_sentence_takes_the_place_of_the_one_that_is_up(
    window: Program, desktop: Program
) -> None:
    window.tell("say one")
    first = desktop.hears("body")["number"]
    window.tell("say two")
    assert desktop.hears("body")["number"] == first
    window.tell("hide")

    assert desktop.hears("closed") == {"closed": first}


def test_where_nobody_takes_notifications_nothing_is_shown(
    tmp_path: Path, places: dict[str, str]
) -> None:
    (tmp_path / "logs").mkdir()
    alone = Program("notified_window", tmp_path / "library.clew", tmp_path / "logs", **places)
    alone.hears("ready")
    alone.tell("say one")

    assert alone.hears("taken") == {"taken": False}
    alone.close()
