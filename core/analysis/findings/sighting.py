"""One place where a pattern was seen in a conversation, with what it is estimated to have cost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from core.analysis.material import Spot
from core.analysis.tools_work import Use, Work

LETTERS: Final = 4  # of text in a token, roughly; what is estimated with it says so
KEPT: Final = 20  # pieces of evidence kept of one sighting


# Row ids of message and call, the message's uuid.
Evidences: TypeAlias = tuple[tuple[int, int, str], ...]


class Advice(StrEnum):
    """What kind of change a finding suggests."""

    PATTERN = "pattern suggestion"
    ALTERNATIVE = "alternative tool"
    OPTIMISATION = "optimisation"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A pattern in one conversation."""

    detector: str
    subject: str  # what tells one finding of a detector from another in a project
    evidence: Evidences
    count: int  # how often it happened; the evidence may hold fewer
    lost_ms: int = 0
    lost_tokens: int = 0
    at: int | None = None  # when it last happened
    note: str = ""  # what was said or run, as it stands in the log
    hint: str = ""  # what went well instead, or what to put into the advice


Detector: TypeAlias = Callable[[Work], Iterable[Sighting]]


def of_uses(uses: Iterable[Use]) -> Evidences:
    """Return the evidence that *uses* are."""
    return tuple((use.call.spot.id, use.call.id, use.call.spot.uuid) for use in list(uses)[:KEPT])


def of_spots(spots: Iterable[Spot]) -> Evidences:
    """Return the evidence that messages are."""
    return tuple((spot.id, 0, spot.uuid) for spot in list(spots)[:KEPT])


def latest(moments: Iterable[int | None]) -> int | None:
    """Return the last of *moments* that is known."""
    return max((at for at in moments if at is not None), default=None)


def tokens(letters: int) -> int:
    """Return about how many tokens a text of *letters* has."""
    return letters // LETTERS


def shown(text: str, most: int = 160) -> str:
    """Return *text* on one line, cut at *most* letters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
