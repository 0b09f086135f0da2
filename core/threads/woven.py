"""Threads as they are kept: rows made from messages and the model, and what a person did.

They are what the store writes, the queries read and the weaving makes; none of the three
knows the others' ways. Messages are meant by their row ids, times are milliseconds.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.threads.explaining import Switch
from core.threads.links import Tie

RECORDED = "recorded"  # method of a relation that the log itself says


class MadeBy(StrEnum):
    """Who put a cut where it is."""

    MODEL = "model"
    PERSON = "person"


class EditKind(StrEnum):
    """What a person did at a prompt."""

    SPLIT = "split"  # a thread begins here
    MERGE = "merge"  # the thread that begins here is part of another one


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision of a person about a prompt; it wins over the model."""

    prompt: str  # uuid
    kind: EditKind
    target: str = ""  # merge: a prompt of the thread it goes to; "": the thread before


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread of one lane."""

    key: str  # uuid of its first prompt
    lane: str
    number: int  # in its lane, from 1
    depth: int
    first: int
    topic: str
    summary: str
    terms: tuple[tuple[str, int], ...]  # its words and how often each occurs
    started_at: int | None
    ended_at: int | None
    active_ms: int
    confidence: float
    coherence: float | None
    messages: int
    prompts: int
    calls: int
    errors: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages of one lane and one session, next to each other, that are of one thread."""

    thread: str  # key
    session: int
    lane: str
    number: int  # in its lane, from 1; one that crosses sessions has a row for each
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Place:
    """A prompt at which a thread begins, or is taken up again, with the reasons."""

    message: int
    lane: str
    kind: Switch
    confidence: float
    evidence: tuple[str, ...]
    made_by: MadeBy
    returns: bool


@dataclass(frozen=True, slots=True)
class Bond:
    """A guessed relation between two messages."""

    kind: Tie
    source: int
    target: int
    lane: str
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures over the threads of the main line and its branches; see docs/threading.md."""

    threads: int
    mean_messages: float
    median_messages: float
    mean_active_ms: float
    median_active_ms: float
    coherence: float | None
    across: float | None
    baseline: float | None
    density: float


@dataclass(frozen=True, slots=True)
class Rows:
    """What is kept of one lane, each tuple in the order of the lane."""

    threads: tuple[Thread, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    places: tuple[Place, ...] = ()
    bonds: tuple[Bond, ...] = ()
