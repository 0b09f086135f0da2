"""Patterns of single calls: what is read, run, edited or printed again and in vain."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from core.analysis.findings.sighting import Sighting, latest, of_uses, shown, tokens
from core.analysis.tools_commands import (
    asks,
    bare,
    complaint,
    head,
    instead,
    out_of_time,
    sleeps,
)
from core.analysis.tools_registry import ToolClass
from core.analysis.tools_work import Stint, Use, Work
from core.model import Outcome

SHELL: Final = "the shell"  # stands for the program where no command would run
HUGE: Final = 40_000  # letters of a result: about 10,000 tokens
WORTH: Final = 8_000  # letters of a result that are taken to be worth reading
SLEEP: Final = 20  # seconds of a sleep from which it counts as waiting
_MISSED: Final = ("not found", "no match", "has not been read", "been modified", "not unique",
                  "matches of the string", "identical", "must be unique")  # fmt: skip


def failing_commands(work: Work) -> Iterator[Sighting]:
    """Commands that fail with the same complaint, whatever follows the program's name."""
    found: defaultdict[tuple[str, str], list[tuple[Use, int]]] = defaultdict(list)
    good: dict[tuple[str, str], str] = {}
    for stint in work.stints:
        for place, step in enumerate(stint.steps):
            for use in step:
                said = _failure(use)
                if not said:
                    continue
                # That the shell itself does not start is not the program's fault.
                program = SHELL if said.startswith("Command failed:") else use.head
                found[program, said].append((use, stint.round_ms(place)))
                if (program, said) not in good and (other := _instead_of(use, stint, place)):
                    good[program, said] = other
    for (program, said), cases in found.items():
        uses = [use for use, _ in cases]
        yield Sighting(
            "failing-command",
            f"{program}: {said}",
            of_uses(uses),
            len(uses),
            sum(took for _, took in cases),
            sum(tokens(len(use.call.input) + use.call.size) for use in uses),
            latest(use.call.at for use in uses),
            shown(bare(uses[0].target), 120),
            good.get((program, said), ""),
        )


def _failure(use: Use) -> str:
    """Return what a failed command complained of; "" where its limits were not its own."""
    said = use.call.result
    if use.tool != "Bash" or not use.head or use.call.outcome is not Outcome.ERROR:
        return ""
    return "" if asks(said) or out_of_time(said) else complaint(use.target, said)


def _instead_of(failed: Use, stint: Stint, place: int) -> str:
    """Return the other command that went well on the same words within three steps; "": none."""
    words = set(bare(failed.target).split())
    for step in stint.steps[place + 1 : place + 4]:
        for use in step:
            if use.tool == "Bash" and use.call.outcome is Outcome.OK and use.head != failed.head:
                theirs = bare(use.target)
                if "|" not in theirs and len(words & set(theirs.split())) * 2 >= len(words) > 1:
                    return shown(theirs, 120)
    return ""


def missed_edits(work: Work) -> Iterator[Sighting]:
    """Edits that were refused because the text to replace was not there, or not read before."""
    missed = [
        (use, stint.round_ms(place))
        for stint in work.stints
        for place, step in enumerate(stint.steps)
        for use in step
        if use.kind is ToolClass.EDIT
        and use.call.outcome is Outcome.ERROR
        and any(word in use.call.result.lower() for word in _MISSED)
    ]
    yield from _together("missed-edit", "edits that do not match the file", missed)


def shell_searches(work: Work) -> Iterator[Sighting]:
    """Searches and reads by shell, for which an agent has a tool.

    Whether it has is told by the conversation: `core.analysis.findings.folding` leaves out what
    was searched where it never used that tool.
    """
    found: defaultdict[str, list[tuple[Use, int]]] = defaultdict(list)
    for stint in work.stints:
        for use in stint.uses:
            tool = instead(use.target) if use.tool == "Bash" else ""
            if tool:
                found[f"{head(use.target)} → {tool}"].append((use, 0))
    for subject, cases in found.items():
        extra = sum(max(0, use.call.size - WORTH) for use, _ in cases)
        uses = [use for use, _ in cases]
        yield Sighting(
            "shell-search",
            subject,
            of_uses(uses),
            len(uses),
            sum(use.call.duration_ms or 0 for use in uses if use.call.outcome is not Outcome.OK),
            tokens(extra),
            latest(use.call.at for use in uses),
            shown(bare(uses[0].target), 120),
            subject.rpartition(" ")[2],
        )


def huge_outputs(work: Work) -> Iterator[Sighting]:
    """Results of more than 40,000 letters; what is over 8,000 is taken as not needed."""
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for stint in work.stints:
        for use in stint.uses:
            if use.call.size > HUGE and use.kind is not ToolClass.AGENT:
                found[use.head or f"{use.tool} {use.target}".strip()].append(use)
    for subject, uses in found.items():
        yield Sighting(
            "huge-output",
            subject,
            of_uses(uses),
            len(uses),
            0,
            sum(tokens(use.call.size - WORTH) for use in uses),
            latest(use.call.at for use in uses),
            shown(uses[0].target, 120),
            uses[0].tool,
        )


def sleeping(work: Work) -> Iterator[Sighting]:
    """Commands that sleep, while the agent waits for them."""
    slept = [
        (use, use.call.duration_ms or 0)
        for stint in work.stints
        for use in stint.uses
        if use.tool == "Bash" and sleeps(use.target) >= SLEEP and '"run_in_background":true'
        not in use.call.input
    ]  # fmt: skip
    slept = [(use, min(took, sleeps(use.target) * 1000)) for use, took in slept]
    yield from _together("sleep", "sleeping in the foreground", slept)


def _together(detector: str, subject: str, cases: list[tuple[Use, int]]) -> Iterator[Sighting]:
    """Tell of *cases*, calls with what each lost in ms, as one sighting."""
    if not cases:
        return
    uses = [use for use, _ in cases]
    failed = [use for use in uses if use.call.outcome is Outcome.ERROR]
    yield Sighting(
        detector,
        subject,
        of_uses(uses),
        len(uses),
        sum(lost for _, lost in cases),
        sum(tokens(len(use.call.input) + use.call.size) for use in failed),
        latest(use.call.at for use in uses),
        shown(uses[0].target, 120),
    )
