"""Short integer keys for long random ones: a random text index is what slows an import."""

from hashlib import blake2b


def key64(text: str) -> int:
    """Return a stable signed 64-bit key for *text*.

    With a million keys the chance that any two collide is about 3 in 10^8.
    """
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
