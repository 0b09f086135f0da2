"""Turns a row of the library into what there is to see of it: plain values, nothing measured."""

from dataclasses import replace
from typing import Final

from core.model import BlockKind, Kind, Outcome
from core.queries.transcript import TEXT_LIMIT, BlockRow, CallRow
from desktop.delegates import cards
from desktop.delegates.folding import (
    FOLDED_LINES,
    Around,
    Density,
    ReadText,
    folded,
    whole,
)
from desktop.delegates.sections import Heading, Row, Section, Shape, Style
from desktop.look import words
from desktop.look.words import translate
from desktop.models import calls
from desktop.models.calls import Fact

IDLE_MS: Final = 20 * 60_000  # a longer silence gets a line of its own
_PROSE_LINES: Final = 120
_GLIMPSE_LINES: Final = 12  # of an error that opened by itself


def described(row: BlockRow, around: Around, read: ReadText) -> Row:
    """Return what there is to see of *row*; *read* fetches the whole text of a block."""
    if row.call is not None:
        made = _call(row, row.call, around, read)
    elif row.kind is BlockKind.IMAGE:
        made = _picture(row)
    else:
        made = _spoken(row, around, read)
    lead, day = _lead(row, around)
    return replace(
        made,
        gap=_gap(row, around, made),
        lead=lead,
        day=day,
        depth=around.depth,
        muted=row.abandoned,
    )


def opens_by_itself(row: BlockRow, density: Density) -> bool:
    """Return whether *row* is open until the user closes it."""
    call = row.call
    if call is None or density is not Density.COMFORTABLE:
        return False
    if call.outcome is Outcome.ERROR:
        return True
    made = cards.changes(call)
    return made is not None and 0 < len(made.lines) <= cards.SHORT_DIFF


def model_name(model: str) -> str:
    """Return a short name of *model*: "Sonnet 4.5" for "claude-sonnet-4-5-20250929"."""
    parts = model.removeprefix("claude-").split("[", maxsplit=1)[0].split("-")
    kept = [part for part in parts if not (part.isdigit() and len(part) == 8)]
    numbers = [part for part in kept if part.isdigit()]
    names = [part.capitalize() for part in kept if not part.isdigit()]
    if not model.startswith("claude-") or not names:
        return words.one_line(model, 40)
    return words.one_line(" ".join([*names, ".".join(numbers)]).strip(), 40)


def _open(row: BlockRow, around: Around) -> bool:
    if around.toggled is not None:
        return around.toggled
    if around.everything is not None:
        return around.everything
    return opens_by_itself(row, around.density)


def _call(row: BlockRow, call: CallRow, around: Around, read: ReadText) -> Row:
    made = cards.changes(call)
    facts = list(cards.change_facts(made)) if made is not None else calls.facts(call)
    if (ending := calls.outcome(call)) is not None:
        facts.append(ending)
    if call.duration_ms is not None and call.duration_ms >= 100:
        facts.append(Fact(words.duration(call.duration_ms), "faint"))
    heading = Heading(
        calls.name(call.tool),
        calls.icon(call.tool),
        calls.tone(call.tool),
        argument=calls.argument(call, around.project),
        code=calls.icon(call.tool) in {"run", "read", "edit", "search", "unknown", "plug"},
        facts=tuple(facts),
    )
    sections: tuple[Section, ...] = ()
    if opened := _open(row, around):
        answer, note = whole(call.result, call.result_size, call.result_id, around, "answer", read)
        glimpse = around.toggled is None and around.everything is None
        sections = tuple(
            folded(each, around, note if each.part == "answer" else "",
                    _GLIMPSE_LINES if glimpse and each.part == "answer" else FOLDED_LINES,
                    missing=_missing(call, answer) if each.part == "answer" else 0)
            for each in cards.sections(call, answer, around.project)
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


def _spoken(row: BlockRow, around: Around, read: ReadText) -> Row:  # noqa: C901, PLR0911  a table
    text, note = whole(row.text, row.size, row.id, around, "text", read)
    missing = max(1, row.lines - text.count("\n")) if len(text) < row.size and not note else 0
    match row.said, row.kind:
        case Kind.COMPACTION, _:
            return Row(Shape.RULE, Heading(_compaction(row), "compaction", "muted", strong=False))
        case Kind.INTERRUPT, _:
            said = translate("rows", "You stopped the agent")
            return Row(Shape.CHIP, Heading(said, "interrupted", "warning", strong=False))
        case Kind.FAILURE, _:
            said = translate("rows", "API error")
            heading = Heading(said, "failed", "failed", facts=_time(row))
            body = Section(Style.PLAIN, text, "text", tone="failed")
            return Row(Shape.PLAIN, heading, (folded(body, around, note, missing=missing),))
        case _, BlockKind.THINKING:
            return _thinking(row, text, around, note, missing)
        case Kind.SUMMARY, _:
            title = translate("rows", "Summary that replaced the history")
            return _foldable(row, text, around, note, missing, title, "compaction", Style.PROSE)
        case ((Kind.NOTICE | Kind.META), _):
            title = (
                translate("rows", "Notice")
                if row.said is Kind.NOTICE
                else translate("rows", "System")
            )
            return _foldable(row, text, around, note, missing, title, "info", Style.PLAIN)
        case ((Kind.COMMAND | Kind.SHELL), _):
            return _command(row, text, around, note, missing)
        case _, BlockKind.RESULT:
            title = translate("rows", "Result without its call")
            return _foldable(row, text, around, note, missing, title, "unknown", Style.TERMINAL)
        case _, BlockKind.OTHER:
            title = translate("rows", "Unknown kind of content")
            shown = cards.pretty_other(text)
            return _foldable(row, shown, around, note, missing, title, "unknown", Style.CODE)
        case ((Kind.PROMPT | Kind.QUEUED | Kind.TASK), _):
            return _prompt(row, text, around, note, missing)
        case _:
            pass
    body = folded(Section(Style.PROSE, text, "text"), around, note, _PROSE_LINES, missing)
    return Row(Shape.PLAIN, _reply_heading(row, around), (body,))


def _prompt(row: BlockRow, text: str, around: Around, note: str, missing: int) -> Row:
    style = Style.PLAIN
    if row.said is Kind.TASK:
        heading = Heading(translate("rows", "Task"), "agent", "agent", facts=_time(row))
        style = Style.PROSE
    elif row.said is Kind.QUEUED:
        queued = translate("rows", "queued while busy")
        heading = Heading(
            translate("rows", "You"), "prompt", "you", argument=queued, facts=_time(row)
        )
    else:
        heading = Heading(translate("rows", "You"), "prompt", "you", facts=_time(row))
    body = folded(Section(style, text, "text"), around, note, FOLDED_LINES, missing)
    before = around.previous
    if before is not None and before.message_id == row.message_id:
        return Row(Shape.PROMPT, None, (body,))  # more of what was said above
    return Row(Shape.PROMPT, _with_chip(heading, row, around), (body,))


def _with_chip(heading: Heading, row: BlockRow, around: Around) -> Heading:
    before = around.previous
    if not row.abandoned or (before is not None and before.branch == row.branch):
        return heading  # where the branch begins says it for all of it
    behind = Fact(translate("rows", "left behind"), "warning", "branch")
    return replace(heading, facts=(behind, *heading.facts))


def _thinking(row: BlockRow, text: str, around: Around, note: str, missing: int) -> Row:
    length = words.plural(row.size, translate("rows", "character"), translate("rows", "characters"))
    title = translate("rows", "Thinking · {0}").format(length)
    opened = _open(row, around)
    heading = Heading(
        title, "thinking", "thinking", strong=False, italic=True,
        argument="" if opened else words.one_line(text, 160),
    )  # fmt: skip
    body = Section(Style.PROSE, text, "text", tone="muted")
    sections = (folded(body, around, note, _PROSE_LINES, missing),) if opened else ()
    return Row(Shape.CARD, heading, sections, foldable=True, open=opened, bare=True)


def _foldable(  # noqa: PLR0913, PLR0917  the parts of a row
    row: BlockRow, text: str, around: Around, note: str, missing: int,
    title: str, icon: str, style: Style,
) -> Row:  # fmt: skip
    opened = _open(row, around)
    heading = Heading(
        title, icon, "muted", strong=False, facts=_time(row),
        argument="" if opened else words.one_line(text, 160),
    )  # fmt: skip
    sections = (
        (folded(Section(style, text, "text"), around, note, missing=missing),) if opened else ()
    )
    return Row(Shape.CARD, heading, sections, foldable=True, open=opened)


def _command(row: BlockRow, text: str, around: Around, note: str, missing: int) -> Row:
    first, _, rest = text.partition("\n")
    shell = row.said is Kind.SHELL
    if not rest.strip() and len(first) <= 200:
        heading = Heading(
            translate("rows", "Shell") if shell else translate("rows", "Command"),
            "run" if shell else "prompt", "you", argument=words.one_line(first), code=True,
            facts=_time(row),
        )  # fmt: skip
        return Row(Shape.CARD, heading)
    opened = _open(row, around)
    heading = Heading(
        translate("rows", "Shell") if shell else translate("rows", "Command"),
        "run" if shell else "prompt", "you", argument=words.one_line(first, 200), code=True,
        facts=_time(row),
    )  # fmt: skip
    body = Section(Style.TERMINAL, rest if len(first) <= 200 else text, "text")
    sections = (folded(body, around, note, missing=missing),) if opened else ()
    return Row(Shape.CARD, heading, sections, foldable=True, open=opened)


def _reply_heading(row: BlockRow, around: Around) -> Heading | None:
    before = around.previous
    if (
        before is not None
        and before.kind is BlockKind.REPLY
        and before.agent == row.agent
        and before.reply_id is not None
        and before.reply_id == row.reply_id
    ):
        return None
    title = model_name(row.model) or translate("rows", "Reply")
    return _with_chip(Heading(title, "reply", "reply", facts=_time(row)), row, around)


def _picture(row: BlockRow) -> Row:
    media = words.one_line(row.text, 60) or translate("rows", "unknown type")
    heading = Heading(translate("rows", "Image"), "image", "muted", argument=media)
    return Row(Shape.PLAIN, heading, (Section(Style.PICTURE, part="picture", block=row.id),))


def _compaction(row: BlockRow) -> str:
    parts = [translate("rows", "Context compacted")]
    facts = calls.parsed(row.detail)
    before, after = calls.number(facts, "preTokens"), calls.number(facts, "postTokens")
    if trigger := calls.said(facts, "trigger"):
        parts.append(words.one_line(trigger, 20))
    if before is not None:
        tokens = words.short_count(before)
        if after is not None:
            tokens += f" → {words.short_count(after)}"
        parts.append(translate("rows", "{0} tokens").format(tokens))
    return " · ".join(parts)


def _time(row: BlockRow) -> tuple[Fact, ...]:
    return (Fact(words.clock(row.at), "faint"),) if row.at is not None else ()


def _lead(row: BlockRow, around: Around) -> tuple[str, bool]:
    if row.at is None or around.depth:
        return "", False
    before = around.previous
    if before is None or before.at is None:
        return "", False  # the first day stands above the rows
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
    return row.kind in lines or row.said in {Kind.NOTICE, Kind.META, Kind.COMMAND, Kind.SHELL}
