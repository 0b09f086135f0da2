"""Patterns of a conversation's course: edits without a check, long prompts, calls in a circle."""

from collections.abc import Iterator
from typing import Final

from core.analysis.findings.history import took
from core.analysis.findings.sighting import Sighting, latest, of_spots, of_uses, shown, tokens
from core.analysis.satisfaction import Verdict
from core.analysis.tools_commands import asks
from core.analysis.tools_work import Stint, Work
from core.model import TYPED, Outcome

PASTED: Final = 20_000  # letters of a prompt: about 5,000 tokens
LONGEST: Final = 100_000  # letters of a prompt that count


def unverified(work: Work) -> Iterator[Sighting]:
    """Edits that no test, type check, lint or build followed, and which the person sent back.

    The command that checks is told by the conversation: see `core.analysis.findings.folding`.
    """
    for stint in work.stints:
        said, before, answer = stint.turn.prompt, stint.judges, stint.answer
        if said is None or before is None or not before.edited or before.checked:
            continue
        if answer is None or answer.verdict not in {Verdict.NEGATIVE, Verdict.RETRY}:
            continue
        yield Sighting(
            "unverified",
            "edits without a check",
            of_spots([said.spot]),
            1,
            took(stint.turn.at, stint.turn.ended),
            at=said.at,
            note=answer.quote,
        )


def pasted(work: Work) -> Iterator[Sighting]:
    """Prompts of more than 20,000 letters."""
    prompts = [
        stint.turn.prompt
        for stint in work.stints
        if not stint.turn.lane
        and stint.turn.prompt is not None
        and stint.turn.prompt.kind in TYPED
        and stint.turn.prompt.letters > PASTED
    ]
    if prompts:
        yield Sighting(
            "pasted",
            "very long prompts",
            of_spots(prompt.spot for prompt in prompts),
            len(prompts),
            0,
            sum(tokens(min(prompt.letters, LONGEST) - PASTED // 10) for prompt in prompts),
            latest(prompt.at for prompt in prompts),
            shown(prompts[0].text, 120),
        )


def loops(work: Work) -> Iterator[Sighting]:
    """The same failing call three times in a row, input and all: nothing was learnt from it."""
    for stint in work.stints:
        run: list[int] = []
        for place, use in enumerate(stint.uses):
            before = stint.uses[run[-1]] if run else None
            if use.call.outcome is not Outcome.ERROR or asks(use.call.result):
                run = run if before is not None and before.call.input != use.call.input else []
                continue
            if before is not None and (before.tool, before.call.input) == (
                use.tool,
                use.call.input,
            ):
                run.append(place)
            else:
                yield from _loop(stint, run)
                run = [place]
        yield from _loop(stint, run)


def _loop(stint: Stint, run: list[int]) -> Iterator[Sighting]:
    if len(run) < 3:
        return
    uses = [stint.uses[place] for place in run]
    first, last = uses[0].call.at, uses[-1].call.ended
    yield Sighting(
        "loop",
        f"{uses[0].tool}: {shown(uses[0].target, 80)}",
        of_uses(uses),
        len(uses) - 1,
        took(first, last),
        sum(tokens(len(use.call.input) + use.call.size) for use in uses[1:]),
        uses[-1].call.at,
        shown(uses[0].call.result, 120),
    )
