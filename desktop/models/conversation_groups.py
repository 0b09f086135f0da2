"""The groups of the conversation list: days, sizes, failures, costs or projects."""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from core.queries.conversations import ConversationRow, ProjectRow, Sort, key_of
from desktop.look import words
from desktop.models.conversation_words import project_name

GroupKey: TypeAlias = tuple[int, str]  # groups descend in the number; the text tells projects apart
LIVE: Final = date.max.toordinal()  # number of the group of what is written now

_BUCKETS: Final = {  # least value of each group, and its words
    Sort.LONGEST: (
        (1000, "1,000 messages and more"),
        (300, "300 to 999 messages"),
        (100, "100 to 299 messages"),
        (30, "30 to 99 messages"),
        (0, "Fewer than 30 messages"),
    ),
    Sort.ERRORS: (
        (50, "50 failures and more"),
        (10, "10 to 49 failures"),
        (1, "1 to 9 failures"),
        (0, "Nothing failed"),
    ),
    Sort.COST: (
        (100_000_000, "$100 and more"),
        (10_000_000, "$10 to $100"),
        (1_000_000, "$1 to $10"),
        (1, "Under $1"),
        (0, "Without a price"),
    ),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A heading as the delegate shows it."""

    title: str
    total: int | None  # conversations in it, where that is known without reading them
    folder: str  # of a project, else ""


def by_order(
    row: ConversationRow, sort: Sort, today: date, *, live: bool = False
) -> tuple[GroupKey, Group]:
    """Return the key and heading of the group that *row* belongs to in a list in order *sort*.

    What is *live* stands above all days.
    """
    if sort is Sort.RECENT:
        if live:
            return (LIVE, ""), Group(words.translate("conversations", "Live now"), None, "")
        day = words.day_of(row.sort_at) if row.sort_at > 0 else None
        if day is None:
            return (0, ""), Group(words.translate("conversations", "No date"), None, "")
        return (day.toordinal(), ""), Group(words.day(row.sort_at, today), None, "")
    value = key_of(row, sort)[0]
    least, title = next(b for b in _BUCKETS[sort] if value >= b[0] or b[0] == 0)
    return (least, ""), Group(words.translate("conversations", title), None, "")


def by_project(project: ProjectRow) -> tuple[GroupKey, Group]:
    """Return the key and heading of *project*."""
    return (0, project.path), Group(project_name(project.path), project.conversations, project.path)
