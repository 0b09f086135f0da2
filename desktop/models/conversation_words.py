"""The words for a row or a heading of the conversation list."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QLocale

from core.messages import formats
from core.queries.conversations import Bucket, ConversationRow
from desktop.look import words
from desktop.models.conversation_endings import ending

_TITLE: Final = 300  # characters: Qt lays out whatever it is given
_KINDS: Final[Mapping[str, str]] = {
    Bucket.GHOST: "Prompts only",
    Bucket.NOISE: "Automatic",
}
_MEANINGS: Final[Mapping[str, str]] = {
    Bucket.GHOST: "Only the prompts are left: the transcript was deleted before Clew read it.",
    Bucket.NOISE: (
        "Nobody asked for this: the agent program warmed up, guessed your next prompt, "
        "or shortened its context."
    ),
}


def project_name(folder: str) -> str:
    """Return the last part of *folder*, whichever system wrote the path."""
    parts = [part for part in folder.replace("\\", "/").split("/") if part]
    return parts[-1] if parts else words.translate("conversations", "No project")


def title(said: str) -> str:
    """Return *said* as one line that can be laid out."""
    return words.one_line(said, _TITLE)


def moment(row: ConversationRow, today: date, *, under_its_day: bool) -> str:
    """Return when *row* ended, as short as what stands above it allows."""
    at = row.ended_at
    if at is None:
        return ""
    gone = words.day_of(at)
    if under_its_day or gone is None or gone == today:
        return words.clock(at)
    near = gone.year == today.year
    day = QDate(gone.year, gone.month, gone.day)
    return QLocale().toString(day, "d MMM" if near else "d MMM yyyy")


def spoken(row: ConversationRow, today: date, *, live: bool) -> str:
    """Return what a screen reader says of *row*."""
    said = [title(row.title) or "Untitled"]
    if row.project:
        said.append(f"project {project_name(row.project)}")
    if row.ended_at is not None:
        said.append(f"{words.day(row.ended_at, today)} {words.clock(row.ended_at)}")
    said.append(words.plural(row.prompts, "prompt", "prompts"))
    if row.bucket:
        said.append(kind(row, mixed=False))
    if row.errors:
        said.append(words.plural(row.errors, "failed tool call", "failed tool calls"))
    if row.cost:
        said.append(cost(row))
    ended = ending(row)
    if live:
        said.append("live")
    elif ended is not None:
        said.append(ended.words)
    return ", ".join(said)


def cost(row: ConversationRow) -> str:
    """Return what *row* cost, and what that means; empty where nothing has a price."""
    if not row.cost:
        return ""
    said = words.translate("conversations", "{0} at API prices")
    return said.format(words.money(row.cost))


def kind(row: ConversationRow, *, mixed: bool) -> str:
    """Return what sets *row* apart: what it is, or in a *mixed* library its format."""
    if row.bucket in _KINDS:
        return words.translate("conversations", _KINDS[row.bucket])
    return format_title(row.format).partition(" (")[0] if mixed else ""


def format_title(name: str) -> str:
    """Return what people call the format *name*."""
    form = formats.named(name)
    return form.title if form else name


def meaning(bucket: str) -> str:
    """Return in a sentence what a conversation of *bucket* is; empty if it is a usual one."""
    said = _MEANINGS.get(bucket, "")
    return words.translate("conversations", said) if said else ""


def tip(row: ConversationRow, *, live: bool) -> str:
    """Return all that the tool tip of *row* tells, a line each."""
    lines = [row.title, row.project, format_title(row.format), cost(row)]
    ended = ending(row)
    if row.bucket:
        lines.append(meaning(row.bucket))
    elif ended is not None and not live:
        lines.append(f"{ended.words}: {ended.meaning}")
    return "\n".join(line for line in lines if line)


def spoken_group(named: str, total: int | None) -> str:
    """Return what a screen reader says of the heading *named* over *total* conversations."""
    said = title(named)
    if total is None:
        return said
    return f"{said}, {words.plural(total, 'conversation', 'conversations')}"
