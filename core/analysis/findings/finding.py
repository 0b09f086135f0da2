"""Findings: the sightings of a pattern in a project, with what they cost together.

Sorted by that cost and by how much evidence there is. Time and tokens are made comparable with
one stated rate, `A_MINUTE`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from core.analysis.findings.advice import BY_NAME, Facts
from core.analysis.findings.pasting import plain
from core.analysis.findings.sighting import Advice, Sighting

REVISION: Final = 2  # of all detectors together: another one looks at every conversation anew
A_MINUTE: Final = 50_000  # tokens that weigh as much as a minute
DOUBT: Final = 3  # cases at which the evidence counts half
LONELY: Final = 0.7  # what evidence from one conversation counts
SOLID: Final = 5  # cases without which no priority is high
EVIDENCE: Final = 50  # kept of one finding, the latest conversations' first


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting, and whose it is."""

    conversation: str
    project: str
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Evidence:
    """A message, and a call in it if one is meant."""

    conversation: str
    message: int  # row id
    call: int  # row id, 0: the message itself
    uuid: str


@dataclass(frozen=True, slots=True)
class Trend:
    """How often a pattern was seen before and since the finding was first acted on."""

    since: int  # ms
    before: int
    after: int
    conversations_before: int  # of the project, with calls, that ended before
    conversations_after: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to change, with what shows it."""

    key: str  # the same for the same pattern in the same project, in every library
    detector: str
    advice: Advice
    project: str
    title: str
    count: int
    conversations: int
    lost_ms: int
    lost_tokens: int
    basis: str  # how the two were estimated
    act: str
    note: str  # an example, as the log has it
    first_at: int | None
    last_at: int | None
    evidence: tuple[Evidence, ...]

    @property
    def weight(self) -> float:
        """Its cost in minutes, tokens included."""
        return self.lost_ms / 60_000 + self.lost_tokens / A_MINUTE

    @property
    def confidence(self) -> float:
        """How far the evidence carries, 0 to 1: two cases 0.4, twelve 0.8.

        What was seen in one conversation alone may be that conversation's own: seven tenths.
        """
        return self.count / (self.count + DOUBT) * (1.0 if self.conversations > 1 else LONELY)

    @property
    def rank(self) -> float:
        """Its cost in minutes times the confidence: what findings are sorted by."""
        return self.weight * self.confidence

    @property
    def priority(self) -> str:
        """By `rank`: ``high`` from 30 on, if five cases speak for it; ``medium`` from 5 on."""
        if self.rank >= 30 and self.count >= SOLID:
            return "high"
        return "medium" if self.rank >= 5 else "low"


def key_of(detector: str, project: str, subject: str) -> str:
    """Return the key of a finding, which what a person says about it is kept under."""
    digest = blake2b(f"{project}\0{subject}".encode("utf-8", "surrogatepass"), digest_size=9)
    return f"{detector}-{digest.hexdigest()}"


def findings(seen: Iterable[Seen]) -> list[Finding]:
    """Return the findings that *seen* make together, by `Finding.rank`.

    The order in which conversations come changes nothing.
    """
    groups: defaultdict[tuple[str, str, str], list[Seen]] = defaultdict(list)
    for one in seen:
        groups[one.sighting.detector, _place(one), one.sighting.subject].append(one)
    made = [
        _finding(detector, project, subject, group)
        for (detector, project, subject), group in groups.items()
        if detector in BY_NAME
        and sum(one.sighting.count for one in group) >= BY_NAME[detector].least
    ]
    return sorted(made, key=lambda one: (-one.rank, -one.count, one.key))


def trend(finding: Finding, seen: Iterable[Seen], since: int, ended: Mapping[str, int]) -> Trend:
    """Return how *finding* went before and after *since*, ms, from the same *seen*.

    *ended* tells when each conversation of the project ended: without it a rare pattern and a
    rarely used project look the same.
    """
    before = after = 0
    for one in seen:
        mine = key_of(one.sighting.detector, _place(one), one.sighting.subject)
        if mine == finding.key:
            late = (one.sighting.at or 0) >= since
            after += one.sighting.count if late else 0
            before += 0 if late else one.sighting.count
    later = sum(at >= since for at in ended.values())
    return Trend(since, before, after, len(ended) - later, later)


def grown(finding: Finding, seen: Iterable[Seen], since: int, known: int) -> bool:
    """Tell whether *finding*, dismissed at *since* with *known* cases, is worth another look.

    It is when it has happened as often again since then, and in all twice as often.
    """
    change = trend(finding, seen, since, {})
    if not known and not change.before:
        return False  # a conversation that goes on counts where it ends: nothing can be told
    enough = max(BY_NAME[finding.detector].least, known or change.before)
    return change.after >= enough and finding.count >= 2 * known


def _place(one: Seen) -> str:
    """Return the project that a sighting counts for; "" for habits, which are the person's."""
    rule = BY_NAME.get(one.sighting.detector)
    return "" if rule is not None and rule.habit else one.project


def _finding(detector: str, project: str, subject: str, group: list[Seen]) -> Finding:
    rule = BY_NAME[detector]
    group = sorted(group, key=lambda one: (-(one.sighting.at or 0), one.conversation))
    all_ = [one.sighting for one in group]
    worst = max(group, key=lambda one: (one.sighting.lost_ms, one.sighting.count, one.conversation))
    facts = Facts(
        plain(subject),
        sum(one.count for one in all_),
        len({one.conversation for one in group}),
        plain(worst.sighting.note),
        plain(worst.sighting.hint or next((one.hint for one in all_ if one.hint), "")),
        project,
    )
    times = [one.at for one in all_ if one.at is not None]
    evidence = [
        Evidence(one.conversation, message, call, uuid)
        for one in group
        for message, call, uuid in one.sighting.evidence
    ]
    return Finding(
        key_of(detector, project, subject),
        detector,
        rule.advice,
        project,
        rule.title(facts),
        facts.count,
        facts.conversations,
        sum(one.lost_ms for one in all_),
        sum(one.lost_tokens for one in all_),
        rule.basis,
        rule.act(facts),
        facts.note,
        min(times, default=None),
        max(times, default=None),
        tuple(evidence[:EVIDENCE]),
    )
