"""How well each tool serves: how its calls end, how long they take, and what came of them.

Counted per conversation and added up. *Exclusive* time is wall time given once: while several
calls of a lane run at the same time, each has its share. Time that a call waited for a person
is known only for calls that were denied or stopped, and for those whose log tells how long
they ran; it is kept apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from core.analysis.satisfaction import Verdict
from core.analysis.tools_commands import checks
from core.analysis.tools_patterns import retried
from core.analysis.tools_rates import Rate, percentile
from core.analysis.tools_registry import ToolClass, server
from core.analysis.tools_tally import Tally
from core.analysis.tools_work import Stint, Use, Work
from core.model import Outcome
from core.records.fields import load, mapping
from core.redaction import SECRETS, redacted

QUOTES: Final = 5  # of what a person said, kept for each conversation
_RAN: Final = ("durationMs", "totalDurationMs")
_STOPPED: Final = (Outcome.DENIED, Outcome.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person said after a turn."""

    verdict: str
    text: str
    message: int  # row id of the prompt
    uuid: str
    tools: tuple[str, ...]  # that the turn used


@dataclass(slots=True)
class Effects:
    """Sums over any number of conversations."""

    ends: Tally = field(default_factory=Tally)  # (tool, outcome), (tool, "retried")
    opinions: Tally = field(default_factory=Tally)  # (tool, verdict) of turns that used it
    turns: Tally = field(default_factory=Tally)  # what became of turns: see `count_effects`
    times: dict[str, list[int]] = field(default_factory=dict)  # exclusive ms of calls that ran
    waits: dict[str, list[int]] = field(default_factory=dict)  # ms that a person took
    quotes: list[Quote] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Effect:
    """The figures of one tool."""

    tool: str
    server: str  # of MCP, else ""
    calls: int
    ok: int
    error: int
    denied: int
    interrupted: int
    unanswered: int
    failed: Rate  # of the calls that came to an end by themselves
    retried: Rate  # calls that repeat one of the five before them
    timed: int
    p50_ms: int | None
    p95_ms: int | None
    exclusive_ms: int
    waits: int
    wait_p50_ms: int | None
    opinions: dict[str, int]  # prompts after turns that used it, by verdict


@dataclass(frozen=True, slots=True)
class Overall:
    """What one figure would hide: the parts, and their mean over those that have enough."""

    went_well: Rate
    not_retried: Rate
    verified: Rate  # turns with edits whose last edit was followed by a check that passed
    not_reworked: Rate  # turns with edits that were answered, less those that had to be redone
    liked: Rate  # positive of the prompts that say anything

    @property
    def score(self) -> float | None:
        """The mean of the parts with at least 20 cases; None if none has."""
        parts = (self.went_well, self.not_retried, self.verified, self.not_reworked, self.liked)
        known = [part.share for part in parts if part.share is not None]
        return sum(known) / len(known) if known else None


def count_effects(work: Work, into: Effects) -> None:
    """Add the conversation of *work* to *into*."""
    for stint in work.stints:
        for use in stint.uses:
            into.ends.add((use.tool, use.call.outcome), use.call.id)
            wait = _waited(use)
            if wait is not None:
                into.waits.setdefault(use.tool, []).append(wait)
        for use in retried(stint):
            into.ends.add((use.tool, "retried"), use.call.id)
        for use, took in exclusive(stint):
            into.times.setdefault(use.tool, []).append(took)
        _answer(stint, into)
        _verify(stint, into)


def _answer(stint: Stint, into: Effects) -> None:
    """Note what the prompt says of the turn before it, for each tool that was used there."""
    said, before, found = stint.turn.prompt, stint.judges, stint.answer
    if said is None or before is None or found is None:
        return
    for tool in before.tools:
        into.opinions.add((tool, found.verdict), said.spot.id)
    into.turns.add(("answered", found.verdict), said.spot.id)
    if before.edited:
        into.turns.add(("edited and answered",), before.edited)
        if found.verdict in {Verdict.NEGATIVE, Verdict.RETRY}:
            into.turns.add(("reworked",), said.spot.id)
    if found.quote and len(into.quotes) < QUOTES:
        words = redacted(found.quote, SECRETS)
        into.quotes.append(Quote(found.verdict, words, said.spot.id, said.spot.uuid, before.tools))


def _verify(stint: Stint, into: Effects) -> None:
    """Note whether edits were followed by a check that passed."""
    last = stint.edited_last()
    if last is None:
        return
    into.turns.add(("edited",), stint.uses[last].call.id)
    green = [
        use
        for use in stint.uses[last + 1 :]
        if use.call.outcome is Outcome.OK and use.kind is ToolClass.SHELL and checks(use.target)
    ]
    if green:
        into.turns.add(("verified",), green[0].call.id)


def exclusive(stint: Stint) -> Iterator[tuple[Use, int]]:
    """Give each call that ran to its end its share of the time that calls took, in ms."""
    for step in stint.steps:
        timed = [
            (use, use.call.at, use.call.at + use.call.duration_ms)
            for use in step
            if use.call.at is not None
            and use.call.duration_ms is not None
            and use.call.outcome not in _STOPPED
            and use.kind is not ToolClass.ASK
        ]
        if len(timed) == 1:
            use, began, ended = timed[0]
            yield use, ended - began
            continue
        edges = sorted({moment for _, began, ended in timed for moment in (began, ended)})
        shares = [0.0] * len(timed)
        for start, end in pairwise(edges):
            running = [n for n, (_, began, ended) in enumerate(timed) if began <= start < ended]
            for n in running:
                shares[n] += (end - start) / len(running)
        yield from ((use, round(share)) for (use, _, _), share in zip(timed, shares, strict=True))


def _waited(use: Use) -> int | None:
    """Return how long *use* waited for a person, where that can be told."""
    took = use.call.duration_ms
    if took is None:
        return None
    if use.call.outcome in _STOPPED or use.kind is ToolClass.ASK:
        return took
    if not use.call.detail:
        return None
    facts = mapping(load(use.call.detail))
    ran = next((value for key in _RAN if isinstance(value := facts.get(key), int)), None)
    return None if ran is None else max(0, took - ran)


def effects(sums: Effects) -> list[Effect]:
    """Return the figures of every tool, the most used first."""
    tools = sorted({key[0] for key, _ in sums.ends})
    found = [_effect(tool, sums) for tool in tools]
    return sorted(found, key=lambda one: (-one.calls, one.tool))


def _effect(tool: str, sums: Effects) -> Effect:
    by = {name: sums.ends[tool, name] for name in Outcome}
    calls = sum(by.values())
    times = sorted(sums.times.get(tool, ()))
    waits = sorted(sums.waits.get(tool, ()))
    return Effect(
        tool,
        server(tool)[0],
        calls,
        by[Outcome.OK],
        by[Outcome.ERROR],
        by[Outcome.DENIED],
        by[Outcome.INTERRUPTED],
        by[Outcome.NONE],
        Rate(by[Outcome.ERROR], by[Outcome.ERROR] + by[Outcome.OK]),
        Rate(sums.ends[tool, "retried"], calls),
        len(times),
        percentile(times, 0.5),
        percentile(times, 0.95),
        sum(times),
        len(waits),
        percentile(waits, 0.5),
        {verdict: count for (verdict,), count in sums.opinions.under(tool)},
    )


def overall(sums: Effects) -> Overall:
    """Return the parts of how well tools served."""
    ok = sum(count for key, count in sums.ends if key[1] == Outcome.OK)
    failed = sum(count for key, count in sums.ends if key[1] == Outcome.ERROR)
    again = sum(count for key, count in sums.ends if key[1] == "retried")
    calls = sum(count for key, count in sums.ends if key[1] != "retried")
    answered = sums.turns[("edited and answered",)]
    good = sums.turns["answered", Verdict.POSITIVE]
    bad = sums.turns["answered", Verdict.NEGATIVE] + sums.turns["answered", Verdict.RETRY]
    return Overall(
        Rate(ok, ok + failed),
        Rate(calls - again, calls),
        Rate(sums.turns[("verified",)], sums.turns[("edited",)]),
        Rate(answered - sums.turns[("reworked",)], answered),
        Rate(good, good + bad),
    )
