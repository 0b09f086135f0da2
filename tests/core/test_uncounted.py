"""SQLite's count of its memory, looked at in processes of their own."""

import sys

import pytest

from tests.apart import said

LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere SQLite may be a part of its module"
)
COUNTED = """
import ctypes, sqlite3, _sqlite3
db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE a (b)")
used, most = ctypes.c_int(), ctypes.c_int()
ctypes.CDLL(_sqlite3.__file__).sqlite3_status(0, ctypes.byref(used), ctypes.byref(most), 0)
print(done, used.value > 0)
"""


@LINUX
def test_memory_is_not_counted_once_it_was_said() -> None:
    script = f"from core.uncounted import uncounted\ndone = uncounted()\n{COUNTED}"

    assert said(script) == "True False"


@LINUX
def test_nothing_is_done_to_an_sqlite_that_is_set_up() -> None:
    script = f"import sqlite3\nfrom core.uncounted import uncounted\ndone = uncounted()\n{COUNTED}"

    assert said(script) == "False True"
