"""Code of libraries that is let go, looked at in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from core import code_pages

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")


def said(script: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


@LINUX
def test_code_that_is_let_go_leaves_memory_and_comes_back_when_it_is_asked_for() -> None:
    script = """
import sqlite3, json
from core import code_pages
before = code_pages.resident()
gone = code_pages.let_go()
after = code_pages.resident()
rows = sqlite3.connect(":memory:").execute("SELECT json(?)", (json.dumps([1]),)).fetchone()
print(gone, after < before * 0.7, rows[0])
"""
    assert said(script) == "True True [1]"


@LINUX
def test_threads_go_on_while_code_is_let_go() -> None:
    script = """
import hashlib, threading
from core import code_pages
ended = threading.Event()
found = set()
def work():
    while not ended.is_set():
        found.add(hashlib.sha256(b"a" * 100_000).hexdigest()[:8])
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for _ in range(50): code_pages.let_go()
ended.set()
for thread in threads: thread.join()
print(len(found))
"""
    assert said(script) == "1"


def test_little_code_stays_where_it_is() -> None:
    assert not code_pages.let_go(1 << 40)


def test_another_system_keeps_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not code_pages.let_go()


@LINUX
def test_a_c_library_without_the_calls_keeps_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.PyDLL", lambda _name: object())
    assert not code_pages.let_go()


def test_where_nobody_counts_there_is_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(code_pages, "_STATM", tmp_path / "none")
    assert code_pages.resident() == 0
