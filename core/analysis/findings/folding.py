"""What the detectors see in a conversation, put together from what they saw in its pieces.

Cases of the same pattern and subject are one sighting, wherever the conversation was cut.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.analysis.findings.advice import RULES
from core.analysis.findings.history import History, history, stints_of
from core.analysis.findings.lasting import LASTING, Lanes
from core.analysis.findings.sighting import KEPT, Sighting
from core.analysis.tools_work import Work

EVERY: Final[Lanes] = (False, True)


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen in some turns next to each other."""

    main: tuple[Sighting, ...]
    agents: tuple[Sighting, ...]
    history: History


def found(work: Work) -> Found:
    """Return what is seen in *work*."""
    main, agents = (
        tuple(merged(_seen(replace(work, stints=stints_of(work, agents=one))))) for one in EVERY
    )
    return Found(main, agents, history(work))


def sightings(told: Sequence[Found], lanes: Lanes = EVERY) -> list[Sighting]:
    """Return all that is seen in the conversation of *told*, in order, as far as *lanes* go."""
    histories = [one.history for one in told]
    here = [case for one in told for case in one.main] if False in lanes else []
    here += [case for one in told for case in one.agents] if True in lanes else []
    for look in LASTING.values():
        here += look(histories, lanes)
    return list(_completed(merged(here), histories, lanes))


def merged(cases: Iterable[Sighting]) -> Iterator[Sighting]:
    """Yield one sighting for each pattern and subject of *cases*, the first seen first."""
    groups: defaultdict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for one in cases:
        groups[one.detector, one.subject].append(one)
    for group in groups.values():
        first = group[0]
        if len(group) == 1:
            yield replace(first, evidence=first.evidence[:KEPT])
            continue
        evidence = [piece for one in group for piece in one.evidence[:KEPT]]
        yield Sighting(
            first.detector,
            first.subject,
            tuple(evidence[:KEPT]),
            sum(one.count for one in group),
            sum(one.lost_ms for one in group),
            sum(one.lost_tokens for one in group),
            max((one.at for one in group if one.at is not None), default=None),
            first.note,
            next((one.hint for one in group if one.hint), ""),
        )


def _seen(work: Work) -> Iterator[Sighting]:
    if not work.stints:
        return
    for rule in RULES:
        if rule.find is not None:
            yield from rule.find(work)


def _completed(
    cases: Iterable[Sighting], told: Sequence[History], lanes: Lanes
) -> Iterator[Sighting]:
    """Yield *cases* with what only the whole conversation tells of them."""
    have = {tool for one in told for tool in one.tools}
    used: Counter[str] = Counter()
    usual: Counter[str] = Counter()
    for one in told:
        used.update(one.used)
        usual.update(one.checks)
    for case in cases:
        if case.detector == "shell-search" and case.hint not in have:
            continue
        if case.detector == "unverified":
            hint = min(usual, key=lambda name: (-usual[name], name), default="")
            yield replace(case, hint=hint)
        elif case.detector == "interrupted-agent":
            agents = [agent for one in told for where, agent in one.stopped if where in lanes]
            yield replace(case, lost_tokens=sum(used[agent] for agent in agents))
        else:
            yield case
