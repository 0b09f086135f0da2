"""What one conversation adds to the figures of a library, and the sum of many of them.

A part depends on its conversation alone, so it is kept until that changes; parts are added up
when somebody asks. The order in which they are added changes no figure.
"""

from dataclasses import dataclass, field
from typing import Final

from core.analysis.findings.finding import REVISION as FINDINGS
from core.analysis.findings.finding import Seen, sightings
from core.analysis.findings.sighting import Sighting
from core.analysis.satisfaction import REVISION as SATISFACTION
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
from core.records.fields import dump, items, load, mapping

REVISION: Final = 3_000_000 + FINDINGS * 1_000 + SATISFACTION  # another one: parts are made anew
QUOTES: Final = 200  # kept in a sum, the first ones of each verdict alike


@dataclass(slots=True)
class Part:
    """Sums of one conversation, or of several."""

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
        """Return the counts, in the order in which they are written."""
        effects = self.effects
        return (
            self.grams, self.recoveries, self.substitutions, self.company, effects.ends,
            effects.opinions, effects.turns, self.runs, self.files,
        )  # fmt: skip


def part_of(work: Work) -> Part:
    """Return what the conversation of *work* adds."""
    made = Part(conversations=1)
    count_sequences(work, made.grams)
    count_recoveries(work, made.recoveries)
    count_substitutions(work, made.substitutions)
    count_company(work, made.company)
    count_runs(work, made.runs)
    count_files(work, made.files)
    count_effects(work, made.effects)
    here = work.material
    made.seen = [Seen(here.conversation, here.project, one) for one in sightings(work)]
    return made


def written(part: Part) -> str:
    """Return *part*, of one conversation, as JSON text."""
    effects = part.effects
    return dump(
        {
            "tallies": [tally.rows() for tally in part.tallies()],
            "times": effects.times,
            "waits": effects.waits,
            "quotes": [
                [one.verdict, one.text, one.message, one.uuid, list(one.tools)]
                for one in effects.quotes
            ],
            "seen": [_row(one.sighting) for one in part.seen],
        }
    )


def add(total: Part, text: str, conversation: str, project: str) -> None:
    """Add what `written` returned for *conversation* to *total*."""
    told = mapping(load(text))
    total.conversations += 1
    for tally, rows in zip(total.tallies(), items(told.get("tallies")), strict=True):
        tally.merge([list(items(row)) for row in items(rows)])
    for name, sums in (("times", total.effects.times), ("waits", total.effects.waits)):
        for tool, values in mapping(told.get(name)).items():
            sums.setdefault(tool, []).extend(_int(value) for value in items(values))
    for quote in items(told.get("quotes")):
        verdict, said, message, uuid, tools = items(quote)
        if len(total.effects.quotes) < QUOTES:
            total.effects.quotes.append(
                Quote(
                    str(verdict),
                    str(said),
                    _int(message),
                    str(uuid),
                    tuple(str(tool) for tool in items(tools)),
                )
            )
    for row in items(told.get("seen")):
        total.seen.append(Seen(conversation, project, _sighting(list(items(row)))))


def _row(one: Sighting) -> Row:
    return [
        one.detector, one.subject, [list(spot) for spot in one.evidence], one.count, one.lost_ms,
        one.lost_tokens, one.at, one.note, one.hint,
    ]  # fmt: skip


def _sighting(row: Row) -> Sighting:
    detector, subject, evidence, count, lost_ms, lost_tokens, at, note, hint = row
    return Sighting(
        str(detector),
        str(subject),
        tuple(_spot(list(items(spot))) for spot in items(evidence)),
        _int(count),
        _int(lost_ms),
        _int(lost_tokens),
        None if at is None else _int(at),
        str(note),
        str(hint),
    )


def _spot(spot: Row) -> tuple[int, int, str]:
    message, call, uuid = spot
    return _int(message), _int(call), str(uuid)


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
