"""Facts of a record that is known, known but silent, or strange: how every adapter says it."""

from core.messages.format import Memory
from core.model import Block, BlockKind, Facts, Kind, Message, Role, Setting, Unknown
from core.records.decode import Record
from core.records.fields import dump

ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}


def known(
    record: Record,
    kind: str,
    message: Message | None = None,
    *,
    version: str = "",
    setting: Setting | None = None,
) -> Facts:
    """Return what a record of a known *kind* says; no *kind* for what it says besides."""
    return Facts(
        kind, known=True, place=record.place, version=version, message=message, setting=setting
    )


def strange(record: Record, kind: str) -> Facts:
    """Return the facts of a record of a kind that nobody knows; it is kept as it is."""
    unknown = Unknown(record.place, dump(record.data))
    return Facts(kind or "(none)", known=False, place=record.place, unknown=unknown)


def note(  # noqa: PLR0913, PLR0917  what every message has
    record: Record, uuid: str, parent: str, kind: Kind, said: str, at: int | None
) -> Message:
    """Return a message of the program itself, of one text."""
    blocks = (Block(BlockKind.NOTE, said),)
    return Message(record.place, "system", uuid, parent, kind, Role.SYSTEM, at, blocks)


def with_(memory: Memory, **changed: object) -> Memory:
    """Return *memory* with some things *changed*."""
    return {**memory, **changed}
