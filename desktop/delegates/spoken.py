"""What there is to see of a row that somebody said: prompts, replies, thoughts, notices."""

from dataclasses import replace
from typing import Final

from core.model import BlockKind, Kind, PromptKind
from core.queries.transcript import BlockRow
from desktop.delegates import json_tree
from desktop.delegates.folding import FOLDED_LINES, Around, ReadText, folded, whole
from desktop.delegates.opened import json_section
from desktop.delegates.sections import Heading, Row, Section, Shape, Style
from desktop.delegates.unfolding import is_open
from desktop.look import words
from desktop.look.words import translate
from desktop.models import call_values, prompt_words
from desktop.models.calls import Fact

_PROSE_LINES: Final = 120


def spoken(row: BlockRow, around: Around, read: ReadText) -> Row:  # noqa: C901, PLR0911  a table
    """Return what there is to see of *row*, which is no call."""
    if row.kind is BlockKind.IMAGE:
        return _picture(row)
    text, note = whole(row.text, row.size, row.id, around, "text", read)
    missing = max(1, row.lines - text.count("\n")) if len(text) < row.size and not note else 0
    match row.said, row.kind:
        case Kind.COMPACTION, _:
            return Row(Shape.RULE, Heading(_compaction(row), "compaction", "muted", strong=False))
        case Kind.INTERRUPT, _:
            said = translate("spoken", "You stopped the agent")
            return Row(Shape.CHIP, Heading(said, "interrupted", "warning", strong=False))
        case Kind.FAILURE, _:
            said = translate("spoken", "API error")
            heading = Heading(said, "failed", "failed", facts=_time(row))
            body = Section(Style.PLAIN, text, "text", tone="failed")
            return Row(Shape.PLAIN, heading, (folded(body, around, note, missing=missing),))
        case _, BlockKind.THINKING:
            return _thinking(row, text, around, note, missing)
        case Kind.SUMMARY, _:
            title = translate("spoken", "Summary that replaced the history")
            return _foldable(row, text, around, note, missing, title, "compaction", Style.PROSE)
        case ((Kind.NOTICE | Kind.META), _):
            title = (
                translate("spoken", "Notice")
                if row.said is Kind.NOTICE
                else translate("spoken", "System")
            )
            return _foldable(row, text, around, note, missing, title, "info", Style.PLAIN)
        case ((Kind.COMMAND | Kind.SHELL), _):
            return _command(row, text, around, note, missing)
        case _, BlockKind.RESULT:
            title = translate("spoken", "Result without its call")
            return _foldable(row, text, around, note, missing, title, "unknown", Style.TERMINAL)
        case _, BlockKind.OTHER:
            title = translate("spoken", "Unknown kind of content")
            tree = json_section(_whole(row, read), "text")
            return _foldable(row, text, around, note, missing, title, "unknown", Style.CODE, tree)
        case ((Kind.PROMPT | Kind.QUEUED | Kind.TASK), _):
            return _prompt(row, text, around, note, missing)
        case _:
            pass
    body = folded(Section(Style.PROSE, text, "text"), around, note, _PROSE_LINES, missing)
    return Row(Shape.PLAIN, _reply_heading(row, around), (body,))


def model_name(model: str) -> str:
    """Return a short name of *model*: "Sonnet 4.5" for "claude-sonnet-4-5-20250929"."""
    parts = model.removeprefix("claude-").split("[", maxsplit=1)[0].split("-")
    kept = [part for part in parts if not (part.isdigit() and len(part) == 8)]
    numbers = [part for part in kept if part.isdigit()]
    names = [part.capitalize() for part in kept if not part.isdigit()]
    if not model.startswith("claude-") or not names:
        return words.one_line(model, 40)
    return words.one_line(" ".join([*names, ".".join(numbers)]).strip(), 40)


def _prompt(row: BlockRow, text: str, around: Around, note: str, missing: int) -> Row:
    style = Style.PLAIN
    if row.said is Kind.TASK:
        heading = Heading(translate("spoken", "Task"), "agent", "agent", facts=_time(row))
        style = Style.PROSE
    else:
        own = prompt_words.by_person(row.prompt)
        who = translate("spoken", "You") if own else translate("spoken", "Prompt")
        heading = Heading(who, "prompt", "you", facts=(*_chip(row), *_time(row)))
    body = folded(Section(style, text, "text"), around, note, FOLDED_LINES, missing)
    before = around.previous
    more = before is not None and before.boundary is None and before.message_id == row.message_id
    if more:
        return Row(Shape.PROMPT, None, (body,))  # more of what was said above
    return Row(Shape.PROMPT, _with_chip(heading, row, around), (body,))


def _chip(row: BlockRow) -> tuple[Fact, ...]:
    """Return how a prompt came to be, unless a person typed it."""
    prompt = row.prompt
    if prompt is None and row.said is Kind.QUEUED:
        prompt = PromptKind.QUEUED
    said = prompt_words.chip(prompt)
    return (Fact(said, "muted", pill=True),) if said else ()


def _with_chip(heading: Heading, row: BlockRow, around: Around) -> Heading:
    before = around.previous
    if row.inherited:
        copy = Fact(translate("spoken", "inherited"), "muted", pill=True)
        return replace(heading, facts=(copy, *heading.facts))
    if not row.abandoned or (before is not None and before.branch == row.branch):
        return heading  # where the branch begins says it for all of it
    behind = Fact(translate("spoken", "left behind"), "warning", "branch")
    return replace(heading, facts=(behind, *heading.facts))


def _thinking(row: BlockRow, text: str, around: Around, note: str, missing: int) -> Row:
    length = words.plural(
        row.size, translate("spoken", "character"), translate("spoken", "characters")
    )
    title = translate("spoken", "Thinking · {0}").format(length)
    opened = is_open(row, around)
    heading = Heading(
        title, "thinking", "thinking", strong=False, italic=True,
        argument="" if opened else words.one_line(text, 160),
    )  # fmt: skip
    body = Section(Style.PROSE, text, "text", tone="muted")
    sections = (folded(body, around, note, _PROSE_LINES, missing),) if opened else ()
    return Row(Shape.CARD, heading, sections, foldable=True, open=opened, bare=True)


def _foldable(  # noqa: PLR0913, PLR0917  the parts of a row
    row: BlockRow, text: str, around: Around, note: str, missing: int,
    title: str, icon: str, style: Style, body: Section | None = None,
) -> Row:  # fmt: skip
    opened = is_open(row, around)
    heading = Heading(
        title, icon, "muted", strong=False, facts=(*_chip(row), *_time(row)),
        argument="" if opened else words.one_line(text, 160),
    )  # fmt: skip
    body = body or Section(style, text, "text")
    sections = (folded(body, around, note, missing=missing),) if opened else ()
    return Row(Shape.CARD, heading, sections, foldable=True, open=opened)


def _whole(row: BlockRow, read: ReadText) -> str:
    """Return the whole text of *row*, unless it is too long for a tree."""
    longer = len(row.text) < row.size <= json_tree.MOST_PARSED
    return read(row.id) if longer else row.text


def _command(row: BlockRow, text: str, around: Around, note: str, missing: int) -> Row:
    first, _, rest = text.partition("\n")
    shell = row.said is Kind.SHELL
    heading = Heading(
        translate("spoken", "Shell") if shell else translate("spoken", "Command"),
        "run" if shell else "prompt", "you", argument=words.one_line(first, 200), code=True,
        facts=(*_chip(row), *_time(row)),
    )  # fmt: skip
    if not rest.strip() and len(first) <= 200:
        return Row(Shape.CARD, heading)
    opened = is_open(row, around)
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
    title = model_name(row.model) or translate("spoken", "Reply")
    return _with_chip(Heading(title, "reply", "reply", facts=_time(row)), row, around)


def _picture(row: BlockRow) -> Row:
    media = words.one_line(row.text, 60) or translate("spoken", "unknown type")
    heading = Heading(translate("spoken", "Image"), "image", "muted", argument=media)
    return Row(Shape.PLAIN, heading, (Section(Style.PICTURE, part="picture", block=row.id),))


def _compaction(row: BlockRow) -> str:
    parts = [translate("spoken", "Context compacted")]
    facts = call_values.parsed(row.detail)
    before = call_values.number(facts, "preTokens")
    after = call_values.number(facts, "postTokens")
    if trigger := call_values.said(facts, "trigger"):
        parts.append(_trigger(trigger))
    tokens = [words.short_count(count) for count in (before, after) if count is not None]
    if before is None and tokens:
        tokens.insert(0, "?")
    if tokens:
        parts.append(translate("spoken", "{0} tokens").format(" → ".join(tokens)))
    if took := call_values.number(facts, "durationMs"):
        parts.append(words.duration(took))
    if row.amid:
        parts.append(translate("spoken", "in the middle of a task"))
    return " · ".join(parts)


def _trigger(said: str) -> str:
    names = {
        "auto": translate("spoken", "automatic"),
        "manual": translate("spoken", "asked for"),
        "micro": translate("spoken", "old results cleared"),
    }
    return names.get(said) or words.one_line(said, 20)


def _time(row: BlockRow) -> tuple[Fact, ...]:
    return (Fact(words.clock(row.at), "faint"),) if row.at is not None else ()
