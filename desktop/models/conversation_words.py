"""The words for a row or a heading of the conversation list."""

from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QLocale

from core.queries.conversations import ConversationRow
from desktop.look import words

_TITLE: Final = 300  # characters: Qt lays out whatever it is given


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
    if row.errors:
        said.append(words.plural(row.errors, "failed tool call", "failed tool calls"))
    if live:
        said.append("live")
    return ", ".join(said)


def spoken_group(named: str, total: int | None) -> str:
    """Return what a screen reader says of the heading *named* over *total* conversations."""
    said = title(named)
    if total is None:
        return said
    return f"{said}, {words.plural(total, 'conversation', 'conversations')}"
