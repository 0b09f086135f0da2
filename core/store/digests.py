"""What tells two messages of one uuid apart: a checksum over all that they say."""

from zlib import crc32

from core.model import Message


def digest_of(message: Message) -> int:
    """Return the digest of *message*: of its kind, its texts, and the calls it makes or answers."""
    value = crc32(message.kind.encode())
    for block in message.blocks:
        said = block.text if block.given is None else block.given
        value = crc32(said.encode("utf-8", "surrogatepass"), value)
        if block.call:
            value = crc32(block.call.key.encode("utf-8", "surrogatepass"), value)
        if block.result:
            value = crc32(block.result.key.encode("utf-8", "surrogatepass"), value)
    return value
