"""Code of libraries that is let go, looked at in processes of their own."""

import mmap
import sys
from pathlib import Path

import pytest

from core import code_pages
from tests.apart import said

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")


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


@LINUX
def test_who_loads_a_library_meanwhile_does_not_wait_for_ever() -> None:
    script = """
import ctypes, pathlib, sys, sysconfig, threading
from core import code_pages
loaded = pathlib.Path("/proc/self/maps").read_text()
libraries = map(str, sorted(pathlib.Path(sysconfig.get_config_var("DESTSHARED")).glob("*.so")))
path = next(path for path in libraries if path not in loaded)
held = ctypes.PyDLL(None)
held.dlopen.restype = ctypes.c_void_p
held.dlclose.argtypes = (ctypes.c_void_p,)
sys.setswitchinterval(1e-5)
ended = threading.Event()
def load():
    while not ended.is_set():
        held.dlclose(held.dlopen(path.encode(), 2))
thread = threading.Thread(target=load, daemon=True)
thread.start()
for _ in range(20): code_pages.let_go()
ended.set()
thread.join()
print("ended")
"""
    assert said(script) == "ended"


@LINUX
def test_a_file_without_code_is_not_asked_for(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    kept.write_bytes(b"a" * 8_192)
    with kept.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as seen:
        assert seen[:1] == b"a"
        assert str(kept) in Path("/proc/self/maps").read_text()
        assert str(kept) not in code_pages._places()
        assert code_pages._places()


def test_little_code_stays_where_it_is() -> None:
    assert not code_pages.let_go(1 << 40)


def test_another_system_keeps_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not code_pages.let_go()


@LINUX
def test_a_c_library_without_the_calls_keeps_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    assert not code_pages.let_go()


def test_where_nobody_counts_there_is_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(code_pages, "_STATM", tmp_path / "none")
    assert code_pages.resident() == 0
