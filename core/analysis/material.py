"""What an analyser sees of one conversation: who said what when, and which tools were called.

Times are integer milliseconds since the epoch, UTC; ``None`` where the log has none. Whatever
can be evidence carries the row id and the uuid of its message, so that a figure is one click
away from what made it. Everything here is immutable and in the order of the transcript.
"""

from dataclasses import dataclass

from core.model import Kind, Outcome, PromptKind, Usage

NOTHING = Usage()
MAIN = ""  # the lane in which a person talks with the agent; others have their agent's id


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a piece of evidence is: a message, by its row id and its uuid."""

    id: int  # grows in file order within a session; lost when the library is built anew
    uuid: str  # survives that


@dataclass(frozen=True, slots=True)
class Said:
    """One message with words: a prompt or a reply. Thinking and tool output are no part."""

    spot: Spot
    at: int | None
    kind: Kind
    text: str
    by: PromptKind | None = None  # who wrote a prompt, where the log tells
    size: int = 0  # letters of it in the log, where *text* is cut; 0: it is whole

    @property
    def letters(self) -> int:
        """How many letters it has in the log."""
        return self.size or len(self.text)


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call with what came of it."""

    id: int  # row id of the call itself
    spot: Spot  # the message that holds it
    tool: str
    input: str  # JSON text, whatever its shape
    outcome: Outcome
    at: int | None  # when it was made
    duration_ms: int | None  # until its result, waiting for permission included
    lane: str = MAIN
    reply: int = 0  # calls of one API reply have one number: they are one step. 0: not told
    size: int = 0  # characters of the result
    result: str = ""  # how the result begins, cut at a bound that the reader chooses
    detail: str = ""  # JSON text of the facts that the log tells about the result
    starts: str = ""  # the agent that it started

    @property
    def ended(self) -> int | None:
        """When its result came; None where that is not known."""
        return None if self.at is None else self.at + (self.duration_ms or 0)


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt and all that follows in its lane until the next one.

    In an agent's lane the prompt is the agent's task. A turn without a prompt is what stands
    before the first one.
    """

    lane: str
    prompt: Said | None
    replies: tuple[Said, ...] = ()
    calls: tuple[Call, ...] = ()
    session: str = ""  # key of the session
    branch: int = 0  # of the session; 0 is its first line
    active: bool = True  # False: on a branch that was left behind
    ended: int | None = None  # when the last thing before the next prompt happened
    usage: Usage = NOTHING  # tokens of its API replies, each counted once
    interrupts: tuple[Spot, ...] = ()  # where a person stopped the agent
    compactions: tuple[Spot, ...] = ()  # where the history was compacted
    failures: tuple[Spot, ...] = ()  # where the API answered with an error
    branches: int = 0  # other versions of what follows: where the person rewound
    first: int = 0  # row id of its first message; 0: not told
    last: int = 0  # and of its last one

    @property
    def at(self) -> int | None:
        """When it began."""
        if self.prompt and self.prompt.at is not None:
            return self.prompt.at
        times = [*(one.at for one in self.replies), *(one.at for one in self.calls)]
        return min((at for at in times if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a thread begins: the first message of a turn, why, and how sure that is."""

    spot: Spot  # the prompt of the turn that begins the stretch
    thread: str  # key of the thread; a thread that is returned to has several stretches
    type: str = ""  # what weighed most: words, files, time, …; "" for the first one
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()  # plain words


@dataclass(frozen=True, slots=True)
class Material:
    """One conversation as analysers see it.

    *turns* are in the order of the transcript, every lane's by itself; *cuts* in that of the
    main lane's turns, the first thread's included.
    """

    conversation: str  # its key
    project: str
    turns: tuple[Turn, ...]
    cuts: tuple[Cut, ...] = ()

    @property
    def main(self) -> tuple[Turn, ...]:
        """The turns that a person opened, on the branches that were not left behind."""
        return tuple(turn for turn in self.turns if turn.lane == MAIN and turn.active)
