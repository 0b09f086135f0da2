"""Short integer keys for long random ones, and lists of them for a statement.

A random text index is what slows an import.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b

from core.model import Reply


def listed(numbers: Iterable[int]) -> str:
    """Return *numbers* as a JSON array, which is how ``json_each`` takes a list."""
    return json.dumps(list(numbers))


def key64(text: str) -> int:
    """Return a stable signed 64-bit key for *text*.

    With a million keys the chance that any two collide is about 3 in 10^8.
    """
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def reply_key(reply: Reply, uid: int) -> int:
    """Return the key of *reply*; a record *uid* without ``message.id`` is a reply of its own."""
    return key64(f"{reply.api_id}\n{reply.request}") if reply.api_id else uid
