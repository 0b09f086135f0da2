"""Memory that is done without, looked at in processes of their own."""

import sys

import pytest

from tests.apart import said


def test_asyncio_and_hashes_work_without_openssl() -> None:
    script = """
import sys
from core.thrift import OPENSSL, imported_without
imported_without(OPENSSL, "hashlib", "asyncio")
import asyncio, hashlib
async def served():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    assert await reader.read() == b""
    writer.close()
    server.close()
asyncio.run(served())
print(hashlib.sha256(b"a").hexdigest()[:8], hashlib.blake2b(b"a").hexdigest()[:8],
      [name for name in OPENSSL if name in sys.modules])
"""
    assert said(script) == "ca978112 333fcb4e []"


def test_what_was_hidden_is_there_for_who_asks_later() -> None:
    script = """
from core.thrift import OPENSSL, imported_without
imported_without(OPENSSL, "hashlib", "asyncio")
import ssl
print(ssl.create_default_context().check_hostname)
"""
    assert said(script) == "True"


def test_what_is_there_already_is_not_hidden() -> None:
    script = """
import json, sys
from core.thrift import imported_without
imported_without(("json",), "csv")
print(sys.modules["json"] is json)
"""
    assert said(script) == "True"


def test_a_module_that_fails_hides_nothing_for_good() -> None:
    script = """
from core.thrift import imported_without
try:
    imported_without(("csv",), "no_such_module")
except ModuleNotFoundError:
    import csv
    print(csv.__name__)
"""
    assert said(script) == "csv"


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_what_a_thread_lets_go_goes_back_to_the_system() -> None:
    script = """
import threading
from core.thrift import tighten
tighten()
def size():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
def work():
    blocks = [bytes(300_000 + number) for number in range(100)]
thread = threading.Thread(target=work)
before = size()
thread.start()
thread.join()
print(size() - before < 8_000_000)
"""
    assert said(script) == "True"
