"""How a conversation ended: a mark, a few words, and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.measures.endings import Ending
from core.queries.conversations import Bucket, ConversationRow
from desktop.look.words import translate


@dataclass(frozen=True, slots=True)
class Shown:
    """One way to end, as the list and the inspector show it."""

    icon: str
    tone: str  # colour token
    words: str
    meaning: str


_ENDINGS: Final[Mapping[str, Shown]] = {
    Ending.WAITING: Shown(
        "conversation",
        "muted",
        "Waiting for you",
        "The agent had said its word, asked something, or was stopped by you.",
    ),
    Ending.PENDING: Shown(
        "clock",
        "warning",
        "A tool call is pending",
        "The last tool call has no result in the log.",
    ),
    Ending.CUT_OFF: Shown(
        "cancel",
        "warning",
        "Cut off",
        "No reply follows the last prompt or result in the log.",
    ),
    Ending.CLEAN: Shown("ok", "muted", "Left", "You left by a command such as /exit."),
    Ending.ERRORED: Shown(
        "plug",
        "failed",
        "The API failed",
        "The last thing in the log is an error of the API.",
    ),
}


def ending(row: ConversationRow) -> Shown | None:
    """Return how *row* ended; None where the log does not tell, as where only prompts are left."""
    found = None if row.bucket == Bucket.GHOST else _ENDINGS.get(row.ending)
    if found is None:
        return None
    said = translate("conversations", found.words)
    return Shown(found.icon, found.tone, said, translate("conversations", found.meaning))
