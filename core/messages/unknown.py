"""JSON Lines that no format fits: counted by kind, the first of them kept as they are."""

from collections.abc import Sequence

from core.messages.format import NO, Format, Framing, Memory, Sample, Score
from core.model import Facts, Problem, Severity, Unknown
from core.records.decode import Record
from core.records.fields import count, dump, text

KEPT = 200  # records of one file that are kept; all of them stay in the file
_REASON = "This file is in no format that Clew knows; its records are counted, not shown."


def _detect(sample: Sample) -> Score:
    if sample.framing is not Framing.LINES:
        return NO
    return Score(1, "lines of JSON in no known format")


def _read(record: Record, memory: Memory) -> tuple[Sequence[Facts], Memory]:
    data = record.data
    seen = count(memory, "seen")
    kind = text(data, "type") or text(data, "kind") or "(none)"
    place = record.place
    kept = Unknown(place, dump(data)) if seen < KEPT else None
    notes = () if seen else (Problem(place.line, place.offset, Severity.INFO, _REASON),)
    version = text(data, "version")
    fact = Facts(kind, known=False, place=place, version=version, unknown=kept, notes=notes)
    return (fact,), {"seen": seen + 1}


FORMAT = Format(
    "unknown", "Unknown JSON Lines", 1, Framing.LINES, _detect, _read, "no format at all"
)
