"""What turns add to the figures about tools, kept by pieces of sessions, and the sum of many.

A piece depends on its turns alone and on what the turn before them leaves to be judged, so it
is kept until they change; pieces are added up when somebody asks. Where a conversation is cut
into pieces changes no figure, and neither does the order in which conversations are added.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from core.analysis.context_parts import text
from core.analysis.findings.finding import REVISION as FINDINGS
from core.analysis.findings.finding import Seen
from core.analysis.findings.folding import EVERY, Found, found, sightings
from core.analysis.findings.history import stints_of
from core.analysis.findings.lasting import Lanes
from core.analysis.reviving import revived
from core.analysis.satisfaction import REVISION as SATISFACTION
from core.analysis.tools_effect import QUOTES as OF_ONE
from core.analysis.tools_effect import Effects, Quote, count_effects
from core.analysis.tools_patterns import (
    count_company,
    count_files,
    count_recoveries,
    count_runs,
    count_sequences,
    count_substitutions,
)
from core.analysis.tools_tally import Row, Tally
from core.analysis.tools_work import Work
from core.records.fields import items, load, mapping

REVISION: Final = 4_000_000 + FINDINGS * 1_000 + SATISFACTION  # another one: all is made anew
QUOTES: Final = 200  # kept in a sum, the first ones of each verdict alike


@dataclass(slots=True)
class Part:
    """Sums of some turns, or of several conversations."""

    grams: Tally = field(default_factory=Tally)
    recoveries: Tally = field(default_factory=Tally)
    substitutions: Tally = field(default_factory=Tally)
    company: Tally = field(default_factory=Tally)
    runs: Tally = field(default_factory=Tally)
    files: Tally = field(default_factory=Tally)
    effects: Effects = field(default_factory=Effects)
    seen: list[Seen] = field(default_factory=list)
    conversations: int = 0

    def tallies(self) -> tuple[Tally, ...]:
        """Return the counts, in the order in which they are written; those of files are last."""
        effects = self.effects
        return (
            self.grams, self.recoveries, self.substitutions, self.company, effects.ends,
            effects.opinions, effects.turns, self.runs, self.files,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """What the turns of one kind of lane count, as JSON has it."""

    tallies: tuple[list[Row], ...]
    times: Mapping[str, Sequence[int]]
    waits: Mapping[str, Sequence[int]]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ToolPiece:
    """What some turns of a session add."""

    lanes: tuple[Sums, Sums]  # the line that a person talks in, and agents'
    found: Found


def tool_piece(work: Work) -> ToolPiece:
    """Return what the turns of *work* add."""
    main, agents = (_sums(Work(stints_of(work, agents=agents))) for agents in EVERY)
    return ToolPiece((main, agents), found(work))


def _sums(work: Work) -> Sums:
    made = Part()
    if work.stints:
        count_sequences(work, made.grams)
        count_recoveries(work, made.recoveries)
        count_substitutions(work, made.substitutions)
        count_company(work, made.company)
        count_runs(work, made.runs)
        count_files(work, made.files)
        count_effects(work, made.effects)
    effects = made.effects
    return Sums(
        tuple(tally.rows() for tally in made.tallies()),
        effects.times,
        effects.waits,
        tuple(effects.quotes),
    )


def written(piece: ToolPiece) -> str:
    """Return *piece* as JSON text."""
    return text(piece)


def read(told: str) -> ToolPiece:
    """Return the piece that was written as *told*.

    Raises:
        ValueError: it is of another shape.
    """
    whole = mapping(load(told))
    lanes = [_read(mapping(one)) for one in items(whole.get("lanes"))]
    if len(lanes) != len(EVERY):
        raise ValueError("This is no piece of the figures about tools.")
    return ToolPiece((lanes[0], lanes[1]), revived(Found, whole.get("found")))


def _read(told: Mapping[str, object]) -> Sums:
    return Sums(
        tuple([list(items(row)) for row in items(rows)] for rows in items(told.get("tallies"))),
        revived(dict[str, tuple[int, ...]], told.get("times")),
        revived(dict[str, tuple[int, ...]], told.get("waits")),
        revived(tuple[Quote, ...], told.get("quotes")),
    )


def add(
    total: Part,
    pieces: Sequence[ToolPiece],
    conversation: str,
    project: str,
    lanes: Lanes = EVERY,
) -> None:
    """Add the *pieces* of *conversation*, in order, to *total*, as far as *lanes* go."""
    total.conversations += 1
    told = [[one.lanes[agents] for one in pieces] for agents in lanes]
    for sums in chain.from_iterable(told):
        *tallies, files = total.tallies()
        *all_rows, of_files = sums.tallies
        for tally, rows in zip(tallies, all_rows, strict=True):
            tally.merge(rows)
        files.merge([[project, *row] for row in of_files])
        _extend(total.effects.times, sums.times)
        _extend(total.effects.waits, sums.waits)
    quotes = [quote for sums in chain.from_iterable(told) for quote in sums.quotes][:OF_ONE]
    total.effects.quotes += quotes[: QUOTES - len(total.effects.quotes)]
    for one in sightings([piece.found for piece in pieces], lanes):
        total.seen.append(Seen(conversation, project, one))


def sum_of(
    pieces: Iterable[ToolPiece], conversation: str, project: str, lanes: Lanes = EVERY
) -> Part:
    """Return what the *pieces* of one conversation come to."""
    total = Part()
    add(total, list(pieces), conversation, project, lanes)
    return total


def _extend(sums: dict[str, list[int]], more: Mapping[str, Sequence[int]]) -> None:
    for tool, values in more.items():
        sums.setdefault(tool, []).extend(values)
