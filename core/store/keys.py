"""Short integer keys for long random ones, and lists of them for a statement.

A random text index is what slows an import.
"""

from collections.abc import Iterable
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
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Keys(dict[str, int]):
    """The keys of the ids in a slice, each made once; one that is missing is made when asked for.

    An id is asked for by its own record and by those below it, more than once by each.
    """

    __slots__ = ()

    def __missing__(self, text: str) -> int:
        """Make the key of *text*."""
        key = self[text] = key64(text)
        return key

    def of_reply(self, reply: Reply, uid: int) -> int:
        """Return the key of *reply*; a record *uid* without ``message.id`` is one of its own."""
        return self[reply_id(reply)] if reply.api_id else uid


def reply_id(reply: Reply) -> str:
    """Return what tells *reply*, which has a ``message.id``, from all others."""
    return f"{reply.api_id}\n{reply.request}"
