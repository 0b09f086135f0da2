"""Old conversations in plain words: what removing them takes, and what was removed."""

from collections.abc import Sequence
from typing import Final

from core.events import RemovalFinished, RemovalKind
from core.queries.removals import DAYS_KEPT, OldRow, RemovedRow, Weight
from core.removal import Plan, Removed
from desktop.look import words
from desktop.look.words import translate
from desktop.models.tables import Column, Value

AGES: Final = (90, 180, 365, 730, 1095)  # days
_YEAR: Final = 365
_NAMED: Final = 200  # characters of a title


def age(days: int) -> str:
    """Return what *days* are called."""
    if days % _YEAR:
        return words.plural(days, translate("removal", "day"), translate("removal", "days"))
    years = days // _YEAR
    return words.plural(years, translate("removal", "year"), translate("removal", "years"))


def figures(plan: Plan) -> str:
    """Return what an order would take."""
    if not plan.rows:
        return translate("removal", "No conversation with its log is as old as that.")
    return _sum(plan.rows, plan.weight)


def alone(plan: Plan) -> str:
    """Return what has no log any more."""
    return _sum(plan.alone, plan.weight_alone)


def undated(plan: Plan) -> str:
    """Return what has no age; empty if everything has one."""
    if not plan.undated:
        return ""
    many = conversations(plan.undated)
    return translate("removal", "{0} without any date stay: they have no age.").format(many)


def names(rows: Sequence[OldRow], most: int) -> str:
    """Return the titles of *rows*, a line for each, *most* of them."""
    shown = [f"{_day(row.ended_at)}  {title(row.title)}" for row in rows[:most]]
    rest = len(rows) - len(shown)
    more = [translate("removal", "and {0} more").format(words.count(rest))] if rest else []
    return "\n".join([*shown, *more])


def doing(kind: RemovalKind) -> str:
    """Return what is being done."""
    return {
        RemovalKind.REMOVED: translate("removal", "Removing"),
        RemovalKind.TAKEN_BACK: translate("removal", "Taking back"),
        RemovalKind.FORGOTTEN: translate("removal", "Deleting for good"),
    }[kind]


def ended(event: RemovalFinished) -> str:
    """Return how an order ended."""
    many = conversations(event.conversations)
    said = {
        RemovalKind.REMOVED: translate("removal", "{0} removed.").format(many),
        RemovalKind.TAKEN_BACK: translate("removal", "{0} taken back.").format(many),
        RemovalKind.FORGOTTEN: translate("removal", "{0} deleted for good.").format(many),
    }[event.kind]
    if event.unmet:
        said = f"{said} {_unmet(event)}"
    if event.trouble:
        return (
            f"{said} {translate('removal', 'Then it could not go on: {0}').format(event.trouble)}"
        )
    return f"{said} {translate('removal', 'Stopped by you.')}" if event.cancelled else said


def _unmet(event: RemovalFinished) -> str:
    if event.kind is RemovalKind.TAKEN_BACK:
        more = translate("removal", "{0} deleted for good before: only logs can be read again.")
    else:
        more = translate("removal", "{0} stayed: changed since, or without all of its logs now.")
    return more.format(conversations(event.unmet))


def notes(removed: Removed) -> str:
    """Return what is to be known of what was *removed*, a sentence a line; empty if nothing is."""
    said: list[str] = []
    if removed.kept:
        kept = translate(
            "removal",
            "Kept over the time: {0}. Logs went meanwhile, so what is kept here may be all there "
            "is. Only you can delete it for good.",
        )
        said.append(kept.format(conversations(len(removed.kept))))
    if removed.rows and removed.copies:
        copies = translate(
            "removal",
            "Copies of the library that were made before it was changed for a new version may "
            "still hold what is removed, until you delete them: {0}",
        )
        paths = ", ".join(words.one_line(str(one), 300) for one in removed.copies)
        said.append(copies.format(paths))
    return "\n".join(said)


def conversations(number: int) -> str:
    """Return how many conversations that is."""
    one, many = translate("removal", "conversation"), translate("removal", "conversations")
    return words.plural(number, one, many)


def title(said: str) -> str:
    """Return a title as one line."""
    return words.one_line(said, _NAMED) or translate("removal", "Untitled")


def columns() -> list[Column]:
    """Return the columns of the table of what was removed."""
    until = translate(
        "removal",
        "It is deleted for good when this window is open {0} days after it was removed, or later.",
    )
    size = translate("removal", "What the library keeps of it meanwhile, packed.")
    log = translate("removal", "While it is removed its log is not read, nor what is new in it.")
    return [
        Column(translate("removal", "Conversation")),
        Column(translate("removal", "Last message"), words=True),
        Column(translate("removal", "Messages")),
        Column(translate("removal", "Removed"), words=True),
        Column(translate("removal", "Until"), words=True, tip=until.format(DAYS_KEPT)),
        Column(translate("removal", "Kept"), size=True, tip=size),
        Column(translate("removal", "Log"), words=True, tip=log),
    ]


def cells(row: RemovedRow, *, kept: bool = False) -> tuple[Value, ...]:
    """Return what the table says of *row*, which is *kept* over its time or not."""
    gone = row.gone_at is not None
    lost = translate("removal", "not all on the disk")
    until = translate("removal", "you delete it") if kept else _day(row.until)
    return (
        translate("removal", "Deleted for good; its log is not read") if gone else title(row.title),
        "" if row.ended_at is None else _day(row.ended_at),
        row.messages,
        _day(row.removed_at),
        "" if gone else until,
        row.bytes,
        lost if row.alone or kept else words.one_line(row.log, 300),
    )


def _sum(rows: Sequence[OldRow], weight: Weight) -> str:
    return translate(
        "removal", "{0}, {1}. Their texts take {2} in the library, their logs {3} in the archive."
    ).format(
        conversations(len(rows)),
        words.plural(
            sum(row.messages for row in rows),
            translate("removal", "message"),
            translate("removal", "messages"),
        ),
        words.size(weight.texts),
        words.size(weight.archive),
    )


def _day(ms: int) -> str:
    day = words.day_of(ms)
    return day.isoformat() if day is not None else words.NO_TIME
