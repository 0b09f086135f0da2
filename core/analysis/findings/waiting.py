"""Patterns of waiting: for a permission, for a person, for what was stopped or timed out."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from core.analysis.findings.history import stopped
from core.analysis.findings.sighting import Sighting, latest, of_spots, of_uses, shown, tokens
from core.analysis.tools_commands import asks, out_of_time
from core.analysis.tools_registry import ToolClass
from core.analysis.tools_work import Use, Work
from core.model import Outcome

INSTANT: Final = (ToolClass.READ, ToolClass.EDIT, ToolClass.SEARCH)  # run in well under a second
HELD: Final = 60_000  # ms from which an instant tool's call must have waited for a person
IDLE: Final = 900_000  # ms between the agent's question and the answer
_NIGHT: Final = 14_400_000  # ms; a longer pause is a break, not idling


def denied(work: Work) -> Iterator[Sighting]:
    """The same kind of call denied again and again."""
    found: defaultdict[str, list[Use]] = defaultdict(list)
    lost: defaultdict[str, int] = defaultdict(int)
    for stint in work.stints:
        for place, step in enumerate(stint.steps):
            for use in step:
                refused = use.call.outcome is Outcome.DENIED or (
                    use.call.outcome is Outcome.ERROR and asks(use.call.result)
                )
                if refused and use.kind is not ToolClass.ASK:
                    found[rule(use)].append(use)
                    lost[rule(use)] += stint.round_ms(place)
    for subject, uses in found.items():
        yield _of("denied", subject, uses, lost[subject])


def held_up(work: Work) -> Iterator[Sighting]:
    """Calls of tools that take no time, which took a minute: they waited for a permission.

    Results of parallel calls may be written together, so of a step only its longest call
    counts, and that only if it is no other tool that took the time.
    """
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for stint in work.stints:
        for step in stint.steps:
            use = max(step, key=lambda one: one.call.duration_ms or 0)
            took = use.call.duration_ms or 0
            alone = all(
                one.kind in INSTANT or (one.call.duration_ms or 0) * 2 < took for one in step
            )
            if alone and use.call.outcome is Outcome.OK and HELD <= took < _NIGHT:
                found[rule(use)].append(use)
    for subject, uses in found.items():
        yield _of("held-up", subject, uses, sum(use.call.duration_ms or 0 for use in uses))


def idle(work: Work) -> Iterator[Sighting]:
    """The agent asked something with a tool for it, and waited a quarter of an hour or more."""
    uses = [
        use
        for stint in work.stints
        for use in stint.uses
        if use.kind is ToolClass.ASK and IDLE <= (use.call.duration_ms or 0) < _NIGHT
    ]
    if uses:
        lost = sum(use.call.duration_ms or 0 for use in uses)
        yield _of("idle", "questions that waited for you", uses, lost)


def interrupted_agents(work: Work) -> Iterator[Sighting]:
    """Sub-agents that were stopped, refused or never came back: their tokens came to nothing.

    Their tokens are told by the conversation: see `core.analysis.findings.folding`.
    """
    uses = [use for stint in work.stints for use in stint.uses if stopped(use)]
    if uses:
        yield Sighting(
            "interrupted-agent",
            "sub-agents that were stopped",
            of_uses(uses),
            len(uses),
            sum(use.call.duration_ms or 0 for use in uses),
            at=latest(use.call.at for use in uses),
            note=shown(uses[0].target, 120),
        )


def timeouts(work: Work) -> Iterator[Sighting]:
    """Commands that ran into their time limit, by program."""
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for stint in work.stints:
        for use in stint.uses:
            failed = use.tool == "Bash" and use.call.outcome is Outcome.ERROR
            if failed and out_of_time(use.call.result):
                found[use.head].append(use)
    for subject, uses in found.items():
        yield _of("timeout", subject, uses, sum(use.call.duration_ms or 0 for use in uses))


def failed_api(work: Work) -> Iterator[Sighting]:
    """Turns in which the API answered with errors."""
    spots = [spot for stint in work.stints for spot in stint.turn.failures]
    if spots:
        ends = [stint.turn.ended for stint in work.stints if stint.turn.failures]
        yield Sighting(
            "api-error", "errors of the API", of_spots(spots), len(spots), at=latest(ends)
        )


def rule(use: Use) -> str:
    """Return the permission rule that would let *use* pass, as settings files write it."""
    if use.tool == "Bash":
        return f"Bash({use.head}:*)" if use.head else "Bash"
    return use.call.tool if use.kind is ToolClass.MCP else use.tool


def _of(detector: str, subject: str, uses: list[Use], lost_ms: int) -> Sighting:
    return Sighting(
        detector,
        subject,
        of_uses(uses),
        len(uses),
        lost_ms,
        sum(tokens(len(use.call.input)) for use in uses) if detector == "denied" else 0,
        latest(use.call.at for use in uses),
        shown(uses[0].target, 120),
        subject,
    )
