"""Patterns of a conversation's course: checks left out, context lost, branches left behind."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from core.analysis.findings.calls import stints_with_edits
from core.analysis.findings.sighting import Sighting, latest, of_spots, of_uses, shown, tokens
from core.analysis.material import Spot
from core.analysis.satisfaction import Verdict
from core.analysis.tools_commands import asks, checks
from core.analysis.tools_effect import edited_last
from core.analysis.tools_registry import ToolClass
from core.analysis.tools_work import Spent, Stint, Work
from core.model import TYPED, Outcome

PASTED: Final = 20_000  # letters of a prompt: about 5,000 tokens
WARM: Final = 300_000  # ms that a cache is kept by default
COLD: Final = 20_000  # tokens written to the cache again from which a restart counts
_TURN: Final = 1_800_000  # ms of a turn that count as lost at most


def unverified(work: Work) -> Iterator[Sighting]:
    """Edits that no test, type check, lint or build followed, and which the person sent back."""
    usual = Counter(
        use.head
        for stint in work.stints
        for use in stint.uses
        if use.kind is ToolClass.SHELL and use.head and checks(use.target)
    )
    spots: list[Spot] = []
    lost: list[tuple[int, int | None]] = []
    note = ""
    for stint in stints_with_edits(work):
        last = edited_last(stint)
        said = stint.next.prompt if stint.next is not None else None
        if last is None or said is None or stint.next is None:
            continue
        if any(
            use.kind is ToolClass.SHELL and checks(use.target) for use in stint.uses[last + 1 :]
        ):
            continue
        found = stint.answer
        if found is None or found.verdict not in {Verdict.NEGATIVE, Verdict.RETRY}:
            continue
        spots.append(said.spot)
        lost.append((_took(stint.next.at, stint.next.ended), said.at))
        note = note or found.quote
    if spots:
        command = usual.most_common(1)[0][0] if usual else ""
        yield Sighting(
            "unverified",
            "edits without a check",
            of_spots(spots),
            len(spots),
            sum(took for took, _ in lost),
            at=latest(at for _, at in lost),
            note=note,
            hint=command,
        )


def compactions(work: Work) -> Iterator[Sighting]:
    """Compactions in the middle of a turn; what was read before is read again after them."""
    spots: list[Spot] = []
    lost = 0
    ends: list[int | None] = []
    known: defaultdict[str, set[str]] = defaultdict(set)
    for stint in work.stints:
        lane = stint.turn.session + stint.turn.lane
        for spot in stint.turn.compactions:
            later = [use for use in stint.uses if use.call.spot.id > spot.id]
            if not later:
                continue
            before = known[lane] | {
                use.target for use in stint.uses if use.call.spot.id < spot.id and use.target
            }
            spots.append(spot)
            ends.append(stint.turn.ended)
            lost += sum(
                tokens(use.call.size)
                for use in later
                if use.kind is ToolClass.READ and use.target in before
            )
        known[lane] |= {use.target for use in stint.uses if use.target}
    if spots:
        yield Sighting(
            "compaction",
            "compactions in the middle of work",
            of_spots(spots),
            len(spots),
            0,
            lost,
            latest(ends),
        )


def cold_restarts(work: Work) -> Iterator[Sighting]:
    """Replies after a pause for which most of the context had to be written to the cache again."""
    last: dict[str, Spent] = {}
    found: list[tuple[Spent, int]] = []
    for one in work.spent:
        before = last.get(one.lane)
        last[one.lane] = one
        if before is None or before.at is None or one.at is None or one.at - before.at < WARM:
            continue
        context = before.input + before.cache_read + before.cache_creation
        again = min(one.cache_creation, context)
        if again >= COLD and one.cache_read < context // 2:
            found.append((one, again))
    if found:
        yield Sighting(
            "cold-cache",
            "pauses that emptied the cache",
            of_spots(one.spot for one, _ in found),
            len(found),
            0,
            sum(again for _, again in found),
            latest(one.at for one, _ in found),
        )


def abandoned(work: Work) -> Iterator[Sighting]:
    """Branches that were left behind after a rewind: their tokens and their time."""
    left = [stint for stint in work.stints if not stint.turn.active and not stint.turn.lane]
    prompts = [stint.turn.prompt for stint in left if stint.turn.prompt is not None]
    if not prompts or not any(stint.uses for stint in left):
        return
    used = [stint.turn.usage for stint in left]
    yield Sighting(
        "abandoned",
        "branches left behind",
        of_spots(prompt.spot for prompt in prompts),
        len({(stint.turn.session, stint.turn.branch) for stint in left}),
        sum(_took(stint.turn.at, stint.turn.ended) for stint in left),
        sum(use.input + use.output + use.cache_creation for use in used),
        latest(stint.turn.ended for stint in left),
        shown(next((one.text for one in prompts if one.text.strip()), ""), 120),
    )


def pasted(work: Work) -> Iterator[Sighting]:
    """Prompts of more than 20,000 letters."""
    prompts = [
        stint.turn.prompt
        for stint in work.stints
        if not stint.turn.lane
        and stint.turn.prompt is not None
        and stint.turn.prompt.kind in TYPED
        and len(stint.turn.prompt.text) > PASTED
    ]
    if prompts:
        yield Sighting(
            "pasted",
            "very long prompts",
            of_spots(prompt.spot for prompt in prompts),
            len(prompts),
            0,
            sum(tokens(len(prompt.text) - PASTED // 10) for prompt in prompts),
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
        _took(first, last),
        sum(tokens(len(use.call.input) + use.call.size) for use in uses[1:]),
        uses[-1].call.at,
        shown(uses[0].call.result, 120),
    )


def _took(began: int | None, ended: int | None) -> int:
    return 0 if began is None or ended is None else min(max(0, ended - began), _TURN)
