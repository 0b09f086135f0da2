"""What of some turns has to be known later on, to see patterns that last over a conversation.

A pattern such as a file that is read three times may begin in one piece of a conversation and
end in another. So each piece keeps a few facts, and `core.analysis.findings.lasting` looks for
such patterns in the facts of all pieces, in order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from core.analysis.findings.sighting import shown
from core.analysis.material import MAIN, Spot
from core.analysis.tools_commands import checks
from core.analysis.tools_registry import ToolClass
from core.analysis.tools_work import Spent, Stint, Use, Work
from core.model import Outcome

WARM: Final = 300_000  # ms that a cache is kept by default
COLD: Final = 20_000  # tokens written to the cache again from which a restart counts
TURN: Final = 1_800_000  # ms of a turn that count as lost at most
_OF_FILES: Final = (ToolClass.READ, ToolClass.EDIT)


@dataclass(frozen=True, slots=True)
class Touch:
    """A call that read or edited a file."""

    target: str
    edit: bool
    lines: str  # which lines a reading that went well had, as a digest of its input; "": none
    spot: Spot
    call: int
    at: int | None
    took_ms: int
    size: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A turn that touched files, or in which the history was compacted."""

    lane: str  # of one session
    agent: bool
    ended: int | None
    touches: tuple[Touch, ...]
    compactions: tuple[tuple[Spot, bool], ...]  # and whether calls follow in the turn


@dataclass(frozen=True, slots=True)
class Restart:
    """A reply for which context was written to the cache again after a pause."""

    spot: Spot
    lane: str
    at: int | None
    tokens: int


@dataclass(frozen=True, slots=True)
class Replies:
    """The first and the last reply of a lane."""

    lane: str
    first: Spot
    first_at: int | None
    first_read: int  # tokens
    first_made: int
    last_at: int | None
    last_context: int


@dataclass(frozen=True, slots=True)
class Leftover:
    """A turn on a branch that was left behind."""

    session: str
    branch: int
    prompt: Spot | None
    calls: bool
    took_ms: int
    tokens: int
    ended: int | None
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """The facts of some turns next to each other."""

    tools: tuple[str, ...]  # that were used, in any lane
    checks: Mapping[str, int]  # programs that test, and how often they ran
    used: Mapping[str, int]  # tokens by lane, without those read from the cache
    stopped: tuple[tuple[bool, str], ...]  # an agent's call?, the agent that was stopped
    visits: tuple[Visit, ...]
    restarts: tuple[Restart, ...]
    replies: tuple[Replies, ...]
    left: tuple[Leftover, ...]


def history(work: Work) -> History:
    """Return the facts of *work*."""
    uses = [use for stint in work.stints for use in stint.uses]
    used: dict[str, int] = {}
    for one in work.spent:
        used[one.lane] = used.get(one.lane, 0) + one.input + one.output + one.cache_creation
    return History(
        tuple(sorted({use.tool for use in uses})),
        _checks(uses),
        used,
        tuple(
            (stint.turn.lane != MAIN, use.call.starts)
            for stint in work.stints
            for use in stint.uses
            if stopped(use) and use.call.starts
        ),
        tuple(_visits(work)),
        *_replies(work.spent),
        tuple(_left(work)),
    )


def stopped(use: Use) -> bool:
    """Tell whether *use* started an agent that was stopped or refused."""
    return use.tool == "Task" and use.call.outcome in {Outcome.INTERRUPTED, Outcome.DENIED}


def took(began: int | None, ended: int | None) -> int:
    """Return the time from *began* to *ended*, at most `TURN`, ms."""
    return 0 if began is None or ended is None else min(max(0, ended - began), TURN)


def restarted(context: int, read: int, made: int) -> int:
    """Return the tokens written again by a reply after a pause, if they count; else 0.

    *context* is what the reply before it was sent.
    """
    again = min(made, context)
    return again if again >= COLD and read < context // 2 else 0


def _checks(uses: list[Use]) -> dict[str, int]:
    found: dict[str, int] = {}
    for use in uses:
        if use.kind is ToolClass.SHELL and use.head and checks(use.target):
            found[use.head] = found.get(use.head, 0) + 1
    return found


def _visits(work: Work) -> Iterator[Visit]:
    for stint in work.stints:
        touches = tuple(_touch(use) for use in stint.uses if use.kind in _OF_FILES and use.target)
        marks = stint.turn.compactions
        if touches or marks:
            last = stint.uses[-1].call.spot.id if stint.uses else 0
            lane = stint.turn.session + stint.turn.lane
            yield Visit(
                lane, stint.turn.lane != MAIN, stint.turn.ended, touches,
                tuple((spot, last > spot.id) for spot in marks),
            )  # fmt: skip


def _touch(use: Use) -> Touch:
    call = use.call
    again = use.tool == "Read" and call.outcome is Outcome.OK
    given = call.input.encode("utf-8", "surrogatepass")
    digest = blake2b(given, digest_size=6).hexdigest() if again else ""
    return Touch(
        use.target, use.kind is ToolClass.EDIT, digest, call.spot, call.id, call.at,
        call.duration_ms or 0, call.size,
    )  # fmt: skip


def _replies(spent: tuple[Spent, ...]) -> tuple[tuple[Restart, ...], tuple[Replies, ...]]:
    restarts: list[Restart] = []
    first: dict[str, Spent] = {}
    last: dict[str, Spent] = {}
    for one in spent:
        before = last.get(one.lane)
        last[one.lane] = one
        if before is None:
            first[one.lane] = one
        elif before.at is not None and one.at is not None and one.at - before.at >= WARM:
            again = restarted(_context(before), one.cache_read, one.cache_creation)
            if again:
                restarts.append(Restart(one.spot, one.lane, one.at, again))
    replies = [
        Replies(
            lane, one.spot, one.at, one.cache_read, one.cache_creation,
            last[lane].at, _context(last[lane]),
        )
        for lane, one in first.items()
    ]  # fmt: skip
    return tuple(restarts), tuple(replies)


def _context(one: Spent) -> int:
    return one.input + one.cache_read + one.cache_creation


def _left(work: Work) -> Iterator[Leftover]:
    for stint in work.stints:
        turn = stint.turn
        if turn.active or turn.lane != MAIN:
            continue
        prompt = turn.prompt
        yield Leftover(
            turn.session, turn.branch, prompt.spot if prompt else None, bool(stint.uses),
            took(turn.at, turn.ended),
            turn.usage.input + turn.usage.output + turn.usage.cache_creation,
            turn.ended, shown(prompt.text, 120) if prompt else "",
        )  # fmt: skip


def stints_of(work: Work, *, agents: bool) -> tuple[Stint, ...]:
    """Return the stints of *work* that are agents', or those that are not."""
    return tuple(stint for stint in work.stints if (stint.turn.lane != MAIN) is agents)
