"""A row as text for other programs: plain, or as Markdown. Without colours, whole."""

from collections.abc import Callable

from core.model import BlockKind, Kind
from core.queries.transcript import BlockRow, CallRow
from desktop.delegates import ansi
from desktop.models import boundary_words, call_values, tool_names

ReadText = Callable[[int], str]


def plain(row: BlockRow, read: ReadText) -> str:
    """Return all of *row*'s text; *read* fetches the whole text of a block."""
    if row.call is not None:
        asked = _asked(row.call)
        answer = _answer(row.call, read)
        return "\n\n".join(part for part in (asked, ansi.plain(answer)) if part)
    if row.boundary is not None:
        return boundary_words.sentence(row.boundary)
    if row.kind is BlockKind.IMAGE:
        return f"[{row.text}]"
    return ansi.plain(_text(row, read))


def markdown(row: BlockRow, read: ReadText) -> str:
    """Return all of *row*'s text as Markdown."""
    if row.call is not None:
        parts = [f"**{tool_names.name(row.call.tool)}**", _fenced(_asked(row.call))]
        if answer := _answer(row.call, read):
            parts.append(_fenced(ansi.plain(answer)))
        return "\n\n".join(parts)
    text = plain(row, read)
    if row.kind is BlockKind.REPLY or row.said is Kind.SUMMARY:
        return text
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _text(row: BlockRow, read: ReadText) -> str:
    return read(row.id) if row.size > len(row.text) else row.text


def _answer(call: CallRow, read: ReadText) -> str:
    if call.result_id is not None and call.result_size > len(call.result):
        return read(call.result_id)
    return call.result


def _asked(call: CallRow) -> str:
    command = call_values.command(call_values.given(call))
    is_run = tool_names.canonical(call.tool) == "Bash"
    return command if is_run and command else call_values.pretty(call.input)


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"
