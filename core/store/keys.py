"""Short integer keys for long random ones, and lists of them for a statement.

A random text index is what slows an import.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

import orjson

from core.model import Reply


def listed(numbers: Iterable[int]) -> str:
    """Return *numbers* as a JSON array, which is how ``json_each`` takes a list."""
    return orjson.dumps(list(numbers)).decode()


def key64(text: str) -> int:
    """Return a stable signed 64-bit key for *text*.

    With a million keys the chance that any two collide is about 3 in 10^8.
    """
    # An id is asked for by its own record and by those below it, which stand near.
    return _short_key(text) if len(text) <= _SHORT else _key(text)


def _key(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


_SHORT = 100  # characters; ids are, prompts need not be remembered
_short_key = lru_cache(maxsize=8192)(_key)


def reply_key(reply: Reply, uid: int) -> int:
    """Return the key of *reply*; a record *uid* without ``message.id`` is a reply of its own."""
    return key64(f"{reply.api_id}\n{reply.request}") if reply.api_id else uid
