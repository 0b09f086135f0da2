"""Turns a row of the library into what there is to see of it: plain values, nothing measured."""

from dataclasses import replace
from typing import Final

from core.model import BlockKind, Kind
from core.queries.transcript import TEXT_LIMIT, BlockRow, CallRow
from desktop.delegates import boundary_row, cards, edit_cards
from desktop.delegates.folding import (
    FOLDED_LINES,
    Around,
    Density,
    ReadText,
    folded,
    whole,
)
from desktop.delegates.sections import Heading, Row, Section, Shape
from desktop.delegates.spoken import spoken
from desktop.delegates.unfolding import is_open
from desktop.look import words
from desktop.look.words import translate
from desktop.models import calls, tool_names
from desktop.models.call_arguments import argument
from desktop.models.calls import Fact

IDLE_MS: Final = 20 * 60_000  # a longer silence gets a line of its own
_GLIMPSE_LINES: Final = 12  # of an error that opened by itself


def described(row: BlockRow, around: Around, read: ReadText) -> Row:
    """Return what there is to see of *row*; *read* fetches the whole text of a block."""
    call = row.call
    if row.boundary is not None:
        made = boundary_row.described(row.boundary, around)
    else:
        made = spoken(row, around, read) if call is None else _call(row, call, around, read)
    lead, day = _lead(row, around) if row.boundary is None else (made.lead, False)
    lead = " · ".join(part for part in (lead, around.cut) if part)
    return replace(
        made,
        gap=_gap(row, around, made),
        lead=lead,
        day=day,
        depth=around.depth,
        muted=row.abandoned or row.inherited,
        inherited=row.inherited,
    )


def _call(row: BlockRow, call: CallRow, around: Around, read: ReadText) -> Row:
    made = edit_cards.changes(call)
    facts = list(edit_cards.change_facts(made)) if made is not None else calls.facts(call)
    if (ending := calls.outcome(call)) is not None:
        facts.append(ending)
    if call.duration_ms is not None and call.duration_ms >= 100:
        facts.append(Fact(words.duration(call.duration_ms), "faint"))
    heading = Heading(
        tool_names.name(call.tool),
        tool_names.icon(call.tool),
        tool_names.tone(call.tool),
        argument=argument(call, around.project),
        code=tool_names.icon(call.tool) in {"run", "read", "edit", "search", "unknown", "plug"},
        facts=tuple(facts),
    )
    sections: tuple[Section, ...] = ()
    if opened := is_open(row, around):
        answer, note = whole(call.result, call.result_size, call.result_id, around, "answer", read)
        glimpse = around.toggled is None and around.everything is None
        sections = tuple(
            folded(each, around, note if each.part == "answer" else "",
                    _GLIMPSE_LINES if glimpse and each.part == "answer" else FOLDED_LINES,
                    missing=_missing(call, answer) if each.part == "answer" else 0)
            for each in cards.sections(call, answer, around.project, read)
        )  # fmt: skip
    return Row(
        Shape.CARD, heading, sections, foldable=True, open=opened,
        lane=call.agent, lane_open=around.lane_open,
    )  # fmt: skip


def _missing(call: CallRow, answer: str) -> int:
    """Return how many lines of the result *answer* lacks, if it was cut when it was read."""
    if len(answer) >= call.result_size or len(answer) > TEXT_LIMIT:
        return 0
    return max(1, call.result_lines - answer.count("\n"))


def _lead(row: BlockRow, around: Around) -> tuple[str, bool]:
    if row.at is None or around.depth:
        return "", False
    before = around.previous
    if before is None or before.at is None:
        return "", False  # the first day stands above the rows
    if before.inherited:
        return "", False  # it was said in another session, long ago
    if words.day_of(before.at) != words.day_of(row.at):
        return words.day(row.at, around.today), True
    if (idle := row.at - before.at) > IDLE_MS:
        return translate("rows", "{0} later").format(words.duration(idle - idle % 60_000)), False
    return "", False


def _gap(row: BlockRow, around: Around, made: Row) -> int:
    compact = around.density is Density.COMPACT
    before = around.previous
    if before is None:
        return 8
    match made.shape:
        case Shape.PROMPT:
            gap = 32 if made.heading is not None else 8
        case Shape.RULE | Shape.CHIP:
            gap = 20
        case Shape.PLAIN:
            gap = 24 if made.heading is not None and row.kind is BlockKind.REPLY else 12
        case _:
            gap = 2 if _is_line(before) else 12
    return gap // 2 if compact else gap


def _is_line(row: BlockRow) -> bool:
    """Return whether *row* is one of those that are a line while they are closed."""
    lines = {BlockKind.CALL, BlockKind.THINKING, BlockKind.RESULT, BlockKind.OTHER}
    if row.boundary is not None:
        return False
    return row.kind in lines or row.said in {Kind.NOTICE, Kind.META, Kind.COMMAND, Kind.SHELL}
